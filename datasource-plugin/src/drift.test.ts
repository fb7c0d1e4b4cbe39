/** @jest-environment jsdom */
import type { DataFrame } from '@grafana/data';
import { PREDICTIONS_VALUE } from '@modelwatch/contract';
import { of, throwError } from 'rxjs';
import type { ModelwatchQuery } from './query/types';
import { behind, column, dataSource, NOW, one, request, resetBehind, seriesFrame } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

const MODEL = { namespace: 'shop', model: 'risk' };
const SUBJECT = { ...MODEL, reference: 'r1', subject: 'feature', feature: 'country' };
const BY = { method: 'psi', window: '1d' };
const filters = { namespace: ['shop'], model: ['risk'], feature: ['country'] };
const bins = ['0', '1', 'other', 'new', 'missing', 'invalid'];

/** What the Prometheus data source answers to each part; names as `__name__`, and as the name of the field alone. */
function answers(refId: string): DataFrame[] {
  const bin = (labels: Record<string, string>, value: number) =>
    seriesFrame(refId, { ...MODEL, reference: 'r1', ...labels }, [value]);
  switch (refId) {
    case 'A_now':
      return [
        seriesFrame(refId, { __name__: 'modelwatch:drift_settings_info', ...MODEL, ...BY }, [1]),
        seriesFrame(refId, { __name__: 'modelwatch:drift_state', ...SUBJECT, ...BY, state: 'critical' }, [1]),
        seriesFrame(refId, { __name__: 'modelwatch:drift_score', ...SUBJECT, ...BY }, [0.3]),
        seriesFrame(refId, { __name__: 'modelwatch:drift_rows_needed', ...SUBJECT }, [180]),
      ];
    case 'A_drift-history':
      return [
        seriesFrame(refId, { __name__: 'modelwatch:drift_state', ...SUBJECT, ...BY, state: 'ok' }, [1, 1]),
        seriesFrame(refId, { __name__: 'modelwatch:drift_score', ...SUBJECT, ...BY }, [0.01, 0.02]),
      ];
    case 'A_bins':
      return bins.map((name, index) => bin({ bin: name }, index < 2 ? 0.499 : 0.0005));
    case 'A_rows':
      return bins.map((name, index) => bin({ bin: name, window: '1d' }, index < 2 ? 100 : 0));
    default:
      return [];
  }
}

const reference = (category: string) => ({
  id: 'r1',
  name: 'train',
  source: 'file r.json',
  loadedAtSeconds: 1,
  rows: 1000,
  features: [
    {
      name: 'country',
      type: 'categorical',
      watched: true,
      bins: [{ bin: '0', category, count: 500, ratio: 0.5 }],
    },
  ],
});
const setting = (value: unknown) => ({ value, origin: 'default' });
const MONITORING = {
  ...MODEL,
  settings: {
    method: setting('psi'),
    window: setting('1d'),
    thresholds: setting({ warning: 0.1, critical: 0.25 }),
    featureThresholds: setting({}),
    excluded: setting([]),
    starred: setting([]),
    importantFromRatio: setting(0.05),
    showCategories: setting(false),
    accuracy: setting({}),
    challengers: setting([]),
  },
  references: [reference('BR')],
  problems: [],
};

beforeEach(() => {
  resetBehind();
  behind.prometheus.mockImplementation(({ targets }) => of({ data: targets.flatMap(({ refId }) => answers(refId)) }));
  behind.api.mockImplementation(() => of({ data: MONITORING }));
});

