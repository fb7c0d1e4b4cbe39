import { spawnSync } from 'node:child_process';
import { entityKey } from '@modelwatch/contract';
import { inferenceSample } from '../domain/testing/builders';
import type { EndpointView, ExperimentView, ModelView, PipelineView, ServerView } from '../domain/views';
import type { FleetChange } from '../domain/fleet-interface';
import { createExpositionStore } from '../exposition/segments';
import { GROUPS, renderChange } from './index';

const entity = (name: string) => ({
  key: entityKey({ namespace: 'payments', name }),
  namespace: 'payments',
  name,
  platform: 'seldon' as const,
  verdict: { state: 'serving' as const, reasons: [] },
  conditions: [],
  history: [],
});
const oneModel: ModelView = {
  ...entity('fraud-scorer'),
  verdict: {
    state: 'degraded',
    reasons: [
      { reason: 'out_of_memory', text: 'free text with "quotes"' },
      { reason: 'out_of_memory', text: 'another' },
      { reason: 'replicas_unavailable', text: 'one of two' },
    ],
  },
  conditions: [
    { condition: 'ModelReady', status: 'False' },
    { condition: 'other', status: 'True' },
    { condition: 'other', status: 'Unknown' },
  ],
  createdSeconds: 1_700_000_000,
  lastObservedSeconds: 1_700_000_100.5,
  replicas: { desired: 2 },
  server: 'mlserver',
  version: '14',
  traffic: [{ candidate: 'v8', ratio: 0.1 }],
  pods: [
    {
      pod: 'mlserver-0',
      namespace: 'payments',
      uid: 'u',
      server: 'mlserver',
      component: 'server',
      ready: true,
      scheduled: true,
      restarts: 0,
      containers: [],
      requests: {},
      limits: {},
    },
  ],
  endpoints: [
    {
      namespace: 'payments',
      server: 'mlserver',
      replica: 'mlserver-0',
      address: 'http://10.0.0.7:9000',
      up: true,
      ready: true,
      modelReady: true,
      modelState: 'ready',
      inference: [
        inferenceSample('fraud-scorer', '14', {
          requests: { success: 12, unknown: 0 },
          histograms: {
            duration: { buckets: [], sum: 1.5, count: 12 },
            batchSize: { buckets: [{ le: 1, count: 3 }], sum: 9, count: 4 },
          },
        }),
      ],
    },
  ],
};

const NONE = { changed: new Map(), confirmed: new Map() };
const EMPTY: FleetChange = {
  models: NONE,
  servers: NONE,
  pipelines: NONE,
  experiments: NONE,
  endpoints: new Map(),
  serverReplicas: new Map(),
  components: new Map(),
  settings: new Map(),
  pods: new Map(),
  nodes: new Map(),
  synthetic: new Map(),
};

function expose(change: Partial<FleetChange>): string {
  const store = createExpositionStore(GROUPS);
  for (const { group, key, texts } of renderChange({ ...EMPTY, ...change })) {
    if (texts) store.set(group, key, texts);
    else store.delete(group, key);
  }
  return store.view('prometheus').text();
}
const samples = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const of = <View extends { key: string }>(view: View) => ({ ...NONE, changed: new Map([[view.key, view]]) });
/** Endpoints have no confirmations of their own. */
const only = <View extends { key: string }>(view: View) => new Map([[view.key, view]]);

