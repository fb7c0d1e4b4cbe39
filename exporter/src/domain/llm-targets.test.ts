import type { LlmService } from './kserve-resources';
import type { ContainerSpec, Pod } from './resources';
import { createFleet } from './fleet';
import {
  NOW,
  applied,
  condition,
  inferenceSample,
  meta,
  probeResult,
  seldonPod,
  sourceStatus,
  status,
} from './testing/builders';
import { fleetOf, model } from './testing/fleets';

const workload = { multiNode: false, parallelism: [] };
const service: LlmService = {
  kind: 'LLMInferenceService',
  meta: meta('chat'),
  status: status(condition('Ready', 'True')),
  stopRequested: false,
  adapters: 0,
  main: workload,
  prefill: workload,
  servedName: 'example/chat-8b',
};

const vllm = (more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name: 'main',
  image: 'ghcr.io/llm-d/llm-d-cuda:v0.6.0',
  env: {},
  ports: [],
  ...more,
});
const routing: ContainerSpec = {
  name: 'llm-d-routing-sidecar',
  image: 'ghcr.io/llm-d/llm-d-routing-sidecar:v0.7.1',
  env: {},
  ports: [{ port: 8000 }],
};

function pod(component: string, containers: readonly ContainerSpec[], index = 0): Pod {
  const labels = {
    'app.kubernetes.io/part-of': 'llminferenceservice',
    'app.kubernetes.io/name': 'chat',
    'app.kubernetes.io/component': component,
  };
  const name = `chat-${component}-${index}`;
  return { ...seldonPod('none', index), meta: { ...meta(name), labels }, containers };
}
const decode = 'llminferenceservice-workload';
const prefill = 'llminferenceservice-workload-prefill';

function urlsOf(...pods: readonly Pod[]) {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  [applied(service), ...pods.map(applied), sourceStatus()].forEach((each) => fleet.observe(each));
  return fleet.takeTargets().set;
}

describe('pods of an LLMInferenceService', () => {
  it('are asked as vLLM, under the name of their service', () => {
    expect(urlsOf(pod(decode, [vllm()]))).toEqual([
      {
        endpoint: { namespace: 'payments', server: 'chat-kserve', replica: `chat-${decode}-0` },
        url: 'http://10.0.0.1:8000',
        metricsUrl: 'http://10.0.0.1:8000/metrics',
        pod: { namespace: 'payments', name: `chat-${decode}-0` },
        kindHint: 'vllm',
        models: ['chat'],
        versionSuffix: false,
      },
    ]);
  });

  it.each([
    ['behind the container that routes', [vllm(), routing], 'http://10.0.0.1:8001'],
    ['at the port that they name', [vllm({ ports: [{ port: 9000 }] }), routing], 'http://10.0.0.1:9000'],
    ['with TLS', [vllm({ https: true })], 'https://10.0.0.1:8000'],
  ])('are asked %s', (_, containers, url) => {
    expect(urlsOf(pod(decode, containers))).toMatchObject([{ url, metricsUrl: `${url}/metrics` }]);
  });

  it('are left alone where they are no vLLM, or only route', () => {
    const sglang = vllm({ image: 'docker.io/lmsysorg/sglang:v0.5.0' });
    const scheduler = vllm({ image: 'ghcr.io/llm-d/llm-d-inference-scheduler:v0.4.0' });
    expect(urlsOf(pod(decode, [sglang]), pod('llminferenceservice-router-scheduler', [scheduler], 1))).toEqual([]);
  });

  it('are probed and not measured where they only take in prompts: who answers counts the request, too', () => {
    const found = urlsOf(pod(prefill, [vllm()]));
    expect(found).toMatchObject([{ endpoint: { server: 'chat-kserve-prefill' }, unmeasured: true }]);
    expect(found[0]?.metricsUrl).toBeUndefined();
  });

  it('come and go with their service', () => {
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
    fleet.observe(applied(pod(decode, [vllm()])));
    expect(fleet.takeTargets().set).toEqual([]);
    fleet.observe(applied(service));
    expect(fleet.takeTargets().set).toHaveLength(1);
    fleet.observe({ kind: 'resource-deleted', resource: service.kind, namespace: 'payments', name: 'chat' });
    expect(fleet.takeTargets().gone).toEqual([
      { namespace: 'payments', server: 'chat-kserve', replica: `chat-${decode}-0` },
    ]);
  });

  it('speak for the model: what they measure, and that they do not have it', () => {
    const { name: replica } = pod(decode, [vllm()]).meta;
    const endpoint = { namespace: 'payments', server: 'chat-kserve', replica };
    // It calls the model by its own name, and an adapter rests on it.
    const models = [
      { name: 'chat-8b', ready: true, state: 'ready' as const },
      { name: 'legal', ready: true, state: 'ready' as const, parent: 'chat-8b' },
    ];
    const result = probeResult({ kind: 'vllm', models });
    const fleet = fleetOf([applied(service), applied(pod(decode, [vllm()])), sourceStatus()]);
    const tell = (more: typeof result, atSeconds: number) => {
      fleet.observe({ kind: 'endpoint-probed', endpoint, atSeconds, result: more });
      fleet.flush(atSeconds);
    };
    tell(result, NOW);
    const samples = [inferenceSample('chat-8b', '')];
    fleet.observe({ kind: 'endpoint-measured', endpoint, atSeconds: NOW, samples, capabilities: ['requests'] });
    fleet.flush(NOW);
    expect(model(fleet, 'chat')).toMatchObject({
      verdict: { state: 'serving' },
      endpoints: [{ replica, up: true, modelReady: true, inference: samples }],
    });
    tell({ ...result, live: false, ready: false, models: [{ name: 'chat', ready: false }] }, NOW + 15);
    expect(model(fleet, 'chat').verdict.state).toBe('failed');
  });
});
