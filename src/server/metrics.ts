import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const activityTypes = new Set([
  'message', 'invoke', 'conversationUpdate', 'installationUpdate', 'messageReaction', 'messageUpdate', 'messageDelete', 'event', 'typing',
]);

export type TurnOutcome = 'answered' | 'failed' | 'unavailable';

/** What the server counts. Others add to `registry`; nobody adds a label for a tenant or a person. */
export const createMetrics = () => {
  const registry = new Registry();
  const turns = new Counter({ name: 'turns_total', help: 'Turns by activity type and outcome.', labelNames: ['type', 'outcome'], registers: [registry] });
  const seconds = new Histogram({ name: 'turn_seconds', help: 'Duration of a turn.', buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 8, 15], registers: [registry] });
  const errands = new Counter({ name: 'errands_total', help: 'Errands by topic and outcome.', labelNames: ['topic', 'outcome'], registers: [registry] });
  const refusals = new Counter({ name: 'refusals_total', help: 'Requests turned away at the gate.', labelNames: ['status'], registers: [registry] });

  const signIns = new Gauge({ name: 'partner_sign_ins_in_trouble', help: 'Partners for whom somebody must sign in, by reason.', labelNames: ['reason'], registers: [registry] });
  const news = new Gauge({ name: 'partner_news_registrations', help: 'Partners by how their registration for news stands.', labelNames: ['standing'], registers: [registry] });
  const count = (gauge: Gauge<string>, label: string, found: readonly string[]): void => {
    gauge.reset();
    for (const one of found) gauge.inc({ [label]: one });
  };

  return {
    registry,
    signIns: (reasons: readonly string[]): void => count(signIns, 'reason', reasons),
    news: (standings: readonly string[]): void => count(news, 'standing', standings),
    turn: (type: string, outcome: TurnOutcome, tookSeconds: number): void => {
      turns.inc({ type: activityTypes.has(type) ? type : 'other', outcome });
      seconds.observe(tookSeconds);
    },
    errand: (topic: string, outcome: string): void => errands.inc({ topic, outcome }),
    refusal: (status: number): void => refusals.inc({ status }),
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
