/** @jest-environment jsdom */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import { of } from 'rxjs';
import type { ModelwatchQuery } from './query/types';
import { behind, dataSource, HOUR, NOW, one, request, resetBehind, seriesFrame } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

type Labels = Record<string, string>;
const query: ModelwatchQuery = { refId: 'A', kind: 'custom-metric', filters: { model: ['risk'] } };
const MODEL = { namespace: 'shop', model: 'risk' };
const SHARE = { ...MODEL, metric: 'rejected_share' };
const TICKETS = { ...MODEL, metric: 'open_tickets' };
const SUM = { ...MODEL, metric: 'amount_at_risk' };

const named = (name: string, labels: Labels, value: number) =>
  seriesFrame('A_now', { __name__: `modelwatch:custom_metric_${name}`, ...labels }, [value]);
const needed = (labels: Labels, value: number) =>
  seriesFrame('A_now', { figure: 'samples_needed', ...labels }, [value]);

const NOW_FRAMES = [
  named(
    'info',
    {
      ...SHARE,
      unit: 'percentunit',
      aggregation: 'share',
      direction: 'lower_is_better',
      window: '10m',
      source: 'pushed',
    },
    1
  ),
  named(
    'info',
    { ...TICKETS, unit: '', aggregation: 'gauge', direction: 'lower_is_better', window: '1d', source: 'pushed' },
    1
  ),
  named(
    'info',
    {
      ...SUM,
      unit: 'currencyEUR',
      aggregation: 'sum',
      direction: 'higher_is_better',
      window: '1h',
      source: 'expression',
    },
    1
  ),
  named('state', { ...SHARE, state: 'critical' }, 1),
  named('state', { ...SHARE, state: 'warning' }, 1),
  named('state', { ...SUM, state: 'too_little_data' }, 1),
  named('value', SHARE, 0.31),
  named('value', TICKETS, 7),
  named('baseline', SHARE, 0.12),
  named('limit', { ...SHARE, level: 'warning', side: 'above' }, 0.2),
  named('limit', { ...SHARE, level: 'critical', side: 'above' }, 0.25),
  named('limit', { ...SUM, level: 'critical', side: 'below' }, 100),
  named('samples', { ...SHARE, window: '10m' }, 410.3),
  named('samples', { ...SUM, window: '1h' }, 4),
  named('last_verdict_timestamp_seconds', { ...SHARE, status: 'critical' }, 1_800_000_000),
  needed(SHARE, 30),
  needed(TICKETS, 1),
  needed(SUM, 10),
  named('limit', { ...SUM, level: 'fatal', side: 'below' }, 1),
];

const TIMES = [0, 1, 2, 3].map((n) => NOW - HOUR + n * 20 * 60_000);
const overTime = (name: string, labels: Labels, values: Array<number | null>) =>
  createDataFrame({
    refId: 'A_custom-history',
    fields: [
      { name: 'Time', type: FieldType.time, values: TIMES },
      {
        name: 'Value',
        type: FieldType.number,
        labels: { __name__: `modelwatch:custom_metric_${name}`, ...labels },
        values,
      },
    ],
  });
const HISTORY = [
  overTime('value', SHARE, [0.1, null, 0.3, 0.31]),
  overTime('baseline', SHARE, [0.12, 0.12, 0.12, 0.12]),
  overTime('limit', { ...SHARE, level: 'critical', side: 'above' }, [0.4, 0.4, 0.25, 0.25]),
  overTime('state', { ...SHARE, state: 'ok' }, [1, null, null, null]),
  overTime('state', { ...SHARE, state: 'critical' }, [null, null, 1, 1]),
];

beforeEach(() => {
  resetBehind();
  const frames = [...NOW_FRAMES, ...HISTORY];
  behind.prometheus.mockImplementation(({ targets }) =>
    of({ data: targets.flatMap(({ refId }) => frames.filter((frame) => frame.refId === refId)) })
  );
});

it('has a row per metric, worst first, with value, limits, baseline and samples; what nobody knows is null', async () => {
  const packet = await one(dataSource(), request([query]));
  expect(packet.errors).toBeUndefined();
  expect(packet.data).toHaveLength(1);
  const frame = packet.data[0] as DataFrame;
  expect(frame.meta).toMatchObject({
    custom: { modelwatch: { kind: 'custom-metrics' } },
    notices: [{ text: '1 series left out: unknown level or side of a limit.' }],
  });
  const rows = Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[row] as unknown]))
  );
  expect(rows).toMatchObject([
    {
      ...{ metric: 'rejected_share', state: 'critical', since: TIMES[2], value: 0.31, unit: 'percentunit' },
      ...{ baseline: 0.12, change: expect.closeTo(0.19, 9) as number, direction: 'lower_is_better' },
      ...{ warning_above: 0.2, critical_above: 0.25, warning_below: null, critical_below: null },
      ...{ aggregation: 'share', window: '10m', source: 'pushed', samples: 410, samples_needed: 30 },
      last_verdict: 1_800_000_000_000,
    },
    {
      ...{ metric: 'amount_at_risk', state: 'too_little_data', since: null, value: null, change: null },
      ...{ critical_below: 100, samples: 4, samples_needed: 10 },
    },
    // Without a limit nobody judges it, and nobody counts samples of a gauge.
    { metric: 'open_tickets', state: null, value: 7, unit: null, baseline: null, samples: null, samples_needed: null },
  ]);
});

it('has in their place values over time beside baseline and limits as they were, with the unit of each; a gap is a gap', async () => {
  const packet = await one(dataSource(), request([{ ...query, show: 'values' }]));
  expect(packet.data).toHaveLength(1);
  const frame = packet.data[0] as DataFrame;
  expect(frame.meta?.custom).toMatchObject({ modelwatch: { kind: 'custom-metric-history' } });
  const fields = frame.fields.slice(1).map(({ labels, config, values }) => [labels?.['line'], config, values]);
  const share = { unit: 'percentunit' };
  expect(frame.fields[0]?.values).toEqual(TIMES);
  expect(fields).toEqual([
    ['value', { ...share, displayNameFromDS: 'rejected_share' }, [0.1, null, 0.3, 0.31]],
    [
      'baseline',
      expect.objectContaining({ ...share, displayNameFromDS: 'rejected_share, baseline' }),
      [0.12, 0.12, 0.12, 0.12],
    ],
    [
      'critical above',
      expect.objectContaining({ displayNameFromDS: 'rejected_share, critical above' }),
      [0.4, 0.4, 0.25, 0.25],
    ],
    ['value', { unit: 'currencyEUR', displayNameFromDS: 'amount_at_risk' }, [null, null, null, null]],
    ['value', { displayNameFromDS: 'open_tickets' }, [null, null, null, null]],
  ]);
});
