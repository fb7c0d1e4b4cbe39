/** A fleet made by hand for the tests of this folder, put through the real families and the real store. */
import {
  type ComponentRole,
  entityKey,
  reasonSentence,
  type ServingReason,
  type ServingState,
} from '@modelwatch/contract';
import { NO_MONITORING } from '../domain/events/monitoring-book';
import { inferenceSample } from '../domain/testing/builders';
import type { ModelView, ServerView } from '../domain/views';
import type { ComponentView } from '../domain/components/known';
import type { SourceView } from '../domain/source-book';
import type { FleetChange, Snapshot } from '../domain/fleet-interface';
import { createExpositionStore } from '../exposition/segments';
import { GROUPS, renderChange } from '../families';
import { createLog } from '../log/log';
import { createApp } from './app';
import type { AppDeps } from './deps';
import { createHealthReader } from './health';
import { createSelfMetrics } from './self-metrics';
import { startServer, type RunningServer } from './server';

export const NOW = 1_795_231_087;

/** Every field that a platform can say. */
const DEPLOYMENT: NonNullable<ModelView['deployment']> = {
  resourceKind: 'InferenceService',
  mode: 'Knative',
  format: 'sklearn',
  formatVersion: '1',
  protocol: 'v2',
  storageUri: 's3://models/churn',
  url: 'http://churn.example.com',
  runtimeScope: 'cluster',
  runtimeState: 'available',
  components: [
    {
      component: 'predictor',
      replicas: { desired: 3, available: 2 },
      minReplicas: 1,
      maxReplicas: 5,
      scale: { metric: 'rps', target: 20 },
      concurrencyLimit: 4,
      timeoutSeconds: 30,
      rolloutInProgress: true,
      revisions: { latestReady: 'r1', latestCreated: 'r2', latestRolledOut: 'r1', previousRolledOut: 'r0' },
      parallelism: [{ kind: 'tensor', size: 2 }],
    },
  ],
  observedTraffic: [{ candidate: 'latest', ratio: 1 }],
  canaries: [{ name: 'blue', ready: false }],
  load: {
    transition: 'InProgress',
    active: 'Loaded',
    target: 'Loading',
    copiesReady: 2,
    copiesFailed: 1,
    lastFailure: { reason: 'ModelLoadFailed', message: 'say "why"', exitCode: 137, atSeconds: NOW - 60 },
  },
  llm: { servedName: 'example/chat', adapters: 1, group: { name: 'assistants', ratio: 0.5 } },
};

export function modelView(
  namespace: string,
  name: string,
  state: ServingState = 'serving',
  reason?: ServingReason,
  forSeconds = 3600
): ModelView {
  const replicas = { desired: 3, available: state === 'serving' ? 3 : state === 'degraded' ? 2 : 0 };
  return {
    key: entityKey({ namespace, name }),
    namespace,
    name,
    platform: 'seldon',
    verdict: { state, reasons: reason ? [{ reason, text: reasonSentence(reason, replicas) }] : [] },
    conditions: [{ condition: 'ModelReady', status: state === 'serving' ? 'True' : 'False', message: 'say "why"\n' }],
    createdSeconds: NOW - 86_400,
    lastTransitionSeconds: NOW - forSeconds,
    lastObservedSeconds: NOW - 7,
    history: [{ atSeconds: NOW - forSeconds, from: 'progressing', to: state }],
    replicas,
    server: 'mlserver',
    runtime: 'mlserver',
    version: '3',
    owner: 'risk',
    traffic: [{ candidate: name, ratio: 1 }],
    deployment: DEPLOYMENT,
    pods: [
      {
        pod: 'mlserver-0',
        namespace,
        uid: 'u-0',
        node: 'node-1',
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
        namespace,
        server: 'mlserver',
        replica: 'mlserver-0',
        address: '10.0.0.7:9000',
        up: true,
        ready: true,
        modelReady: state === 'serving',
        modelState: 'ready',
        serverName: 'mlserver',
        serverVersion: '1.6.1',
        lastProbeSeconds: NOW - 7,
        probeDurationSeconds: 0.004,
        inference: [
          inferenceSample(name, '3', {
            requests: { success: 12, server_error: 1 },
            histograms: { duration: { buckets: [{ le: 0.1, count: 11 }], sum: 0.9, count: 13 } },
          }),
        ],
      },
    ],
  };
}

const server: ServerView = {
  ...modelView('payments', 'mlserver'),
  capabilities: ['sklearn', 'xgboost'],
  loadedModels: 2,
  memoryCapacityBytes: 1e9,
  overcommitRatio: 0,
};

export const SYNCED: SourceView = {
  source: 'kubernetes/models.mlops.seldon.io',
  title: 'Kubernetes, Seldon models',
  state: 'synced',
  required: true,
  objects: 3,
  lastContactSeconds: NOW - 2,
};

export const SYNCING: SourceView = { ...SYNCED, state: 'syncing', objects: 0, message: 'first list not complete' };

