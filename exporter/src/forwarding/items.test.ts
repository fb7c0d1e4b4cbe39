import { emptySketch } from '../domain/consumers/sketch';
import { keyOf } from '../joins/layout';
import { decodeItem, encodeItem, readAnswers, type ForwardItem } from './items';

const key = keyOf({ namespace: 'shop', model: 'risk', id: 'order 1' });
/** All that may be kept of a prediction: what is missing at its owner would be missing in its pair. */
const prediction = {
  ...{ version: 'v1', timeSeconds: 1_790_000_000.5, value: 'yes', score: 0.7 },
  ...{ segments: ['country', 'DE'], batch: 'night', features: { amount: 3, note: 'a' } },
};
const ITEMS: readonly ForwardItem[] = [
  { key, join: { kind: 'prediction', prediction } },
  { key, join: { kind: 'prediction', prediction: { version: '', timeSeconds: 1 }, isChallenged: true } },
  { key, join: { kind: 'challenger', name: 'next', answer: { value: 3, score: 0.1 } } },
  { key, join: { kind: 'actual', actual: false } },
  { key, join: { kind: 'deletion' } },
  { key, feedback: { version: 'v2', verdict: 'negative' } },
  { key, half: { type: 'request', data: { instances: [[1]] } } },
  { key, forget: true },
  { key, forgetBatch: 'night' },
  { key, consumers: { period: 'hour', number: 7, registers: Buffer.from(emptySketch()).toString('base64') } },
];

test.each(ITEMS.map((item) => [Object.keys(item)[1], item] as const))('%s arrives as it was sent', (_, item) => {
  expect(decodeItem(JSON.parse(encodeItem(item)))).toEqual(item);
});

test('an answer that only a newer replica gives is a refusal, and there is one for each', () => {
  expect(readAnswers('{"answers":["joined","postponed"]}', 2)).toEqual(['joined', 'malformed']);
  expect(() => readAnswers('{"answers":["joined"]}', 2)).toThrow(/2 answers/);
  expect(() => readAnswers('{"answers":[7]}', 1)).toThrow(/answers/);
});

test.each([
  [null, /an object with key/],
  [{ key: 'order 1', forget: true }, /key: expected namespace, model and the hash/],
  [{ key, join: { kind: 'prediction', record: '{}' } }, /join: expected a prediction/],
  [{ key, join: { kind: 'actual', actual: [1] } }, /join: expected a prediction, an actual/],
  [{ key, feedback: { version: 'v1', verdict: 'bad' } }, /feedback: expected version and verdict/],
  [{ key, consumers: { period: 'hour', number: 7, registers: 'AAAA' } }, /registers: expected 1024 bytes/],
  [{ key, consumers: { period: 'week', number: 7, registers: '' } }, /consumers: expected period/],
  [{ key }, /expected join, feedback, half or forget/],
])('%j is refused', (value, message) => {
  expect(() => decodeItem(value)).toThrow(message);
});
