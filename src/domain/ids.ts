/** Ids are types, made here and lower-cased once. Nothing else in the house decides what an id looks like. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<'TenantId'>;
/** A person inside one tenant: the Entra object id. The same human has another one in every tenant. */
export type PersonId = Branded<'PersonId'>;
export type InvitationId = Branded<'InvitationId'>;
export type SubscriptionId = Branded<'SubscriptionId'>;
export type DomainName = Branded<'DomainName'>;
/** What people say to each other about an invitation, e.g. `PR-7K3-F9M`. */
export type ReferenceCode = Branded<'ReferenceCode'>;

export class NotAnIdError extends Error {
  override readonly name = 'NotAnIdError';
  constructor(readonly kind: string) {
    super(`This is not a ${kind}.`);
  }
}

// Microsoft's ids are GUIDs, not always RFC 4122 UUIDs, so any hexadecimal digits will do.
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const guidOf = <Id extends string>(kind: string) => (text: string): Id => {
  const id = text.trim().toLowerCase();
  if (!guid.test(id)) throw new NotAnIdError(kind);
  return id as Id;
};

export const asTenantId = guidOf<TenantId>('tenant id');
export const asPersonId = guidOf<PersonId>('person id');
export const asInvitationId = guidOf<InvitationId>('invitation id');
export const asSubscriptionId = guidOf<SubscriptionId>('subscription id');

export const isGuid = (text: unknown): text is string => typeof text === 'string' && guid.test(text.trim().toLowerCase());

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Lower-cased and in its ASCII (punycode) form, so that `Şirket.com.tr` and its link are one name. */
export const asDomainName = (text: string): DomainName => {
  // A Turkish keyboard writes MİCROSOFT.COM; lower-casing İ would leave a dot above the i and make it another name.
  const name = text.trim().normalize('NFC').replaceAll('İ', 'i');
  const host = URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : '';
  const labels = host.replace(/\.$/, '').split('.');
  const isNumeric = labels.every((part) => /^\d+$/.test(part));
  if (labels.length < 2 || host.length > 253 || isNumeric || !labels.every((part) => label.test(part))) {
    throw new NotAnIdError('domain name');
  }
  return labels.join('.') as DomainName;
};

export const isDomainName = (text: string): boolean => {
  try {
    return asDomainName(text).length > 0;
  } catch {
    return false;
  }
};

// No letter that looks like another one or like a digit, and no I: in Turkish it has two forms.
const codeLetters = 'ACDEFGHJKMNPQRTVWXY34679';

/** @param randomByte draws 0-255; a code is random, never sequential, so it tells nothing about how many exist. */
export const newReferenceCode = (randomByte: () => number): ReferenceCode => {
  const letter = (): string => {
    for (;;) {
      const byte = randomByte();
      if (byte < 240) return codeLetters.charAt(byte % codeLetters.length); // 240 = 10 * 24: no letter is likelier
    }
  };
  const three = (): string => letter() + letter() + letter();
  return `PR-${three()}-${three()}` as ReferenceCode;
};

const code = new RegExp(`^PR[- ]?([${codeLetters}]{3})[- ]?([${codeLetters}]{3})$`);

export const asReferenceCode = (text: string): ReferenceCode => {
  const match = code.exec(text.trim().toUpperCase());
  if (!match) throw new NotAnIdError('reference code');
  return `PR-${match[1]}-${match[2]}` as ReferenceCode;
};

export const isReferenceCode = (text: string): boolean => code.test(text.trim().toUpperCase());
