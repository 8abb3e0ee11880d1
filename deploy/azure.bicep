// Everything that one deployment needs in Azure, in one resource group. docs/operate.md says when to run it, and with what.
//
// It is run twice: first without `image`, which makes all but the running app and prints the addresses that the registrations
// need; then, with the secrets in the vault, with `image`. Entra registrations are no Azure resources; docs/operate.md makes them.
targetScope = 'resourceGroup'

@description('Begins the name of every resource: small letters, digits and dashes.')
@minLength(3)
@maxLength(20)
param name string = 'invitations'

@description('Region of everything that has one.')
param location string = resourceGroup().location

@description('Microsoft cloud this deployment serves. US Government means Azure Government as well: az cloud set --name AzureUSGovernment.')
@allowed(['commercial', 'usGov'])
param cloud string = environment().name == 'AzureUSGovernment' ? 'usGov' : 'commercial'

@description('Image of the service with its tag, without the registry: partner-invitations:0.2.0. Empty the first time: everything is made but the app.')
param image string = ''

@description('Name of the container registry in this resource group that holds the image.')
param registryName string

@description('App id of the bot\'s Entra registration (docs/operate.md, step 2).')
param botAppId string

@description('Tenant of the bot\'s registration.')
param botTenantId string = tenant().tenantId

@description('Thumbprint of the bot\'s certificate. Empty: the bot proves itself with the secret bot-password of the vault, otherwise with bot-private-key.')
param botCertificateThumbprint string = ''

@description('Region of the Azure Bot resource; it holds no conversation.')
param botLocation string = 'global'

@description('Teams of the commercial cloud and of GCC High and DoD (Azure Government), or of GCC.')
@allowed(['CommercialDeployment', 'GCCModerateDeployment'])
param teams string = 'CommercialDeployment'

@description('URL under which people and Microsoft reach the service, without a slash at the end. Empty: the address that Azure gives the app.')
param publicUrl string = ''

@description('Who operates this server, as customers read it before they consent.')
param operatorName string

@description('Where customers reach the operator: a mail address or a URL.')
param operatorContact string = ''

@description('Object id of the person or group that puts secrets and certificates into the vault.')
param vaultKeeperId string

@description('Secrets of the vault that become files for PARTNERS_FILE to refer to: partner-fabrikam is file:/secrets/partner-fabrikam.')
param secretFiles string[] = []

@description('Tenants that are served at all. Empty: all.')
param allowedTenants string[] = []

@description('Password of the database. Needed the first time, and whenever it is to change; left out, the database and its password stay as they are.')
@secure()
param databasePassword string?

@description('Size of the database server.')
param databaseSku object = { name: 'Standard_B1ms', tier: 'Burstable' }

@description('Largest number of processes; the smallest is one.')
@minValue(1)
@maxValue(10)
param maxReplicas int = 3

@description('Mail address that hears when /readyz is red for five minutes. Empty: nobody.')
param alertMail string = ''

@description('Places from which Azure asks for /readyz; every cloud has its own list.')
param alertPlaces string[] = cloud == 'usGov' ? ['usgov-va-azr', 'usgov-phx-azr', 'usgov-tx-azr'] : ['emea-nl-ams-azr', 'us-va-ash-azr', 'apac-sg-sin-azr']

var unique = uniqueString(resourceGroup().id)
var hasApp = !empty(image)
var hasAlert = hasApp && !empty(alertMail)
var changesDatabase = !empty(databasePassword)

var postgresDomain = cloud == 'usGov' ? 'postgres.database.usgovcloudapi.net' : 'postgres.database.azure.com'
var databaseServerName = '${name}-${unique}'
var databaseHost = '${databaseServerName}.${postgresDomain}'
var databaseUser = 'invitations'
var databaseName = 'invitations'

var address = empty(publicUrl) ? 'https://${name}.${apps.properties.defaultDomain}' : publicUrl

var roles = {
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  secretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  certificatesOfficer: 'a4417e6f-fecd-4de8-b567-7b0420556985'
}

// What the vault must hold before the app starts, and which setting reads it.
var botProof = empty(botCertificateThumbprint)
  ? [{ secret: 'bot-password', setting: 'MicrosoftAppPassword' }]
  : [{ secret: 'bot-private-key', setting: 'CertificatePrivateKey' }]
