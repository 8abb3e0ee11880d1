import assert from 'node:assert/strict';
import { AuthorityUnavailableError, notConsented, SignInNeededError } from '../../../src/commands/ports.js';
import { createMicrosoft, type CallRecord, type MicrosoftOptions } from '../../../src/microsoft/microsoft.js';
import { createSigningIn } from '../../../src/microsoft/sign-in.js';
import type { Operation } from '../../../src/microsoft/allowed-calls.js';
import { callOf, everyOperation, mayRepeat } from '../../helpers/operations.js';
import * as at from '../../local/partner-center/a-sandbox.js';
import type { Backend, Line } from './backend.js';
import { lacking, shown, writeTable, type Kind } from './coverage.js';
import { documented, expected, inWords, noConsent, ofTokens, troubles, type Documented } from './errors.js';
import { drives, forBoth, outage, pageIds, refusedAs, together, type At, type Drive } from './operations.js';
import { sandboxBackend } from './sandbox.js';
import { scriptedBackend } from './scripted.js';

/** Between tries of a read nobody waits here; and what is not throttled is answered long before a try is given up. */
const unhurried: Partial<MicrosoftOptions> = { random: () => -1, pollMs: 5, tryMs: 5_000, wholeMs: 8_000 };
const impatient: Partial<MicrosoftOptions> = { ...unhurried, tryMs: 120, wholeMs: 4_000 };

type Asked = { readonly outcome: unknown; readonly retryAfterSeconds: number | undefined };

/** A value, a refusal by its code, or an outage. */
const outcomeOf = async (asking: Promise<unknown>): Promise<Asked> => {
  try {
    const outcome = await asking;
    const isRefused = typeof outcome === 'object' && outcome !== null && 'refused' in outcome;
    return { outcome: isRefused ? refusedAs((outcome.refused as { code: string }).code) : outcome, retryAfterSeconds: undefined };
  } catch (error) {
    if (!(error instanceof AuthorityUnavailableError)) throw error;
    return { outcome: error instanceof SignInNeededError ? 'sign-in needed' : outage, retryAfterSeconds: error.about.retryAfterSeconds };
  }
};

