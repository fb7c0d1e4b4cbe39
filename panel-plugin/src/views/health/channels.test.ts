/** @jest-environment jsdom */
import type { ModelView } from '../../model/types';
import { channelValue } from './channels';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const MODEL: ModelView = {
  ...{ key: 'k', cluster: '', namespace: 'payments', name: 'fraud', basis: 'health', health: 'degraded' },
  ...{ reason: '', shortReason: '', channels: [], history: [] },
  ...{ replicasDesired: 3, replicasAvailable: 2, confirmedMs: NOW_MS - 11_000 },
  ...{ errorsRatio: 0.021, slowRatio: 0, featuresDrifted: 2, budgetLeft: -0.12 },
};
const valueOf = (channel: string, status: string, model = MODEL) =>
  channelValue(model, { channel, status }, NOW_MS).replaceAll('\u00a0', ' ');

it.each([
  ['serving', 'warning', '2 of 3 replicas'],
  ['errors', 'warning', '2.1 % failed'],
  ['latency', 'ok', '0 % slow'],
  ['drift', 'critical', '2 drifted'],
  ['slo', 'critical', '−12 % left'],
  ['freshness', 'ok', '11 s old'],
  // What is not in the answer, or has no number.
  ['accuracy', 'critical', ''],
  ['custom:reviews', 'ok', ''],
])('says the number of %s when it is %s', (channel, status, said) => {
  expect(valueOf(channel, status)).toBe(said);
});

it.each(['too_little_data', 'stale'])('says no number of what is %s, but how old the data are', (status) => {
  for (const channel of ['serving', 'errors', 'latency', 'drift', 'slo']) expect(valueOf(channel, status)).toBe('');
  expect(valueOf('freshness', status)).toBe('11 s old');
});

it('says none of predictions that drifted alone', () => {
  expect(valueOf('drift', 'critical', { ...MODEL, featuresDrifted: 0 })).toBe('');
});
