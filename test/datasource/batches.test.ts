/** @jest-environment jsdom */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { batchRows } from '../../datasource-plugin/src/frames/batches/batches';
import { batchesFrame, batchScoresFrame } from '../../datasource-plugin/src/frames/batches/batchesFrame';
import type { Sample } from '../../datasource-plugin/src/frames/samples';
import { batchesParts } from '../../datasource-plugin/src/query/batches';
import { NO_FILTERS } from '../../datasource-plugin/src/query/filters';

const sample = (name: string, labels: Record<string, string>, value = 1): Sample => ({
  labels: { __name__: name, namespace: 'shop', model: 'risk', ...labels },
  value,
});
const batch = (id: string, opened: number, state: string): Sample[] => [
  sample(RECORDED.batchOpened.name, { batch: id }, opened),
  sample(RECORDED.batchRows.name, { batch: id }, 1_200),
  sample(RECORDED.batchState.name, { batch: id, state }),
];
const PREDICTIONS = { reference: 'r', subject: 'prediction' };
const feature = (name: string) => ({ reference: 'r', subject: 'feature', feature: name });
const score = (id: string, of: Record<string, string>, value: number) =>
  sample(RECORDED.batchDriftScore.name, { batch: id, method: 'psi', ...of }, value);
const limits = (of: Record<string, string>, warning: number, critical: number) => [
  sample(RECORDED.driftThreshold.name, { ...of, level: 'warning' }, warning),
  sample(RECORDED.driftThreshold.name, { ...of, level: 'critical' }, critical),
];
const pairs = (labels: Record<string, string>, value: number): Sample => ({
  labels: { namespace: 'shop', model: 'risk', batch: 'b2', ...labels },
  value,
});

const ANSWERS = {
  // In the order that Prometheus likes, which is not theirs.
  now: [
    ...batch('b10', 300, 'too_little_data'),
    ...batch('b1', 100, 'ok'),
    ...batch('b2', 200, 'critical'),
    sample(METRICS.batchInfo.name, { batch: 'b2', name: 'Second night' }),
    sample(RECORDED.batchClosed.name, { batch: 'b2' }, 250),
  ],
  scores: [
    ...[score('b1', PREDICTIONS, 0.01), score('b1', feature('amount'), 0.02), score('b1', feature('age'), 0.2)],
    ...[score('b2', PREDICTIONS, 0.05), score('b2', feature('amount'), 0.9), score('b2', feature('age'), 0.95)],
    ...limits(PREDICTIONS, 0.1, 0.25),
    ...limits(feature('amount'), 0.1, 0.25),
    // Of a feature that may drift further.
    ...limits(feature('age'), 0.5, 1),
  ],
  pairs: [
    pairs({ sum: 'pairs' }, 200),
    ...['predicted', 'actual', 'both'].map((counted) => pairs({ class: 'yes', counted }, 100)),
    pairs({ class: 'no', counted: 'both' }, 50),
    sample(RECORDED.accuracyRowsNeeded.name, {}, 100),
  ],
};
const field = (frame: ReturnType<typeof batchesFrame>, name: string) =>
  frame.fields.find((each) => each.name === name)?.values;

it('has a row for each batch, the newest last, with what drifted most by its own threshold', () => {
  const { rows, dropped } = batchRows(ANSWERS);
  expect([...dropped]).toEqual([]);
  const frame = batchesFrame(rows, { refId: 'A', answeredAtMs: 0 });
  expect(frame.fields[0]?.name).toBe('batch');
  expect(field(frame, 'batch')).toEqual(['b1', 'b2', 'b10']);
  expect(field(frame, 'name')).toEqual([null, 'Second night', null]);
  expect(field(frame, 'opened')).toEqual([100_000, 200_000, 300_000]);
  expect(field(frame, 'state')).toEqual(['ok', 'critical', 'too_little_data']);
  expect(field(frame, 'score')).toEqual([0.01, 0.05, null]);
  expect(field(frame, 'worst_feature')).toEqual(['age', 'amount', null]);
  expect(field(frame, 'drifted')).toEqual([0, 2, null]);
  expect(field(frame, 'accuracy')).toEqual([null, 0.75, null]);
  expect(field(frame, 'pairs')).toEqual([null, 200, null]);
});

it('has the batches as x axis of scores, and a gap where there is none', () => {
  const frame = batchScoresFrame(batchRows(ANSWERS).rows, { refId: 'A', answeredAtMs: 0 });
  expect(frame.fields.map(({ name, values }) => [name, values])).toEqual([
    ['batch', ['b1', 'b2', 'b10']],
    ['state', ['ok', 'critical', 'too_little_data']],
    ['predictions', [0.01, 0.05, null]],
    ['amount', [0.02, 0.9, null]],
    ['age', [0.2, 0.95, null]],
  ]);
  // The panel takes the colours of bars from here.
  const [mapping] = frame.fields[1]?.config.mappings ?? [];
  const grey = { color: '#8E8E8E' };
  expect(mapping?.options).toMatchObject({
    ...{ ok: { color: 'blue' }, warning: { color: 'orange' }, critical: { color: 'dark-red' } },
    ...{ too_little_data: grey, incomplete: grey },
  });
});

it('says what it cannot use, and asks for one model', () => {
  const nameless = sample(RECORDED.batchOpened.name, { batch: 'b3', model: '' }, 400);
  expect([...batchRows({ ...ANSWERS, now: [...ANSWERS.now, nameless] }).dropped.values()]).toEqual([1]);
  expect(() => batchesParts({ ...NO_FILTERS, namespace: ['shop'] })).toThrow(
    'Batches are of one model: choose one model, not all.'
  );
});