describe('drift', () => {
  const query: ModelwatchQuery = { refId: 'A', kind: 'drift', filters };

  it('answers scores, and their history on steps that a short range has room for', async () => {
    const packet = await one(dataSource(), request([query]));
    expect(packet.errors).toBeUndefined();
    expect((packet.data as DataFrame[]).map(({ meta }) => meta?.custom?.['modelwatch'].kind)).toEqual([
      'drift-scores',
      'drift-history',
      'drift-rows-history',
    ]);
    expect(column(packet, 'score')).toEqual([0.3]);
    // The state is newer than any step.
    expect(column(packet, 'since')).toEqual([NOW]);
    const range = behind.prometheus.mock.calls.map(([call]) => call).find(({ targets }) => !targets[0]?.instant);
    expect(range).toMatchObject({ interval: '63s', maxDataPoints: 60 });
    expect(behind.api).not.toHaveBeenCalled();
  });

  it('has what detectors of others say in a frame of its own, the worst first', async () => {
    const ks = { ...MODEL, detector: 'ks', kind: 'drift', source: 'alibi-detect', method: 'KSDrift' };
    const mean = { ...ks, detector: 'trustyai', source: 'trustyai', method: 'meanshift', feature: 'amount' };
    const series: ReadonlyArray<readonly [name: string, labels: Record<string, string>, value: number]> = [
      ['modelwatch:detector_state', { ...mean, state: 'stale' }, 1],
      ['modelwatch:detector_p_value', mean, 0.4],
      ['modelwatch:detector_state', { ...ks, feature: 'country', state: 'warning' }, 1],
      ['modelwatch:detector_score', { ...ks, feature: 'country' }, 0.585],
      ['modelwatch:detector_p_value', { ...ks, feature: 'country' }, 2.5e-22],
      ['modelwatch:detector_threshold', { ...ks, feature: 'country', of: 'p_value' }, 0.0167],
      // Two exporters heard of it.
      ['modelwatch_detector_last_result_timestamp_seconds', { ...ks, feature: 'country', instance: 'a' }, 1_000],
      ['modelwatch_detector_last_result_timestamp_seconds', { ...ks, feature: 'country', instance: 'b' }, 2_000],
      // Heard of, without a result that says anything.
      ['modelwatch:detector_threshold', { ...ks, feature: 'tenure', of: 'p_value' }, 0.0167],
      ['modelwatch:detector_state', { ...ks, source: 'crystal ball', state: 'ok' }, 1],
    ];
    behind.prometheus.mockImplementation(({ targets }) =>
      of({
        data: targets.flatMap(({ refId }) =>
          refId === 'A_detectors'
            ? series.map(([__name__, labels, value]) => seriesFrame(refId, { __name__, ...labels }, [value]))
            : answers(refId)
        ),
      })
    );
    const packet = await one(dataSource(), request([query]));
    expect(packet.errors).toBeUndefined();
    const frame = (packet.data as DataFrame[]).find(
      ({ meta }) => meta?.custom?.['modelwatch'].kind === 'drift-detectors'
    );
    const rows = Array.from({ length: frame?.length ?? 0 }, (_, index) =>
      Object.fromEntries(frame?.fields.map(({ name, values }) => [name, values[index]]) ?? [])
    );
    const nothing = { cluster: null, score: null, score_threshold: null, p_value_threshold: null, last_result: null };
    expect(rows).toEqual([
      {
        ...{ ...nothing, ...MODEL, detector: 'ks', source: 'alibi-detect', method: 'KSDrift', feature: 'country' },
        ...{ state: 'warning', score: 0.585, p_value: 2.5e-22, p_value_threshold: 0.0167, last_result: 2_000_000 },
      },
      {
        ...{ ...nothing, ...MODEL, detector: 'trustyai', source: 'trustyai', method: 'meanshift', feature: 'amount' },
        ...{ state: 'stale', p_value: 0.4 },
      },
    ]);
    expect(frame?.meta?.notices?.map(({ text }) => text)).toEqual([
      expect.stringContaining('no label detector or source'),
    ]);
    // Ours are what they were.
    expect(column(packet, 'score')).toEqual([0.3]);
  });

  it('stands without its history', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      targets[0]?.instant
        ? of({ data: targets.flatMap(({ refId }) => answers(refId)) })
        : throwError(() => new Error('gateway timeout'))
    );
    const packet = await one(dataSource(), request([query]));
    expect(packet.errors).toEqual([{ refId: 'A', message: 'gateway timeout (drift-history)' }]);
    expect(column(packet, 'score')).toEqual([0.3]);
    expect(column(packet, 'since')).toEqual([null]);
  });
});

