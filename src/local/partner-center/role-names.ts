import type { Language } from './acceptance-words.js';

/** Microsoft Entra built-in roles by template id, as the admin center names them. */
const names: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  '62e90394-69f5-4237-9190-012177145e10': { en: 'Global Administrator', tr: 'Genel Yönetici' },
  '88d8e3e3-8f55-4a1e-953a-9b9898b8876b': { en: 'Directory Readers', tr: 'Dizin Okuyucuları' },
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': { en: 'Global Reader', tr: 'Genel Okuyucu' },
  'f023fd81-a637-4b56-95fd-791ac0226033': { en: 'Service Support Administrator', tr: 'Hizmet Desteği Yöneticisi' },
  '729827e3-9c14-49f7-bb1b-9608f156bbb8': { en: 'Helpdesk Administrator', tr: 'Yardım Masası Yöneticisi' },
  'fe930be7-5e62-47db-91af-98c3a49a38b1': { en: 'User Administrator', tr: 'Kullanıcı Yöneticisi' },
  '4d6ac14f-3453-41d0-bef9-a3e0c569773a': { en: 'License Administrator', tr: 'Lisans Yöneticisi' },
  '29232cdf-9323-42fd-ade2-1d097af3e4de': { en: 'Exchange Administrator', tr: 'Exchange Yöneticisi' },
  'f28a1f50-f6e7-4571-818b-6a12f2af6b6c': { en: 'SharePoint Administrator', tr: 'SharePoint Yöneticisi' },
  '69091246-20e8-4a56-aa4d-066075b2a7a8': { en: 'Teams Administrator', tr: 'Teams Yöneticisi' },
  '5d6b6bb7-de71-4623-b4af-96380a352509': { en: 'Security Reader', tr: 'Güvenlik Okuyucusu' },
  'b0f54661-2d74-4c50-afa3-1ec803f12efe': { en: 'Billing Administrator', tr: 'Faturalama Yöneticisi' },
};

/** A role without a name here is shown by its id rather than hidden. */
export const roleName = (template: string, language: Language): string => names[template.toLowerCase()]?.[language] ?? template;
