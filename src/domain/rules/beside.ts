import type { Promised } from '../rule.js';

export const otherChannelsStay: Promised = {
  id: 'MP-83', origin: 'docs',
  source: 'A customer who bought elsewhere may ask a partner to manage; several channels may exist side by side.',
  keptBy: 'src/bot/words: explained, never started',
};
export const transferIsSeparate: Promised = {
  id: 'MP-84', code: 'TRANSFER_IS_SEPARATE', origin: 'docs',
  source: 'Moving a subscription between partners is a separate process; an invitation never starts it.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const rolesSurviveATransfer: Promised = {
  id: 'MP-85', origin: 'docs',
  source: 'After an Azure transfer role assignments stay as they were; the new partner gets no administration by default.',
  keptBy: 'src/bot/words: explained, never started',
};
