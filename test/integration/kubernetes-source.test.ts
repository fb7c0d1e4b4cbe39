/** The Kubernetes source against the demo's API server: through each fault, what was told equals a fresh list. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { startDemo, type Demo, type DemoOptions, type KubernetesObject } from '@modelwatch/demo';
import type { Observation } from '../../exporter/src/domain/observation';
import { SYSTEM_CLOCK, type Clock } from '../../exporter/src/sources/clock';
import {
  createKubernetesSource,
  KINDS as SOURCE_KINDS,
  type KubernetesSource,
} from '../../exporter/src/sources/kubernetes';

type SourceStatus = Extract<Observation, { kind: 'source-status' }>;

const MODELS = 'kubernetes/models.mlops.seldon.io';
const KINDS: readonly [api: string, resource: string][] = [
  ['Model', 'SeldonModel'],
  ['Server', 'SeldonServer'],
  ['Pipeline', 'SeldonPipeline'],
  ['Experiment', 'SeldonExperiment'],
  ['InferenceService', 'InferenceService'],
  ['LLMInferenceService', 'LLMInferenceService'],
  ['InferenceGraph', 'InferenceGraph'],
  ['Pod', 'Pod'],
];

/** Kinds are looked for every second in place of every 30. */
const CLOCK: Clock = {
  ...SYSTEM_CLOCK,
  after: (seconds, run) => SYSTEM_CLOCK.after(seconds === 30 ? 1 : seconds, run),
};

/** What the observations add up to, as the domain would hold it. */
class Held {
  readonly objects = new Map<string, number | undefined>();
  readonly statuses = new Map<string, SourceStatus>();
  readonly relists = new Map<string, number>();
  readonly errors: string[] = [];
  readonly drops: string[] = [];
  private readonly listeners = new Set<() => void>();

  readonly telemetry = {
    relist: (source: string) => {
      this.relists.set(source, (this.relists.get(source) ?? 0) + 1);
      this.notify();
    },
    error: (_: string, reason: string) => void this.errors.push(reason),
    events: () => undefined,
    waited: () => undefined,
    probeStarted: () => undefined,
    newcomersAsked: () => undefined,
    foreign: () => undefined,
    dropped: (_: string, reason: string, detail: string) => void this.drops.push(`${reason} ${detail}`),
  };

  tell = (observation: Observation): void => {
    if (observation.kind === 'source-status') this.statuses.set(observation.source, observation);
    if (observation.kind === 'resource-applied') {
      const { kind, meta } = observation.resource;
      this.objects.set(`${kind}/${meta.namespace}/${meta.name}`, meta.generation);
    }
    if (observation.kind === 'resource-deleted') {
      this.objects.delete(`${observation.resource}/${observation.namespace}/${observation.name}`);
    }
    this.notify();
  };

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /** Resolves when it holds, at the latest after that many seconds; then the test fails on what it expects next. */
  until(holds: () => boolean, seconds = 15): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (holds()) done();
      };
      const done = () => {
        clearTimeout(timer);
        this.listeners.delete(check);
        resolve();
      };
      const timer = setTimeout(done, seconds * 1000);
      this.listeners.add(check);
      check();
    });
  }

  of(resource: string): string[] {
    return [...this.objects].filter(([key]) => key.startsWith(`${resource}/`)).map(([key, value]) => `${key} ${value}`);
  }

  get synced(): boolean {
    return (
      this.statuses.size > 0 &&
      [...this.statuses.values()].every(({ state }) => state === 'synced' || state === 'absent')
    );
  }
}

/** What a test began, ended after it however it went. */
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function begin(options: DemoOptions = {}): Promise<Demo> {
  const demo = await startDemo(options);
  closers.push(() => demo.stop());
  return demo;
}

function watch(options: Parameters<typeof createKubernetesSource>[0], held: Held): KubernetesSource {
  const source = createKubernetesSource(options, held.tell, held.telemetry, { clock: CLOCK });
  closers.push(() => source.stop());
  source.start();
  return source;
}

