/** @jest-environment jsdom */
import type { DataFrame } from '@grafana/data';
import { of } from 'rxjs';
import type { ModelwatchQuery } from './query/types';
import { behind, column, dataSource, one, request, resetBehind, seriesFrame } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

const MODEL = { namespace: 'shop', model: 'risk' };
const filters = { namespace: ['shop'], model: ['risk'] };
const settings = (refId: string, window: string) => [
  seriesFrame(
    refId,
    { __name__: 'modelwatch:accuracy_settings_info', ...MODEL, task: 'classification', window, positive_class: 'yes' },
    [1]
  ),
  seriesFrame(refId, { __name__: 'modelwatch:accuracy_rows_needed', ...MODEL }, [100]),
];
const counted = (refId: string, of: string, labels: Record<string, string>, values: number[]) =>
  seriesFrame(refId, { ...MODEL, counted: of, ...labels }, values);

function answers(refId: string): DataFrame[] {
  switch (refId) {
    case 'A_now':
      return [
        ...settings(refId, '1h'),
        seriesFrame(refId, { __name__: 'modelwatch:accuracy_pairs', ...MODEL, window: '1h' }, [200]),
        seriesFrame(refId, { __name__: 'modelwatch:accuracy_score', ...MODEL, metric: 'auc', window: '1h' }, [0.8]),
      ];
    case 'A_actuals':
      return [seriesFrame(refId, { ...MODEL, figure: 'open_predictions' }, [5])];
    case 'A_accuracy-history':
      return [
        seriesFrame(
          refId,
          { __name__: 'modelwatch:accuracy_score', ...MODEL, metric: 'auc', window: '1h' },
          [0.9, 0.8]
        ),
      ];
    case 'A_counts':
      return [
        counted(refId, 'pairs', {}, [200]),
        counted(refId, 'outcomes', { predicted: 'yes', actual: 'yes' }, [200]),
      ];
    case 'A_predicted-actual':
      return [counted(refId, 'outcomes', { predicted: 'yes', actual: 'yes' }, [200, 200])];
    default:
      return [];
  }
}
const asked = () => behind.prometheus.mock.calls.flatMap(([{ targets }]) => targets.map(({ refId }) => refId));
const kinds = ({ data }: { data: unknown[] }) =>
  (data as DataFrame[]).map(({ meta }) => meta?.custom?.['modelwatch'].kind);

beforeEach(() => {
  resetBehind();
  behind.prometheus.mockImplementation(({ targets }) => of({ data: targets.flatMap(({ refId }) => answers(refId)) }));
});

describe('accuracy', () => {
  const query: ModelwatchQuery = { refId: 'A', kind: 'accuracy', filters };

  it('answers scores and their history, and asks no exporter', async () => {
    const packet = await one(dataSource(), request([query]));
    expect(packet.errors).toBeUndefined();
    expect(kinds(packet)).toEqual(['accuracy-scores', 'accuracy-history', 'accuracy-pairs-history']);
    expect(column(packet, 'score')).toEqual([0.8]);
    expect(column(packet, 'open_predictions')).toEqual([5]);
    expect(asked()).toHaveLength(4);
    expect(behind.api).not.toHaveBeenCalled();
  });

  it('stands without what is known of actuals, and says so', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({
        data: targets.flatMap(({ refId }) => (refId === 'A_actuals' ? [] : answers(refId))),
        errors: [{ refId: 'A_actuals', message: 'too many samples' }],
      })
    );
    const packet = await one(dataSource(), request([query]));
    expect(packet.errors).toEqual([{ refId: 'A', message: 'too many samples (actuals)' }]);
    expect(column(packet, 'open_predictions')).toEqual([null]);
  });

  it('takes a score from a variable', async () => {
    behind.variables = { $metric: ['auc'] };
    await one(dataSource(), request([{ ...query, filters: { ...filters, metric: ['$metric'] } }]));
    const [{ targets }] = behind.prometheus.mock.calls[0] ?? [{ targets: [] }];
    expect(targets[0]?.expr).toContain('metric="auc"');
  });
});

describe('accuracy in detail', () => {
  const query: ModelwatchQuery = { refId: 'A', kind: 'accuracy-detail', filters };
  const windows = () =>
    new Set(
      behind.prometheus.mock.calls.flatMap(([{ targets }]) =>
        targets.flatMap(({ expr }) => expr.match(/\[\w+\]/g) ?? [])
      )
    );

  it('is of the window that the verdict rests on, and reads no other', async () => {
    const packet = await one(dataSource(), request([query]));
    expect(packet.errors).toBeUndefined();
    expect(kinds(packet)).toEqual(['pair-ages', 'confusion', 'predicted-actual']);
    expect((packet.data[0] as DataFrame).meta?.custom?.['modelwatch'].accuracyOf).toMatchObject({
      window: '1h',
      pairs: 200,
      pairsNeeded: 100,
    });
    expect(windows()).toEqual(new Set(['[1h]']));
  });

  it('is of the window that is asked for', async () => {
    await one(dataSource(), request([{ ...query, window: '10m' }]));
    expect(windows()).toEqual(new Set(['[10m]']));
    expect(asked()).toHaveLength(3);
  });

  it('is none of a model that is not judged, and of several models says what to choose', async () => {
    behind.prometheus.mockImplementation(() => of({ data: [] }));
    expect(await one(dataSource(), request([query]))).toMatchObject({ data: [] });
    const { errors } = await one(dataSource(), request([{ ...query, filters: {} }]));
    expect(errors).toEqual([
      { refId: 'A', message: 'Accuracy in detail is of one model: choose one namespace, not all.' },
    ]);
  });

  it('is none where a part failed, which names it once', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({
        data: targets.flatMap(({ refId }) => answers(refId)),
        errors: [{ refId: 'A_counts', message: 'too many samples' }],
      })
    );
    const packet = await one(dataSource(), request([query]));
    expect(packet.data).toEqual([]);
    expect(packet.errors).toEqual([{ refId: 'A', message: 'too many samples (counts)' }]);
  });
});