describe('a distribution', () => {
  const query: ModelwatchQuery = { refId: 'A', kind: 'distribution', filters };
  const notices = (packet: { data: unknown[] }) => (packet.data[0] as DataFrame).meta?.notices;

  it('takes the names of categories from the exporter where no label tells them', async () => {
    const packet = await one(dataSource(), request([query]));
    expect(packet.errors).toBeUndefined();
    expect(column(packet, 'label')).toEqual(['BR', 'bin 1', 'other', 'new', 'missing', 'invalid']);
    expect(behind.api.mock.calls.map(([{ url }]) => url)).toEqual(['/proxy/mw/api/v1/models/shop/risk/monitoring']);
    expect(notices(packet)).toBeUndefined();
  });

  it('stands without the exporter, and says what is missing', async () => {
    behind.api.mockImplementation(() => throwError(() => ({ status: 502 })));
    const packet = await one(dataSource(), request([query]));
    expect(column(packet, 'label')?.slice(0, 2)).toEqual(['bin 0', 'bin 1']);
    expect(column(packet, 'rows')).toEqual([100, 100, 0, 0, 0, 0]);
    expect(notices(packet)).toEqual([
      {
        severity: 'info',
        text: "Bins are without the names of their categories: the exporter's API cannot be reached (HTTP 502).",
      },
    ]);
  });

  it('says where a setting comes from whose value is the one that is shown', async () => {
    const from = (value: unknown, origin: string) => ({ value, origin });
    const settings = {
      ...MONITORING.settings,
      method: from('psi', 'configmap shop/risk-monitoring'),
      // Set anew, and not recorded yet.
      window: from('7d', 'config'),
      featureThresholds: from({ country: { warning: 0.2, critical: 0.4 } }, 'config'),
      minimumRows: from(180, 'config'),
    };
    behind.api.mockImplementation(() => of({ data: { ...MONITORING, settings } }));
    const limits = (level: string, value: number) =>
      seriesFrame('A_now', { __name__: 'modelwatch:drift_threshold', ...SUBJECT, level }, [value]);
    behind.prometheus.mockImplementation(({ targets }) =>
      of({ data: [...targets.flatMap(({ refId }) => answers(refId)), limits('warning', 0.2), limits('critical', 0.4)] })
    );
    const origins = async () => {
      const packet = await one(dataSource(), request([query]));
      return (packet.data[0] as DataFrame).meta?.custom?.['modelwatch'].origins;
    };
    expect(await origins()).toEqual({
      method: 'configmap shop/risk-monitoring',
      window: undefined,
      thresholds: 'config',
      minimumRows: 'config',
    });
    behind.api.mockImplementation(() => throwError(() => ({ status: 404 })));
    expect(await origins()).toBeUndefined();
  });

  it('is that of the predictions where these are chosen as a feature', async () => {
    await one(dataSource(), request([{ ...query, filters: { ...filters, feature: [PREDICTIONS_VALUE] } }]));
    const exprs = behind.prometheus.mock.calls.flatMap(([{ targets }]) => targets.map(({ expr }) => expr));
    expect(exprs.some((expr) => expr.includes('modelwatch_prediction_reference_ratio{'))).toBe(true);
    expect(exprs.join('\n')).not.toMatch(/subject="feature"|feature_reference|__predictions__/);
  });

  it('of more than one feature says what to choose', async () => {
    const packet = await one(dataSource(), request([{ ...query, filters: { ...filters, feature: [] } }]));
    expect(packet.data).toEqual([]);
    expect(packet.errors).toEqual([
      { refId: 'A', message: 'A distribution is of one feature of one model: choose one feature, not all.' },
    ]);
  });

  it('is none where a part failed, which names it once', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({
        data: targets.flatMap(({ refId }) => answers(refId)),
        errors: [{ refId: 'A_bins', message: 'too many samples' }],
      })
    );
    const packet = await one(dataSource(), request([query]));
    expect(packet.data).toEqual([]);
    expect(packet.errors).toEqual([{ refId: 'A', message: 'too many samples (bins)' }]);
  });
});