describe('the Kubernetes source', () => {
  let demo: Demo;
  let held: Held;
  let folder: string;
  const tokenFile = () => join(folder, 'token');

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kubernetes-source-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(tokenFile(), 'first-token\n');
    demo = await begin({ token: 'first-token', bookmarkIntervalMs: 300 });
    held = new Held();
    watch(
      {
        server: demo.api.url,
        tokenFile: tokenFile(),
        namespaces: [],
        staleAfterSeconds: 2,
        pageSize: 5,
        requestsPerSecond: 1_000,
      },
      held
    );
    await held.until(() => held.synced);
  });

  /** Keys and generations of a kind as a fresh list gives them. */
  function fresh(kind: string, resource: string): string[] {
    return demo.api
      .list(kind)
      .map(({ metadata }) => `${resource}/${metadata.namespace}/${metadata.name} ${String(metadata['generation'])}`);
  }

  function equal(): boolean {
    return KINDS.every(([kind, resource]) => fresh(kind, resource).sort().join() === held.of(resource).sort().join());
  }

  function expectEqual(): void {
    for (const [kind, resource] of KINDS) expect(held.of(resource).sort()).toEqual(fresh(kind, resource).sort());
  }

  const model = (name: string, generation = 1): KubernetesObject => ({
    apiVersion: 'mlops.seldon.io/v1alpha1',
    kind: 'Model',
    metadata: { name, namespace: 'faults', generation },
    spec: { storageUri: 's3://x' },
  });
  const removeModel = (name: string) => demo.api.remove({ kind: 'Model', namespace: 'faults', name });

  /** Things appear, change and go while `fault` happens in their midst. */
  async function churnThrough(fault: () => void | Promise<void>): Promise<void> {
    for (let index = 0; index < 12; index += 1) demo.api.apply(model(`m-${index}`));
    await fault();
    for (let index = 0; index < 6; index += 1) demo.api.apply(model(`m-${index}`, 2));
    for (let index = 3; index < 9; index += 1) removeModel(`m-${index}`);
    demo.api.apply(model('late'));
  }

  it('holds what a fresh list has, in pages of five, and says so for every kind', () => {
    expectEqual();
    expect(held.statuses.get(MODELS)).toMatchObject({
      title: 'Kubernetes, models.mlops.seldon.io',
      resources: ['SeldonModel'],
      state: 'synced',
      required: true,
      objects: demo.api.list('Model').length,
    });
    expect(held.of('Pod').length).toBeGreaterThan(0);
    expect(held.errors).toEqual([]);
    expect(held.drops).toEqual([]);
  });

  it.each<[string, () => void | Promise<void>, relists: number]>([
    ['nothing', () => undefined, 1],
    ['a clean end of all watches', () => demo.api.disconnectWatches('clean'), 1],
    ['an end in the middle of a line', () => demo.api.disconnectWatches('mid-line'), 1],
    [
      'an expired history',
      () => {
        demo.api.disconnectWatches('clean');
        demo.api.apply(model('between'));
        demo.api.expireHistory();
      },
      2,
    ],
    [
      'a time of server errors',
      () => {
        demo.api.failNext(40, 503);
        demo.api.disconnectWatches('mid-line');
      },
      1,
    ],
    [
      'a time of too many requests',
      () => {
        demo.api.failNext(20, 429, { 'Retry-After': '1' });
        demo.api.disconnectWatches('clean');
      },
      1,
    ],
    [
      'a new token',
      () => {
        demo.api.setToken('second-token');
        writeFileSync(tokenFile(), 'second-token\n');
        demo.api.disconnectWatches('clean');
      },
      1,
    ],
    ['a restart of the API server', () => demo.api.restart(), 2],
  ])('loses nothing through %s', async (_, fault, relists) => {
    await churnThrough(() => fault());
    await held.until(() => equal() && held.synced && held.relists.get(MODELS) === relists);
    expectEqual();
    expect(held.synced).toBe(true);
    expect(held.relists.get(MODELS)).toBe(relists);
    expect(held.drops).toEqual([]);
  });

  it('waits for a token that is late, and names the status until it comes', async () => {
    demo.api.setToken('second-token');
    demo.api.disconnectWatches('clean');
    await held.until(() => held.statuses.get(MODELS)?.state === 'failing');
    const { message } = held.statuses.get(MODELS) ?? {};
    expect(message).toContain('expected status 200, got 401');
    expect(message).not.toContain('token"');
    demo.api.apply(model('meanwhile'));
    writeFileSync(tokenFile(), 'second-token\n');
    await held.until(() => equal() && held.synced, 35);
    expectEqual();
    expect(held.relists.get(MODELS)).toBe(1);
  }, 60_000);

  it('a kind that is uninstalled goes absent with its objects, and comes back when it is installed', async () => {
    demo.api.uninstallKind('Model');
    await held.until(() => held.statuses.get(MODELS)?.state === 'absent');
    expect(held.statuses.get(MODELS)).toMatchObject({ state: 'absent', required: false, objects: 0 });
    expect(held.of('SeldonModel')).toEqual([]);
    expect(held.of('SeldonServer').sort()).toEqual(fresh('Server', 'SeldonServer').sort());
    demo.api.installKind('Model');
    await held.until(() => held.statuses.get(MODELS)?.state === 'synced' && equal(), 35);
    expectEqual();
  }, 60_000);

  it('says that a watch is silent, and what happened in the silence when it is over', async () => {
    demo.api.silence(true, 'Model');
    demo.api.apply(model('in-silence'));
    await held.until(() => held.statuses.get(MODELS)?.state === 'silent');
    expect(held.statuses.get(MODELS)).toMatchObject({
      state: 'silent',
      message: 'no event and no bookmark for 2 s',
    });
    expect(held.statuses.get('kubernetes/servers.mlops.seldon.io')?.state).toBe('synced');
    demo.api.silence(false);
    await held.until(() => equal() && held.synced);
    expectEqual();
  });
});

