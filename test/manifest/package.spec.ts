import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { strFromU8, unzipSync } from 'fflate';
import { PNG } from 'pngjs';
import { buildPackage, exampleValues, packageValues } from '../../manifest/build.js';
import { recognise } from '../../src/bot/recogniser.js';
import { wordsIn } from '../../src/bot/words/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const schemas = join(dirname(createRequire(import.meta.url).resolve('@microsoft/app-manifest')), 'json-schemas/teams/v1.22');

type Manifest = {
  readonly $schema: string; readonly manifestVersion: string; readonly version: string; readonly id: string;
  readonly developer: Readonly<Record<'name' | 'websiteUrl' | 'privacyUrl' | 'termsOfUseUrl', string>>;
  readonly localizationInfo: { readonly defaultLanguageTag: string; readonly additionalLanguages: readonly { languageTag: string; file: string }[] };
  readonly name: { readonly short: string; readonly full: string };
  readonly description: { readonly short: string; readonly full: string };
  readonly icons: { readonly color: string; readonly outline: string };
  readonly accentColor: string;
  readonly defaultInstallScope: string;
  readonly bots: readonly [{
    readonly botId: string; readonly scopes: readonly string[]; readonly isNotificationOnly: boolean;
    readonly commandLists: readonly [{ readonly scopes: readonly string[]; readonly commands: readonly { title: string; description: string }[] }];
  }];
  readonly validDomains: readonly string[];
  readonly webApplicationInfo?: object;
};

const values = packageValues.parse({ ...exampleValues, version: '0.1.0' });
const files = unzipSync(buildPackage(values));
const text = (name: string): string => strFromU8(files[name] ?? assert.fail(`${name} is not in the package`));
const manifest = JSON.parse(text('manifest.json')) as Manifest;
const turkish = JSON.parse(text('tr.json')) as Readonly<Record<string, string>>;
const picture = (name: string): PNG => PNG.sync.read(Buffer.from(files[name] ?? assert.fail(`${name} is not in the package`)));
const menu = manifest.bots[0].commandLists[0].commands;
const turkishMenu = menu.map((_, at) => ({
  title: turkish[`bots[0].commandLists[0].commands[${at}].title`] ?? '',
  description: turkish[`bots[0].commandLists[0].commands[${at}].description`] ?? '',
}));
const english = { 'name.short': manifest.name.short, 'name.full': manifest.name.full, 'description.short': manifest.description.short, 'description.full': manifest.description.full };
const both: readonly (readonly [language: string, texts: Readonly<Record<string, string>>])[] = [['English', english], ['Turkish', turkish]];

const assertFits = (schema: string, value: unknown): void => {
  const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false }));
  const fits = ajv.compile(JSON.parse(readFileSync(join(schemas, schema), 'utf8')) as object);
  assert(fits(value), ajv.errorsText(fits.errors));
};

type Pixel = readonly [red: number, green: number, blue: number, alpha: number];
const pixels = ({ data, width, height }: PNG): { x: number; y: number; pixel: Pixel }[] =>
  Array.from({ length: width * height }, (_, at) => ({ x: at % width, y: Math.floor(at / width), pixel: [...data.subarray(at * 4, at * 4 + 4)] as unknown as Pixel }));

