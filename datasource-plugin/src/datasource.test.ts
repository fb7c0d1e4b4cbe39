/** @jest-environment jsdom */
import {
  CoreApp,
  createDataFrame,
  dateTime,
  FieldType,
  LoadingState,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
} from '@grafana/data';
import { NEVER, of, throwError, toArray, firstValueFrom, type Observable } from 'rxjs';
import type { ModelwatchOptions } from './options';
import { ModelwatchDataSource } from './datasource';
import type { ModelwatchQuery } from './query/types';
import { ModelwatchVariables } from './variables';

interface PromTarget {
  refId: string;
  expr: string;
  instant: boolean;
  interval?: string;
}
type PromRequest = DataQueryRequest<PromTarget>;

/** What stands behind the runtime: the Prometheus data source, the exporter's API, the dashboard's variables. */
const behind = {
  prometheus: jest.fn<Observable<DataQueryResponse>, [PromRequest]>(),
  api: jest.fn<Observable<{ data: unknown }>, [{ url: string; method: string }]>(),
  variables: {} as Record<string, string | string[]>,
  type: 'prometheus',
};

jest.mock('@grafana/runtime', () => ({
  getDataSourceSrv: () => ({
    get: async ({ uid }: { uid: string }) => {
      if (uid !== 'prom') throw new Error(`Datasource ${uid} was not found`);
      return { uid, type: behind.type, query: behind.prometheus };
    },
  }),
  getBackendSrv: () => ({ fetch: behind.api }),
  getTemplateSrv: () => ({
    replace: (text: string, _scoped: unknown, format?: (value: unknown) => string) => {
      const value = behind.variables[text];
      return value === undefined ? text : format ? format(value) : String(value);
    },
  }),
  isFetchError: (error: unknown) => typeof error === 'object' && error !== null && 'status' in error,
  DataSourcePicker: () => null,
}));

const NOW = Date.now();
const HOUR = 3_600_000;

function dataSource(jsonData: ModelwatchOptions = { prometheusUid: 'prom', apiUrl: 'http://exporter' }) {
  const settings = { id: 1, uid: 'mw', type: 'modelwatch-models-datasource', name: 'mw', url: '/proxy/mw', jsonData };
  return new ModelwatchDataSource(settings as unknown as DataSourceInstanceSettings<ModelwatchOptions>);
}

function request(
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

function seriesFrame(refId: string, labels: Record<string, string>, values: number[]): DataFrame {
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: values.map((_, index) => NOW - HOUR + index * 60_000) },
      { name: 'Value', type: FieldType.number, labels, values },
    ],
  });
}

