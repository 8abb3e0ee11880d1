import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ruleBook } from '../domain/rules.js';

const activityTypes = new Set([
  'message', 'invoke', 'conversationUpdate', 'installationUpdate', 'messageReaction', 'messageUpdate', 'messageDelete', 'event', 'typing',
]);

const ruleIds = new Set<string>(ruleBook.map(({ id }) => id));

/** `unavailable`: the ledger or Microsoft was away, and nothing was decided. `undelivered`: done, but Teams did not take the answer. */
export type TurnOutcome = 'answered' | 'failed' | 'unavailable' | 'undelivered';

/** Looked up when somebody reads. Of the errands and the ledger, which replicas share, each replica says the same. */
const figures = {
  bot_ledger_up: '1 while the ledger answers.',
  bot_errands_waiting: 'Errands not yet done, those planned for later included.',
  bot_errands_due: 'Errands that are due.',
  bot_errands_oldest_due_seconds: 'How long the oldest due errand has been due.',
  bot_errands_dead: 'Errands given up, ever: dead letters.',
  bot_partner_sign_in_oldest_seconds: 'Since the refresh token of a partner was renewed; the oldest of all. It lives 90 days.',
  bot_app_token_age_seconds: 'Since the bot was given its own token for Teams.',
  bot_signing_keys_age_seconds: 'Since the signing keys of Teams were read.',
  process_start_time_seconds: 'When this process started, since 1970.',
  process_cpu_seconds_total: 'Processor time of this process.',
  process_resident_memory_bytes: 'Memory of this process.',
} as const;

/** What is not known is left out rather than told as it was. */
export type Figures = { readonly [Name in keyof typeof figures]?: number | undefined };

/** What one process counts, from its start. A label is a word of the program, never a tenant or a person. */
export const createMetrics = () => {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) => new Counter<Label>({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) => new Gauge<Label>({ name, help, labelNames, registers });

  const histogram = (name: string, help: string) => new Histogram({ name, help, buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 8, 15], registers });

  const turns = counter('bot_turns_total', 'Turns by activity type and outcome.', 'type', 'outcome');
  const turnSeconds = histogram('bot_turn_seconds', 'Duration of a turn.');
  const gateRefusals = counter('bot_gate_refusals_total', 'Requests turned away at the gate, by status.', 'status');
  const ruleRefusals = counter('bot_rule_refusals_total', 'Refusals that were recorded, by rule; one refusal may name several.', 'rule');
  const commits = counter('bot_commits_total', 'Decisions written down with their audit and errands, by outcome. Stale: somebody else wrote first, and it is decided again.', 'outcome');
  const commitSeconds = histogram('bot_commit_seconds', 'Duration of writing one down.');
  const errands = counter('bot_errands_total', 'Tries of errands by topic and outcome. Dead: given up.', 'topic', 'outcome');
  const sends = counter('bot_sends_total', 'Messages and redrawn cards that errands brought to Teams, by outcome.', 'outcome');
  const sendSeconds = histogram('bot_send_seconds', 'Duration of bringing one to Teams.');
  const calls = counter('bot_microsoft_calls_total', 'Requests to Microsoft by operation and outcome.', 'operation', 'outcome');
  const callSeconds = histogram('bot_microsoft_call_seconds', 'Duration of a request to Microsoft.');
  const rounds = gauge('bot_round_good_timestamp_seconds', 'When a round last came to a good end here, since 1970.', 'round');
  const events = counter('bot_events_total', 'Events that came in from Partner Center, by outcome.', 'outcome');
  const signIns = gauge('bot_partner_sign_ins_in_trouble', 'Partners for whom somebody must sign in, by reason.', 'reason');
  const news = gauge('bot_partner_news_registrations', 'Partners by how their registration for news stands.', 'standing');
  const lookedUp = Object.entries(figures).map(([name, help]) => [name as keyof Figures, gauge(name, help)] as const);

  // An alert sees a rise, and none in a figure that begins with its first failure.
  for (const type of ['message', 'invoke']) for (const outcome of ['answered', 'failed', 'unavailable', 'undelivered']) turns.inc({ type, outcome }, 0);

  const count = <Label extends string>(found: Gauge<Label>, label: Label, words: readonly string[]): void => {
    found.reset();
    for (const word of words) found.inc({ [label]: word } as Record<Label, string>);
  };

  return {
    turn: (type: string, outcome: TurnOutcome, tookSeconds: number): void => {
      turns.inc({ type: activityTypes.has(type) ? type : 'other', outcome });
      turnSeconds.observe(tookSeconds);
    },
    gateRefusal: (status: number): void => gateRefusals.inc({ status }),
    ruleRefusal: (rule: string): void => ruleRefusals.inc({ rule: ruleIds.has(rule) ? rule : 'other' }),
    commit: (outcome: string, tookSeconds: number): void => {
      commits.inc({ outcome });
      commitSeconds.observe(tookSeconds);
    },
    errand: (topic: string, outcome: string): void => errands.inc({ topic, outcome }),
    send: (outcome: string, tookSeconds: number): void => {
      sends.inc({ outcome });
      sendSeconds.observe(tookSeconds);
    },
    call: (operation: string, outcome: string, tookSeconds: number): void => {
      calls.inc({ operation, outcome });
      callSeconds.observe(tookSeconds);
    },
    round: (round: string, at: Date): void => rounds.set({ round }, at.getTime() / 1000),
    event: (outcome: string): void => events.inc({ outcome }),
    signIns: (reasons: readonly string[]): void => count(signIns, 'reason', reasons),
    news: (standings: readonly string[]): void => count(news, 'standing', standings),

    contentType: registry.contentType,
    /** Everything, in the words of Prometheus. */
    text: (now: Figures): Promise<string> => {
      for (const [name, figure] of lookedUp) {
        const value = now[name];
        if (value === undefined) figure.remove();
        else figure.set(value);
      }
      return registry.metrics();
    },
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
