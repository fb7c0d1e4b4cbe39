/** What the demo offers as a library. Times are milliseconds since 1970 where a name ends in Ms. */

/** Other exporters of the cluster, by the name of the job that Prometheus scrapes them as. */
export const CLUSTER_EXPORTERS = ['kubelet', 'kube-state-metrics', 'node-exporter', 'dcgm-exporter'] as const;
export type ClusterExporter = (typeof CLUSTER_EXPORTERS)[number];

export const SCENARIOS = [
  'outage',
  'degraded',
  'slow',
  'stale',
  'rollout',
  'scaled-to-zero',
  'errors',
  'saturated-queue',
  'oom-restarts',
  'kv-cache-full',
  'bad-deploy',
  'dependency-down',
  'slow-burn',
  'low-traffic',
  'refused-callers',
  'cpu-throttled',
  'swapped-artifacts',
  'metrics-blocked',
  'sudden-shift',
  'gradual-shift',
  'missing-column',
  'new-category',
  'too-little-traffic',
  'events-stop',
  'malformed-events',
  'bad-batch',
  'label-flip',
  'late-actuals',
  'challenger-ahead',
  'review-backlog',
  'unfair-group',
  'prompt-shift',
  'refusals',
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** Scenarios that happen to what a model is asked; of its replicas nothing is wrong. */
export const DATA_SCENARIOS = [
  'sudden-shift',
  'gradual-shift',
  'missing-column',
  'new-category',
  'too-little-traffic',
  'events-stop',
  'malformed-events',
  'bad-batch',
  'label-flip',
  'late-actuals',
  'challenger-ahead',
  'review-backlog',
  'unfair-group',
  'prompt-shift',
  'refusals',
] as const satisfies readonly ScenarioName[];
export type DataScenarioName = (typeof DATA_SCENARIOS)[number];

/** How many models the demo has unless told otherwise. */
export const DEMO_MODELS = 28;

export interface DemoOptions {
  /** The same seed gives the same fleet, the same traffic and the same scenarios. Default 1. */
  readonly seed?: number;
  /** Default DEMO_MODELS, in 4 namespaces. */
  readonly models?: number;
  /** Ports on 127.0.0.1; 0 (default) takes free ones. */
  readonly apiPort?: number;
  readonly controlPort?: number;
  /** Bearer token that the API server asks for; absent: no authentication. */
  readonly token?: string;
  /** PEM; absent: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Bookmarks of open watches. Default 10,000; a real server sends one about every minute. */
  readonly bookmarkIntervalMs?: number;
  /** Whether a watch may ask for initial events (feature gate WatchList). Default true. */
  readonly watchList?: boolean;
  /** Whether each namespace with a Seldon runtime has its scheduler listening from the start. Default false. */
  readonly schedulers?: boolean;
  /** Custom resources of others that the API server has besides; their objects come by `api.apply`. */
  readonly moreKinds?: readonly CustomKind[];
  /** The exporter that models with data send their events to, e.g. http://127.0.0.1:8780. Absent: to nobody. */
  readonly eventsUrl?: string;
  /** How often what is due is sent there. Default 1,000. */
  readonly eventsIntervalMs?: number;
  /** Default: the real clock. Tests pass their own. */
  readonly nowMs?: () => number;
}

/** A kind of custom resource, as discovery tells it. */
export interface CustomKind {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface StandaloneServer {
  readonly name: string;
  readonly url: string;
  readonly metricsUrl: string;
  /** As the exporter's configuration calls it, where it could not find out by itself. */
  readonly kind?: 'llamacpp';
  /** The module that the exporter asks it by; its file is in provisioning/servers. */
  readonly module?: 'tgi';
  readonly models: readonly string[];
}

/** An entry of `models` in the exporter's configuration: requests that take longer are slow. */
export interface SlowModel {
  readonly namespace: string;
  readonly name: string;
  readonly slowSeconds: number;
}

/** A Kubernetes object as JSON. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string } & Record<string, unknown>;
  readonly [field: string]: unknown;
}

/** The simulated API server, with its faults on demand. */
export interface DemoApiServer {
  readonly url: string;
  apply(object: KubernetesObject): void;
  remove(ref: { kind: string; namespace: string; name: string }): void;
  /** All objects of a kind, as a fresh list would give them. */
  list(kind: string): readonly KubernetesObject[];
  /** Brings a kind back with the objects that it had. */
  installKind(kind: string): void;
  /** As if its definition were deleted: its paths answer 404, open watches of it end. */
  uninstallKind(kind: string): void;
  /** API versions in which a kind is served, as after an upgrade of its definition; watches of others end. */
  serveVersions(kind: string, versions: readonly string[]): void;
  /** Requests of exactly these paths (without query) are answered 403. */
  forbid(paths: readonly string[]): void;
  /** Watches tell each event twice, then the one before it again, then a bookmark from before. */
  disorder(on: boolean): void;
  /** Ends every open watch, cleanly or in the middle of a line. */
  disconnectWatches(how: 'clean' | 'mid-line'): void;
  /** Forgets history: a watch or a continue token from an older resourceVersion gets 410. */
  expireHistory(): void;
  /** The next `count` requests are answered with this status; calls that go through to a pod are not counted. */
  failNext(count: number, status: number, headers?: Record<string, string>): void;
  /**
   * Watches stay open and say nothing, not even bookmarks, until resumed; new lists and watches get no answer. With
   * `kind` only that kind falls silent.
   */
  silence(on: boolean, kind?: string): void;
  setToken(token: string | undefined): void;
  /** Stops listening and starts again on the same port, with a fresh resourceVersion. */
  restart(): Promise<void>;
  /** Requests so far, by `METHOD path` without query, for tests that count. */
  readonly requests: ReadonlyMap<string, number>;
}

export interface SchedulerOptions {
  /** On 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** PEM; absent: without TLS. */
  readonly tls?: {
    readonly cert: string;
    readonly key: string;
    readonly ca?: string;
    readonly requestCert?: boolean;
    readonly rejectUnauthorized?: boolean;
  };
}

/** A scheduler of Seldon Core 2 that speaks its gRPC protocol, as far as it tells the status of things. */
export interface DemoScheduler {
  readonly namespace: string;
  /** `grpc://127.0.0.1:port`, or grpcs. */
  readonly url: string;
  /** Sends these bytes as a message to those who are subscribed, for faults on demand. */
  say(kind: 'Server' | 'Model' | 'Pipeline' | 'Experiment', message: Buffer): void;
  /** As a process that is killed. */
  stop(): Promise<void>;
}

export interface Demo {
  readonly api: DemoApiServer;
  readonly controlUrl: string;
  readonly standalone: readonly StandaloneServer[];
  /** Those that were started. */
  schedulers(): readonly Pick<DemoScheduler, 'namespace' | 'url'>[];
  /** Those whose model is in the fleet: a small one has not all. */
  scenarios(): readonly {
    readonly name: ScenarioName;
    readonly on: boolean;
    readonly description: string;
    readonly model: string;
  }[];
  /** @throws Error if the model of the scenario is not in the fleet. */
  setScenario(name: ScenarioName, on: boolean): void;
  /** What an exporter of the cluster says now: cAdvisor (`kubelet`), kube-state-metrics and so on. */
  clusterMetrics(exporter: ClusterExporter): string;
  /** The scheduler of the namespace; it ends with the demo. @throws the listener's error when the port is taken */
  startScheduler(namespace: string, options?: SchedulerOptions): Promise<DemoScheduler>;
  stop(): Promise<void>;
}
