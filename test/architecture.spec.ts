import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

type Room = {
  /** Rooms, folders or single files whose door is open; a room always sees itself, but not the rooms inside it. */
  readonly sees: readonly string[];
  /** From outside the house. `node:*` is all of Node; of `type …` only the types, as loading it is dear. */
  readonly packages: readonly string[];
};

const bot = ['domain', 'commands', 'bot', 'bot/channel', 'bot/dialogs', 'bot/cards', 'bot/words'];

/** The import plan. The longest name that fits a file is its room. */
const plan: Readonly<Record<string, Room>> = {
  domain: { sees: [], packages: [] },
  commands: { sees: ['domain'], packages: ['node:crypto'] },
  identity: { sees: [], packages: ['jose', 'undici', 'zod', 'node:*'] },
  ledger: { sees: ['domain', 'commands/ports'], packages: ['keyv', 'libsql', 'pg', 'zod', 'node:*'] },
  microsoft: { sees: ['domain', 'commands/ports', 'wire.ts'], packages: ['jose', 'undici', 'zod', '@peculiar/x509', 'node:*'] },
  bot: { sees: bot, packages: ['type botbuilder', 'botbuilder-dialogs/lib/dialogContext.js', 'botbuilder-dialogs/lib/dialogContextError.js', 'botbuilder-dialogs/lib/dialogSet.js', 'csv-stringify/sync', 'keyv', 'zod', 'node:*'] },
  'bot/channel': { sees: ['domain', 'commands/ports', 'wire.ts'], packages: ['type botbuilder', 'botbuilder-core', 'jose', 'zod', 'node:*'] },
  'bot/dialogs': { sees: [...bot], packages: ['botbuilder-dialogs/lib/dialog.js', 'botbuilder-dialogs/lib/dialogContext.js'] },
  'bot/cards': { sees: ['domain', 'commands/views', 'commands/ports', 'bot/words'], packages: ['adaptivecards-templating', 'node:module'] },
  'bot/words': { sees: ['domain', 'commands/ports'], packages: [] },
  server: { sees: ['domain'], packages: ['restify', 'pino', 'prom-client', 'zod', 'node:*'] },
  pages: { sees: ['domain', 'commands/ports', 'commands/warn-about-sign-ins'], packages: ['restify', 'zod', 'node:*'] },
  local: { sees: ['domain/ids'], packages: ['restify', 'pino', 'libsql', 'jose', 'zod', '@peculiar/x509', 'node:*'] },
  'wire.ts': { sees: [], packages: ['undici', 'node:http'] },
  'log.ts': { sees: [], packages: ['pino', 'node:crypto'] },
  'partners-file.ts': { sees: ['domain'], packages: ['zod', 'node:fs/promises'] },
  'seen.ts': { sees: ['commands', 'log.ts', 'microsoft', 'server', 'spans.ts'], packages: [] },
  'spans.ts': { sees: [], packages: ['@opentelemetry/api'] },
  'steady-now.ts': { sees: [], packages: [] },
  'settings.ts': { sees: ['domain'], packages: ['zod'] },
  'config.ts': { sees: ['settings.ts', 'domain'], packages: [] },
  'bot-proof.ts': { sees: ['config.ts', 'identity', 'microsoft-side.ts', 'bot/channel'], packages: [] },
  'check-up': { sees: ['domain', 'commands', 'config.ts', 'bot-proof.ts', 'microsoft-side.ts', 'microsoft', 'ledger', 'bot/channel', 'wire.ts'], packages: ['node:crypto', 'node:path'] },
  'live-pages.ts': { sees: ['domain', 'commands/ports', 'log.ts', 'microsoft', 'microsoft-side.ts', 'pages'], packages: ['keyv', 'restify'] },
  'live-rounds.ts': { sees: ['domain', 'commands', 'log.ts'], packages: [] },
  'microsoft-side.ts': { sees: ['config.ts', 'partners-file.ts', 'domain', 'identity', 'microsoft'], packages: ['node:fs/promises', 'node:path'] },
  'main.ts': { sees: ['config.ts', 'bot-proof.ts', 'live-pages.ts', 'live-rounds.ts', 'log.ts', 'seen.ts', 'spans.ts', 'steady-now.ts', 'domain', 'commands', 'ledger', 'microsoft', 'microsoft-side.ts', 'bot', 'bot/channel', 'server', 'local'], packages: ['keyv', '@keyv/redis', 'node:*'] },
};

type File = { readonly path: string; readonly text: string };
type Import = { readonly of: string; readonly isDynamic: boolean; readonly isType: boolean };

const source = fileURLToPath(new URL('../src/', import.meta.url));
const house: readonly File[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ path: relative('.', name).split(sep).join('/'), text: readFileSync(join(source, name), 'utf8') }));

const isIn = (path: string, place: string): boolean => path === place || path === `${place}.ts` || path.startsWith(`${place}/`);
const roomOf = (path: string): string | undefined =>
  Object.keys(plan).filter((room) => isIn(path, room)).sort((one, other) => other.length - one.length)[0];

const walk = (text: string, visit: (node: ts.Node) => void): void => {
  const each = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, each);
  };
  each(ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true));
};

const importsIn = (text: string): readonly Import[] => {
  const found: Import[] = [];
  const add = (of: ts.Node | undefined, { isDynamic = false, isType = false } = {}): void => {
    if (of) found.push({ of: ts.isStringLiteralLike(of) ? of.text : '(computed)', isDynamic, isType });
  };
  walk(text, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, { isType: node.importClause?.isTypeOnly ?? false });
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, { isType: node.isTypeOnly });
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, { isType: true });
    else if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], { isDynamic: true });
      // createRequire gives a function of this name, too.
      else if (ts.isIdentifier(node.expression) && node.expression.text === 'require') add(node.arguments[0]);
    }
  });
  return found;
};

