/** @jest-environment jsdom */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, RECORDED } from '@modelwatch/contract';
import type { Sample } from '../../datasource-plugin/src/frames/samples';
import { hidesNames, segmentRows, type SegmentAnswers } from '../../datasource-plugin/src/frames/segments/segments';
import { segmentsFrame } from '../../datasource-plugin/src/frames/segments/segmentsFrame';

const MODEL = { namespace: 'shop', model: 'risk' };
const PREDICTION = { ...MODEL, reference: 'r1', subject: 'prediction', feature: '' };

/** Computed by numpy; the script stands beside it. */
interface Vectors {
  readonly bins: readonly string[];
  readonly reference: Readonly<Record<string, readonly number[]>>;
  readonly perMinute: Readonly<Record<string, readonly number[]>>;
  readonly psi: Readonly<Record<string, number>>;
}
const FIXTURES = join(__dirname, '..', 'drift', 'fixtures', 'segments.json');
const VECTORS = JSON.parse(readFileSync(FIXTURES, 'utf8')) as Vectors;
const sample = (labels: Record<string, string>, value: number): Sample => ({ labels: { ...MODEL, ...labels }, value });
const hour = (value: string) => (VECTORS.perMinute[value] ?? []).map((rows) => 60 * rows);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function answers(change: Partial<SegmentAnswers> = {}): SegmentAnswers {
  const of = (value: string) => ({ segment: 'region', value });
  const values = Object.keys(VECTORS.perMinute);
  return {
    now: [
      sample({ __name__: RECORDED.driftSettings.name, method: 'psi', window: '1h' }, 1),
      sample({ __name__: RECORDED.driftRows.name, ...PREDICTION, window: 'segment' }, 7),
      sample({ __name__: RECORDED.driftRowsNeeded.name, ...PREDICTION }, 90),
      sample({ __name__: RECORDED.driftThreshold.name, ...PREDICTION, level: 'warning' }, 0.1),
      sample({ __name__: RECORDED.driftThreshold.name, ...PREDICTION, level: 'critical' }, 7),
      sample({ __name__: METRICS.driftSubject.name, ...PREDICTION, type: 'numeric', weight: 'high' }, 1),
    ],
    bins: values.flatMap((value) => [
      ...VECTORS.bins.map((bin, index) =>
        sample({ ...PREDICTION, ...of(value), bin }, VECTORS.reference[value]?.[index] ?? NaN)
      ),
      sample({ reference: 'r1', ...of(value), category: value === 'other' ? '' : value }, value === 'EU' ? 60 : 20),
    ]),
    rows: values.flatMap((value) => [
      ...VECTORS.bins.map((bin, index) => sample({ ...PREDICTION, ...of(value), bin }, hour(value)[index] ?? NaN)),
      sample(of(value), sum(hour(value))),
    ]),
    pairs: [],
    window: 'range',
    ...change,
  };
}

it('scores the predictions of each value as numpy does, with a state of its own where there are too few rows', () => {
  const { rows, dropped } = segmentRows(answers());
  expect([...dropped]).toEqual([]);
  expect(rows.map(({ value, rows: count, state }) => [value, count, state])).toEqual([
    ['EU', 1800, 'warning'],
    ['US', 1620, 'critical'],
    ['other', 0, 'too_little_data'],
  ]);
  for (const { value, score } of rows.slice(0, 2)) expect(score).toBeCloseTo(VECTORS.psi[value] ?? NaN, 9);
  expect(rows[2]?.score).toBeUndefined();
  expect(rows.map(({ share }) => share)).toEqual([1800 / 3420, 1620 / 3420, 0]);
  expect(rows.map(({ referenceShare }) => referenceShare)).toEqual([0.6, 0.2, 0.2]);
});

const classes = (value: string, name: string, counted: string, pairs: number) =>
  sample({ segment: 'region', value, class: name, counted }, pairs);
const pairs = (value: string, count: number) => sample({ segment: 'region', value, sum: 'pairs' }, count);
const needed = sample({ __name__: RECORDED.accuracyRowsNeeded.name }, 100);

