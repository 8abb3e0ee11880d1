/** The directory knows products by part number only. @see Microsoft Entra docs, "Product names and service plan identifiers" */
export const partNumbers: Readonly<Record<string, string>> = {
  'Exchange Online (Plan 1)': 'EXCHANGESTANDARD',
  'Microsoft 365 Business Basic': 'O365_BUSINESS_ESSENTIALS',
  'Microsoft 365 Business Premium': 'SPB',
  'Microsoft 365 Business Standard': 'O365_BUSINESS_PREMIUM',
  'Microsoft 365 Copilot': 'Microsoft_365_Copilot',
  'Microsoft 365 E3': 'SPE_E3',
  'Microsoft 365 E5': 'SPE_E5',
  'Office 365 E1': 'STANDARDPACK',
  'Office 365 E3': 'ENTERPRISEPACK',
  'Office 365 E5': 'ENTERPRISEPREMIUM',
  'Power BI Pro': 'POWER_BI_PRO',
  'Project Plan 3': 'PROJECTPROFESSIONAL',
  'Visio Plan 2': 'VISIOCLIENT',
};