function component(name: string, role: ComponentRole, more: Partial<ComponentView>): ComponentView {
  const replicas = { desired: 2, available: 2 };
  return { key: `payments/${name}`, namespace: 'payments', name, platform: 'seldon', role, replicas, ...more };
}

const COMPONENTS: readonly ComponentView[] = [
  component('seldon-scheduler', 'scheduler', { up: true, version: '2.9.1', restarts: 1, lastObservedSeconds: NOW }),
  component('seldon-dataflow-engine', 'dataflow_engine', { up: true, replicas: { desired: 2, available: 1 } }),
  component('seldon-envoy', 'ingress', { up: false, replicas: { desired: 1, available: 0 } }),
  component('seldon-modelgateway', 'model_gateway', { replicas: { desired: 1 } }),
];

export function snapshotOf(models: readonly ModelView[], part: Partial<Snapshot> = {}): Snapshot {
  const base = modelView('payments', 'pipe');
  return {
    models: new Map(models.map((model) => [model.key, model])),
    servers: new Map([[server.key, server]]),
    pipelines: new Map([[base.key, { ...base, steps: ['a', 'b'] }]]),
    experiments: new Map([
      [
        base.key,
        {
          ...base,
          resourceKind: 'model',
          candidates: [{ name: 'a', ratio: 1, isDefault: true }],
          mirror: { name: 'b', ratio: 0.1 },
        },
      ],
    ]),
    endpoints: new Map(),
    components: new Map(COMPONENTS.map((component) => [component.key, component])),
    settings: new Map(),
    usage: { rows: [], byServerType: [] },
    sources: [SYNCED],
    synced: true,
    everSynced: true,
    ...part,
  };
}

export interface TestServer extends RunningServer {
  readonly deps: AppDeps;
  /** What the handlers see from now on. */
  show(snapshot: Snapshot): void;
  readonly logged: string[];
}

/** The real app on a real socket. `override` replaces single dependencies. */
export async function serve(snapshot: Snapshot, override: Partial<AppDeps> = {}): Promise<TestServer> {
  let current = snapshot;
  const logged: string[] = [];
  const log = createLog({
    level: 'debug',
    format: 'json',
    destination: { write: (line: string) => void logged.push(line) },
  });
  const exposition = createExpositionStore(GROUPS);
  const all = <View>(changed: ReadonlyMap<string, View>) => ({ changed, confirmed: new Map<string, View>() });
  const change: FleetChange = {
    models: all(snapshot.models),
    servers: all(snapshot.servers),
    pipelines: all(snapshot.pipelines),
    experiments: all(snapshot.experiments),
    endpoints: snapshot.endpoints,
    serverReplicas: new Map(),
    components: snapshot.components,
    settings: snapshot.settings,
    pods: new Map(),
    nodes: new Map(),
    synthetic: new Map(),
    usage: snapshot.usage,
  };
  for (const { group, key, namespace, texts } of renderChange(change)) {
    exposition.set(group, key, texts ?? [], namespace);
  }
  const selfMetrics = createSelfMetrics({
    version: '0.1.0',
    configHash: '9f3c1a',
    configLoadedAtSeconds: NOW - 200_000,
    onDrop: () => undefined,
    onBrokenFamily: (name) => log.error({ name }, 'broken family'),
  });
  const deps: AppDeps = {
    about: {
      version: '0.1.0',
      host: 'modelwatch-0',
      startedAtSeconds: NOW - 234_000,
      configHash: '9f3c1a',
      configLoadedAtSeconds: NOW - 200_000,
      grafanaUrl: 'http://localhost:3000',
    },
    snapshot: () => current,
    settle: () => Promise.resolve(current),
    exposition,
    selfMetrics,
    health: createHealthReader({ intervalSeconds: 5, fetch, nowSeconds: () => NOW, onChange: () => undefined }),
    maxConcurrentScrapes: () => 16,
    scraped: () => [],
    monitoring: () => NO_MONITORING,
    slos: () => ({ declared: [], problems: [], holders: new Map() }),
    events: () => undefined,
    eventLog: { find: () => [], rememberedSinceSeconds: () => NOW },
    rowsTokenFile: () => undefined,
    probe: () => Promise.reject(new Error('nothing is probed here')),
    probeTimeoutSeconds: () => 5,
    maxConcurrentProbes: () => 16,
    lifecycle: { isEnabled: () => false, reload: () => ({ result: 'unchanged' }) },
    nowSeconds: () => NOW,
    log,
    ...override,
  };
  const running = await startServer(createApp(deps), {
    listenAddress: '127.0.0.1',
    port: 0,
    maxConnections: 64,
    telemetry: selfMetrics.web,
  });
  return {
    ...running,
    deps,
    logged,
    show: (next) => (current = next),
    stop: async (graceSeconds) => {
      selfMetrics.stop();
      await running.stop(graceSeconds);
    },
  };
}