var secretSettings = concat(botProof, [
  { secret: 'database-url', setting: 'DATABASE_URL' }
  { secret: 'secrets-key', setting: 'SECRETS_KEY' }
  { secret: 'operator-token', setting: 'OPERATOR_TOKEN' }
  { secret: 'metrics-token', setting: 'METRICS_TOKEN' }
])
var files = concat(['partners'], secretFiles)
var secretNames = concat(map(secretSettings, one => one.secret), files)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

// The vault: whoever runs the app reads, the keeper writes, nobody else.

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-${take(name, 6)}-${unique}'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }
}

resource appReadsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, roles.secretsUser)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
  }
}

resource keeperWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in [roles.secretsOfficer, roles.certificatesOfficer]: {
  scope: vault
  name: guid(vault.id, vaultKeeperId, role)
  properties: {
    principalId: vaultKeeperId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource appPullsImage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, identity.id, roles.acrPull)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.acrPull)
  }
}

// The network: the database has no address outside of it.

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.70.0.0/24'] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.70.0.0/26'
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.70.0.64/28'
          delegations: [{ name: 'database', properties: { serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers' } }]
        }
      }
    ]
  }

  resource appsSubnet 'subnets' existing = {
    name: 'apps'
  }

  resource databaseSubnet 'subnets' existing = {
    name: 'database'
  }
}

resource databaseZone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: '${name}.private.${postgresDomain}'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
}

resource databaseServer 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = if (changesDatabase) {
  name: databaseServerName
  location: location
  sku: databaseSku
  properties: {
    version: '16'
    administratorLogin: databaseUser
    administratorLoginPassword: databasePassword ?? ''
    storage: { storageSizeGB: 32, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 14, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: 'Disabled' }
    network: {
      delegatedSubnetResourceId: network::databaseSubnet.id
      privateDnsZoneArmResourceId: databaseZone.id
    }
  }
  dependsOn: [databaseZone::link]

  resource database 'databases' = {
    name: databaseName
    properties: { charset: 'UTF8', collation: 'en_US.utf8' }
  }

  // Azure's default, said aloud: no connection without TLS.
  resource onlyTls 'configurations' = {
    name: 'require_secure_transport'
    properties: { value: 'on', source: 'user-override' }
    dependsOn: [database]
  }
}

resource databaseUrl 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (changesDatabase) {
  parent: vault
  name: 'database-url'
  properties: {
    value: 'postgres://${databaseUser}:${uriComponent(databasePassword ?? '')}@${databaseHost}:5432/${databaseName}?sslmode=verify-full'
  }
  dependsOn: [databaseServer]
}

// The service.

resource apps 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  properties: {
    vnetConfiguration: { infrastructureSubnetId: network::appsSubnet.id, internal: false }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: { customerId: logs.properties.customerId, sharedKey: logs.listKeys().primarySharedKey }
    }
  }
}

resource app 'Microsoft.App/containerApps@2025-01-01' = if (hasApp) {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: apps.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: { external: true, targetPort: 3978, transport: 'http', allowInsecure: false }
      registries: [{ server: registry.properties.loginServer, identity: identity.id }]
      secrets: [for secret in secretNames: {
        name: secret
        keyVaultUrl: '${vault.properties.vaultUri}secrets/${secret}'
        identity: identity.id
      }]
    }
    template: {
      // The service lets turns in flight end, for at most 25 seconds.
      terminationGracePeriodSeconds: 30
      scale: {
        minReplicas: 1
        maxReplicas: maxReplicas
        rules: [{ name: 'turns', http: { metadata: { concurrentRequests: '30' } } }]
      }
      containers: [
        {
          name: 'service'
          image: '${registry.properties.loginServer}/${image}'
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: concat([
            { name: 'PORT', value: '3978' }
            { name: 'CLOUD', value: cloud }
            { name: 'PUBLIC_URL', value: address }
            { name: 'MicrosoftAppType', value: 'SingleTenant' }
            { name: 'MicrosoftAppId', value: botAppId }
            { name: 'MicrosoftAppTenantId', value: botTenantId }
            { name: 'CertificateThumbprint', value: botCertificateThumbprint }
            { name: 'PARTNER_CENTER', value: 'live' }
            { name: 'PARTNERS_FILE', value: '/secrets/partners' }
            { name: 'OPERATOR_NAME', value: operatorName }
            { name: 'OPERATOR_CONTACT', value: operatorContact }
            { name: 'ALLOWED_TENANTS', value: join(allowedTenants, ',') }
          ], map(secretSettings, one => { name: one.setting, secretRef: one.secret }))
          probes: [
            { type: 'Startup', httpGet: { path: '/healthz', port: 3978 }, periodSeconds: 3, failureThreshold: 20 }
            { type: 'Liveness', httpGet: { path: '/healthz', port: 3978 }, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 3 }
            { type: 'Readiness', httpGet: { path: '/readyz', port: 3978 }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }
          ]
          volumeMounts: [{ volumeName: 'secrets', mountPath: '/secrets' }]
        }
      ]
      volumes: [
        {
          name: 'secrets'
          storageType: 'Secret'
          secrets: [for file in files: { secretRef: file, path: file }]
        }
      ]
    }
  }
  dependsOn: [appReadsSecrets, appPullsImage, databaseUrl]
}

