import { startDemo } from './start';
import type { Demo, DemoOptions, KubernetesObject, ScenarioName } from './types';
import { SCENARIOS } from './types';

let demo: Demo;
let now = Date.UTC(2026, 10, 21, 9);
const open: Demo[] = [];

async function begin(options: DemoOptions = {}): Promise<Demo> {
  now = Date.UTC(2026, 10, 21, 9);
  demo = await startDemo({ nowMs: () => now, ...options });
  open.push(demo);
  return demo;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
});

const KINDS = ['Model', 'Server', 'Pipeline', 'Experiment', 'InferenceService', 'Pod', 'Deployment', 'StatefulSet'];

/** All objects without their resourceVersion. */
function everything(of: Demo): unknown {
  return KINDS.flatMap((kind) => of.api.list(kind)).map(({ metadata, ...object }) => ({
    ...object,
    metadata: { ...metadata, resourceVersion: '' },
  }));
}

function object(kind: string, name: string): KubernetesObject & { status: Record<string, unknown> } {
  const found = demo.api.list(kind).find((each) => each.metadata.name === name);
  if (found === undefined) throw new Error(`${kind} ${name}: not there`);
  return found as KubernetesObject & { status: Record<string, unknown> };
}

function conditionsOf(
  kind: string,
  name: string
): Record<string, { status: string; reason?: string; message?: string }> {
  const { conditions } = object(kind, name).status;
  const entries = conditions as { type: string; status: string; reason?: string; message?: string }[];
  return Object.fromEntries(entries.map(({ type, ...rest }) => [type, rest]));
}