/** 60 of 80 that were predicted so are so, 60 of 100 that are so were predicted so; 240 of 300 are right. */
const BINARY = [
  pairs('EU', 300),
  ...[
    ['yes', 80, 100, 60],
    ['no', 220, 200, 180],
    ['other', 0, 0, 0],
  ].flatMap(([name, predicted, actual, both]) => [
    classes('EU', String(name), 'predicted', Number(predicted)),
    classes('EU', String(name), 'actual', Number(actual)),
    classes('EU', String(name), 'both', Number(both)),
  ]),
];

it('says how right a classifier is for each value, where there are pairs enough', () => {
  const settings = sample({ __name__: RECORDED.accuracySettings.name, positive_class: 'yes' }, 1);
  const limit = sample({ __name__: RECORDED.accuracyLimit.name, metric: 'accuracy', level: 'warning' }, 0.85);
  const baseline = sample({ __name__: RECORDED.accuracyBaseline.name, metric: 'recall' }, 0.7);
  const found = segmentRows(answers({ pairs: [needed, settings, limit, baseline, ...BINARY, pairs('US', 99)] }));
  const [eu, us, other] = found.rows.map(({ accuracy }) => accuracy);
  expect(eu).toEqual({
    pairs: 300,
    pairsNeeded: 100,
    state: 'warning',
    scores: { accuracy: 0.8, precision: 0.75, recall: 0.6, f1: 120 / 180 },
    changes: { recall: expect.closeTo(-0.1, 12) },
  });
  expect(us).toEqual({ pairs: 99, pairsNeeded: 100, state: 'too_little_data', scores: {}, changes: {} });
  // Nobody counts pairs of it.
  expect(other).toEqual({ pairs: undefined, pairsNeeded: 100, scores: {}, changes: {} });
});

it('takes means over classes where none is the positive one, and no state without a limit', () => {
  const { rows } = segmentRows(answers({ pairs: [needed, ...BINARY] }));
  const { state, scores } = rows[0]?.accuracy ?? {};
  expect(state).toBeUndefined();
  expect(scores?.precision).toBeCloseTo((0.75 + 180 / 220) / 2, 12);
  expect(scores?.recall).toBeCloseTo((0.6 + 0.9) / 2, 12);
});

it('says how far a regression is off, where lower is better', () => {
  const sums = [
    sample({ segment: 'region', value: 'EU', sum: 'squared_error' }, 1_600),
    sample({ segment: 'region', value: 'EU', sum: 'absolute_error' }, 500),
    sample({ __name__: RECORDED.accuracyLimit.name, metric: 'rmse', level: 'critical' }, 3),
    sample({ __name__: RECORDED.accuracyBaseline.name, metric: 'rmse' }, 2.5),
  ];
  const { rows } = segmentRows(answers({ pairs: [needed, pairs('EU', 100), ...sums] }));
  expect(rows[0]?.accuracy).toMatchObject({ state: 'critical', scores: { mae: 5, rmse: 4 }, changes: { rmse: 1.5 } });
  const { fields } = segmentsFrame(rows, { refId: 'A', answeredAtMs: 0 });
  const change = fields.find(({ name }) => name === 'rmse_change');
  expect(change).toMatchObject({
    values: [1.5, null, null],
    config: { displayNameFromDS: 'RMSE, change (lower is better)' },
  });
  // Without a baseline there is no change to show.
  expect(fields.some(({ name }) => name === 'mae_change')).toBe(false);
});

it('calls values by the name that the exporter tells, where that is no label', () => {
  const hidden = answers().bins.map(({ labels, value }) => ({ labels: { ...labels, category: '' }, value }));
  expect([hidesNames(hidden), hidesNames(answers().bins)]).toEqual([true, false]);
  const names = new Map([['region', new Map([['EU', 'Europe']])]]);
  const { rows } = segmentRows(answers({ bins: hidden, names }));
  const frame = segmentsFrame(rows, { refId: 'A', answeredAtMs: 0 });
  const column = (name: string) => frame.fields.find((field) => field.name === name)?.values;
  expect([column('value'), column('name')]).toEqual([
    ['EU', 'US', 'other'],
    ['Europe', null, null],
  ]);
  // What no row has is no column; what says that nobody can judge is.
  expect([column('mae'), column('accuracy_state')]).toEqual([undefined, [null, null, null]]);
});
