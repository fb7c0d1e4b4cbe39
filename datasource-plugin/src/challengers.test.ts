/** @jest-environment jsdom */
import type { DataFrame } from '@grafana/data';
import { of } from 'rxjs';
import type { ModelwatchQuery } from './query/types';
import { behind, dataSource, one, request, resetBehind, seriesFrame } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

const MODEL = { namespace: 'shop', model: 'risk' };
const query: ModelwatchQuery = { refId: 'A', kind: 'challengers', filters: { namespace: ['shop'], model: ['risk'] } };

function now(refId: string): DataFrame[] {
  const series = (name: string, value: number, labels: Record<string, string> = {}) =>
    seriesFrame(refId, { __name__: name, ...MODEL, ...labels }, [value]);
  const next = (name: string, value: number, labels: Record<string, string> = {}) =>
    series(`modelwatch:challenger_${name}`, value, { challenger: 'next', window: '1h', ...labels });
  const info = { challenger: 'next', challenger_namespace: 'shop', challenger_model: 'risk-next', source: 'config' };
  return [
    series('modelwatch:accuracy_settings_info', 1, { task: 'classification', window: '1h', positive_class: 'yes' }),
    series('modelwatch:accuracy_rows_needed', 100),
    series('modelwatch_challenger_info', 1, { ...info, challenger_version: '' }),
    series('modelwatch_challenger_info', 1, { ...info, challenger: 'shadow', challenger_model: 'risk' }),
    next('pairs', 400),
    next('expected', 500),
    next('judged_pairs', 300),
    next('agreement_ratio', 0.9),
    next('score', 0.7, { role: 'champion', metric: 'accuracy' }),
    next('score', 0.8, { role: 'challenger', metric: 'accuracy' }),
    next('score', 0.6, { role: 'champion', metric: 'f1' }),
    next('score', 0.5, { role: 'challenger', metric: 'f1' }),
    next('lead', 0.1, { metric: 'accuracy' }),
    next('margin', 0.04, { metric: 'accuracy' }),
    next('state', 1, { metric: 'accuracy', state: 'ahead' }),
  ];
}

function serving(refId: string): DataFrame[] {
  const series = (model: string, name: string, value: number, labels = {}) =>
    seriesFrame(refId, { __name__: `modelwatch:${name}`, namespace: 'shop', model, ...labels }, [value]);
  return [
    series('risk', 'inference_duration_p95_seconds:5m', 0.2),
    series('risk', 'model_channel', 1, { channel: 'drift', status: 'ok' }),
    series('risk-next', 'inference_duration_p50_seconds:5m', 0.05),
    series('risk-next', 'inference_duration_p95_seconds:5m', 0.1),
    series('risk-next', 'inference_errors_ratio:5m', 0.01),
  ];
}

beforeEach(() => {
  resetBehind();
  behind.prometheus.mockImplementation(({ targets }) =>
    of({ data: targets.flatMap(({ refId }) => (refId === 'A_now' ? now(refId) : serving(refId))) })
  );
});

const rows = ({ data }: { data: unknown[] }, index: number) => {
  const frame = data[index] as DataFrame;
  return Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[row] as unknown]))
  );
};

it('has a row per candidate, champion first, each with how it serves', async () => {
  const packet = await one(dataSource(), request([query]));
  expect(packet.errors).toBeUndefined();
  const [champion, next, shadow] = rows(packet, 0);
  expect(champion).toMatchObject({ role: 'champion', challenger: null, p95: 0.2, p50: null, drift: 'ok', pairs: null });
  expect(next).toMatchObject({
    ...{ role: 'challenger', challenger: 'next', answers_as: 'shop/risk-next', source: 'config', state: 'ahead' },
    ...{ pairs: 400, expected: 500, judged_pairs: 300, pairs_needed: 100, agreement: 0.9, window: '1h' },
    ...{ p50: 0.05, p95: 0.1, errors_ratio: 0.01, drift: null },
  });
  // What nobody knows is absent: its answers come with those of the champion's server.
  expect(shadow).toMatchObject({ challenger: 'shadow', pairs: null, state: null, p95: null, errors_ratio: null });
});

it('has the scores of both from the same rows, and a verdict only where chance is known', async () => {
  const packet = await one(dataSource(), request([query]));
  expect(rows(packet, 1)).toMatchObject([
    { challenger: 'next', metric: 'accuracy', champion: 0.7, candidate: 0.8, lead: 0.1, margin: 0.04, state: 'ahead' },
    { challenger: 'next', metric: 'f1', champion: 0.6, candidate: 0.5, margin: null, state: null, judged_pairs: 300 },
  ]);
});

it('stands without how they serve, and is empty where nobody has a challenger', async () => {
  behind.prometheus.mockImplementation(({ targets }) =>
    of({
      data: targets.flatMap(({ refId }) => (refId === 'A_now' ? now(refId).slice(0, 2) : [])),
      errors: [{ refId: 'A_serving', message: 'too many samples' }],
    })
  );
  const packet = await one(dataSource(), request([query]));
  expect(packet.errors).toEqual([{ refId: 'A', message: 'too many samples (serving)' }]);
  expect(rows(packet, 0)).toEqual([]);
});

it('asks for the window of the model, or that of the query', async () => {
  const asked = () => behind.prometheus.mock.calls.flatMap(([{ targets }]) => targets.map(({ expr }) => expr)).join();
  await one(dataSource(), request([query]));
  expect(asked()).toContain('and on (cluster, namespace, model, window) modelwatch:accuracy_settings_info');
  resetBehind();
  await one(dataSource(), request([{ ...query, window: '1d' }]));
  expect(asked()).toContain('window="1d"');
});
