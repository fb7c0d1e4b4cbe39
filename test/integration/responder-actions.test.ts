/** Actions of the responder beside `call` and `scale` of a Model, against the demo's API server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeResponseList, type ResponseRecord } from '@modelwatch/contract';
import { startDemo, type Demo } from '@modelwatch/demo';
import { configSchema } from '../../exporter/src/config/schema';
import { createLog } from '../../exporter/src/log/log';
import { undo } from '../../exporter/src/responder/undo';
import { clusterOf, startResponder, type RunningResponder } from '../../exporter/src/responding';
import { stringify } from 'yaml';
import { startInterceptor } from '../support/interceptor';
import { until } from '../support/processes';

const TOKEN = 'a-token-of-alertmanager';
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-responder-actions-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const tokenFile = file('token', TOKEN);

let demo: Demo;
let between: Awaited<ReturnType<typeof startInterceptor>>;
const running: RunningResponder[] = [];
let number = 0;

beforeAll(async () => {
  demo = await startDemo({ models: 40 });
  between = await startInterceptor(demo.api.url);
});
beforeEach(() => {
  number += 1;
  between.through();
  between.seen.length = 0;
});
afterEach(async () => {
  between.through();
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(async () => {
  await between.stop();
  await demo.stop();
  rmSync(folder, { recursive: true });
});

async function begin(action: object, more: object = {}): Promise<RunningResponder> {
  const config = configSchema.parse({
    web: { listenAddress: '127.0.0.1' },
    kubernetes: { server: between.url },
    responder: {
      ...{ enabled: true, port: 0, mode: 'auto', alertmanager: { tokenFile } },
      allow: {
        namespaces: ['growth', 'logistics'],
        kinds: ['Experiment', 'InferenceService', 'Job', 'Model', 'Workflow'],
        actions: ['traffic', 'rollback', 'job'],
      },
      lease: { namespace: 'modelwatch', name: `actions-${number}` },
      policies: [
        {
          ...{ name: 'act', match: { alertnames: ['ModelwatchModelDrift'] }, action },
          ...{ minAlertAgeSeconds: 0, cooldownSeconds: 0, stillFiring: false },
        },
      ],
      ...more,
    },
  });
  const one = await startResponder(config, {
    log: createLog({ level: 'fatal', format: 'json' }),
    source: { load: () => ({ config, hash: '', ignoredVariables: [] }) },
    lease: { durationSeconds: 0.5, retrySeconds: 0.05 },
  });
  running.push(one);
  return one;
}

const STARTED = new Date(Date.now() - 600_000).toISOString();
/** @returns what became of it */
async function send(to: RunningResponder, labels: Readonly<Record<string, string>>, fingerprint = `f${number}`) {
  const responses = async () => decodeResponseList(await (await fetch(`${to.url}/api/v1/responses`)).json()).items;
  const seen = (await responses()).length;
  const alert = { status: 'firing', labels: { alertname: 'ModelwatchModelDrift', ...labels }, startsAt: STARTED };
  await fetch(`${to.url}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ version: '4', alerts: [{ ...alert, fingerprint }] }),
  });
  const [{ result, reason, text } = {} as ResponseRecord] = await until(
    'a response',
    responses,
    (items) => items.length > seen
  );
  return `${result} ${reason}: ${text}`;
}

interface Live {
  readonly metadata: { readonly uid: string };
  readonly spec: unknown;
}
async function live(path: string): Promise<Live> {
  return (await (await fetch(demo.api.url + path)).json()) as Live;
}
const writes = () =>
  between.seen.filter(({ method, path }) => method !== 'GET' && !/dryRun|leases|\/events/.test(path)).length;
interface KubernetesEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: Readonly<Record<string, string>>;
}
const eventsIn = async (namespace: string) =>
  (
    (await (await fetch(`${demo.api.url}/api/v1/namespaces/${namespace}/events`)).json()) as {
      items: KubernetesEvent[];
    }
  ).items;

async function takeBack(...[kind, target]: [Parameters<typeof undo>[0], Parameters<typeof undo>[1]]): Promise<string> {
  const { cluster, close } = clusterOf(configSchema.parse({ kubernetes: { server: demo.api.url } }));
  try {
    return await undo(kind, target, cluster);
  } finally {
    await close();
  }
}

describe('traffic', () => {
  const EXPERIMENT = '/apis/mlops.seldon.io/v1alpha1/namespaces/growth/experiments/offer-test';
  const action = { type: 'traffic', kind: 'Experiment', name: 'offer-test' };
  const alert = { namespace: 'growth', model: 'upsell-propensity' };

  it('of a candidate that drifts is stopped once, and comes back by undo', async () => {
    const before = await live(EXPERIMENT);
    const dry = await begin(action, { mode: 'dry-run' });
    expect(await send(dry, alert)).toBe('proposed none: would go from 30 to 0');
    expect([await live(EXPERIMENT), writes()]).toEqual([before, 0]);
    const responder = await begin(action);
    expect(await send(responder, alert)).toBe('acted none: went from 30 to 0');
    expect((await live(EXPERIMENT)).spec).toMatchObject({
      default: 'next-best-offer',
      candidates: [
        { name: 'next-best-offer', weight: 70 },
        { name: 'upsell-propensity', weight: 0 },
      ],
    });
    expect(await send(responder, alert)).toContain('refused duplicate');
    expect(await send(responder, alert, 'another')).toContain('unchanged none');
    expect(writes()).toBe(1);
    const { uid } = before.metadata;
    expect(await eventsIn('growth')).toEqual([
      expect.objectContaining({
        ...{ type: 'Normal', reason: 'ResponseActed' },
        message: 'act, because of ModelwatchModelDrift: traffic acted: went from 30 to 0',
        involvedObject: expect.objectContaining({ kind: 'Experiment', name: 'offer-test', uid }) as object,
      }),
    ]);
    const place = { namespace: 'growth', name: 'offer-test' };
    expect(await takeBack('Experiment', place)).toContain('weight of upsell-propensity from 0 back to 30');
    expect((await live(EXPERIMENT)).spec).toEqual(before.spec);
  });

  it('is told to have failed on the object; where even that fails, it is counted', async () => {
    const path = '/apis/serving.kserve.io/v1beta1/namespaces/logistics/inferenceservices/damage-vision';
    const { uid } = (await live(path)).metadata;
    between.intercept(({ method }) => Promise.resolve(method === 'PATCH' ? 403 : undefined));
    const canary = { type: 'traffic', kind: 'InferenceService', candidate: 'distilled' };
    const responder = await begin(canary);
    const labels = { namespace: 'logistics', model: 'damage-vision' };
    expect(await send(responder, labels)).toContain('failed forbidden');
    expect(await eventsIn('logistics')).toMatchObject([
      { type: 'Warning', reason: 'ResponseFailed', involvedObject: { uid, apiVersion: 'serving.kserve.io/v1beta1' } },
    ]);
    between.intercept(({ method, path }) =>
      Promise.resolve(method === 'PATCH' || path.includes('/events') ? 403 : undefined)
    );
    expect(await send(responder, labels, 'another')).toContain('failed forbidden');
    const metrics = await (await fetch(`${responder.url}/metrics`)).text();
    expect(metrics).toContain('modelwatch_responder_kubernetes_events_total{result="written"} 1');
    expect(metrics).toContain('modelwatch_responder_kubernetes_events_total{result="failed"} 1');
  });

  it('of the default, and of what the alert does not name, stays', async () => {
    const responder = await begin(action);
    expect(await send(responder, { ...alert, model: 'next-best-offer' })).toContain('next-best-offer is the default');
    expect(await send(responder, { namespace: 'growth' }, 'other')).toContain('refused no_target');
    expect(writes()).toBe(0);
  });

  it('of a canary is stopped, and the other fields stay', async () => {
    const path = '/apis/serving.kserve.io/v1beta1/namespaces/logistics/inferenceservices/damage-vision';
    const { spec: before } = (await live(path)) as { spec: { canary: object[] } };
    const responder = await begin({ type: 'traffic', kind: 'InferenceService', candidate: 'distilled', to: 5 });
    expect(await send(responder, { namespace: 'logistics', model: 'damage-vision' })).toContain('from 20 to 5');
    expect((await live(path)).spec).toEqual({ ...before, canary: [{ ...before.canary[0], trafficPercent: 5 }] });
  });
});

describe('replicas', () => {
  it.each([
    ['Server', 'mlops.seldon.io/v1alpha1', 'servers', 'server', ['spec', 'replicas']],
    [
      'InferenceService',
      'serving.kserve.io/v1beta1',
      'inferenceservices',
      'model',
      ['spec', 'predictor', 'minReplicas'],
    ],
    [
      ...([
        'HorizontalPodAutoscaler',
        'autoscaling/v2',
        'horizontalpodautoscalers',
        'horizontalpodautoscaler',
      ] as const),
      ['spec', 'minReplicas'],
    ],
  ] as const)('of the kind %s go a step up, and back by undo', async (kind, api, plural, label, field) => {
    const { items } = (await (await fetch(`${demo.api.url}/apis/${api}/${plural}`)).json()) as {
      items: { metadata: { namespace: string; name: string } }[];
    };
    const { namespace = '', name = '' } = items[0]?.metadata ?? {};
    const path = `/apis/${api}/namespaces/${namespace}/${plural}/${name}`;
    const value = (object: unknown) =>
      field.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], object) as number;
    const before = await live(path);
    const responder = await begin(
      { type: 'scale', kind, nameLabel: label, step: 1, max: 90 },
      { allow: { namespaces: [namespace], kinds: [kind], actions: ['scale'] } }
    );
    const from = value(before);
    expect(await send(responder, { namespace, [label]: name })).toBe(`acted none: went from ${from} to ${from + 1}`);
    expect(value(await live(path))).toBe(from + 1);
    expect(writes()).toBe(1);
    expect(await takeBack(kind, { namespace, name })).toContain(`from ${from + 1} back to ${from}`);
    expect((await live(path)).spec).toEqual(before.spec);
  });
});

describe('a roll-back', () => {
  const MODEL = '/apis/mlops.seldon.io/v1alpha1/namespaces/growth/models/upsell-propensity';
  const alert = { namespace: 'growth', model: 'upsell-propensity' };
  const change = (path: string, patch: object) =>
    fetch(demo.api.url + path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify(patch),
    });

  it('is none while nobody says which version was healthy, then one, and comes back by undo', async () => {
    const responder = await begin({ type: 'rollback', kind: 'Model' });
    await change(MODEL, { spec: { artifactVersion: null, storageUri: 'https://me:hunter2@store/8' } });
    expect(await send(responder, alert)).toContain('refused unknown_version: metadata.annotations');
    const healthy = 'https://me:hunter2@store/7';
    await change(MODEL, { metadata: { annotations: { 'modelwatch.io/last-healthy-storage-uri': healthy } } });
    const before = await live(MODEL);
    expect(await send(responder, alert, 'later')).toBe(
      'acted none: went from https://store/8 to https://store/7 (spec.storageUri)'
    );
    expect((await live(MODEL)).spec).toEqual({ ...(before.spec as object), storageUri: healthy });
    expect(await send(responder, alert, 'later')).toContain('refused duplicate');
    expect(await send(responder, alert, 'again')).toContain('unchanged none: spec.storageUri is the last healthy');
    expect(JSON.stringify(await eventsIn('growth'))).not.toContain('hunter2');
    const place = { namespace: 'growth', name: 'upsell-propensity' };
    expect(await takeBack('Model', place)).toContain('from https://store/7 back to https://store/8');
    expect((await live(MODEL)).spec).toEqual(before.spec);
  });

  it('of a service with revisions gives all traffic to the one before', async () => {
    const path = '/apis/serving.kserve.io/v1beta1/namespaces/growth/inferenceservices/email-ranker';
    const service = { namespace: 'growth', model: 'email-ranker' };
    const responder = await begin({ type: 'rollback', kind: 'InferenceService' });
    expect(await send(responder, service)).toContain('refused unknown_version: status.components.predictor');
    await change(path, { status: { components: { predictor: { previousRolledoutRevision: 'email-ranker-00001' } } } });
    expect(await send(responder, service, 'later')).toContain('back to email-ranker-00001');
    expect((await live(path)).spec).toMatchObject({ predictor: { canaryTrafficPercent: 0 } });
    expect(await takeBack('InferenceService', { namespace: 'growth', name: 'email-ranker' })).toContain('back to 100');
  });
});

describe('a job', () => {
  const JOB = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { labels: { app: 'retrain', model: '$model' } },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              ...{ name: 'train', image: 'trainer:1', command: ['sh', '-c', 'train --model "$MODEL_NAME"'] },
              env: [{ name: 'MODEL_NAME', value: '$model' }],
            },
          ],
        },
      },
    },
  };
  const alert = { namespace: 'growth', model: 'upsell-propensity' };
  const templateFile = file('job.yaml', stringify(JOB));
  const action = { type: 'job', kind: 'Job', templateFile };
  const jobs = async () =>
    ((await (await fetch(`${demo.api.url}/apis/batch/v1/namespaces/growth/jobs`)).json()) as { items: Created[] })
      .items;
  interface Created {
    readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
    readonly spec: unknown;
  }

  it('is created once for an alert, whatever gets lost on the way', async () => {
    const dry = await begin(action, { mode: 'dry-run' });
    expect(await send(dry, alert)).toMatch(/^proposed none: would create Job act-[0-9a-f]{20}$/);
    expect(await jobs()).toEqual([]);
    between.intercept(({ method, path }) =>
      Promise.resolve(method === 'POST' && path.includes('/jobs') && !path.includes('dryRun') ? 'lost' : undefined)
    );
    expect(await send(await begin(action), alert)).toMatch(/^acted none: created Job act-/);
    const [job, ...more] = await jobs();
    expect(more).toEqual([]);
    expect(job?.metadata.labels).toEqual({
      ...{ app: 'retrain', model: 'upsell-propensity' },
      'app.kubernetes.io/managed-by': 'modelwatch-responder',
    });
    expect((await eventsIn('growth')).map(({ involvedObject: { kind, name } }) => `${kind} ${name}`)).toContain(
      `Job ${job?.metadata.name}`
    );
    expect(JSON.stringify(job?.spec)).toContain('{"name":"MODEL_NAME","value":"upsell-propensity"}');
    // One that has lost its memory learns it from the name.
    const lease = { namespace: 'modelwatch', name: 'without-memory' };
    expect(await send(await begin(action, { lease }), alert)).toContain('refused duplicate');
    expect(await jobs()).toHaveLength(1);
  });

  it.each(['lost', 504, undefined] as const)(
    'holds others back while nobody can tell whether it is there (%s)',
    async (how) => {
      const before = (await jobs()).length;
      let isSent = false;
      const isReal = (path: string) => path.includes('/jobs') && !path.includes('dryRun');
      between.intercept(({ method, path }) => {
        if (method === 'POST' && isReal(path)) {
          isSent = true;
          return Promise.resolve(how);
        }
        return Promise.resolve(isSent && path.includes('/jobs/') ? 503 : undefined);
      });
      const policy = { name: 'act', match: { alertnames: ['ModelwatchModelDrift'] }, action };
      const patient = { minAlertAgeSeconds: 0, cooldownSeconds: 600, stillFiring: false, maxAttempts: 1 };
      const one = await begin(action, { policies: [{ ...policy, ...patient }] });
      expect(await send(one, alert)).toMatch(
        how === undefined ? /^failed not_verified/ : /^failed unavailable.*not known$/
      );
      between.through();
      expect(await send(one, alert, `other${number}`)).toContain('refused cooldown');
      expect(await jobs()).toHaveLength(before + (how === 504 ? 0 : 1));
    }
  );

  it('is a Workflow as well', async () => {
    const workflow = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
      spec: {
        arguments: { parameters: [{ name: 'model', value: '$model' }] },
        workflowTemplateRef: { name: 'retrain' },
      },
    };
    const given = { type: 'job', kind: 'Workflow', templateFile: file('workflow.yaml', stringify(workflow)) };
    expect(await send(await begin(given), alert)).toContain('acted none: created Workflow act-');
    const path = '/apis/argoproj.io/v1alpha1/namespaces/growth/workflows';
    const { items } = (await (await fetch(demo.api.url + path)).json()) as { items: Created[] };
    expect(items[0]?.spec).toEqual({
      ...workflow.spec,
      arguments: { parameters: [{ name: 'model', value: 'upsell-propensity' }] },
    });
  });

  it('is none where its template cannot be used', async () => {
    const broken = { ...action, templateFile: file('broken.yaml', stringify({ ...JOB, kind: 'Pod' })) };
    expect(await send(await begin(broken), alert)).toContain('broken.yaml: kind: expected Job, got "Pod"');
    const absent = await begin({ ...action, templateFile: join(folder, 'absent') });
    expect(await send(absent, alert, 'other')).toContain('failed rejected');
    expect(writes()).toBe(0);
  });
});
