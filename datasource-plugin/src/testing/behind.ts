/** A data source with everything behind the runtime replaced: Prometheus, the exporter's API, dashboard variables. */
import {
  CoreApp,
  createDataFrame,
  dateTime,
  FieldType,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
} from '@grafana/data';
import { firstValueFrom, of, toArray } from 'rxjs';
import { ModelwatchDataSource } from '../datasource';
import type { ModelwatchOptions } from '../options';
import type { ModelwatchQuery } from '../query/types';
import { behind } from './runtime';

export { behind };

export const NOW = Date.now();
export const HOUR = 3_600_000;

export function dataSource(jsonData: ModelwatchOptions = { prometheusUid: 'prom', apiUrl: 'http://exporter' }) {
  const settings = { id: 1, uid: 'mw', type: 'modelwatch-models-datasource', name: 'mw', url: '/proxy/mw', jsonData };
  return new ModelwatchDataSource(settings as unknown as DataSourceInstanceSettings<ModelwatchOptions>);
}

export function request(
  targets: ModelwatchQuery[],
  over: Partial<DataQueryRequest<ModelwatchQuery>> = {}
): DataQueryRequest<ModelwatchQuery> {
  const range = { from: dateTime(NOW - HOUR), to: dateTime(NOW) };
  return {
    requestId: 'SQR1',
    app: CoreApp.Dashboard,
    range: { ...range, raw: range },
    interval: '30s',
    intervalMs: 30_000,
    maxDataPoints: 1000,
    scopedVars: { __sceneObject: { text: 's', value: 's' } },
    timezone: 'utc',
    startTime: NOW,
    targets,
    ...over,
  };
}

export function seriesFrame(refId: string, labels: Record<string, string>, values: number[]): DataFrame {
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: values.map((_, index) => NOW - HOUR + index * 60_000) },
      { name: 'Value', type: FieldType.number, labels, values },
    ],
  });
}

export const model = { namespace: 'fraud', model: 'detector' };
export const ANSWERS: Record<string, DataFrame[]> = {
  A_state: [
    seriesFrame('A_state', { __name__: 'modelwatch:model_health', ...model, health: 'failed' }, [1]),
    seriesFrame('A_state', { __name__: 'modelwatch:model_serving_reason', ...model, reason: 'load_failed' }, [1]),
  ],
  A_numbers: [seriesFrame('A_numbers', { __name__: 'modelwatch:model_replicas_desired', ...model }, [2])],
  A_rate: [seriesFrame('A_rate', model, [3])],
  'A_rate-history': [seriesFrame('A_rate-history', model, [1, 2, 3])],
};
const API_LIST = {
  partial: false,
  generatedAtSeconds: 1,
  items: [
    {
      namespace: 'fraud',
      name: 'detector',
      platform: 'seldon',
      serving: 'failed',
      health: 'failed',
      healthSource: 'serving-only',
      reasons: [{ reason: 'load_failed', text: 'Model fails to load: no such file' }],
      replicas: { desired: 2 },
    },
  ],
};

/** Everything that Grafana would see of one request. */
export function packets(
  ds: ModelwatchDataSource,
  asked: DataQueryRequest<ModelwatchQuery>
): Promise<DataQueryResponse[]> {
  return firstValueFrom(ds.query(asked).pipe(toArray()));
}
export async function one(
  ds: ModelwatchDataSource,
  asked: DataQueryRequest<ModelwatchQuery>
): Promise<DataQueryResponse> {
  const [packet] = await packets(ds, asked);
  if (!packet) throw new Error('no packet');
  return packet;
}
export function column(packet: DataQueryResponse, name: string): unknown[] | undefined {
  const frame = packet.data[0] as DataFrame;
  return frame.fields.find((field) => field.name === name)?.values;
}

/** Everything answers as it should; before each test. */
export function resetBehind(): void {
  behind.prometheus
    .mockReset()
    .mockImplementation(({ targets }) => of({ data: targets.flatMap(({ refId }) => ANSWERS[refId] ?? []) }));
  behind.api.mockReset().mockImplementation(() => of({ data: API_LIST }));
  behind.variables = {};
  behind.alertmanagers = [];
  behind.type = 'prometheus';
}

export const inventory: ModelwatchQuery = { refId: 'A', kind: 'inventory' };
