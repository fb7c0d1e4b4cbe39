import { entityKey, METRICS } from '@modelwatch/contract';
import { GROUPS, renderChange } from '../families';
import { createFleet } from './fleet';
import type { EndpointRef, InferenceSample, PipelineSample } from './observation';
import type { Pod } from './resources';
import {
  NOW,
  applied,
  inferenceSample,
  meta,
  probeResult,
  probed,
  seldonModel,
  seldonPipeline,
  seldonPod,
  sourceStatus,
} from './testing/builders';

const OPTIONS = { probeIntervalSeconds: 15, staleAfterSeconds: 150 };
const GATEWAY = 'seldon-pipelinegateway';
const ENVOY = 'seldon-envoy';

function gatewayPod(component: string, index = 0, ports: Pod['containers'][number]['ports'] = []): Pod {
  const labels = { 'app.kubernetes.io/name': component };
  return {
    ...seldonPod(component, index),
    meta: meta(`${component}-${index}`, { labels }),
    containers: [{ name: 'main', env: {}, ports }],
  };
}

const at = (server: string, index = 0): EndpointRef => ({
  namespace: 'payments',
  server,
  replica: `${server}-${index}`,
});

const calls = (pipeline: string, method: 'rest' | 'grpc', success: number): PipelineSample => ({
  namespace: 'payments',
  pipeline,
  method,
  requests: { success },
  responses: {},
  duration: { buckets: [{ le: 1, count: success }], sum: success / 2, count: success },
});

function started(options: Partial<Parameters<typeof createFleet>[0]> = {}) {
  const drops: string[] = [];
  const none = () => undefined;
  const dropped = (_: string, reason: string, detail: string) => void drops.push(`${reason} ${detail}`);
  const telemetry = {
    relist: none,
    error: none,
    events: none,
    foreign: none,
    waited: none,
    probeStarted: none,
    newcomersAsked: none,
    dropped,
  };
  const fleet = createFleet({ ...OPTIONS, telemetry, ...options });
  fleet.observe(sourceStatus());
  for (const resource of [
    gatewayPod(GATEWAY),
    gatewayPod(ENVOY, 0),
    gatewayPod(ENVOY, 1),
    seldonModel('fraud', 'ModelAvailable'),
    seldonPipeline('checkout', ['fraud']),
    seldonPipeline('idle', ['fraud']),
  ]) {
    fleet.observe(applied(resource));
  }
  fleet.flush(NOW);
  const measure = (endpoint: EndpointRef, pipelines: PipelineSample[], samples: InferenceSample[] = []) => {
    fleet.observe(probed(endpoint.server, endpoint.replica, probeResult({ models: [] }), NOW));
    fleet.observe({ kind: 'endpoint-measured', endpoint, atSeconds: NOW, samples, capabilities: [], pipelines });
    const change = fleet.flush(NOW);
    return { pipelines: [...change.pipelines.changed.keys()], models: [...change.models.changed.keys()], change };
  };
  /** Successes by replica and method. */
  const told = (pipeline = 'checkout') => {
    const view = fleet.snapshot().pipelines.get(entityKey({ namespace: 'payments', name: pipeline }));
    const entries = view?.calls?.map(({ replica, method, requests }) => [`${replica} ${method}`, requests.success]);
    return entries && Object.fromEntries(entries);
  };
  const routes = () => fleet.snapshot().models.get(entityKey({ namespace: 'payments', name: 'fraud' }))?.routes;
  return { fleet, measure, told, routes, drops };
}

