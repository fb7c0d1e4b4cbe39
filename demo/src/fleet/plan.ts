/** What the fleet is made of, before anything happens to it. Pure: the same seed and size give the same plan. */
import { share } from '../random';
import { generatedName } from './names';
import { DEFAULT_MODELS, type Seat } from './default-models';

export type Platform = 'seldon' | 'kserve' | 'standalone';

/** Steady behaviour of a model under load. */
export interface TrafficProfile {
  /** Mean over a day. */
  readonly requestsPerSecond: number;
  /** Hour of the day (UTC, 0 to 24) with the most requests. */
  readonly peakHour: number;
  readonly clientErrorRatio: number;
  readonly serverErrorRatio: number;
  /** Median time to answer one request, in seconds. */
  readonly medianSeconds: number;
}

export interface ModelPlan {
  readonly name: string;
  /** Where it is deployed; for a standalone model the team that would own it. */
  readonly namespace: string;
  readonly platform: Platform;
  readonly version: number;
  readonly replicas: number;
  /** Seldon: name of the Server. KServe: name of the runtime. Standalone: name of the server. */
  readonly server: string;
  readonly framework: string;
  readonly knative: boolean;
  /** KServe: an LLMInferenceService, in place of an InferenceService. */
  readonly llm: boolean;
  /** KServe: requests pass a transformer. */
  readonly transformer: boolean;
  /** KServe in Standard mode: one replica of another model that gets a share of the requests. */
  readonly canary?: { readonly name: string; readonly percent: number };
  /** Declared memory; absent where its owner declared none. */
  readonly memoryMebibytes?: number;
  readonly ageSeconds: number;
  readonly traffic: TrafficProfile;
}

export interface ServerPlan {
  readonly name: string;
  readonly namespace: string;
  readonly kind: 'mlserver' | 'triton';
  readonly replicas: number;
  readonly gpus: number;
  readonly cpuMillicores: number;
  readonly memoryGibibytes: number;
  readonly overcommitPercent: number;
  readonly ageSeconds: number;
  readonly models: readonly ModelPlan[];
}

export interface PipelinePlan {
  readonly name: string;
  readonly namespace: string;
  /** Each gets what the one before it answered. */
  readonly steps: readonly string[];
  /** Of the requests that come to its gateway. */
  readonly traffic: TrafficProfile;
}

export interface ExperimentPlan {
  readonly name: string;
  readonly namespace: string;
  readonly defaultCandidate: string;
  readonly candidates: readonly { readonly name: string; readonly weight: number }[];
  readonly mirror?: { readonly name: string; readonly percent: number };
}

export interface FleetPlan {
  readonly seed: number;
  readonly namespaces: readonly string[];
  readonly models: readonly ModelPlan[];
  /** Seldon servers. */
  readonly servers: readonly ServerPlan[];
  readonly pipelines: readonly PipelinePlan[];
  readonly experiments: readonly ExperimentPlan[];
  readonly nodes: number;
}

/** The models that the scenarios happen to come first, so a fleet cannot be smaller. */
const MIN_MODELS = 6;
export const MAX_MODELS = 20_000;

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** @throws RangeError if `count` is not a whole number from MIN_MODELS to MAX_MODELS. */
export function planFleet(seed: number, count: number): FleetPlan {
  if (!Number.isInteger(count) || count < MIN_MODELS || count > MAX_MODELS) {
    throw new RangeError(`models: ${count}: expected a whole number from ${MIN_MODELS} to ${MAX_MODELS}`);
  }
  const models = Array.from({ length: count }, (_, index) => planModel(seed, seatOf(seed, index)));
  const namespaces = [...new Set(models.filter((model) => model.platform !== 'standalone').map((m) => m.namespace))];
  const servers = planServers(seed, models);
  const podCount = servers.reduce((sum, s) => sum + s.replicas, 0) + kserveReplicas(models);
  return {
    seed,
    namespaces,
    models,
    servers,
    ...planCompositions(models),
    nodes: Math.max(6, Math.ceil(podCount / 20)),
  };
}

function kserveReplicas(models: readonly ModelPlan[]): number {
  return models.reduce((sum, model) => sum + (model.platform === 'kserve' ? model.replicas : 0), 0);
}

/** Default models keep their places; a generated one gets its place from its name. */
function seatOf(seed: number, index: number): Seat {
  const seat = DEFAULT_MODELS[index];
  if (seat !== undefined) return seat;
  const { namespace, name } = generatedName(index - DEFAULT_MODELS.length);
  const roll = share(seed, namespace, name, 'platform');
  const replicas = 1 + Math.floor(share(seed, namespace, name, 'replicas') ** 2 * 4);
  if (roll < 0.2) return { namespace, name, replicas, platform: 'kserve', server: 'kserve-sklearnserver' };
  // About ten models share a server, as multi-model serving is used.
  const shelf = Math.floor((index % 40) / 10) + 1;
  const server = roll < 0.3 ? 'triton' : `mlserver-${shelf}`;
  return { namespace, name, replicas: Math.min(replicas, 3), platform: 'seldon', server };
}