async function proxy(pod: string, path: string, method = 'GET'): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${demo.api.url}/api/v1/namespaces/${pod}/proxy${path}`, { method });
  return { status: answer.status, text: await answer.text() };
}

/** Sum of the samples of a family of one model, over the replicas of its server. */
async function counted(pods: readonly string[], family: string, model: string): Promise<number> {
  let sum = 0;
  for (const pod of pods) {
    const { text } = await proxy(pod, '/metrics');
    for (const line of text.split('\n')) {
      if (line.startsWith(`${family}{`) && line.includes(`model="${model}"`)) sum += Number(line.split(' ').pop());
    }
  }
  return sum;
}

describe('startDemo', () => {
  it('is the same for the same seed, and another for another', async () => {
    const first = await begin({ seed: 3 });
    const second = await begin({ seed: 3 });
    expect(everything(second)).toEqual(everything(first));
    const other = await begin({ seed: 4 });
    expect(everything(other)).not.toEqual(everything(first));
  });

  it('has transformers that answer for their health', async () => {
    await begin();
    const pods = demo.api.list('Pod').filter(({ metadata: { name } }) => name.includes('-transformer-'));
    expect(pods).toHaveLength(1);
    for (const { metadata } of pods) {
      const { status, text } = await proxy(`${metadata.namespace}/pods/${metadata.name}:8080`, '/v2/health/live');
      expect([status, JSON.parse(text)]).toEqual([200, { live: true }]);
    }
  });

  it('begins with everything serving', async () => {
    await begin();
    expect(demo.scenarios().filter((scenario) => scenario.on)).toEqual([]);
    for (const { metadata, status } of demo.api.list('Model')) {
      expect([metadata.name, status]).toMatchObject([metadata.name, { modelgwReady: 'ModelAvailable' }]);
    }
    for (const kind of ['Server', 'Pipeline', 'Experiment', 'InferenceService', 'InferenceGraph', 'SeldonRuntime']) {
      for (const each of demo.api.list(kind)) expect(conditionsOf(kind, each.metadata.name).Ready?.status).toBe('True');
    }
  });

  it('writes what the controllers write', async () => {
    await begin();
    expect(conditionsOf('Model', 'card-limit')).toEqual({
      ModelReady: expect.objectContaining({ status: 'True', message: 'ModelAvailable' }),
      Ready: expect.objectContaining({ status: 'True' }),
    });
    expect(object('Model', 'card-limit').status).not.toHaveProperty('observedGeneration');
    expect(conditionsOf('Pipeline', 'payment-check').PipelineReady).toMatchObject({ reason: 'PipelineReady' });
    expect(conditionsOf('Server', 'fraud-mlserver').Ready?.status).toBe('True');
    // A failure of long ago that nobody takes away.
    expect(object('InferenceService', 'damage-vision').status.modelStatus).toMatchObject({
      lastFailureInfo: { reason: 'ModelLoadFailed', exitCode: 137 },
      transitionStatus: 'UpToDate',
      states: { targetModelState: 'Loaded' },
    });
  });

  it('has autoscalers, each of something that is there, and nodes that say what they can take', async () => {
    await begin();
    const targets = demo.api.list('HorizontalPodAutoscaler').map(({ metadata, spec }) => {
      const { kind, name } = (spec as { scaleTargetRef: { kind: string; name: string } }).scaleTargetRef;
      expect(demo.api.list(kind).map((each) => `${each.metadata.namespace}/${each.metadata.name}`)).toContain(
        `${metadata.namespace}/${name}`
      );
      return kind;
    });
    expect(targets.filter((kind) => kind === 'Deployment').length).toBeGreaterThanOrEqual(2);
    expect(targets.filter((kind) => kind === 'Server')).toHaveLength(1);
    for (const { status } of demo.api.list('Node')) {
      expect(status).toMatchObject({ allocatable: { cpu: '31850m', memory: '130023424Ki' } });
    }
  });

  it('starts 2,000 models', async () => {
    await begin({ models: 2_000 });
    const kinds = ['Model', 'InferenceService', 'LLMInferenceService'];
    const deployed = kinds.reduce((sum, kind) => sum + demo.api.list(kind).length, 0);
    expect(deployed + demo.standalone.length).toBe(2_000);
  });

  it('frees what it took when a port is taken', async () => {
    await begin();
    const port = Number(new URL(demo.controlUrl).port);
    await expect(startDemo({ controlPort: port })).rejects.toThrow('EADDRINUSE');
  });

  it('listens for its standalone servers', async () => {
    await begin({ models: 28 });
    const [llm, crm, draft, kb] = demo.standalone;
    expect(await (await fetch(`${llm?.url}/v2`)).json()).toMatchObject({ name: 'triton' });
    expect((await fetch(`${llm?.url}/v2/models/summary-llm/ready`)).status).toBe(200);
    expect(await (await fetch(llm?.metricsUrl ?? '')).text()).toContain(
      'nv_inference_request_success{model="summary-llm"'
    );
    expect(await (await fetch(crm?.metricsUrl ?? '')).text()).toContain('model="lead-score",version="None"');
    expect(await (await fetch(draft?.metricsUrl ?? '')).text()).toContain('llamacpp:tokens_predicted_total ');
    expect(await (await fetch(kb?.metricsUrl ?? '')).text()).toContain('tgi_request_success ');
  });
});

describe('scenarios', () => {
  it.each(SCENARIOS)(
    '%s can be switched on and off, twice, and leaves every model as it was',
    async (name: ScenarioName) => {
      await begin();
      const without = () =>
        demo.api
          .list('Model')
          .map(({ spec, status }) => JSON.stringify([spec, status]).replace(/"lastTransitionTime":"[^"]+"/g, ''));
      const before = without();
      demo.setScenario(name, true);
      demo.setScenario(name, true);
      expect(demo.scenarios().find((scenario) => scenario.name === name)?.on).toBe(true);
      now += 60_000;
      demo.setScenario(name, false);
      expect(demo.scenarios().every((scenario) => !scenario.on)).toBe(true);
      expect(without()).toEqual(before);
    }
  );

  it('outage: its pods are killed for memory, the model fails, nobody answers; afterwards counters begin anew', async () => {
    await begin();
    const pods = [0, 1, 2].map((i) => `payments/pods/fraud-mlserver-${i}`);
    const metrics = pods.map((pod) => `${pod}:8082`);
    const before = await counted(metrics, 'model_infer_request_success_total', 'fraud-scorer_14');
    demo.setScenario('outage', true);
    expect(conditionsOf('Model', 'fraud-scorer').ModelReady).toMatchObject({ status: 'False', message: 'ModelFailed' });
    expect(object('Model', 'fraud-scorer').status).toMatchObject({ replicas: 3 });
    expect(object('Model', 'fraud-scorer').status).not.toHaveProperty('availableReplicas');
    expect(object('StatefulSet', 'fraud-mlserver').status).not.toHaveProperty('readyReplicas');
    expect(object('Server', 'fraud-mlserver').status).toMatchObject({ replicas: 3, loadedModels: 0 });
    expect(conditionsOf('Server', 'fraud-mlserver').Ready).toMatchObject({
      status: 'False',
      reason: 'StatefulSet replicas does not match desired replicas',
    });
    expect(conditionsOf('Pod', 'fraud-mlserver-1').Ready?.status).toBe('False');
    expect(JSON.stringify(object('Pod', 'fraud-mlserver-1').status)).toMatch(/CrashLoopBackOff.*OOMKilled/);
    expect(conditionsOf('Pipeline', 'payment-check')).toMatchObject({
      ModelsReady: { status: 'False', message: 'Some models are not available' },
      Ready: { status: 'False' },
    });
    expect((await proxy(`${pods[0]}:9000`, '/v2/health/live')).status).toBe(503);
    expect((await proxy('payments/pods/mlserver-0:9000', '/v2/health/ready')).status).toBe(200);
    now += 300_000;
    demo.setScenario('outage', false);
    expect((await proxy(`${pods[0]}:9000`, '/v2/models/fraud-scorer_14/ready')).status).toBe(200);
    now += 60_000;
    const after = await counted(metrics, 'model_infer_request_success_total', 'fraud-scorer_14');
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThan(before / 100);
  });

  it('degraded: one of two replicas fails to load, the other takes all requests', async () => {
    await begin();
    demo.setScenario('degraded', true);
    expect(object('Model', 'chargeback-risk').status).toMatchObject({ replicas: 2, availableReplicas: 1 });
    expect(conditionsOf('Model', 'chargeback-risk').Ready).toMatchObject({ status: 'False', message: 'ModelFailed' });
    const answers = await Promise.all(
      [0, 1, 2].map((i) => proxy(`payments/pods/mlserver-${i}:9000`, '/v2/repository/index', 'POST'))
    );
    const states = answers.flatMap(({ text }) =>
      (JSON.parse(text) as { name: string; state: string }[])
        .filter((entry) => entry.name === 'chargeback-risk_6')
        .map((entry) => entry.state)
    );
    expect(states.sort()).toEqual(['READY', 'UNAVAILABLE']);
    const pods = [0, 1, 2].map((i) => `payments/pods/mlserver-${i}:8082`);
    const success = () => counted(pods, 'model_infer_request_success_total', 'chargeback-risk_6');
    const before = await success();
    now += 600_000;
    expect(((await success()) - before) / 600).toBeGreaterThan(3);
  });

  it('slow: requests take ten times as long, most of it in the queue', async () => {
    await begin();
    const pods = [0, 1, 2].map((i) => `growth/pods/triton-${i}:8002`);
    const read = async () => ({
      requests: await counted(pods, 'nv_inference_request_success', 'churn-v2_2'),
      total: await counted(pods, 'nv_inference_request_duration_us', 'churn-v2_2'),
      queue: await counted(pods, 'nv_inference_queue_duration_us', 'churn-v2_2'),
    });
    const over = async () => {
      const from = await read();
      now += 300_000;
      const to = await read();
      return {
        mean: (to.total - from.total) / (to.requests - from.requests),
        queue: (to.queue - from.queue) / (to.total - from.total),
      };
    };
    const usual = await over();
    demo.setScenario('slow', true);
    const slow = await over();
    demo.setScenario('slow', false);
    const again = await over();
    expect(slow.mean / usual.mean).toBeCloseTo(10, 0);
    expect(slow.queue).toBeGreaterThan(0.85);
    expect(usual.queue).toBeLessThan(0.1);
    expect(again.mean / usual.mean).toBeCloseTo(1, 1);
  });

  it('stale: Kubernetes says nothing of InferenceServices, and goes on about everything else', async () => {
    await begin({ bookmarkIntervalMs: 10 });
    demo.setScenario('stale', true);
    const isvc = `${demo.api.url}/apis/serving.kserve.io/v1beta1/inferenceservices`;
    const stop = new AbortController();
    const hanging = fetch(isvc, { signal: stop.signal }).catch(() => 'no answer');
    expect((await fetch(`${demo.api.url}/api/v1/pods?limit=1`)).status).toBe(200);
    stop.abort();
    expect(await hanging).toBe('no answer');
    demo.setScenario('stale', false);
    expect((await fetch(isvc)).status).toBe(200);
  });

  it('rollout: two of four replicas have the new version, the old one serves on the others', async () => {
    await begin();
    demo.setScenario('rollout', true);
    expect(object('Model', 'next-best-offer')).toMatchObject({
      metadata: { generation: 2 },
      spec: { artifactVersion: 8 },
      status: { replicas: 4, availableReplicas: 2 },
    });
    expect(conditionsOf('Model', 'next-best-offer').ModelReady).toMatchObject({
      status: 'False',
      message: 'ModelProgressing',
    });
    const ready = async (version: number) => {
      const answers = await Promise.all(
        [0, 1, 2, 3].map((i) =>
          proxy(`growth/pods/offers-mlserver-${i}:9000`, `/v2/models/next-best-offer_${version}/ready`)
        )
      );
      return answers.map((answer) => answer.status).sort();
    };
    expect(await ready(7)).toEqual([200, 200, 200, 200]);
    expect(await ready(8)).toEqual([200, 200, 400, 400]);
    demo.setScenario('rollout', false);
    expect(await ready(8)).toEqual([404, 404, 404, 404]);
  });

  it('scaled-to-zero: the model is down on purpose and counts no more', async () => {
    await begin();
    demo.setScenario('scaled-to-zero', true);
    expect(object('Model', 'translate-batch')).toMatchObject({ spec: { replicas: 0 }, status: { replicas: 0 } });
    expect(conditionsOf('Model', 'translate-batch').Ready).toMatchObject({
      status: 'False',
      message: 'ModelScaledDown',
    });
    const pods = [0, 1, 2].map((i) => `support/pods/mlserver-${i}:8082`);
    const before = await counted(pods, 'model_infer_request_success_total', 'translate-batch_3');
    now += 3_600_000;
    expect(before).toBeGreaterThan(0);
    expect(await counted(pods, 'model_infer_request_success_total', 'translate-batch_3')).toBe(before);
  });
});