describe('families', () => {
  it('writes everything that a model says, and nothing that it does not', () => {
    const id = 'namespace="payments",model="fraud-scorer"';
    expect(samples(expose({ models: of(oneModel) })).sort()).toEqual(
      [
        `modelwatch_model_info{${id},platform="seldon",server="mlserver",runtime="",version="14",owner="",importance=""} 1`,
        ...['failed', 'stale', 'unknown', 'progressing', 'idle', 'serving'].map(
          (state) => `modelwatch_model_serving{${id},state="${state}"} 0`
        ),
        `modelwatch_model_serving{${id},state="degraded"} 1`,
        `modelwatch_model_serving_reason{${id},reason="out_of_memory"} 1`,
        `modelwatch_model_serving_reason{${id},reason="replicas_unavailable"} 1`,
        `modelwatch_model_last_observed_timestamp_seconds{${id}} 1700000100.5`,
        `modelwatch_model_condition{${id},condition="ModelReady",status="True"} 0`,
        `modelwatch_model_condition{${id},condition="ModelReady",status="False"} 1`,
        `modelwatch_model_condition{${id},condition="ModelReady",status="Unknown"} 0`,
        `modelwatch_model_condition{${id},condition="other",status="True"} 0`,
        `modelwatch_model_condition{${id},condition="other",status="False"} 0`,
        `modelwatch_model_condition{${id},condition="other",status="Unknown"} 1`,
        `modelwatch_model_created_timestamp_seconds{${id}} 1700000000`,
        `modelwatch_model_replicas_desired{${id}} 2`,
        `modelwatch_model_traffic_ratio{${id},candidate="v8"} 0.1`,
        `modelwatch_model_pod_info{${id},pod="mlserver-0",node="",server="mlserver",component="server"} 1`,
        `modelwatch_endpoint_model_ready{${id},replica="mlserver-0"} 1`,
        `modelwatch_endpoint_model_state{${id},replica="mlserver-0",state="ready"} 1`,
        ...['loading', 'unloading', 'unavailable', 'unknown'].map(
          (state) => `modelwatch_endpoint_model_state{${id},replica="mlserver-0",state="${state}"} 0`
        ),
        `modelwatch_inference_requests_total{${id},replica="mlserver-0",version="14",outcome="success"} 12`,
        `modelwatch_inference_requests_total{${id},replica="mlserver-0",version="14",outcome="unknown"} 0`,
        `modelwatch_inference_duration_seconds_bucket{${id},replica="mlserver-0",version="14",le="+Inf"} 12`,
        `modelwatch_inference_duration_seconds_sum{${id},replica="mlserver-0",version="14"} 1.5`,
        `modelwatch_inference_duration_seconds_count{${id},replica="mlserver-0",version="14"} 12`,
        `modelwatch_inference_batch_size_bucket{${id},replica="mlserver-0",version="14",le="1.0"} 3`,
        `modelwatch_inference_batch_size_bucket{${id},replica="mlserver-0",version="14",le="+Inf"} 4`,
        `modelwatch_inference_batch_size_sum{${id},replica="mlserver-0",version="14"} 9`,
        `modelwatch_inference_batch_size_count{${id},replica="mlserver-0",version="14"} 4`,
      ].sort()
    );
  });

  it('counts slow requests at the lowest bound from the threshold up that every replica with buckets has', () => {
    const shown = (slowSeconds: number, ...bounds: number[][]) => {
      const [endpoint] = oneModel.endpoints;
      const endpoints = bounds.map((les, index) => ({
        ...endpoint!,
        replica: `r-${index}`,
        inference: [
          inferenceSample('fraud-scorer', '14', {
            histograms: { duration: { buckets: les.map((le) => ({ le, count: 1 })), sum: 1, count: 1 } },
          }),
        ],
      }));
      const text = expose({ models: of({ ...oneModel, slowSeconds, endpoints }) });
      return /modelwatch_model_slow_threshold_seconds\{.*le="(.*)"\} (.*)/.exec(text)?.slice(1);
    };
    expect(shown(0.25, [0.1, 0.3, 1])).toEqual(['0.3', '0.25']);
    expect(shown(0.25, [0.1, 0.3, 1], [0.25, 0.5, 1])).toEqual(['1.0', '0.25']);
    expect(shown(0.3, [0.1, 0.3, 1], [])).toEqual(['0.3', '0.3']);
    expect(shown(2, [0.1, 0.3, 1])).toEqual(['', '2']);
    expect(shown(2, [])).toEqual(['', '2']);
    // As Prometheus 3 writes the bounds of buckets.
    expect(shown(0.00001, [0.00001, 0.0001])).toEqual(['1e-05', '0.00001']);
    expect(shown(0.00002, [0.00001, 0.0001])).toEqual(['0.0001', '0.00002']);
    expect(shown(100_000, [2_500_000])).toEqual(['2.5e+06', '100000']);
    expect(shown(100_000, [100_000])).toEqual(['100000.0', '100000']);
  });

  it('counts slow requests at the bounds of the proxies before a model whose server has no buckets', () => {
    const buckets = (...les: number[]) => ({ buckets: les.map((le) => ({ le, count: 1 })), sum: 1, count: 1 });
    const [endpoint] = oneModel.endpoints;
    const shown = (own: number[]) => {
      const text = expose({
        models: of({
          ...oneModel,
          slowSeconds: 0.2,
          endpoints: [
            { ...endpoint!, inference: [inferenceSample('m', '1', { histograms: { duration: buckets(...own) } })] },
          ],
          routes: [
            {
              replica: 'e',
              samples: [inferenceSample('m', '1', { histograms: { routeDuration: buckets(0.1, 0.25) } })],
            },
          ],
        }),
      });
      return /modelwatch_model_slow_threshold_seconds\{.*le="(.*)"\}/.exec(text)?.[1];
    };
    expect(shown([])).toBe('0.25');
    expect(shown([0.5])).toBe('0.5');
    expect(shown([0.1])).toBe('');
  });

  it('lets the series of a replica vanish with its inference samples', () => {
    const silent = { ...oneModel, endpoints: oneModel.endpoints.map(({ inference: _, ...endpoint }) => endpoint) };
    expect(expose({ models: of(silent) })).not.toContain('modelwatch_inference_');
  });

  it('escapes what a label value cannot hold', () => {
    const odd = { ...oneModel, name: 'a"b\\c\nd🙂' };
    expect(expose({ models: of(odd) })).toContain('model="a\\"b\\\\c\\nd🙂",platform=');
  });

  it('lists an endpoint whose metrics Prometheus scrapes, and none that is polled', () => {
    const endpoint: EndpointView = { key: 'k', namespace: 'ns', server: 's', replica: 'p-0', up: true, ready: true };
    expect(expose({ endpoints: only(endpoint) })).not.toContain('scrape_target');
    const scraped: EndpointView = { ...endpoint, isScraped: true };
    expect(samples(expose({ endpoints: only(scraped) }))).toEqual([
      'modelwatch_endpoint_scrape_target{namespace="ns",server="s",replica="p-0"} 1',
    ]);
  });

  it('says nothing of an endpoint that was never probed, and 0 of one that is down', () => {
    const endpoint: EndpointView = {
      key: 'payments/s/p-0',
      namespace: 'payments',
      server: 's',
      replica: 'p-0',
      up: false,
      ready: false,
    };
    expect(expose({ endpoints: only(endpoint) })).toBe('');
    expect(samples(expose({ endpoints: only({ ...endpoint, lastProbeSeconds: 5 }) }))).toEqual([
      'modelwatch_endpoint_up{namespace="payments",server="s",replica="p-0"} 0',
      'modelwatch_endpoint_ready{namespace="payments",server="s",replica="p-0"} 0',
      'modelwatch_endpoint_last_probe_timestamp_seconds{namespace="payments",server="s",replica="p-0"} 5',
    ]);
  });

  it('gives promtool nothing to complain about, with every group present', () => {
    const server: ServerView = {
      ...entity('mlserver'),
      replicas: { desired: 1, available: 1 },
      capabilities: ['sklearn', 'sklearn'],
      overcommitRatio: 0.1,
      loadedModels: 3,
      memoryCapacityBytes: 1e9,
      memoryDeclaredBytes: 2e9,
    };
    const pipeline: PipelineView = { ...entity('triage'), steps: ['a', 'b'] };
    const experiment: ExperimentView = {
      ...entity('canary'),
      resourceKind: 'model',
      candidates: [{ name: 'a', ratio: 0.9, isDefault: true }],
      mirror: { name: 'b', ratio: 0.5 },
    };
    const endpoint: EndpointView = {
      key: 'payments/s/p-0',
      namespace: 'payments',
      server: 's',
      replica: 'p-0',
      up: true,
      ready: true,
      serverName: 'mlserver',
      serverVersion: '1.7.1',
      lastProbeSeconds: 5,
      probeDurationSeconds: 0.01,
    };
    const usage = {
      rows: [
        {
          namespace: 'payments',
          platform: 'seldon' as const,
          models: 1,
          servers: 1,
          pipelines: 1,
          experiments: 1,
          modelVersions: 2,
          modelReplicas: 1,
          serverReplicas: 1,
          cpuCores: 0.5,
          memoryBytes: 1e9,
          gpus: 0,
          multiModelServers: 1,
          overcommitServers: 1,
          nodes: 3,
        },
      ],
      byServerType: [
        {
          namespace: 'payments',
          platform: 'seldon' as const,
          serverType: 'mlserver' as const,
          models: 1,
          servers: 1,
          modelReplicas: 1,
          serverReplicas: 1,
          cpuCores: 0.5,
          memoryBytes: 1e9,
          gpus: 0,
        },
      ],
    };
    const text = expose({
      models: of(oneModel),
      servers: of(server),
      pipelines: of(pipeline),
      experiments: of(experiment),
      endpoints: only(endpoint),
      usage,
    });
    const check = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect({ code: check.status, said: `${check.stdout}${check.stderr}` }).toEqual({ code: 0, said: '' });
  });
});
