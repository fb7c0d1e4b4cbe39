/** @jest-environment jsdom */
import { type DataFrame } from '@grafana/data';
import { of } from 'rxjs';
import type { ModelwatchQuery } from './query/types';
import { behind, dataSource, NOW, one, request, resetBehind, seriesFrame } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

type Labels = Record<string, string>;
const query: ModelwatchQuery = { refId: 'A', kind: 'coverage', filters: { namespace: ['shop'] } };
const RISK = { namespace: 'shop', model: 'risk' };
const LAST = Math.round(NOW / 1000) - 30;

const named = (name: string, labels: Labels, value: number) =>
  seriesFrame('A_now', { __name__: `modelwatch:${name}`, ...labels }, [value]);
const figure = (name: string, labels: Labels, value: number) =>
  seriesFrame('A_counts', { figure: name, ...labels }, [value]);

function answering(...frames: DataFrame[]): void {
  behind.prometheus.mockImplementation(({ targets }) =>
    of({ data: targets.flatMap(({ refId }) => frames.filter((frame) => frame.refId === refId)) })
  );
}

function rowsOf(frame: DataFrame | undefined): Array<Record<string, unknown>> {
  return Array.from({ length: frame?.length ?? 0 }, (_, row) =>
    Object.fromEntries((frame?.fields ?? []).map(({ name, values }) => [name, values[row] as unknown]))
  );
}

async function ask(): Promise<{ rows: Array<Record<string, unknown>>; reasons: Array<Record<string, unknown>> }> {
  const packet = await one(dataSource(), request([query]));
  expect(packet.errors).toBeUndefined();
  const [rows, reasons] = packet.data as DataFrame[];
  expect([rows, reasons].map((frame) => frame?.meta?.custom?.['modelwatch']?.kind)).toEqual([
    'coverage',
    'coverage-reasons',
  ]);
  return { rows: rowsOf(rows), reasons: rowsOf(reasons) };
}

beforeEach(resetBehind);

it('has a row per model, worst first, with its state in words, and one per reason for what did not count', async () => {
  const part = (name: string, rows: number, ratio?: number) => [
    named('coverage_rows:1h', { ...RISK, part: name }, rows),
    ...(ratio === undefined ? [] : [named('coverage_ratio:1h', { ...RISK, part: name }, ratio)]),
  ];
  answering(
    named('model_coverage', { namespace: 'shop', model: 'calm', state: 'complete' }, 1),
    named('model_coverage', { ...RISK, state: 'partial' }, 1),
    named('model_coverage', { ...RISK, state: 'complete' }, 1),
    named('model_last_prediction_timestamp_seconds', RISK, LAST),
    ...part('received', 1200.4),
    ...part('counted', 1104),
    ...part('dropped', 96, 0.08),
    ...part('absent_features', 36, 0.03),
    ...part('missing_id', 300, 0.25),
    figure('dropped', { ...RISK, reason: 'wrong_type' }, 90.2),
    figure('dropped', { ...RISK, reason: 'too_old' }, 5.8),
    figure('dropped', { ...RISK, reason: 'unknown_model' }, 0),
    figure('refused_requests', { ...RISK, reason: 'over_capacity' }, 4),
    figure('actuals', { ...RISK, outcome: 'joined' }, 800),
    figure('actuals', { ...RISK, outcome: 'unknown' }, 7),
    figure('open', RISK, 212),
    figure('series_refused', RISK, 24),
    figure('sample_ratio', RISK, 0.1),
    figure('lag_p95', RISK, 42)
  );
  const { rows, reasons } = await ask();
  expect(rows).toMatchObject([
    {
      ...{ model: 'risk', state: 'partial', unseen: 0.08, received: 1200, counted: 1104, dropped: 96 },
      words: '8 % of the events of the last hour were dropped; 24 series had no room',
      ...{ missing_id: 300, absent_features: 36, uncompared: null, duplicates: null, sample_ratio: 0.1 },
      ...{ refused_requests: 4, series_refused: 24, joined: 800, open_predictions: 212, expired: null },
      ...{ lag_p50: null, lag_p95: 42, last_prediction: LAST * 1000 },
    },
    {
      model: 'calm',
      state: 'complete',
      words: 'Complete when an hour last had 20 events',
      received: null,
      joined: null,
    },
  ]);
  expect(reasons).toMatchObject([
    { model: 'risk', of: 'rows dropped', reason: 'wrong type', count: 90 },
    { of: 'rows dropped', reason: 'too old', count: 6 },
    { of: 'refused requests', reason: 'over capacity', count: 4 },
    { of: 'actuals', reason: 'unknown', count: 7 },
  ]);
});

it.each([
  ['no_events', undefined, 'No event came for a day', null],
  ['no_reference', 40, 'Events are counted, and there is no reference to compare them with', 40],
  ['too_little_data', 12.2, '12 of 20 events in the last hour', 12],
  ['too_little_data', undefined, 'Fewer than 20 events in the last hour', null],
])('is without a share in state %s with %p rows, and says why', async (state, received, words, shown) => {
  answering(
    named('model_coverage', { ...RISK, state }, 1),
    ...(received === undefined ? [] : [named('coverage_rows:1h', { ...RISK, part: 'received' }, received)])
  );
  const { rows } = await ask();
  expect(rows).toMatchObject([{ state, words, unseen: null, received: shown, dropped: null, lag_p50: null }]);
});

it('has no state where none is recorded, and says so', async () => {
  answering(figure('open', RISK, 3));
  expect((await ask()).rows).toMatchObject([
    { state: null, words: 'No coverage of this model is recorded', open_predictions: 3, received: null },
  ]);
});

it('says of a model all of whose events are seen that it is so', async () => {
  answering(
    named('model_coverage', { ...RISK, state: 'complete' }, 1),
    named('coverage_ratio:1h', { ...RISK, part: 'dropped' }, 0)
  );
  expect((await ask()).rows).toMatchObject([{ unseen: 0, words: 'All events of the last hour are seen' }]);
});

it('is an error of the query where what is recorded does not come, and no row without a state', async () => {
  behind.prometheus.mockImplementation(() =>
    of({ data: [], errors: [{ refId: 'A_now', message: 'too many samples' }] })
  );
  const packet = await one(dataSource(), request([query]));
  expect(packet).toMatchObject({ data: [], errors: [{ refId: 'A', message: 'too many samples (now)' }] });
});
