import { writeFileSync } from 'node:fs';
import type { Operation } from '../../../src/microsoft/allowed-calls.js';
import { callOf, everyOperation, mayRepeat } from '../../helpers/operations.js';
import type { Backend } from './backend.js';

/** In the order of the table's columns. */
export const kinds = ['good', 'errors', 'oddities', 'no answer before', 'no answer after', 'pages', 'throttled', '401', '412'] as const;
export type Kind = (typeof kinds)[number];
type Ran = { readonly operation: Operation; readonly kind: Kind; readonly backend: Backend['name']; readonly count: number };

const ran: Ran[] = [];

/** Something about an operation was shown. @param count how many things in one test */
export const shown = (operation: Operation, kind: Kind, backend: Backend['name'], count = 1): void => void ran.push({ operation, kind, backend, count });

const countOf = (operation: Operation, kind: Kind, backend: Backend['name']): number =>
  ran.filter((one) => one.operation === operation && one.kind === kind && one.backend === backend).reduce((sum, { count }) => sum + count, 0);

/** What no operation may be without; what may happen once only must have been heard of no more after it took effect, too. */
const owed = (operation: Operation): readonly Kind[] => ['good', 'errors', 'oddities', 'no answer before', 'throttled', ...(mayRepeat(operation) ? [] : ['no answer after'] as const)];

export const lacking = (backend: Backend['name']): readonly string[] =>
  everyOperation.flatMap((operation) => owed(operation).filter((kind) => countOf(operation, kind, backend) === 0).map((kind) => `${operation}: ${kind}`));

/** Operation -> cases -> backends: how many cases of each kind were shown against the sandbox and against scripted answers. */
export const table = (): string => {
  const cell = (operation: Operation, kind: Kind): string => {
    const [sandbox, scripted] = [countOf(operation, kind, 'the sandbox'), countOf(operation, kind, 'scripted answers')];
    return sandbox + scripted === 0 ? '' : `${sandbox} / ${scripted}`;
  };
  const row = (operation: Operation): string => {
    const { method, path } = callOf(operation);
    return `| \`${operation}\` | ${method} ${path.replaceAll('|', '\\|')} | ${kinds.map((kind) => cell(operation, kind)).join(' | ')} |`;
  };
  const sum = (backend: Backend['name']): number => ran.filter((one) => one.backend === backend).reduce((all, { count }) => all + count, 0);
  return [
    'Cases shown: against the sandbox / against scripted answers.', '',
    `| operation | call | ${kinds.join(' | ')} |`, `|---|---|${kinds.map(() => '---').join('|')}|`,
    ...everyOperation.map(row), '', `${everyOperation.length} operations, ${sum('the sandbox')} / ${sum('scripted answers')} cases.`, '',
  ].join('\n');
};

/** Where somebody asked for the table. */
export const writeTable = (): void => {
  const path = process.env['CONTRACT_TABLE'];
  if (path) writeFileSync(path, table());
};