// The bot.

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: '${name}-${unique}'
  location: botLocation
  kind: 'azurebot'
  sku: { name: 'S1' }
  properties: {
    displayName: 'Partner Invitations'
    endpoint: '${address}/api/messages'
    msaAppType: 'SingleTenant'
    msaAppId: botAppId
    msaAppTenantId: botTenantId
  }

  resource teamsChannel 'channels' = {
    name: 'MsTeamsChannel'
    location: botLocation
    properties: {
      channelName: 'MsTeamsChannel'
      properties: { isEnabled: true, acceptedTerms: true, deploymentEnvironment: teams }
    }
  }
}

// Who hears when it is not ready.

resource hearers 'Microsoft.Insights/actionGroups@2023-01-01' = if (hasAlert) {
  name: name
  location: 'global'
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: [{ name: 'operator', emailAddress: alertMail, useCommonAlertSchema: true }]
  }
}

resource watch 'Microsoft.Insights/components@2020-02-02' = if (hasAlert) {
  name: name
  location: location
  kind: 'web'
  properties: { Application_Type: 'web', WorkspaceResourceId: logs.id }
}

resource readiness 'Microsoft.Insights/webtests@2022-06-15' = if (hasAlert) {
  name: '${name}-readyz'
  location: location
  kind: 'standard'
  tags: { 'hidden-link:${watch.id}': 'Resource' }
  properties: {
    SyntheticMonitorId: '${name}-readyz'
    Name: '${name}-readyz'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [for place in alertPlaces: { Id: place }]
    Request: { RequestUrl: '${address}/readyz', HttpVerb: 'GET' }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
  }
}

resource notReady 'Microsoft.Insights/metricAlerts@2018-03-01' = if (hasAlert) {
  name: '${name}-not-ready'
  location: 'global'
  properties: {
    description: 'Partner Invitations is not ready: the ledger or the signing keys of Teams cannot be reached.'
    severity: 1
    enabled: true
    scopes: [readiness.id, watch.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: readiness.id
      componentId: watch.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: hearers.id }]
  }
}

@description('Set as the messaging endpoint of the bot; the Azure Bot of this file has it already.')
output messagingEndpoint string = '${address}/api/messages'

@description('PUBLIC_URL of the service.')
output publicUrl string = address

@description('Where Partner Center sends news; the service registers it by itself, one address for each partner.')
output webhookAddress string = '${address}/api/partner-center/events?partner=<tenant of the partner>'

@description('Redirect address of every Partner Center registration.')
output partnerRedirect string = '${address}/partners/signed-in'

@description('Redirect address of the directory registration for consent.')
output consentRedirect string = '${address}/consent/done'

@description('Redirect address of the directory registration for sign-in.')
output signInRedirect string = '${address}/signed-in'

@description('Where customers, and partners, consent.')
output consentPage string = '${address}/consent'

@description('Where an Admin agent of each partner signs in; opens with the operator\'s token.')
output operatorPage string = '${address}/partners'

@description('The vault that waits for the secrets.')
output vaultName string = vault.name

@description('For managedIdentity in PARTNERS_FILE.')
output identityClientId string = identity.properties.clientId

@description('Subject of the federated credential of a registration that trusts the identity.')
output identitySubject string = identity.properties.principalId

@description('Issuer of that credential.')
output identityIssuer string = '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'

@description('The database server, reachable from the network only.')
output databaseServerName string = databaseServerName