it('is synced where neither Seldon nor KServe is installed: there is nothing to watch', async () => {
  const demo = await begin();
  for (const kind of [
    ...['Model', 'Server', 'Pipeline', 'Experiment', 'SeldonRuntime'],
    ...['InferenceService', 'LLMInferenceService', 'ServingRuntime', 'ClusterServingRuntime', 'InferenceGraph'],
  ]) {
    demo.api.uninstallKind(kind);
  }
  const held = new Held();
  watch({ server: demo.api.url, namespaces: [], staleAfterSeconds: 10, pageSize: 500, requestsPerSecond: 1_000 }, held);
  const decided = ({ state }: SourceStatus) => state === 'synced' || state === 'absent';
  await held.until(() => held.statuses.size > 0 && [...held.statuses.values()].every(decided));
  const required = [...held.statuses.values()].filter((status) => status.required);
  expect(required.map(({ source: name, state }) => `${name} ${state}`).sort()).toEqual([
    'kubernetes/deployments.apps synced',
    'kubernetes/pods synced',
    'kubernetes/statefulsets.apps synced',
  ]);
});

it('does with the other API groups what it can while one cannot be asked about', async () => {
  const demo = await begin();
  const path = '/apis/mlops.seldon.io/v1alpha1';
  demo.api.forbid([path]);
  const held = new Held();
  watch({ server: demo.api.url, namespaces: [], staleAfterSeconds: 10, pageSize: 500, requestsPerSecond: 1_000 }, held);
  const isSeldon = ({ source: name }: SourceStatus) => name.endsWith('.mlops.seldon.io');
  const all = () => [...held.statuses.values()];
  const read = ({ state }: SourceStatus) => state === 'synced' || state === 'absent';
  await held.until(
    () => all().length > 0 && all().every((one) => (isSeldon(one) ? one.state === 'failing' : read(one)))
  );
  expect(all().filter(isSeldon).length).toBeGreaterThan(1);
  for (const { state, message } of all().filter(isSeldon)) {
    expect([state, message]).toEqual(['failing', expect.stringContaining(`GET ${path}: expected status 200, got 403`)]);
  }
  expect(
    all()
      .filter((one) => !isSeldon(one))
      .filter(read).length
  ).toBe(held.statuses.size - all().filter(isSeldon).length);
  expect(held.of('InferenceService')).toHaveLength(demo.api.list('InferenceService').length);
  demo.api.forbid([]);
  await held.until(() => held.synced);
  expect(held.of('SeldonModel')).toHaveLength(demo.api.list('Model').length);
});