const model = { namespace: 'fraud', model: 'detector' };
const ANSWERS: Record<string, DataFrame[]> = {
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
function packets(ds: ModelwatchDataSource, asked: DataQueryRequest<ModelwatchQuery>): Promise<DataQueryResponse[]> {
  return firstValueFrom(ds.query(asked).pipe(toArray()));
}
async function one(ds: ModelwatchDataSource, asked: DataQueryRequest<ModelwatchQuery>): Promise<DataQueryResponse> {
  const [packet] = await packets(ds, asked);
  if (!packet) throw new Error('no packet');
  return packet;
}
function column(packet: DataQueryResponse, name: string): unknown[] | undefined {
  const frame = packet.data[0] as DataFrame;
  return frame.fields.find((field) => field.name === name)?.values;
}

beforeEach(() => {
  behind.prometheus
    .mockReset()
    .mockImplementation(({ targets }) => of({ data: targets.flatMap(({ refId }) => ANSWERS[refId] ?? []) }));
  behind.api.mockReset().mockImplementation(() => of({ data: API_LIST }));
  behind.variables = {};
  behind.type = 'prometheus';
});

const inventory: ModelwatchQuery = { refId: 'A', kind: 'inventory' };

describe('an inventory', () => {
  it('joins Prometheus and the API into one frame, with sparklines beside', async () => {
    const packet = await one(dataSource(), request([inventory]));
    expect(packet.errors).toBeUndefined();
    expect(packet.state).toBe(LoadingState.Done);
    expect(column(packet, 'health')).toEqual(['failed']);
    expect(column(packet, 'reason')).toEqual(['Model fails to load: no such file']);
    expect(column(packet, 'replicas_desired')).toEqual([2]);
    expect(column(packet, 'requests_per_second')).toEqual([3]);
    expect((packet.data as DataFrame[]).map(({ meta }) => meta?.custom?.['modelwatch']?.kind)).toEqual([
      'inventory',
      'requests-history',
    ]);
  });

  it('asks in two sub-requests with ids and intervals of their own, the rest passed on whole', async () => {
    const filters = [{ key: 'namespace', operator: '=', value: 'fraud' }];
    const asked = request([inventory], { filters });
    await one(dataSource(), asked);
    const [instant, range] = behind.prometheus.mock.calls.map(([call]) => call);
    expect(instant?.targets.map(({ refId, instant: now }) => [refId, now])).toEqual([
      ['A_state', true],
      ['A_numbers', true],
      ['A_rate', true],
    ]);
    expect(range?.targets.map(({ refId, instant: now, interval }) => [refId, now, interval])).toEqual([
      ['A_rate-history', false, '63s'],
    ]);
    expect(new Set([asked.requestId, instant?.requestId, range?.requestId]).size).toBe(3);
    for (const call of [instant, range]) {
      expect(call?.filters).toBe(filters);
      expect(call?.scopedVars['__sceneObject']).toBe(asked.scopedVars['__sceneObject']);
      expect(call?.range).toBe(asked.range);
    }
    expect(range).toMatchObject({ interval: '63s', intervalMs: 63_000, maxDataPoints: 60 });
  });

  it('stands on the parts that came when one fails, and names the one that did not', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      targets[0]?.instant
        ? of({
            data: targets.flatMap(({ refId }) => ANSWERS[refId] ?? []),
            errors: [{ refId: 'A_numbers', message: 'too many samples' }],
          })
        : throwError(() => new Error('gateway timeout'))
    );
    const packet = await one(dataSource(), request([inventory]));
    expect(column(packet, 'health')).toEqual(['failed']);
    expect(column(packet, 'replicas_desired')).toBeUndefined();
    expect(packet.errors).toEqual([
      { refId: 'A', message: 'too many samples (numbers)' },
      { refId: 'A', message: 'gateway timeout (rate-history)' },
    ]);
  });

  it('takes an error without a refId for an error of every part', async () => {
    behind.prometheus.mockImplementation(() => of({ data: [], error: { message: 'unauthorised' } }));
    const packet = await one(dataSource({ prometheusUid: 'prom' }), request([inventory]));
    expect(packet.data).toEqual([]);
    expect(packet.errors).toEqual([{ refId: 'A', message: 'unauthorised (state, numbers, rate, rate-history)' }]);
  });

  it('survives a Prometheus data source that throws', async () => {
    behind.prometheus.mockImplementation(() => {
      throw new Error('broken');
    });
    expect((await one(dataSource(), request([inventory]))).errors?.[0]?.message).toContain('broken');
  });

  it('keeps the last packet of each key when Prometheus answers in several', async () => {
    behind.prometheus.mockImplementation(({ targets }) => {
      const frames = (refIds: string[]) =>
        targets.filter(({ refId }) => refIds.includes(refId)).flatMap(({ refId }) => ANSWERS[refId] ?? []);
      return of(
        { key: 'x', data: [], state: LoadingState.Loading },
        { key: 'x', data: frames(['A_state']) },
        { key: 'y', data: frames(['A_numbers', 'A_rate', 'A_rate-history']) }
      );
    });
    const packet = await one(dataSource(), request([inventory]));
    expect(column(packet, 'health')).toEqual(['failed']);
    expect(column(packet, 'replicas_desired')).toEqual([2]);
  });
});

