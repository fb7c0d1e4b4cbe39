/** @jest-environment jsdom */
import { createDataFrame, FieldType, LoadingState, type DataFrame } from '@grafana/data';
import { PREDICTIONS_VALUE } from '@modelwatch/contract';
import { of, throwError, firstValueFrom } from 'rxjs';
import type { ModelwatchQuery } from './query/types';
import {
  behind,
  column,
  dataSource,
  inventory,
  model,
  NOW,
  one,
  packets,
  request,
  resetBehind,
  seriesFrame,
} from './testing/behind';
import { ModelwatchVariables } from './variables';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

beforeEach(resetBehind);

describe('a request', () => {
  it('with several queries is done with the last packet; a wrong one fails alone', async () => {
    const wrong = { refId: 'B', kind: 'forecast' } as unknown as ModelwatchQuery;
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

  it('for a figure answers a field per model with its unit', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({ data: targets.map(({ refId }) => seriesFrame(refId, model, [0.5])) })
    );
    const packet = await one(dataSource(), request([{ refId: 'A', kind: 'service-health', metric: 'errors' }]));
    expect((packet.data[0] as DataFrame).fields[1]).toMatchObject({
      name: 'errors',
      labels: model,
      config: { unit: 'percentunit', displayNameFromDS: 'fraud/detector' },
    });
    expect((packet.data[0] as DataFrame).fields[1]?.config.thresholds?.steps.map(({ value }) => value)).toEqual([
      -Infinity,
      0.01,
      0.05,
    ]);
  });

  it('puts the period before beside a figure, asked for with the shift of the time range', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      of({
        data: targets.map((target) =>
          seriesFrame(target.refId, model, [JSON.stringify(target).includes(' offset 3600s') ? 2 : 1])
        ),
      })
    );
    const query = { refId: 'A', kind: 'service-health', metric: 'duration_p95', compare: true } as const;
    const packet = await one(dataSource(), request([query]));
    const [, now, before] = (packet.data[0] as DataFrame).fields;
    expect([now?.config.displayNameFromDS, before?.config.displayNameFromDS]).toEqual([
      'fraud/detector',
      'fraud/detector, the period before',
    ]);
    expect([now?.values, before?.values]).toEqual([[1], [2]]);
    expect(before?.labels).toEqual({ ...model, period: 'before' });
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

  it('list the predictions by their name, after the features', async () => {
    const subjects = [
      { subject: 'prediction', feature: '' },
      { subject: 'feature', feature: 'zone' },
      { subject: 'feature', feature: 'amount' },
    ];
    behind.prometheus.mockImplementation(({ targets }) =>
      of({ data: targets.flatMap(({ refId }) => subjects.map((labels) => seriesFrame(refId, labels, [1]))) })
    );
    const asked = { ...request([]), targets: [{ refId: 'v', label: 'feature' }] };
    const answer = await firstValueFrom(new ModelwatchVariables(dataSource()).query(asked as never));
    expect(column(answer, 'text')).toEqual(['amount', 'zone', 'predictions']);
    expect(column(answer, 'value')).toEqual(['amount', 'zone', PREDICTIONS_VALUE]);
  });

  it('list scores of accuracy, those that are judged first', async () => {
    const scores = [
      ['accuracy', 1],
      ['rmse', 2],
      ['auc', 2],
    ] as const;
    behind.prometheus.mockImplementation(({ targets }) =>
      of({
        data: targets.flatMap(({ refId }) => scores.map(([metric, value]) => seriesFrame(refId, { metric }, [value]))),
      })
    );
    const asked = { ...request([]), targets: [{ refId: 'v', label: 'metric' }] };
    const answer = await firstValueFrom(new ModelwatchVariables(dataSource()).query(asked as never));
    expect(column(answer, 'value')).toEqual(['auc', 'rmse', 'accuracy']);
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