describe('gateways of Seldon Core 2', () => {
  it('are asked where their pods answer, at ports by name', () => {
    const fleet = createFleet(OPTIONS);
    fleet.observe(sourceStatus());
    fleet.observe(applied(gatewayPod(GATEWAY)));
    fleet.observe(applied(gatewayPod(ENVOY, 0, [{ name: 'envoy-stats', port: 19_003 }])));
    const targets = fleet.takeTargets().set;
    expect(targets).toMatchObject([
      {
        endpoint: at(GATEWAY),
        url: 'http://10.0.0.1:9999',
        metricsUrl: 'http://10.0.0.1:9006/metrics',
        kindHint: 'seldon_pipelinegateway',
        models: [],
      },
      { endpoint: at(ENVOY), url: 'http://10.0.0.1:19003', kindHint: 'seldon_envoy' },
    ]);
    fleet.observe({ kind: 'resource-deleted', resource: 'Pod', namespace: 'payments', name: `${ENVOY}-0` });
    expect(fleet.takeTargets()).toEqual({ set: [], gone: [at(ENVOY)] });
  });

  it('are asked by the exporter alone that shows their namespace, and are endpoints like others', () => {
    const other = createFleet({ ...OPTIONS, shows: () => false });
    other.observe(sourceStatus());
    other.observe(applied(gatewayPod(GATEWAY)));
    expect(other.takeTargets().set).toEqual([]);
    const { fleet, measure, drops } = started();
    measure(at(GATEWAY), []);
    expect(fleet.snapshot().endpoints.get(`payments/${GATEWAY}/${GATEWAY}-0`)).toMatchObject({ up: true, ready: true });
    expect(drops).toEqual([]);
  });

  it('show requests to the pipelines that there are; a model called by way of Kafka is none', () => {
    const { measure, told, drops } = started();
    const { pipelines } = measure(at(GATEWAY), [
      calls('checkout', 'rest', 5),
      calls('checkout', 'grpc', 3),
      calls('fraud', 'rest', 9),
      calls('nobody', 'rest', 1),
    ]);
    expect(pipelines).toEqual(['payments/checkout']);
    expect(told()).toEqual({ [`${GATEWAY}-0 rest`]: 5, [`${GATEWAY}-0 grpc`]: 3 });
    expect(told('idle')).toBeUndefined();
    expect(drops).toEqual([
      `unknown_value endpoint payments/${GATEWAY}/${GATEWAY}-0: expected a pipeline, got "nobody"`,
    ]);
  });

  it('count a request over REST once: at Envoy, as long as one of its replicas is measured', () => {
    const { fleet, measure, told } = started();
    measure(at(GATEWAY), [calls('checkout', 'rest', 5), calls('checkout', 'grpc', 3)]);
    measure(at(ENVOY, 0), [calls('checkout', 'rest', 4)]);
    measure(at(ENVOY, 1), [calls('checkout', 'rest', 2)]);
    const both = { [`${ENVOY}-0 rest`]: 4, [`${ENVOY}-1 rest`]: 2, [`${GATEWAY}-0 grpc`]: 3 };
    expect(told()).toEqual(both);
    fleet.observe({ kind: 'endpoint-silent', endpoint: at(ENVOY, 0) });
    fleet.flush(NOW);
    expect(told()).toEqual({ [`${ENVOY}-1 rest`]: 2, [`${GATEWAY}-0 grpc`]: 3 });
    fleet.observe({ kind: 'endpoint-removed', endpoint: at(ENVOY, 1) });
    fleet.flush(NOW);
    expect(told()).toEqual({ [`${GATEWAY}-0 rest`]: 5, [`${GATEWAY}-0 grpc`]: 3 });
  });

  it('are believed no longer than they are probed', () => {
    const { fleet, measure, told } = started();
    measure(at(GATEWAY), [calls('checkout', 'rest', 5)]);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 100 }));
    fleet.flush(NOW + 100);
    expect(told()).toBeUndefined();
  });

  it('touch only what they say something new of', () => {
    const { measure } = started();
    const two = (checkout: number) => [calls('checkout', 'rest', checkout), calls('idle', 'rest', 1)];
    expect(measure(at(ENVOY), two(1)).pipelines).toEqual(['payments/checkout', 'payments/idle']);
    expect(measure(at(ENVOY), two(1)).pipelines).toEqual([]);
    expect(measure(at(ENVOY), two(2)).pipelines).toEqual(['payments/checkout']);
  });

  it('say how long requests for a model took at each proxy, apart from its own replicas', () => {
    const { fleet, measure, routes } = started();
    const sample = inferenceSample('fraud', '2', {
      histograms: { routeDuration: { buckets: [{ le: 0.5, count: 7 }], sum: 1, count: 8 } },
    });
    const { models, change } = measure(at(ENVOY), [calls('checkout', 'rest', 1)], [sample]);
    expect(models).toEqual(['payments/fraud']);
    expect(routes()).toEqual([{ replica: `${ENVOY}-0`, samples: [sample] }]);
    const lines = renderChange(change).flatMap(({ texts = [] }) => texts.join('').split('\n'));
    const of = (name: string) => lines.filter((line) => line.startsWith(name));
    expect(of(METRICS.inferenceRouteDuration.name)).toEqual([
      'modelwatch_inference_route_duration_seconds_bucket{namespace="payments",model="fraud",replica="seldon-envoy-0",version="2",le="0.5"} 7',
      'modelwatch_inference_route_duration_seconds_bucket{namespace="payments",model="fraud",replica="seldon-envoy-0",version="2",le="+Inf"} 8',
      'modelwatch_inference_route_duration_seconds_sum{namespace="payments",model="fraud",replica="seldon-envoy-0",version="2"} 1',
      'modelwatch_inference_route_duration_seconds_count{namespace="payments",model="fraud",replica="seldon-envoy-0",version="2"} 8',
    ]);
    expect(of('modelwatch_inference_requests_total')).toEqual([]);
    expect(of('modelwatch_pipeline_requests_total')).toEqual([
      'modelwatch_pipeline_requests_total{namespace="payments",pipeline="checkout",replica="seldon-envoy-0",method="rest",outcome="success"} 1',
    ]);
    expect(of('modelwatch_pipeline_duration_seconds_count')).toHaveLength(1);
    expect(GROUPS.flatMap(({ families }) => families.map(({ name }) => name))).toContain(METRICS.pipelineDuration.name);
    fleet.observe({ kind: 'endpoint-silent', endpoint: at(ENVOY) });
    fleet.flush(NOW);
    expect(routes()).toBeUndefined();
  });
});
