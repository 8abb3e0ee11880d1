import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePartners, PartnersFileError, readPartners, secretBehind } from '../src/partners-file.js';

const TENANT = 'f0000000-0000-4000-8000-00000000000A';
const OTHER = '10000000-0000-4000-8000-00000000000b';
const APP = '20000000-0000-4000-8000-00000000000C';
const GROUP = '30000000-0000-4000-8000-00000000000D';
const SECRET = 'Q8~s3cr3t-words.in_the_File';

const aPartner = (over: object = {}): object => ({ tenant: TENANT, type: 'directBill', clientId: APP, certificate: 'file:/run/secrets/fabrikam.pem', groups: { adminAgents: GROUP }, ...over });
const aFile = (over: object = {}): object => ({ directory: { clientId: APP, secret: 'env:DIRECTORY_SECRET' }, partners: [aPartner()], ...over });
const complaintsOf = (written: unknown): readonly string[] => {
  try {
    parsePartners(typeof written === 'string' ? written : JSON.stringify(written));
    return [];
  } catch (error) {
    assert(error instanceof PartnersFileError, String(error));
    return error.message.split('\n');
  }
};
const onePartner = (over: object): object => aFile({ partners: [aPartner(over)] });

describe('the partners file', () => {
  it('says who the partners are, with ids in one form and what was left out filled in', () => {
    assert.deepEqual(parsePartners(JSON.stringify(aFile())), {
      directory: { clientId: APP.toLowerCase(), secret: 'env:DIRECTORY_SECRET' },
      partners: [{
        tenant: TENANT.toLowerCase(), type: 'directBill', clientId: APP.toLowerCase(), certificate: 'file:/run/secrets/fabrikam.pem', access: 'user',
        groups: { adminAgents: GROUP.toLowerCase() }, passEventsTo: [],
      }],
    });
  });

  it('may say everything about several partners', () => {
    const whole = {
      tenant: OTHER, type: 'indirectReseller', cloud: 'usGov', clientId: APP, managedIdentity: GROUP, access: 'app', groups: { adminAgents: GROUP, salesAgents: GROUP, helpdeskAgents: GROUP },
      callsAMinute: 500, passEventsTo: ['https://tool.example/hooks?tenant=1'],
    };
    const { partners } = parsePartners(JSON.stringify(aFile({ partners: [aPartner(), whole] })));

    const group = GROUP.toLowerCase();
    assert.deepEqual(partners[1], { ...whole, clientId: APP.toLowerCase(), managedIdentity: group, groups: { adminAgents: group, salesAgents: group, helpdeskAgents: group } });
  });

  it('of an editor on Windows begins with a mark that is no mistake', () => {
    assert.deepEqual(complaintsOf(`\uFEFF${JSON.stringify(aFile())}`), []);
  });

  for (const [what, written, sentence] of [
    ['that is no JSON', `{ "secret": "${SECRET}", }`, /^PARTNERS_FILE is not JSON: check its commas, brackets and quotes\.$/],
    ['that is empty', '', /^PARTNERS_FILE is not JSON/],
    ['that is a list', [SECRET], /^PARTNERS_FILE, the whole: /],
    ['without a directory app', aFile({ directory: undefined }), /^PARTNERS_FILE, directory: /],
    ['without partners', aFile({ partners: [] }), /^PARTNERS_FILE, partners: needs at least one partner\.$/],
    ['whose partners are none', aFile({ partners: SECRET }), /^PARTNERS_FILE, partners: /],
    ['with a key nobody knows', aFile({ partner: SECRET }), /^PARTNERS_FILE, the whole: there is no partner here; remove it or correct its name\.$/],
    ['with two keys of a partner that nobody knows', onePartner({ clientSecret: SECRET, refreshToken: SECRET }), /^PARTNERS_FILE, partners\[0\]: there is no clientSecret and no refreshToken here/],
    ['with a key of groups that nobody knows', onePartner({ groups: { adminAgents: GROUP, admins: SECRET } }), /^PARTNERS_FILE, partners\[0\]\.groups: there is no admins here/],
    ['with a domain for a tenant', onePartner({ tenant: `${SECRET}.onmicrosoft.com` }), /^PARTNERS_FILE, partners\[0\]\.tenant: must be a tenant id \(a GUID\)\.$/],
    ['with a number for a tenant', onePartner({ tenant: 7 }), /^PARTNERS_FILE, partners\[0\]\.tenant: must be a tenant id/],
    ['with a type nobody knows', onePartner({ type: SECRET }), /^PARTNERS_FILE, partners\[0\]\.type: must be directBill, indirectProvider or indirectReseller\.$/],
    ['with a cloud nobody serves', onePartner({ cloud: SECRET }), /^PARTNERS_FILE, partners\[0\]\.cloud: must be commercial or usGov\.$/],
    ['with an app id that is no GUID', onePartner({ clientId: SECRET }), /^PARTNERS_FILE, partners\[0\]\.clientId: must be a GUID\.$/],
    ['without an app id', aFile({ directory: { secret: 'env:X' } }), /^PARTNERS_FILE, directory\.clientId: must be a GUID\.$/],
    ['with the name of a group', onePartner({ groups: { adminAgents: SECRET } }), /^PARTNERS_FILE, partners\[0\]\.groups\.adminAgents: must be a GUID\.$/],
    ['without groups', onePartner({ groups: undefined }), /^PARTNERS_FILE, partners\[0\]\.groups: /],
    ['with an access nobody knows', onePartner({ access: SECRET }), /^PARTNERS_FILE, partners\[0\]\.access: must be user or app\.$/],
    ['with more calls than Microsoft allows', onePartner({ callsAMinute: 501 }), /^PARTNERS_FILE, partners\[0\]\.callsAMinute: must be at most 500, which is what Microsoft allows\.$/],
    ['with no calls at all', onePartner({ callsAMinute: 0 }), /^PARTNERS_FILE, partners\[0\]\.callsAMinute: /],
    ['with half a call', onePartner({ callsAMinute: 0.5 }), /^PARTNERS_FILE, partners\[0\]\.callsAMinute: /],
    ['that passes events on without TLS', onePartner({ passEventsTo: [`http://tool.example/${SECRET}`] }), /^PARTNERS_FILE, partners\[0\]\.passEventsTo\[0\]: must be a URL with https:\/\/\.$/],
    ['that passes events on to no address', onePartner({ passEventsTo: ['https://tool.example', SECRET] }), /^PARTNERS_FILE, partners\[0\]\.passEventsTo\[1\]: must be/],
    ['with a secret in it', onePartner({ certificate: undefined, secret: SECRET }), /^PARTNERS_FILE, partners\[0\]\.secret: must say where the secret is, as env:NAME or file:PATH; the secret itself has no place in this file\.$/],
    ['with a secret for the directory in it', aFile({ directory: { clientId: APP, secret: SECRET } }), /^PARTNERS_FILE, directory\.secret: must say where the secret is/],
    ['with a certificate in it', onePartner({ certificate: `-----BEGIN PRIVATE KEY-----\n${SECRET}\n` }), /^PARTNERS_FILE, partners\[0\]\.certificate: must say where the secret is/],
    ['with a secret after env:', onePartner({ certificate: `env:${SECRET}` }), /^PARTNERS_FILE, partners\[0\]\.certificate: must say where the secret is/],
    ['with no proof', onePartner({ certificate: undefined }), /^PARTNERS_FILE, partners\[0\]: needs exactly one of certificate, secret and managedIdentity\.$/],
    ['with two proofs', onePartner({ secret: 'env:X' }), /^PARTNERS_FILE, partners\[0\]: needs exactly one of/],
    ['with a directory app without proof', aFile({ directory: { clientId: APP } }), /^PARTNERS_FILE, directory: needs exactly one of/],
    ['with a partner twice', aFile({ partners: [aPartner(), aPartner({ tenant: OTHER }), aPartner({ tenant: TENANT.toLowerCase() })] }), /^PARTNERS_FILE, partners\[2\]\.tenant: is there twice\.$/],
  ] as const) {
    it(`${what} stops the start, says where, and quotes nothing`, () => {
      const complaints = complaintsOf(written);

      assert.equal(complaints.length, 1, complaints.join('\n'));
      assert.match(complaints[0] ?? '', sentence);
      assert.match(complaints[0] ?? '', /[^.]\.$/);
      assert(!complaints.join('').includes(SECRET));
    });
  }

  it('names every mistake at once', () => {
    const complaints = complaintsOf(aFile({ directory: { clientId: SECRET, secret: SECRET }, partners: [aPartner({ type: SECRET }), aPartner({ tenant: SECRET, access: SECRET })] }));

    assert.deepEqual(complaints.map((one) => one.split(': ')[0]), ['directory.clientId', 'directory.secret', 'partners[0].type', 'partners[1].tenant', 'partners[1].access'].map((place) => `PARTNERS_FILE, ${place}`));
    assert(!complaints.join('').includes(SECRET));
  });

  describe('on the disk', () => {
    let folder: string;
    before(async () => { folder = await mkdtemp(join(tmpdir(), 'partners-')); });
    after(() => rm(folder, { recursive: true }));

    it('is read from where it is', async () => {
      const name = join(folder, 'partners.json');
      await writeFile(name, JSON.stringify(aFile()));

      assert.equal((await readPartners(name)).partners.length, 1);
    });

    it('that is not there stops the start', async () => {
      await assert.rejects(readPartners(join(folder, 'nowhere.json')), { name: 'PartnersFileError', message: `PARTNERS_FILE names ${join(folder, 'nowhere.json')}, which cannot be read: check the path and who may read it.` });
      await assert.rejects(readPartners(folder), { name: 'PartnersFileError' });
    });

    it('refers to a secret in the environment or in a file, with or without a last line', async () => {
      const name = join(folder, 'secret');
      await writeFile(name, `${SECRET}\n`);

      assert.equal(await secretBehind('env:FABRIKAM_SECRET', (asked) => (asked === 'FABRIKAM_SECRET' ? SECRET : undefined)), SECRET);
      assert.equal(await secretBehind(`file:${name}`, () => undefined), SECRET);
    });

    it('that refers to nothing stops the start and names the reference', async () => {
      const empty = join(folder, 'empty');
      await writeFile(empty, ' \n');

      for (const reference of ['env:NOWHERE', `file:${join(folder, 'nowhere')}`, `file:${empty}`]) {
        await assert.rejects(secretBehind(reference, () => undefined), { name: 'PartnersFileError', message: `PARTNERS_FILE refers to ${reference}, where there is nothing to read: set it, or correct the reference.` });
      }
      await assert.rejects(secretBehind('env:EMPTY', () => ''), { name: 'PartnersFileError' });
    });
  });
});