describe('without the API', () => {
  const noticesOf = (packet: DataQueryResponse) => (packet.data[0] as DataFrame).meta?.notices;

  it.each<[string, () => Observable<{ data: unknown }>, string]>([
    ['refuses', () => throwError(() => ({ status: 401 })), "the exporter's API refuses the token (HTTP 401)"],
    ['is not there', () => throwError(() => ({ status: 502 })), "the exporter's API cannot be reached (HTTP 502)"],
    [
      'answers a page',
      () => of({ data: '<html>' }),
      'the exporter\'s API answers something else: /api/v1/models: expected an object, got "<html>"',
    ],
  ])('that %s, an inventory still stands and says so', async (_what, answer, text) => {
    behind.api.mockImplementation(answer);
    const packet = await one(dataSource(), request([inventory]));
    expect(packet.errors).toBeUndefined();
    expect(column(packet, 'reason')).toEqual(['Model fails to load: 0 of 2 replicas ready']);
    expect(noticesOf(packet)).toEqual([{ severity: 'warning', text: `Reasons are without details: ${text}.` }]);
  });

  it('that hangs, an inventory does not wait for long', async () => {
    behind.api.mockImplementation(() => NEVER);
    const packet = await one(dataSource(), request([inventory]));
    expect(noticesOf(packet)?.[0]?.text).toContain('did not answer within 3 s');
  });

  it('that is not configured, no question is asked', async () => {
    const packet = await one(dataSource({ prometheusUid: 'prom' }), request([inventory]));
    expect(behind.api).not.toHaveBeenCalled();
    expect(noticesOf(packet)?.[0]?.severity).toBe('info');
  });

  it("knows that the API's words are not of a range in the past", async () => {
    const range = { from: dateTime(NOW - 3 * HOUR), to: dateTime(NOW - 2 * HOUR) };
    await one(dataSource(), request([inventory], { range: { ...range, raw: range } }));
    expect(behind.api).not.toHaveBeenCalled();
  });
});

describe('without Prometheus', () => {
  it('the API stands in, with a warning and the error', async () => {
    behind.prometheus.mockImplementation(() => throwError(() => new Error('connection refused')));
    const packet = await one(dataSource(), request([inventory]));
    expect(packet.errors?.[0]?.message).toContain('connection refused');
    expect(column(packet, 'model')).toEqual(['detector']);
    expect((packet.data[0] as DataFrame).meta?.notices?.[0]?.text).toBe(
      'Prometheus gave no answer: this is what the exporter says, of serving only.'
    );
  });

  it.each<[string, ModelwatchOptions, string]>([
    ['none is chosen', {}, 'No Prometheus data source is chosen in the settings of this data source.'],
    ['the chosen one is gone', { prometheusUid: 'gone' }, 'Datasource gone was not found'],
  ])('says so when %s', async (_what, options, message) => {
    const packet = await one(dataSource(options), request([inventory]));
    expect(packet.errors?.[0]?.message).toContain(message);
    expect(packet.data).toEqual([]);
  });

  it('does not ask itself in circles', async () => {
    behind.type = 'modelwatch-models-datasource';
    const packet = await one(dataSource({ prometheusUid: 'prom' }), request([inventory]));
    expect(packet.errors?.[0]?.message).toContain('it needs a Prometheus data source to ask');
  });
});

