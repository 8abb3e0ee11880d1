import type { Language } from '../../commands/ports.js';

/** Microsoft Entra built-in roles by template id, in both languages. Source: Entra docs, "Microsoft Entra built-in roles". */
const names: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  '88d8e3e3-8f55-4a1e-953a-9b9898b8876b': { en: 'Directory Readers', tr: 'Dizin Okuyucuları' },
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': { en: 'Global Reader', tr: 'Genel Okuyucu' },
  'f023fd81-a637-4b56-95fd-791ac0226033': { en: 'Service Support Administrator', tr: 'Hizmet Desteği Yöneticisi' },
  '729827e3-9c14-49f7-bb1b-9608f156bbb8': { en: 'Helpdesk Administrator', tr: 'Yardım Masası Yöneticisi' },
  'fe930be7-5e62-47db-91af-98c3a49a38b1': { en: 'User Administrator', tr: 'Kullanıcı Yöneticisi' },
  '4d6ac14f-3453-41d0-bef9-a3e0c569773a': { en: 'License Administrator', tr: 'Lisans Yöneticisi' },
  '62e90394-69f5-4237-9190-012177145e10': { en: 'Global Administrator', tr: 'Genel Yönetici' },
};

/** A role without a name here is shown by the end of its id rather than hidden. */
export const roleName = (role: string, language: Language): string => names[role.toLowerCase()]?.[language] ?? `…${role.slice(-12)}`;
