import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { asTenantId, isGuid, type TenantId } from './domain/ids.js';

/** The file cannot be used as it is: one sentence for each thing to change. No sentence quotes a value. */
export class PartnersFileError extends Error {
  override readonly name = 'PartnersFileError';
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
  }
}

const guid = z.string({ error: 'must be a GUID' }).refine(isGuid, 'must be a GUID').transform((id) => id.trim().toLowerCase());
const tenant = z.string({ error: 'must be a tenant id (a GUID)' }).refine(isGuid, 'must be a tenant id (a GUID)').transform(asTenantId);
const reference = z.string().regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'must say where the secret is, as env:NAME or file:PATH; the secret itself has no place in this file');
const webAddress = z.url({ protocol: /^https$/, error: 'must be a URL with https://' });

const registration = {
  clientId: guid,
  certificate: reference.optional(),
  secret: reference.optional(),
  managedIdentity: guid.optional(),
};
type Registration = z.output<z.ZodObject<typeof registration>>;
const hasOneProof = ({ certificate, secret, managedIdentity }: Registration): boolean => [certificate, secret, managedIdentity].filter((one) => one !== undefined).length === 1;
const oneProof = 'needs exactly one of certificate, secret and managedIdentity';

const partner = z.strictObject({
  tenant,
  type: z.enum(['directBill', 'indirectProvider', 'indirectReseller'], { error: 'must be directBill, indirectProvider or indirectReseller' }),
  cloud: z.enum(['commercial', 'usGov'], { error: 'must be commercial or usGov' }).optional(),
  ...registration,
  access: z.enum(['user', 'app'], { error: 'must be user or app' }).default('user'),
  groups: z.strictObject({ adminAgents: guid, salesAgents: guid.optional(), helpdeskAgents: guid.optional() }),
  callsAMinute: z.int().min(1).max(500, 'must be at most 500, which is what Microsoft allows').optional(),
  passEventsTo: z.array(webAddress).default([]),
}).refine(hasOneProof, oneProof);

const file = z.strictObject({
  directory: z.strictObject(registration).refine(hasOneProof, oneProof),
  partners: z.array(partner).min(1, 'needs at least one partner'),
}).superRefine(({ partners }, context) => {
  const seen = new Set<TenantId>();
  for (const [at, one] of partners.entries()) {
    if (seen.has(one.tenant)) context.addIssue({ code: 'custom', path: ['partners', at, 'tenant'], message: 'is there twice' });
    seen.add(one.tenant);
  }
});

export type PartnersFile = z.output<typeof file>;
export type RegisteredApp = PartnersFile['directory'];
export type RegisteredPartner = PartnersFile['partners'][number];

/** @throws PartnersFileError */
export const parsePartners = (text: string): PartnersFile => {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new PartnersFileError(['PARTNERS_FILE is not JSON: check its commas, brackets and quotes.']);
  }
  const { data, error } = file.safeParse(json);
  if (data) return data;
  throw new PartnersFileError(error.issues.map(({ path, message, code, ...more }) => {
    const place = path.reduce<string>((all, part) => (typeof part === 'number' ? `${all}[${part}]` : all ? `${all}.${String(part)}` : String(part)), '') || 'the whole';
    const keys = code === 'unrecognized_keys' && 'keys' in more ? (more.keys as readonly string[]) : [];
    return `PARTNERS_FILE, ${place}: ${keys.length > 0 ? `there is no ${keys.join(' and no ')} here; remove it or correct its name` : message}.`;
  }));
};

/** @throws PartnersFileError */
export const readPartners = async (name: string): Promise<PartnersFile> => {
  const text = await readFile(name, 'utf8').catch(() => {
    throw new PartnersFileError([`PARTNERS_FILE names ${name}, which cannot be read: check the path and who may read it.`]);
  });
  return parsePartners(text);
};

/**
 * What a reference stands for.
 * @throws PartnersFileError that names the reference and never its value
 */
export const secretBehind = async (named: string, environment: (name: string) => string | undefined): Promise<string> => {
  const [kind, place] = [named.slice(0, named.indexOf(':')), named.slice(named.indexOf(':') + 1)];
  const found = kind === 'env' ? environment(place) : (await readFile(place, 'utf8').catch(() => undefined))?.trim();
  if (!found) throw new PartnersFileError([`PARTNERS_FILE refers to ${named}, where there is nothing to read: set it, or correct the reference.`]);
  return found;
};