const refusedToken: Line = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: { code: 800001, description: 'The token is invalid.' } };
/** A gateway's page, an answer cut short, and what only looks like a no. */
const oddAnswers: readonly Line[] = [
  { status: 200, body: '<html><body>Sign in</body></html>' }, { status: 200, body: '{"id":"cccc' }, { status: 404, body: '<html>Not found</html>' }, { status: 403, body: '<html>' }, { status: 302, headers: { location: '/elsewhere' } }, { status: 408, body: {} },
];
const emptyAnswers: readonly Line[] = [{ status: 200 }, { status: 200, body: '"text"' }, { status: 204 }];
const pauses: readonly (readonly [seconds: number, line: Line])[] = [
  [17, { status: 429, headers: { 'retry-after': '17' }, body: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 17 seconds.' } }], [37, { status: 503, headers: { 'retry-after': '37' }, body: '' }],
];

const stale: Line = { status: 412, body: { error: { code: 'PreconditionFailed', message: 'The etag is old.' } } };
/** A page without items that names a next one. What its link says is never followed; a token is `partner lastKey` in the sandbox. */
const partnerCenterPage = (lastKey: string): Line => {
  const value = Buffer.from(`${at.NORTHWIND} ${lastKey}`).toString('base64url');
  return { body: { totalCount: 0, items: [], links: { self: {}, next: { uri: lastKey === '0' ? '/customers?seekOperation=Next' : 'https://elsewhere.example/v1/customers', method: 'GET', headers: [{ key: 'MS-ContinuationToken', value }] } }, attributes: { objectType: 'Collection' } } };
};
const graphPage = (backend: Backend, operation: Operation) => (token: string): Line => {
  const { graphUrl, names } = backend;
  const ids = pageIds(names, operation);
  const path = callOf(operation).path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name);
  // What was asked for goes on in the link.
  const filter = operation === 'activeRoles' || operation === 'eligibleRoles' ? `$filter=${encodeURIComponent(`principalId eq '${at.BILL}'`)}&` : '';
  return { body: { value: [], '@odata.nextLink': `${graphUrl}${path}?${filter}$skiptoken=${token === '-' ? '00' : '0'}` } };
};

/** Refusals that come out alike are one sentence. */
const byOutcome = (drive: Drive, refusals: readonly Documented[]): readonly { readonly outcome: unknown; readonly group: readonly Documented[] }[] => {
  const groups = new Map<string, { readonly outcome: unknown; readonly group: Documented[] }>();
  for (const one of refusals) {
    const outcome = expected(drive, one);
    const key = JSON.stringify(outcome) ?? '';
    groups.set(key, { outcome, group: [...(groups.get(key)?.group ?? []), one] });
  }
  return [...groups.values()];
};

for (const backend of [sandboxBackend(), scriptedBackend()]) {
  describe(`Microsoft's side, played by ${backend.name}`, () => {
    let calls: CallRecord[];
    const stageWith = (more: Partial<MicrosoftOptions>): At => {
      const options = backend.options({ ...more, onCall: (call) => void calls.push(call) });
      return { ...createMicrosoft(options), signingIn: createSigningIn(options), backend };
    };
    /** How often the service heard of that operation, and with which answer. */
    const heard = (operation: Operation): readonly (number | undefined)[] => calls.filter((call) => call.operation === operation).map(({ status }) => status);

    before(() => backend.open());
    after(() => backend.close());
    beforeEach(async () => {
      calls = [];
      await backend.reset();
    });

    /** A test whose title begins with the operation and which counts as shown once it has passed. */
    const shows = (operation: Operation, kind: Kind, sentence: string, test: () => Promise<unknown>, count = 1): void => {
      it(`${operation} ${sentence}`, async () => {
        await test();
        shown(operation, kind, backend.name, count);
      });
    };
    const ready = async ({ given }: Drive, more: Partial<MicrosoftOptions> = unhurried): Promise<{ readonly stage: At; readonly name: string }> => {
      const name = (await given?.(stageWith(unhurried))) ?? '';
      const stage = stageWith(more);
      calls = [];
      return { stage, name };
    };

    for (const operation of everyOperation) {
      const drive = drives[operation];
      const { service } = callOf(operation);
      const isRead = mayRepeat(operation);
      const silent = 'silent' in drive ? drive.silent : outage;
      const odds = isRead ? [...oddAnswers, ...emptyAnswers] : oddAnswers;
      /** The first day again, where something may have come of the day before. */
      const again = async (): ReturnType<typeof ready> => {
        if (drive.given || drive.stands || drive.goesOn) await backend.reset();
        return ready(drive);
      };
      const stands = async (stage: At, name: string): Promise<unknown> => drive.stands?.read(stage, name);

      describe(operation, () => {
        shows(operation, 'good', 'gives the good answer', async () => {
          const { stage, name } = await ready(drive);
          if (drive.stands && operation !== 'deleteDraft') assert.deepEqual(await stands(stage, name), drive.stands.before);

          assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, drive.good);

          assert(heard(operation).length > 0, `it was not asked for: ${calls.map((call) => call.operation).join()}`);
          if (drive.stands) assert.deepEqual(await stands(stage, name), drive.stands.after);
        });

        for (const { outcome, group } of byOutcome(drive, operation === 'token' ? ofTokens : documented[service])) {
          shows(operation, 'errors', `${inWords(outcome)} for ${group.map(({ name }) => name).join(', ')}`, async () => {
            let { stage, name } = await ready(drive);
            for (const one of group) {
              if (drive.goesOn && one !== group[0]) {
                await backend.reset();
                ({ stage, name } = await ready(drive));
              }
              calls = [];
              await backend.breaks(operation, [one.line]);
              assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, outcome, one.name);
              assert.equal(heard(operation)[0], one.status, one.name);
              if (outcome !== drive.good) assert.equal(heard(operation).length, 1, `${one.name} is no reason to ask again`);
            }
          }, group.length);
        }

        if (drive.token !== 'none') {
          shows(operation, '401', 'renews a token that was refused, once', async () => {
            const { stage, name } = await ready(drive);
            await backend.breaks(operation, [refusedToken]);

            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, drive.good);
            assert.deepEqual(heard(operation).slice(0, 2).map((status) => (status ?? 0) < 300 ? 'fine' : status), [401, 'fine']);
          });

          shows(operation, '401', `${inWords(silent)} when the new token is refused as well`, async () => {
            const { stage, name } = await ready(drive);
            await backend.breaks(operation, [refusedToken, refusedToken, { ...refusedToken, body: { Code: 400 } }]);

            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, silent);
            assert.deepEqual(heard(operation), [401, 401]);
          });
        }

        shows(operation, 'oddities', `${inWords(silent)} when the answer is not what it should be`, async () => {
          for (const odd of odds) {
            const { stage, name } = await again();
            await backend.breaks(operation, [odd]);
            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, silent, JSON.stringify(odd));
            assert.deepEqual(heard(operation), [odd.status], JSON.stringify(odd));
          }
        }, odds.length);

        shows(operation, 'throttled', `${inWords(silent)} while Microsoft asks for a pause: the lane of that partner is closed, and other partners go on`, async () => {
          for (const [seconds, line] of pauses) {
            const { stage, name } = await again();
            await backend.breaks(operation, [line]);
            const turnedAway = await outcomeOf(drive.ask(stage, name));
            assert.deepEqual(turnedAway.outcome, silent);
            assert.equal(heard(operation).length, 1);
            if (silent === outage) assert.equal(turnedAway.retryAfterSeconds, seconds);
            if (drive.lane === 'none' || silent !== outage) continue;

            // What was asked for at the same moment has come back by then.
            assert.equal(await stage.authority.observe(at.PROVIDER, at.LITWARE), 'no');
            assert.notEqual((await stage.authority.listSecurityGroups(at.PROVIDER)).length, 0);
            const before = calls.length;
            assert.deepEqual(await outcomeOf(drive.ask(stage, name)), { outcome: outage, retryAfterSeconds: seconds });
            assert.deepEqual(calls.slice(before).filter((call) => callOf(call.operation as Operation).service === service), []);
          }
        }, pauses.length);

        shows(operation, 'errors', `${inWords(silent)} when the service is in trouble, ${isRead ? 'after three tries' : 'and is sent once'}`, async () => {
          for (const trouble of troubles) {
            const { stage, name } = await again();
            await backend.breaks(operation, isRead ? [trouble, trouble, trouble] : [trouble]);
            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, silent, JSON.stringify(trouble));
            assert.equal(heard(operation).length, isRead ? 3 : 1, JSON.stringify(trouble));
            if (drive.stands) assert.deepEqual(await stands(stageWith(unhurried), name), drive.stands.before, JSON.stringify(trouble));
          }
        }, troubles.length);

        if (isRead) {
          shows(operation, 'no answer before', 'is asked again when no answer came', async () => {
            const { stage, name } = await ready(drive, impatient);
            await backend.breaks(operation, [{ hang: true }]);

            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, drive.good);
            assert.equal(heard(operation)[0], undefined);
          });
        } else {
          for (const when of ['before', 'after'] as const) {
            const first = when === 'after' && 'unheard' in drive ? drive.unheard : silent;
            shows(operation, `no answer ${when}`, `${inWords(first)} when no answer came ${when} it took effect; it is sent once, and a second try finds what there is`, async () => {
              const { stage, name } = await ready(drive, impatient);
              await backend.breaks(operation, [{ hang: true }], when === 'after' ? 'after' : undefined);
              assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, first);
              assert.deepEqual(heard(operation), [undefined]);
              if (drive.stands && (when === 'before' || first !== outage)) assert.deepEqual(await stands(stageWith(unhurried), name), drive.stands[when]);

              const second = await outcomeOf(drive.ask(stageWith(unhurried), name));
              assert.deepEqual(second.outcome, when === 'after' && 'again' in drive ? drive.again : drive.good);
              if (drive.stands) assert.deepEqual(await stands(stageWith(unhurried), name), drive.stands.after);
            });
          }
        }

        if (drive.refused.but && '412' in drive.refused.but) {
          shows(operation, '412', 'is read again when somebody else was quicker, once', async () => {
            const { stage, name } = await ready(drive);
            await backend.breaks(operation, [stale, stale]);
            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, refusedAs('GDAP_WRONG_STATE'));
            assert.deepEqual(heard(operation), [412, 412]);

            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, drive.good);
            assert.deepEqual(await stands(stage, name), drive.stands?.after);
          });
        }

        if (operation === 'token') {
          shows(operation, 'errors', `is no consent for ${noConsent.map(({ name }) => name).join(', ')} where a directory is read`, async () => {
            for (const { line, name } of noConsent) {
              const { stage } = await ready(drive);
              await backend.breaks(operation, [line]);
              assert.equal(await stage.directory.person(at.CONTOSO, at.AYSE), notConsented, name);
            }
          }, noConsent.length);
        }

        if (operation === 'relationshipRequest') {
          shows(operation, 'good', 'gives an indirect reseller the link for its provider as well', async () => {
            assert.deepEqual(await forBoth(stageWith(unhurried)), together);
            assert.deepEqual(calls.filter((call) => callOf(call.operation as Operation).service === 'partnerCenter').map((call) => call.operation), [operation]);
          });
        }

        if (operation === 'activeRoles' || operation === 'eligibleRoles') {
          const without = operation === 'activeRoles' ? { roles: ['user'], eligible: ['globalAdmin'] } : { roles: ['billingAdmin'] };
          const held = (principalId: string): Line => ({ body: { value: [{ id: 's', principalId, roleDefinitionId: '62e90394-69f5-4237-9190-012177145e10', directoryScopeId: '/' }] } });
          const whose = [['a colleague', at.AYSE], ['a group', 'aaaaaaaa-2222-4000-8000-00000000000a'], ['nobody', '']] as const;

          shows(operation, 'oddities', `takes no role of ${whose.map(([who]) => who).join(', ')} for the person’s own`, async () => {
            for (const [who, principal] of whose) {
              const { stage, name } = await ready(drive);
              await backend.breaks(operation, [held(principal)]);
              assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, without, who);
            }
          }, whose.length);
        }

        if (drive.pages) {
          const page = drive.pages === 'graph' ? graphPage(backend, operation) : partnerCenterPage;

          shows(operation, 'pages', 'goes on over two empty pages to the third', async () => {
            const { stage, name } = await ready(drive);
            await backend.breaks(operation, [page('-'), page('0')]);

            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, drive.good);
            assert.deepEqual([heard(operation).slice(0, 2), heard(operation).length > 2], [[200, 200], true]);
          });

          shows(operation, 'pages', 'ends where the way on is the one it came by', async () => {
            const { stage, name } = await ready(drive);
            await backend.breaks(operation, [page('0'), page('0'), page('0')]);
            await outcomeOf(drive.ask(stage, name));

            assert.equal(heard(operation).length, 2);
          });

          shows(operation, 'pages', 'is all or nothing', async () => {
            const { stage, name } = await ready(drive);
            await backend.breaks(operation, [page('-'), page('0'), { status: 429, headers: { 'retry-after': '3' } }]);

            assert.deepEqual(await outcomeOf(drive.ask(stage, name)), { outcome: outage, retryAfterSeconds: 3 });
          });

          if (drive.pages === 'graph') {
            shows(operation, 'pages', 'is not followed to another host, nor to another call', async () => {
              for (const link of ['https://elsewhere.example/graph/v1.0/groups?$skiptoken=1', `${backend.graphUrl}/v1.0/me`, '/v1.0/relative?$skiptoken=1']) {
                const { stage, name } = await again();
                await backend.breaks(operation, [{ body: { value: [], '@odata.nextLink': link } }]);
                assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, outage, link);
                assert.equal(heard(operation).length, 1);
              }
            });
          }

          shows(operation, 'pages', 'is whole when a page holds one item', async () => {
            await backend.onePerPage();
            const { stage, name } = await ready(drive);

            assert.deepEqual((await outcomeOf(drive.ask(stage, name))).outcome, drive.good);
          });
        }
      });
    }
  });
}

describe("every call to Microsoft", () => {
  for (const backend of ['the sandbox', 'scripted answers'] as const) {
    it(`was shown in every way there is against ${backend}`, () => assert.deepEqual(lacking(backend), []));
  }
  after(writeTable);
});