describe('a request', () => {
  it('with several queries is done with the last packet; a wrong one fails alone', async () => {
    const wrong = { refId: 'B', kind: 'drift' } as unknown as ModelwatchQuery;
    const found = await packets(dataSource(), request([inventory, wrong]));
    expect(found.map(({ state }) => state)).toEqual([LoadingState.Loading, LoadingState.Done]);
    expect(found.find(({ key }) => key === 'B')?.errors).toEqual([
      { refId: 'B', message: expect.stringContaining('query.kind: expected one of inventory') },
    ]);
    expect(found.find(({ key }) => key === 'A')?.errors).toBeUndefined();
  });

  it('without a query to run is done, and later than at once', async () => {
    let seen = false;
    const answer = dataSource().query(request([{ ...inventory, hide: true }]));
    const subscription = answer.subscribe(() => (seen = true));
    expect(seen).toBe(false);
    await firstValueFrom(answer);
    expect(seen).toBe(true);
    subscription.unsubscribe();
    expect(behind.prometheus).not.toHaveBeenCalled();
  });

  it('puts the values of variables into the PromQL', async () => {
    behind.variables = { $namespace: ['fraud', 'credit'] };
    await one(dataSource(), request([{ ...inventory, filters: { namespace: ['$namespace'] } }]));
    expect(behind.prometheus.mock.calls[0]?.[0].targets[0]?.expr).toContain('namespace=~"fraud|credit"');
  });

  it('for changes of health answers annotations', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({
        data: targets.flatMap(({ refId }) => [
          seriesFrame(refId, { ...model, health: 'healthy' }, [1]),
          createDataFrame({
            refId,
            fields: [
              { name: 'Time', type: FieldType.time, values: [NOW] },
              { name: 'Value', type: FieldType.number, labels: { ...model, health: 'failed' }, values: [1] },
            ],
          }),
        ]),
      })
    );
    const packet = await one(dataSource(), request([{ refId: 'Anno', kind: 'health-transitions' }]));
    expect(column(packet, 'time')).toEqual([NOW]);
    expect(column(packet, 'title')).toEqual(['fraud/detector is failed']);
  });

  it('for a service metric answers a field per model with its unit', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({ data: targets.map(({ refId }) => seriesFrame(refId, model, [0.5])) })
    );
    const packet = await one(dataSource(), request([{ refId: 'A', kind: 'service-metrics', metric: 'errors' }]));
    expect((packet.data[0] as DataFrame).fields[1]).toMatchObject({
      name: 'errors',
      labels: model,
      config: { unit: 'percentunit', displayNameFromDS: 'fraud/detector' },
    });
  });
});

describe('variables and filters', () => {
  const values = ['m10', 'm2'];
  beforeEach(() => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({ data: targets.flatMap(({ refId }) => values.map((name) => seriesFrame(refId, { model: name }, [1]))) })
    );
  });

  it('list the values of a label, in natural order, on a request without an interval', async () => {
    const asked = { ...request([]), interval: '', intervalMs: 0, targets: [{ refId: 'v', label: 'model' }] };
    const answer = new ModelwatchVariables(dataSource()).query(asked as never);
    expect(column(await firstValueFrom(answer), 'value')).toEqual(['m2', 'm10']);
    expect(behind.prometheus.mock.calls[0]?.[0]).toMatchObject({ interval: '30s', intervalMs: 30_000 });
  });

  it('offer ad hoc keys that every series has, and their values under the other filters', async () => {
    const ds = dataSource();
    expect(await ds.getTagKeys()).toEqual([{ text: 'cluster' }, { text: 'namespace' }, { text: 'model' }]);
    const filters = [
      { key: 'namespace', operator: '=', value: 'fraud' },
      { key: 'model', operator: '=', value: 'x' },
    ];
    expect(await ds.getTagValues({ key: 'model', filters })).toEqual([{ text: 'm2' }, { text: 'm10' }]);
    expect(behind.prometheus.mock.calls[0]?.[0].filters).toEqual([filters[0]]);
    expect(await ds.getTagValues({ key: 'pod', filters: [] })).toEqual([]);
  });

  it('are frozen into queries that leave the dashboard', () => {
    behind.variables = { $namespace: ['fraud'], $all: '.*' };
    const stored: ModelwatchQuery = { ...inventory, filters: { namespace: ['$namespace'], model: ['$all'] } };
    const [query] = dataSource().interpolateVariablesInQueries([stored], {});
    expect(query).toMatchObject({ filters: { namespace: ['fraud'] }, datasource: { uid: 'mw' } });
  });
});

describe('the health check', () => {
  const counts = (found: Record<string, number>) => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({
        data: targets.flatMap(({ refId }) => {
          const count = found[refId.replace('check_', '')];
          return count === undefined ? [] : [seriesFrame(refId, {}, [count])];
        }),
      })
    );
  };

  it('asks both halves', async () => {
    counts({ exporters: 1, models: 2 });
    behind.api.mockImplementation(() => throwError(() => ({ status: 403 })));
    expect(await dataSource().testDatasource()).toEqual({
      status: 'error',
      message:
        'Prometheus has 2 models but no recorded health: the Modelwatch rules are not loaded. ' +
        "Exporter: the exporter's API refuses the token (HTTP 403).",
    });
    expect(behind.api).toHaveBeenCalledWith(expect.objectContaining({ url: '/proxy/mw/api/v1/status', method: 'GET' }));
  });
});