function planModel(seed: number, seat: Seat): ModelPlan {
  const { namespace, name, replicas, platform, server } = seat;
  const at = (what: string) => share(seed, namespace, name, what);
  const memory = at('memory');
  return {
    name,
    namespace,
    platform,
    replicas,
    server,
    version: seat.version ?? 1 + Math.floor(at('version') * 9),
    framework: seat.framework ?? (server.startsWith('triton') ? 'onnx' : at('framework') < 0.5 ? 'sklearn' : 'xgboost'),
    knative: seat.knative ?? false,
    llm: seat.llm ?? false,
    transformer: seat.transformer ?? false,
    ...(seat.canary === undefined ? {} : { canary: seat.canary }),
    // Some owners declare no memory: Seldon then counts it as 0.
    ...(memory < 0.15 ? {} : { memoryMebibytes: 64 + Math.floor(memory * 12) * 64 }),
    ageSeconds: Math.floor((2 + at('age') * 120) * DAY),
    traffic: {
      requestsPerSecond: seat.requestsPerSecond ?? Number((0.4 * 100 ** at('rate')).toFixed(3)),
      peakHour: 10 + at('peak') * 8,
      clientErrorRatio: 0.001 + at('client-errors') * 0.008,
      serverErrorRatio: 0.00005 + at('server-errors') * 0.0004,
      medianSeconds: seat.medianSeconds ?? 0.004 * 25 ** at('latency'),
    },
  };
}

function planServers(seed: number, models: readonly ModelPlan[]): readonly ServerPlan[] {
  const byServer = new Map<string, ModelPlan[]>();
  for (const model of models) {
    if (model.platform !== 'seldon') continue;
    const key = `${model.namespace}/${model.server}`;
    const hosted = byServer.get(key);
    if (hosted) hosted.push(model);
    else byServer.set(key, [model]);
  }
  return [...byServer.values()].map((hosted) => planServer(seed, hosted));
}

function planServer(seed: number, models: readonly ModelPlan[]): ServerPlan {
  const { server: name = '', namespace = '' } = models[0] ?? {};
  const triton = name.includes('triton');
  const declared = models.reduce((sum, model) => sum + (model.memoryMebibytes ?? 0), 0);
  const own = share(seed, namespace, name, 'age');
  return {
    name,
    namespace,
    kind: triton ? 'triton' : 'mlserver',
    replicas: Math.max(...models.map((model) => model.replicas)),
    gpus: triton || models.some((model) => model.name === 'fraud-scorer') ? 1 : 0,
    cpuMillicores: triton ? 2_000 : 1_000,
    memoryGibibytes: Math.max(2, Math.ceil(declared / 1_024) + 1),
    overcommitPercent: own < 0.3 ? 0 : 10,
    ageSeconds: Math.max(...models.map((model) => model.ageSeconds)) + Math.floor(own * DAY),
    models,
  };
}

/** Pipelines and experiments of the default fleet, and one pipeline for every ten generated Seldon models. */
function planCompositions(models: readonly ModelPlan[]): Pick<FleetPlan, 'pipelines' | 'experiments'> {
  const has = (namespace: string, names: readonly string[]) =>
    names.every((name) => models.some((model) => model.namespace === namespace && model.name === name));
  const withTraffic = (pipeline: Omit<PipelinePlan, 'traffic'>): PipelinePlan => ({
    ...pipeline,
    traffic: pipelineTraffic(
      pipeline.steps.flatMap((step) =>
        models.filter((model) => model.namespace === pipeline.namespace && model.name === step)
      )
    ),
  });
  const pipelines = DEFAULT_PIPELINES.filter((pipeline) => has(pipeline.namespace, pipeline.steps)).map(withTraffic);
  const experiments = DEFAULT_EXPERIMENTS.filter((experiment) =>
    has(
      experiment.namespace,
      experiment.candidates.map((candidate) => candidate.name)
    )
  );
  const generated: PipelinePlan[] = [];
  const seldon = models.slice(DEFAULT_MODELS.length).filter((model) => model.platform === 'seldon');
  for (let i = 0; i + 1 < seldon.length; i += 10) {
    const [first, second] = [seldon[i], seldon[i + 1]];
    if (first === undefined || second === undefined || first.namespace !== second.namespace) continue;
    const { namespace } = first;
    generated.push(withTraffic({ namespace, name: `${first.name}-flow`, steps: [first.name, second.name] }));
  }
  return { pipelines: [...pipelines, ...generated], experiments };
}

/** Between two steps a request goes through Kafka. */
export const KAFKA_SECONDS = 0.012;

/** A quarter of what its least asked step gets from elsewhere; what a step fails, the pipeline fails. */
function pipelineTraffic(steps: readonly ModelPlan[]): TrafficProfile {
  const rates = steps.map((step) => step.traffic.requestsPerSecond);
  const succeeds = steps.reduce((share, step) => share * (1 - step.traffic.serverErrorRatio), 1);
  const clientErrorRatio = 0.003;
  return {
    requestsPerSecond: Number((Math.min(...rates) / 4).toFixed(3)),
    peakHour: steps[0]?.traffic.peakHour ?? 12,
    clientErrorRatio,
    serverErrorRatio: (1 - clientErrorRatio) * (1 - succeeds),
    medianSeconds: steps.reduce((sum, step) => sum + step.traffic.medianSeconds + KAFKA_SECONDS, KAFKA_SECONDS),
  };
}

const DEFAULT_PIPELINES: readonly Omit<PipelinePlan, 'traffic'>[] = [
  { namespace: 'payments', name: 'payment-check', steps: ['aml-triage', 'fraud-scorer'] },
  { namespace: 'support', name: 'ticket-intake', steps: ['intent-router', 'ticket-priority'] },
  { namespace: 'logistics', name: 'delivery-promise', steps: ['route-cost', 'eta-courier'] },
];

const DEFAULT_EXPERIMENTS: readonly ExperimentPlan[] = [
  {
    namespace: 'growth',
    name: 'offer-test',
    defaultCandidate: 'next-best-offer',
    candidates: [
      { name: 'next-best-offer', weight: 70 },
      { name: 'upsell-propensity', weight: 30 },
    ],
  },
  {
    namespace: 'logistics',
    name: 'eta-shadow',
    defaultCandidate: 'eta-courier',
    candidates: [{ name: 'eta-courier', weight: 100 }],
    mirror: { name: 'route-cost', percent: 20 },
  },
];
