import { nextChange, newsOf, type News } from './relationship-news.js';
import { isWorldly, type Relationship } from './relationship.js';
import type { State } from './state.js';

/**
 * How a relationship stands follows from the time, so somebody has to look at the clock for it to be told. Each is looked at
 * when something is due, and told once.
 */
export const createWatch = (state: State, tell: (relationship: Relationship, news: News) => void) => {
  /** Machine milliseconds. */
  const due = new Map<string, number>();
  let earliest = Number.POSITIVE_INFINITY;

  const look = (relationship: Relationship): void => {
    const moment = state.moment();
    const told = state.told(relationship.id);
    // A world begins with things that ended long ago.
    const isOld = ({ at }: News): boolean => isWorldly(relationship) && at < state.begun();
    const news = newsOf(relationship, moment).filter((one) => !told.includes(one.key) && !isOld(one));
    if (news.length > 0) state.setTold(relationship.id, [...told, ...news.map(({ key }) => key)]);
    const next = nextChange(relationship, moment);
    if (next === undefined) due.delete(relationship.id);
    else due.set(relationship.id, next);
    earliest = Math.min(earliest, next ?? earliest);
    for (const one of news) tell(relationship, one);
  };
  const lookAtAll = (): void => {
    due.clear();
    earliest = Number.POSITIVE_INFINITY;
    state.inOne(() => { for (const relationship of [...state.keptRelationships()]) look(relationship); });
  };

  state.onChange((change) => {
    if (change.of === 'everything') lookAtAll();
    else if (change.of === 'relationship' && state.keptRelationship(change.relationship.id)) look(change.relationship);
  });

  return {
    /** Tells what fell due while nobody looked, and looks from now on. */
    start: lookAtAll,
    /** Tells what has fallen due. */
    check: (): void => {
      const { machine } = state.moment();
      if (machine < earliest) return;
      const ripe = [...due].flatMap(([id, at]) => (at > machine ? [] : id));
      state.inOne(() => {
        for (const id of ripe) {
          const relationship = state.keptRelationship(id);
          if (relationship) look(relationship);
          else due.delete(id);
        }
      });
      earliest = Number.POSITIVE_INFINITY;
      for (const at of due.values()) earliest = Math.min(earliest, at);
    },
  };
};