describe('the Teams package', () => {
  it('MAN-1 holds the manifest, two icons and the declared language file, and nothing else', () => {
    const declared = manifest.localizationInfo.additionalLanguages.map(({ file }) => file);

    assert.deepEqual(Object.keys(files), ['manifest.json', manifest.icons.color, manifest.icons.outline, ...declared].sort());
  });

  it('MAN-2 fits the published schema of its version', () => {
    assertFits('MicrosoftTeams.schema.json', manifest);

    assert.equal(manifest.$schema.includes(`/v${manifest.manifestVersion}/`), true);
  });

  it('MAN-3 has a plain version, and one id for the app and its bot, which the links of the bot rely on', () => {
    assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
    assert.equal(manifest.id, values.botId);
    assert.equal(manifest.bots[0].botId, values.botId);
  });

  it('MAN-4 declares the personal scope alone, and only commands that the bot understands', () => {
    assert.deepEqual([manifest.bots[0].scopes, manifest.bots[0].commandLists[0].scopes, manifest.defaultInstallScope], [['personal'], ['personal'], 'personal']);
    for (const { title } of [...menu, ...turkishMenu]) assert.notEqual(recognise(title).intent, 'unknown', title);
  });

  it('MAN-5 has a name of its own', () => {
    for (const name of [manifest.name.short, turkish['name.short'] ?? '']) {
      assert(name.length <= 30);
      assert.doesNotMatch(name, /teams|microsoft|office|azure|outlook|beta|\bdev\b|preview|\buat\b/i);
      assert.doesNotMatch(name, /^(chat|help|calls?|activity|calendar|files|apps|meet)/i);
    }
  });

  it('MAN-6 names one developer and repeats its pages to the letter', () => {
    assert.deepEqual(manifest.developer, { name: values.developer, websiteUrl: values.website, privacyUrl: values.privacy, termsOfUseUrl: values.terms });
    for (const [, { 'description.full': full = '' }] of both) assert(full.endsWith(values.website));
  });

  for (const [language, { 'description.short': short = '', 'description.full': full = '' }] of both) {
    it(`MAN-7 describes itself plainly in ${language}`, () => {
      assert(short.length <= 80 && !/\bapps?\b|uygulama/i.test(short) && !short.includes(manifest.name.short));
      assert.match(short, /^[^.!?]+\.$/, 'one sentence');
      assert(full.length <= 4000 && full.split(/\s+/).length <= 500);
      assert.match(full, /^[^.]*Microsoft Teams/, 'the first mention of Teams is its whole name');
      assert.match(full, /\n- /);
      assert.match(full, /Microsoft 365/);
      assert.doesNotMatch(full, /Office 365|O365|\bMS\b|MSFT|Office365/);
      assert.doesNotMatch(full, /\b(best|most|fastest|easiest|leading|first-class|world.class|unique|revolutionary)\b|#1|en iyi|en hızlı|en kolay|eşsiz|lider/i);
      assert.doesNotMatch(full, /appsource|apps\.apple|play\.google|marketplace/i);
    });
  }

  it('MAN-7 says who may use it, what it cannot do, and in which languages (LOC-3)', () => {
    for (const part of ['Global admin', 'User admin', 'Sales agent', 'Admin agent', 'Limitations:', 'English and Turkish']) assert(english['description.full'].includes(part), part);
    for (const part of ['Genel yönetici', 'Kullanıcı yöneticisi', 'Satış aracısı', 'Yönetici aracısı', 'Sınırlar:', 'İngilizce ve Türkçe']) assert(turkish['description.full']?.includes(part), part);
  });

  it('MAN-8 opens no domain inside Teams', () => {
    assert.deepEqual(manifest.validDomains, []);
  });

  it('MAN-9 asks for no sign-in and no permission that an admin must review', () => {
    assert.equal(manifest.webApplicationInfo, undefined);
    assert.equal('authorization' in manifest, false);
  });

  for (const [language, commands] of [['English', menu], ['Turkish', turkishMenu]] as const) {
    it(`MAN-10 has a short menu in ${language} with a useful description for each command`, () => {
      assert(commands.length >= 1 && commands.length <= 10);
      assert.equal(new Set(commands.map(({ title }) => title.toLowerCase())).size, commands.length);
      for (const { title, description } of commands) {
        assert.match(title, /^\p{L}[\p{L} ]{0,31}$/u);
        assert(description.length >= 10 && description.length <= 128 && description !== title, description);
      }
    });
  }

  it('MAN-11 is a bot that takes commands', () => {
    assert.equal(manifest.bots[0].isNotificationOnly, false);
  });

  it('ICO-1 has a square colour icon: solid, with the symbol on the 96 pixels in the middle', () => {
    const icon = picture('color.png');
    const background = pixels(icon)[0]?.pixel;

    assert.deepEqual([icon.width, icon.height], [192, 192]);
    assert(pixels(icon).every(({ pixel }) => pixel[3] === 255));
    const symbol = pixels(icon).filter(({ pixel }) => pixel.some((part, at) => part !== background?.[at]));
    const [across, down] = [symbol.map(({ x }) => x), symbol.map(({ y }) => y)];
    assert.deepEqual([Math.min(...across), Math.max(...across), Math.min(...down), Math.max(...down)], [48, 143, 48, 143]);
    assert.equal(manifest.accentColor, `#${background?.slice(0, 3).map((part) => part.toString(16).padStart(2, '0')).join('').toUpperCase()}`);
  });

  it('ICO-2 has an outline icon of pure white on nothing, without padding', () => {
    const icon = picture('outline.png');
    const drawn = pixels(icon).filter(({ pixel }) => pixel[3] !== 0);

    assert.deepEqual([icon.width, icon.height], [32, 32]);
    assert(drawn.every(({ pixel }) => pixel.every((part) => part === 255)));
    assert(pixels(icon).some(({ pixel }) => pixel[3] === 0));
    for (const edge of [drawn.some(({ x }) => x === 0), drawn.some(({ x }) => x === 31), drawn.some(({ y }) => y === 0), drawn.some(({ y }) => y === 31)]) assert(edge);
  });

  it('LNK-1 LNK-2 LNK-3 links to privacy, terms and help by https, and builds with nothing less', () => {
    for (const link of ['website', 'privacy', 'terms']) {
      assert.equal(packageValues.safeParse({ ...values, [link]: 'http://www.example.com/' }).success, false);
    }
  });

  it('LOC-1 has a Turkish file that fits the schema and says everything the English one says', () => {
    assertFits('MicrosoftTeams.Localization.schema.json', turkish);

    const commands = menu.flatMap((_, at) => ['title', 'description'].map((part) => `bots[0].commandLists[0].commands[${at}].${part}`));
    assert.deepEqual(Object.keys(turkish).sort(), ['$schema', ...Object.keys(english), ...commands].sort());
    assert(Object.values(turkish).every((line) => line.trim() !== ''));
    assert.equal(manifest.localizationInfo.defaultLanguageTag, 'en');
  });

  it('LOC-2 means the same with each command in both languages', () => {
    for (const [at, { title }] of menu.entries()) assert.equal(recognise(turkishMenu[at]?.title ?? '').intent, recognise(title).intent, title);
  });

  it('CMD-3 offers in each language the way to the other one', () => {
    assert.deepEqual([...menu, ...turkishMenu].map(({ title }) => recognise(title)).filter(({ intent }) => intent === 'language'), [
      { intent: 'language', language: 'tr' },
      { intent: 'language', language: 'en' },
    ]);
  });

  it('CMD-13 bears the name that the bot calls itself, in both languages', () => {
    assert.deepEqual([manifest.name.short, turkish['name.short']], [wordsIn('en').appName, wordsIn('tr').appName]);
  });

  it('leaves no place open', () => {
    for (const name of ['manifest.json', 'tr.json']) assert.doesNotMatch(text(name), /\$\{/);
  });

  it('is the same to the byte when it is built again', () => {
    assert.deepEqual(buildPackage(values), buildPackage(values));
  });
});

describe('npm run package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  after(() => rmSync(folder, { recursive: true }));
  const run = (...flags: string[]) => spawnSync(process.execPath, ['--import', 'tsx', 'manifest/package.ts', '--out', join(folder, 'app.zip'), ...flags], { cwd: root, encoding: 'utf8' });

  it('names every value that is missing and writes nothing', () => {
    const { status, stderr } = run();

    assert.equal(status, 1);
    for (const flag of ['--bot-id', '--developer', '--website', '--privacy', '--terms']) assert(stderr.includes(`${flag} is missing`), flag);
    assert.throws(() => readFileSync(join(folder, 'app.zip')));
  });

  it('writes the package of this bot, in any time zone the same', () => {
    const botId = 'b7a9f8f2-5a3c-4a57-9a53-0f3f4a1f2c11';

    const { status, stderr } = run('--try-out', '--bot-id', botId);

    assert.equal(status, 0, stderr);
    const written = unzipSync(readFileSync(join(folder, 'app.zip')));
    assert.equal((JSON.parse(strFromU8(written['manifest.json'] ?? new Uint8Array())) as Manifest).bots[0].botId, botId);
  });
});
