import { moduleSchema } from '../mapping/module';
import { podModule } from '../sources/servers/generic';
import { createFleet } from './fleet';
import type { Observation } from './observation';
import {
  NOW,
  applied,
  inferenceService,
  kservePod,
  meta,
  seldonModel,
  seldonPod,
  sourceStatus,
} from './testing/builders';

function targetsOf(...observations: readonly Observation[]) {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  [...observations, sourceStatus()].forEach((observation) => fleet.observe(observation));
  return fleet.takeTargets().set;
}

const triton = { name: 'triton', env: {}, ports: [{ name: 'http', port: 9000 }] };

describe('probe targets', () => {
  it('asks a Seldon server pod for the models that are placed on its server', () => {
    const placed = (name: string) => applied(seldonModel(name, 'ModelAvailable', { server: 'mlserver' }));
    expect(targetsOf(applied(seldonPod('mlserver', 0)), placed('b'), placed('a'))).toEqual([
      {
        endpoint: { namespace: 'payments', server: 'mlserver', replica: 'mlserver-0' },
        url: 'http://10.0.0.1:9000',
        metricsUrl: 'http://10.0.0.1:8082/metrics',
        pod: { namespace: 'payments', name: 'mlserver-0' },
        kindHint: 'mlserver',
        models: ['a', 'b'],
        versionSuffix: true,
      },
    ]);
  });

  it('knows the containers beside a server that measure its requests, and their ports', () => {
    const container = (name: string, ...ports: { name: string; port: number }[]) => ({ name, env: {}, ports });
    const sidecars = [container('agent'), container('queue-proxy')];
    const pods = [
      applied(seldonPod('mlserver', 0, { containers: [triton, ...sidecars] })),
      applied(seldonPod('mlserver', 1, { containers: [triton, container('agent', { name: 'metrics', port: 9106 })] })),
      applied(inferenceService('churn')),
      applied(kservePod('churn', 0, { containers: [{ ...triton, name: 'kserve-container' }, ...sidecars] })),
    ];
    const found = targetsOf(...pods).map(({ endpoint, sidecars: beside }) => [endpoint.replica, beside]);
    expect(Object.fromEntries(found)).toEqual({
      'mlserver-0': [{ kind: 'seldon_agent', metricsUrl: 'http://10.0.0.1:9006/metrics' }],
      'mlserver-1': [{ kind: 'seldon_agent', metricsUrl: 'http://10.0.0.2:9106/metrics' }],
      // KServe has an agent of its own, which has no metrics.
      'churn-predictor-0': [{ kind: 'queue_proxy', metricsUrl: expect.stringMatching(/:9091\/metrics$/) as string }],
    });
  });

  it('takes the metrics port that a pod names, else that of its kind; and brackets an IPv6 address', () => {
    const named = { ...triton, ports: [{ name: 'server-metrics', port: 9999 }] };
    const urls = targetsOf(
      applied(seldonPod('t', 0, { containers: [triton], ip: 'fd00::7' })),
      applied(seldonPod('t', 1, { containers: [named] }))
    ).map(({ url, metricsUrl }) => [url, metricsUrl]);
    expect(urls).toEqual([
      ['http://[fd00::7]:9000', 'http://[fd00::7]:8002/metrics'],
      ['http://10.0.0.2:9000', 'http://10.0.0.2:9999/metrics'],
    ]);
  });

  it('corrects the annotated metrics port of MLServer on KServe, and believes any other', () => {
    const annotated = (port: string, path = '/metrics') =>
      applied(
        kservePod('churn', 0, {
          meta: {
            ...kservePod('churn', 0).meta,
            annotations: { 'prometheus.kserve.io/port': port, 'prometheus.kserve.io/path': path },
          },
        })
      );
    const service = applied(inferenceService('churn'));
    const metricsUrl = (...observations: Observation[]) => targetsOf(service, ...observations)[0]?.metricsUrl;
    expect(metricsUrl(annotated('8080'))).toBe('http://10.0.0.1:8082/metrics');
    expect(metricsUrl(annotated('9500', 'stats'))).toBe('http://10.0.0.1:9500/stats');
    expect(metricsUrl(annotated('nonsense'))).toBe('http://10.0.0.1:8082/metrics');
    expect(targetsOf(service, annotated('8080'))[0]).toMatchObject({
      url: 'http://10.0.0.1:8080',
      models: ['churn'],
      versionSuffix: false,
    });
  });

  it('asks transformers and explainers how they are, and for no figures of requests, which the predictor counts', () => {
    const pod = (component: string) =>
      applied(
        kservePod('churn', 0, {
          meta: meta(`churn-${component}-0`, {
            labels: { 'serving.kserve.io/inferenceservice': 'churn', component },
          }),
          containers: [{ name: 'kserve-container', image: 'example.com/tokenize', env: {}, ports: [{ port: 9000 }] }],
        })
      );
    const found = targetsOf(applied(inferenceService('churn')), pod('transformer'), pod('explainer'));
    expect(found).toEqual(
      (['transformer', 'explainer'] as const).map((part) => ({
        endpoint: { namespace: 'payments', server: `churn-${part}`, replica: `churn-${part}-0` },
        url: 'http://10.0.0.1:9000',
        unmeasured: true,
        pod: { namespace: 'payments', name: `churn-${part}-0` },
        kindHint: 'oip',
        part,
        models: [],
        versionSuffix: false,
      }))
    );
  });

  it.each([
    ['kserve-sklearnserver', 'kserve'],
    ['kserve-huggingfaceserver', 'kserve'],
    ['kserve-tritonserver', 'triton'],
    ['kserve-torchserve', 'kserve'],
    ['kserve-tensorflow-serving', 'tfserving'],
    ['kserve-vllmserver', 'vllm'],
    ['my-own-runtime', undefined],
  ])('asks %s as %s', (runtime, kind) => {
    const pod = kservePod('churn', 0, { containers: [{ name: 'kserve-container', env: {}, ports: [] }] });
    expect(targetsOf(applied(inferenceService('churn', { runtime })), applied(pod))[0]?.kindHint).toBe(kind);
  });

  it('leaves out pods without an address, on their way out, and done', () => {
    const leaving = seldonPod('m', 1, { meta: { ...seldonPod('m', 1).meta, deletedSeconds: NOW } });
    const unscheduled = { ...seldonPod('m', 0), ip: undefined } as never;
    expect(
      targetsOf(applied(unscheduled), applied(leaving), applied(seldonPod('m', 2, { phase: 'Succeeded' })))
    ).toEqual([]);
  });

  it.each([
    ['kserve-tensorflow-serving', '8080', 'http://10.0.0.1:8080/monitoring/prometheus/metrics'],
    ['kserve-torchserve', '8082', 'http://10.0.0.1:8080/metrics'],
    ['kserve-vllmserver', '8080', 'http://10.0.0.1:8080/metrics'],
  ])('reads the metrics of %s, annotated with port %s, at %s', (runtime, port, url) => {
    const pod = kservePod('churn', 0, { containers: [{ name: 'kserve-container', env: {}, ports: [] }] });
    const annotations = { 'prometheus.kserve.io/port': port, 'prometheus.kserve.io/path': '/metrics' };
    const annotated = applied({ ...pod, meta: { ...pod.meta, annotations } });
    expect(targetsOf(applied(inferenceService('churn', { runtime })), annotated)[0]?.metricsUrl).toBe(url);
  });

  it('asks a declared server once for all its models, at its own address', () => {
    const declare = (name: string): Observation => ({
      kind: 'model-declared',
      model: { name, server: 'edge', url: 'https://edge.example/', metricsUrl: 'https://edge.example/metrics' },
    });
    expect(targetsOf(declare('b'), declare('a'))).toEqual([
      {
        endpoint: { namespace: 'standalone', server: 'edge', replica: 'edge.example:443' },
        url: 'https://edge.example',
        metricsUrl: 'https://edge.example/metrics',
        models: ['b', 'a'],
        versionSuffix: false,
      },
    ]);
  });

  it('tells a target when it comes, changes or goes, and nothing else', () => {
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
    fleet.observe(applied(seldonPod('m', 0)));
    fleet.observe(applied(seldonPod('m', 1)));
    expect(fleet.takeTargets().set).toHaveLength(2);
    fleet.observe(applied(seldonPod('m', 0, { ready: false })));
    expect(fleet.takeTargets()).toEqual({ set: [], gone: [] });
    fleet.observe(applied(seldonPod('m', 0, { ip: '10.9.9.9' })));
    expect(fleet.takeTargets()).toMatchObject({ set: [{ url: 'http://10.9.9.9:9000' }], gone: [] });
    fleet.observe({ kind: 'resource-deleted', resource: 'Pod', namespace: meta('m').namespace, name: 'm-0' });
    const endpoint = { namespace: meta('m').namespace, server: 'm', replica: 'm-0' };
    expect(fleet.takeTargets()).toEqual({ set: [], gone: [endpoint] });
  });
});