it('goes over to another version of a kind without a gap, and to an older one where there is no newer', async () => {
  const demo = await begin();
  const held = new Held();
  const kinds = SOURCE_KINDS.map((kind) =>
    kind.plural === 'models' ? { ...kind, versions: ['v1', 'v1alpha1'] as const } : kind
  );
  let gone = 0;
  const tell = (observation: Observation) => {
    if (observation.kind === 'resource-deleted') gone += 1;
    held.tell(observation);
  };
  const options = {
    server: demo.api.url,
    namespaces: [],
    staleAfterSeconds: 10,
    pageSize: 5,
    requestsPerSecond: 1_000,
  };
  const source = createKubernetesSource(options, tell, held.telemetry, { clock: CLOCK, kinds });
  closers.push(() => source.stop());
  source.start();
  await held.until(() => held.statuses.get(MODELS)?.state === 'synced');
  const before = held.of('SeldonModel').sort();
  expect(before).toHaveLength(demo.api.list('Model').length);

  for (const versions of [['v1alpha1', 'v1'], ['v1'], ['v1alpha1']]) {
    const relists = held.relists.get(MODELS) ?? 0;
    demo.api.serveVersions('Model', versions);
    // Of two versions the newer is taken; with the older one alone it goes back.
    await held.until(() => versions[0] === 'v1' || (held.relists.get(MODELS) ?? 0) > relists);
  }
  await held.until(() => held.statuses.get(MODELS)?.state === 'synced');
  expect(held.of('SeldonModel').sort()).toEqual(before);
  expect(gone).toBe(0);
  expect([...demo.api.requests.keys()]).toContain('GET /apis/mlops.seldon.io/v1/models');
}, 60_000);

it('does without what the rights of a namespace do not give, and does not hammer for it', async () => {
  const demo = await begin();
  const cluster = '/apis/serving.kserve.io/v1alpha1/clusterservingruntimes';
  const namespace = demo.api.list('Model')[0]?.metadata.namespace ?? '';
  const runtimes = `/apis/serving.kserve.io/v1alpha1/namespaces/${namespace}/servingruntimes`;
  demo.api.forbid([cluster, runtimes]);
  const held = new Held();
  watch(
    {
      server: demo.api.url,
      namespaces: [namespace],
      staleAfterSeconds: 10,
      pageSize: 500,
      requestsPerSecond: 1_000,
    },
    held
  );
  const settled = ({ state }: SourceStatus) => ['synced', 'absent', 'forbidden'].includes(state);
  await held.until(() => held.statuses.size > 0 && [...held.statuses.values()].every(settled));
  expect(held.statuses.get('kubernetes/clusterservingruntimes.serving.kserve.io')).toMatchObject({
    state: 'forbidden',
    required: false,
    message: expect.stringContaining(
      `not allowed, and not needed: GET ${cluster}: expected status 200, got 403`
    ) as string,
  });
  expect(held.statuses.get('kubernetes/servingruntimes.serving.kserve.io')).toMatchObject({ state: 'forbidden' });
  const required = [...held.statuses.values()].filter((status) => status.required);
  expect(required.every(({ state }) => state === 'synced')).toBe(true);
  expect(demo.api.requests.get(`GET ${cluster}`)).toBe(1);
});

it('watches only the namespaces that it is told to', async () => {
  const demo = await begin();
  const namespaces = [...new Set(demo.api.list('Model').map(({ metadata }) => metadata.namespace ?? ''))].slice(0, 2);
  const held = new Held();
  watch({ server: demo.api.url, namespaces, staleAfterSeconds: 10, pageSize: 500, requestsPerSecond: 1_000 }, held);
  await held.until(() => held.synced);
  const expected = demo.api.list('Model').filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ''));
  expect(held.of('SeldonModel')).toHaveLength(expected.length);
  expect(expected.length).toBeLessThan(demo.api.list('Model').length);
});

it('speaks TLS with the CA of a file, and says so when the server has another', async () => {
  const certificate = () =>
    generate([{ name: 'commonName', value: 'demo' }], {
      keySize: 2048,
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
  const [{ cert, private: key }, other] = await Promise.all([certificate(), certificate()]);
  const folder = mkdtempSync(join(tmpdir(), 'kubernetes-source-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const caFile = join(folder, 'ca.crt');
  writeFileSync(caFile, other.cert);
  const demo = await begin({ tls: { cert, key } });
  const held = new Held();
  watch(
    { server: demo.api.url, caFile, namespaces: [], staleAfterSeconds: 10, pageSize: 500, requestsPerSecond: 1_000 },
    held
  );
  await held.until(() => held.statuses.get('kubernetes/pods')?.state === 'failing');
  expect(held.statuses.get('kubernetes/pods')?.message).toMatch(/CERT|certificate/);

  writeFileSync(caFile, cert);
  watch(
    { server: demo.api.url, caFile, namespaces: [], staleAfterSeconds: 10, pageSize: 500, requestsPerSecond: 1_000 },
    held
  );
  await held.until(() => held.synced);
  expect(held.synced).toBe(true);
});
