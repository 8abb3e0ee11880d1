/** Checks a receipt without the product: `npm run verify receipt.json`. Prints what was found; ends with 1 when it is broken. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const texts = z.record(z.string(), z.string());
const link = z.object({ seq: z.number(), previous: z.string(), hash: z.string(), body: z.string().optional(), names: texts.optional(), salts: texts.optional() });
const receipt = z.looseObject({ receipt: z.literal('partner-invitations/1'), reference: z.string(), head: z.string(), chain: z.array(link).min(1) });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What is wrong with a receipt: the first link that does not fit, and why; nothing when it is whole. */
export const troubleIn = (value: unknown): string | undefined => {
  const { data, error } = receipt.safeParse(value);
  if (error) return `This is no receipt: ${error.issues[0]?.path.join('.') ?? ''} ${error.issues[0]?.message ?? ''}`.trim();
  let previous = '';
  for (const [index, { seq, previous: before, hash, body, names = {}, salts = {} }] of data.chain.entries()) {
    if (seq !== index + 1 || before !== previous) return `Link ${index + 1} is missing or out of place.`;
    // A link of the other side is here as its hash only; those around it hold it in its place.
    if (body !== undefined && hash !== sha256(`${previous}\n${body}`)) return `Link ${seq} was altered.`;
    const nameHashes = body === undefined ? {} : (z.object({ nameHashes: texts }).safeParse(JSON.parse(body)).data?.nameHashes ?? {});
    const renamed = Object.entries(names).find(([field, name]) => nameHashes[field] !== sha256((salts[field] ?? '') + name));
    if (renamed) return `Link ${seq} names somebody else (${renamed[0]}).`;
    previous = hash;
  }
  return previous === data.head ? undefined : 'The last link is not the head that the receipt names.';
};

if (process.argv[1] && import.meta.filename === process.argv[1]) {
  const [, , file] = process.argv;
  const trouble = file ? troubleIn(JSON.parse(readFileSync(file, 'utf8'))) : 'Name the receipt: npm run verify receipt.json';
  process.stdout.write(`${trouble ?? 'The receipt is whole: every link fits, and none was left out.'}\n`);
  process.exitCode = trouble ? 1 : 0;
}
