/** @jest-environment jsdom */
import type { DataFrame } from '@grafana/data';
import { of } from 'rxjs';
import type { ModelwatchQuery } from './query/types';
import { behind, dataSource, one, request, resetBehind, seriesFrame } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

const MODEL = { namespace: 'shop', model: 'risk' };
const query: ModelwatchQuery = { refId: 'A', kind: 'fairness', filters: { namespace: ['shop'], model: ['risk'] } };

function now(refId: string): DataFrame[] {
  const series = (name: string, value: number, labels: Record<string, string> = {}) =>
    seriesFrame(refId, { __name__: `modelwatch:fairness_${name}`, ...MODEL, ...labels }, [value]);
  const group = (name: string, value: number, labels: Record<string, string>) =>
    series(name, value, { segment: 'age_group', window: '1d', ...labels });
  const selection = { rate: 'selection_rate' };
  const impact = { metric: 'disparate_impact' };
  return [
    series('settings_info', 1, { segment: 'age_group', favourable_class: 'no', reference_group: '', window: '1d' }),
    series('rows_needed', 100),
    series('limit', 0.9, { ...impact, level: 'warning' }),
    series('limit', 0.8, { ...impact, level: 'critical' }),
    group('rows', 400.2, { value: '0', ...selection }),
    group('rows', 900, { value: '1', ...selection }),
    group('rows', 12, { value: 'other', ...selection }),
    group('rate', 0.3, { value: '0', ...selection }),
    group('rate', 0.6, { value: '1', ...selection }),
    group('reference_rate', 0.6, { value: '1', ...selection }),
    group('score', 0.5, { value: '0', ...impact }),
    group('margin', 0.07, { value: '0', ...selection }),
    group('state', 1, { value: '1', ...impact, state: 'ok' }),
    group('state', 1, { value: 'other', ...impact, state: 'too_little_data' }),
    group('state', 1, { value: '0', ...impact, state: 'critical' }),
  ];
}

beforeEach(() => {
  resetBehind();
  behind.prometheus.mockImplementation(({ targets }) =>
    of({ data: targets.flatMap(({ refId }) => (refId === 'A_now' ? now(refId) : [])) })
  );
});

it('has a row per group and metric, worst first, with both rates, limits and rows; what nobody knows is null', async () => {
  const packet = await one(dataSource(), request([query]));
  expect(packet.errors).toBeUndefined();
  const frame = packet.data[0] as DataFrame;
  const rows = Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[row] as unknown]))
  );
  expect(rows).toMatchObject([
    {
      ...{ segment: 'age_group', group: '0', metric: 'disparate impact', state: 'critical', score: 0.5 },
      ...{ warning: 0.9, critical: 0.8, rate: 'selection rate', group_rate: 0.3, reference_group: '1' },
      ...{ reference_rate: 0.6, margin: 0.07, rows: 400, rows_needed: 100, favourable_class: 'no', window: '1d' },
    },
    { group: 'other', state: 'too_little_data', score: null, group_rate: null, rows: 12 },
    { group: '1', state: 'ok', score: null, group_rate: 0.6, reference_group: '1' },
  ]);
});
