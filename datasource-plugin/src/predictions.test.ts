/** @jest-environment jsdom */
import type { DataFrame } from '@grafana/data';
import { of } from 'rxjs';
import { quantile } from './frames/predictions/history';
import type { ModelwatchQuery, PredictionHistoryQuery } from './query/types';
import { behind, dataSource, one, request, resetBehind, seriesFrame } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

const MODEL = { namespace: 'shop', model: 'risk' };
const query: PredictionHistoryQuery = {
  refId: 'A',
  kind: 'prediction-history',
  filters: { namespace: ['shop'], model: ['risk'] },
};
const EDGES = [
  ['0', '0', '0.2'],
  ['1', '0.2', '0.5'],
  ['2', '0.5', '1'],
] as const;
const SPECIAL = ['below', 'above', 'missing', 'invalid'];
const numeric = (refId: string) => [
  ...EDGES.map(([bin, from, to]) =>
    seriesFrame(refId, { ...MODEL, reference: 'r1', bin, from, to, category: '' }, [0.3])
  ),
  ...SPECIAL.map((bin) =>
    seriesFrame(refId, { ...MODEL, reference: 'r1', bin, from: '', to: '', category: '' }, [0.01])
  ),
];
const rows = (refId: string, counts: Readonly<Record<string, number[]>>) =>
  Object.entries(counts).map(([bin, values]) => seriesFrame(refId, { ...MODEL, reference: 'r1', bin }, values));

function answer(bins: (refId: string) => DataFrame[], counts: Readonly<Record<string, number[]>>, needed = 90): void {
  behind.prometheus.mockImplementation(({ targets }) =>
    of({
      data: targets.flatMap(({ refId }) => {
        if (refId === 'A_bins') return bins(refId);
        return refId === 'A_prediction-rows' ? rows(refId, counts) : [seriesFrame(refId, MODEL, [needed])];
      }),
    })
  );
}
const lines = ({ fields }: DataFrame) =>
  Object.fromEntries(
    fields.slice(1).map(({ config, values }) => [config.displayNameFromDS, values.filter((value) => value !== null)])
  );
const frame = async (asked: ModelwatchQuery = query) =>
  (await one(dataSource(), request([asked]))).data[0] as DataFrame;
const expressions = () => behind.prometheus.mock.calls.flatMap(([{ targets }]) => targets.map(({ expr }) => expr));

beforeEach(resetBehind);

it('is the mean between percentiles, where there are enough rows', async () => {
  // The 10th percentile is 10 of 50 rows into the first bin, the 90th 10 of 20 into the last.
  answer(numeric, { 0: [50, 10], 1: [30, 10], 2: [20, 10], below: [0, 5], missing: [500, 500] });
  const found = await frame();
  expect(lines(found)).toEqual({
    p10: [expect.closeTo(0.04, 9)],
    mean: [expect.closeTo((50 * 0.1 + 30 * 0.35 + 20 * 0.75) / 100, 9)],
    p90: [expect.closeTo(0.75, 9)],
  });
  expect(found.meta?.notices?.[0]?.text).toContain('needs 90 predictions');
  expect(expressions().at(-1)).toContain('bin_rows:1h');
});

it('takes what lies beyond the range to be at its end', () => {
  const bins = [
    { from: 0, to: 0 },
    { from: 0, to: 1 },
    { from: 1, to: 1 },
  ];
  expect(quantile(bins, [60, 40, 0], 10)).toBe(0);
  expect(quantile(bins, [0, 50, 50], 90)).toBe(1);
  expect(quantile(bins, [10, 80, 10], 50)).toBeCloseTo(0.5, 12);
});

it('is shares of classes, those of the reference also where they never come', async () => {
  const classes = (refId: string) =>
    [
      ['0', 'no'],
      ['1', 'yes'],
      ['2', 'maybe'],
      ['other', ''],
      ['new', ''],
    ].map(([bin = '', category = '']) =>
      seriesFrame(refId, { ...MODEL, reference: 'r1', bin, from: '', to: '', category }, [0.3])
    );
  answer(classes, { 0: [75, 1], 1: [20, 1], 2: [0, 0], other: [0, 0], new: [5, 0] });
  const found = await frame();
  expect(lines(found)).toEqual({ no: [0.75], yes: [0.2], maybe: [0], new: [0.05] });
  expect(found.fields[1]?.config.unit).toBe('percentunit');
});

it('is of a version or of a value of a segment, from the counters', async () => {
  answer(numeric, {});
  const filters = { namespace: ['shop'], model: ['risk'] };
  await frame({ ...query, filters: { ...filters, version: ['v2'] } });
  expect(expressions().at(-1)).toMatch(/increase\(modelwatch_prediction_observations_total\{.*version="v2"/);
  await frame({ ...query, filters: { ...filters, segment: ['country'], segment_value: ['DE'] } });
  expect(expressions().at(-1)).toMatch(/increase\(modelwatch_segment_observations_total\{.*value="DE"/);
  const packet = await one(dataSource(), request([{ ...query, filters: { namespace: ['shop'] } }]));
  expect(packet.errors?.[0]?.message).toContain('choose one model, not all');
});
