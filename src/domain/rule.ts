/** The catalogue's number, e.g. `MP-06`; `OWN` for the few that are this product's own promise to customers. */
export type RuleId = `MP-${number}${number}` | `OWN-${number}${number}`;

/** What a rule says about the facts: it holds, it cannot be told yet, or it refuses and says about what. */
export type Verdict = 'holds' | 'unknown' | { readonly refuses: Readonly<Record<string, string>> };

/** A sentence of the rule book. */
export type Sentence = {
  readonly id: RuleId;
  readonly source: string;
  /** `seed`: the project's seed document. `docs`: other Microsoft pages. `derived`: our own, from several documented facts. */
  readonly origin: 'seed' | 'docs' | 'derived';
};

/** A sentence that can refuse an act. */
export type Rule<Facts> = Sentence & {
  /** The stable refusal code. */
  readonly code: string;
  readonly asks: (facts: Facts) => Verdict;
};

/** A sentence that refuses nothing: it holds because of how the product is built. `keptBy` names the place that holds it. */
export type Promised = Sentence & { readonly code?: string; readonly keptBy: string };

const refuse = (about: Readonly<Record<string, string>> = {}): Verdict => ({ refuses: about });

/** Refuses when the answer is yes; an unknown answer stays unknown. */
export const refusesWhen = (answer: boolean | 'yes' | 'no' | 'unknown', about?: Readonly<Record<string, string>>): Verdict =>
  answer === 'unknown' ? 'unknown' : answer === true || answer === 'yes' ? refuse(about) : 'holds';
