/** Another program on the same ledger: redeems every partner's refresh token over and over until it is told to stop, or killed. */
import { AuthorityUnavailableError, SignInNeededError, type SignIns } from '../../../src/commands/ports.js';
import { asTenantId } from '../../../src/domain/ids.js';
import { openPostgres } from '../../../src/ledger/postgres.js';
import { createSeal } from '../../../src/ledger/seal.js';
import { signInsOn } from '../../../src/ledger/sign-ins.js';
import { refreshing, type Heard } from './refreshing.js';

const [url = '', login = '', key = '', ...partners] = process.argv.slice(2);
const say = (heard: Heard): void => void process.send?.(heard);
const driver = openPostgres(url);
const signIns = signInsOn(driver, { machineNow: () => new Date(), seal: createSeal([Buffer.from(key, 'hex')]), leaseMs: 1_500, patienceMs: 4_000 });

/** Where the answer says so, this program asks to be killed before it can keep what came with it. */
const mortal: SignIns = {
  ...signIns,
  redeem: (partner, redeem) => signIns.redeem(partner, async (token, refuse) => {
    const answered = await redeem(token, refuse);
    if (!String(answered.outcome).startsWith('fatal')) return answered;
    say('killMe');
    return new Promise<never>(() => undefined);
  }),
};

let isOver = false;
process.once('message', () => { isOver = true; });
const { tokenOf } = refreshing(login, mortal);
say('ready');
await Promise.all(partners.map(asTenantId).map(async (partner) => {
  while (!isOver) {
    await tokenOf(partner).then(() => say('refreshed'), (error: unknown) => {
      if (error instanceof SignInNeededError || !(error instanceof AuthorityUnavailableError)) throw error;
      say('unanswered');
    });
  }
}));
await driver.close();
process.disconnect?.();