describe('pods that a module of the configuration describes', () => {
  const tgi = podModule(
    moduleSchema.parse({
      name: 'tgi',
      match: { image: 'text-generation-inference', labels: { app: 'llm' } },
      port: 80,
      health: { path: '/health' },
      metrics: { port: 9464, path: '/m', families: [{ family: 'a', type: 'counter', to: [{ requests: 'success' }] }] },
    })
  );
  const container = {
    name: 'kserve-container',
    image: 'ghcr.io/huggingface/text-generation-inference:3.3.7',
    env: {},
    ports: [],
  };
  const asked = (
    pod: ReturnType<typeof kservePod>,
    labels: Record<string, string>,
    annotations: Record<string, string> = {}
  ) => {
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, modules: [tgi] });
    const meta = { ...pod.meta, labels: { ...pod.meta.labels, ...labels }, annotations };
    const service = inferenceService('churn', { runtime: 'home-grown' });
    [applied(service), applied({ ...pod, meta }), sourceStatus()].forEach((each) => fleet.observe(each));
    return fleet.takeTargets().set.map(({ url, metricsUrl, module, models }) => ({ url, metricsUrl, module, models }));
  };

  it('are found by image and labels, all of them', () => {
    const found = asked(kservePod('churn', 0, { containers: [container] }), { app: 'llm' });
    expect(found).toEqual([
      { url: 'http://10.0.0.1:80', metricsUrl: 'http://10.0.0.1:9464/m', module: 'tgi', models: ['churn'] },
    ]);
    expect(asked(kservePod('churn', 0, { containers: [container] }), { app: 'web' })).toEqual([]);
  });

  it('are asked by the module that they name, also one of a kind that is known, or a module that there is not', () => {
    const pod = kservePod('churn', 0, { containers: [triton] });
    expect(asked(pod, {})).toMatchObject([{ module: undefined }]);
    expect(asked(pod, {}, { 'modelwatch.io/module': 'tgi' })).toMatchObject([{ module: 'tgi' }]);
    expect(asked(pod, {}, { 'modelwatch.io/module': 'tgy' })).toMatchObject([{ module: 'tgy' }]);
  });
});