const readsEnvironment = (text: string): boolean => {
  let reads = false;
  walk(text, (node) => {
    const named = ts.isPropertyAccessExpression(node) ? node.name.text : ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression) ? node.argumentExpression.text : '';
    if (named === 'env' && 'expression' in node && (node.expression as ts.Node).getText() === 'process') reads = true;
  });
  return reads;
};

/** What leaves by `fetch` is not in the recording of a test run (`test/helpers/record-calls.cjs`). */
const fetches = (text: string): boolean => {
  let does = false;
  walk(text, (node) => {
    if ((ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && node.text === 'fetch') does = true;
  });
  return does;
};

const target = (path: string, { of }: Import): string => posix.join(posix.dirname(path), of).replace(/\.js$/, '.ts');

const mayImport = (path: string, one: Import): boolean => {
  const room = roomOf(path);
  const { sees, packages } = plan[room ?? ''] ?? { sees: [], packages: [] };
  if (!one.of.startsWith('.')) return packages.some((name) => one.of === name || (one.isType && `type ${one.of}` === name) || (name === 'node:*' && one.of.startsWith('node:')));
  const to = target(path, one);
  return roomOf(to) === room || sees.some((place) => (place in plan ? roomOf(to) === place : isIn(to, place)));
};

const trespassesIn = (files: readonly File[]): string[] =>
  files.flatMap(({ path, text }) => [
    ...importsIn(text).filter((one) => !mayImport(path, one)).map(({ of }) => `${path} imports ${of}`),
    ...(path !== 'config.ts' && readsEnvironment(text) ? [`${path} reads the environment`] : []),
    ...(roomOf(path) !== 'local' && fetches(text) ? [`${path} fetches`] : []),
  ]);

describe('the import plan', () => {
  it('has every room built', () => {
    const empty = Object.keys(plan).filter((room) => !house.some(({ path }) => roomOf(path) === room));

    assert.deepEqual(empty, []);
  });

  it('opens no door to a place that is not there', () => {
    const places = Object.values(plan).flatMap(({ sees }) => sees);

    assert.deepEqual(places.filter((place) => !house.some(({ path }) => isIn(path, place))), []);
  });

  it('has a room for every file', () => {
    assert.deepEqual(house.map(({ path }) => path).filter((path) => roomOf(path) === undefined), []);
  });

  it('is kept by every import', () => {
    assert.deepEqual(trespassesIn(house), []);
  });

  it('reaches what is only for one machine by one import, at run time', () => {
    const reaching = house.filter(({ path }) => roomOf(path) !== 'local')
      .flatMap(({ path, text }) => importsIn(text).filter((one) => one.of.startsWith('.') && roomOf(target(path, one)) === 'local').map(({ isDynamic }) => ({ path, isDynamic })));

    assert.deepEqual(reaching, [{ path: 'main.ts', isDynamic: true }]);
  });

  for (const [path, text] of [
    ['domain/rules.ts', "import { inviteCustomer } from '../commands/invite-customer.js';"],
    ['domain/rules.ts', "import { z } from 'zod';"],
    ['domain/rules.ts', "import { randomUUID } from 'node:crypto';"],
    ['commands/invite-customer.ts', "import type { TurnContext } from 'botbuilder';"],
    ['commands/invite-customer.ts', "export { openLedger } from '../ledger/ledger.js';"],
    ['commands/invite-customer.ts', "import { readFileSync } from 'node:fs';"],
    ['ledger/record.ts', "import { decide } from '../commands/send-invitation.js';"],
    ['ledger/record.ts', "const { caller } = await import('../microsoft/caller.js');"],
    ['microsoft/caller.ts', "import Database from 'libsql';"],
    ['bot/words/en.ts', "import { page } from '../cards/page.js';"],
    ['bot/cards/page.ts', "import { inviteCustomer } from '../../commands/invite-customer.js';"],
    ['bot/cards/page.ts', "import Keyv from 'keyv';"],
    ['bot/channel/channel.ts', "import { createTurn } from '../turn.js';"],
    ['bot/turn.ts', "import restify from 'restify';"],
    ['bot/turn.ts', "type Pool = import('pg').Pool;"],
    ['server/gate.ts', "import { ActivityTypes } from 'botbuilder';"],
    ['bot/turn.ts', "import { ActivityTypes } from 'botbuilder';"],
    ['bot/turn.ts', "import { type Activity, ActivityTypes } from 'botbuilder';"],
    ['server/gate.ts', "import type { Ports } from '../commands/ports.js';"],
    ['local/console/console.ts', "import type { Person } from '../../domain/facts.js';"],
    ['bot/turn.ts', "import { startSandbox } from '../local/local.js';"],
    ['bot/turn.ts', 'const room = await import(name);'],
    ['bot/turn.ts', "const restify = require('restify');"],
    ['log.ts', "import { readConfig } from './config.js';"],
    ['bot/turn.ts', 'const secret = process.env.SECRET;'],
    ['bot/turn.ts', "const secret = process['env'].SECRET;"],
    ['microsoft/caller.ts', 'const answer = await fetch(address);'],
    ['microsoft/caller.ts', "const ask = globalThis['fetch'];"],
  ] as const) {
    it(`notices ${path} saying ${text}`, () => {
      assert.equal(trespassesIn([{ path, text }]).length, 1);
    });
  }
});
