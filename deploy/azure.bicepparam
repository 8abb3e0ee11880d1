// Copy this file, fill it in, keep the copy with your own things. No secret belongs here: the password of the database comes
// from the environment of whoever deploys, and only when it is to be set; everything else secret is in the vault.
using 'azure.bicep'

param name = 'invitations'
param registryName = 'contosoinvitations'
param image = readEnvironmentVariable('IMAGE', '')

param botAppId = '00000000-0000-4000-8000-0000000000b0'

param operatorName = 'Example Ltd'
param operatorContact = 'partner-invitations@example.com'
param vaultKeeperId = '00000000-0000-4000-8000-0000000000c0'

param secretFiles = []
param databasePassword = readEnvironmentVariable('DATABASE_PASSWORD', '')
param alertMail = ''
