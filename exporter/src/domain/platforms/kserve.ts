/** KServe: an InferenceService is a model; the workloads of its predictor are the server that it runs on. */
import { conditionText, conditionViews, findCondition } from '../conditions';
import {
  defined,
  endpointsOf,
  endpointViews,
  newest,
  ownerOf,
  type Described,
  type ModelFields,
  type ServerContext,
  type ServerFields,
  type SourceFreshness,
} from '../described';
import { reportedVersion, type ModelOnEndpoint } from '../endpoints';
import { cause, type Cause, type Declared, type ServingFacts } from '../facts';
import { inferenceContainer, podCauses, podView, predictorName, workloadReplicas } from '../pods';
import type { InferenceService, ObjectMeta } from '../resources';
import type { Replicas } from '../views';

export interface InferenceServiceInput {
  readonly service: InferenceService;
  readonly source: SourceFreshness;
  readonly context: ServerContext;
  /** False while nobody can tell pods (no right to read them): their absence then proves nothing. */
  readonly podsKnown: boolean;
}

export function describeInferenceService(input: InferenceServiceInput): Described<ModelFields> {
  const { service, source, context } = input;
  const on: ModelOnEndpoint = { name: service.meta.name, alone: true, evictable: false };
  const endpoints = endpointsOf(context, on);
  const replicas = replicasOf(input);
  const ready = findCondition(service.status, 'Ready');
  const declared = declaredOf(service);
  const zero = intendedZero(service, replicas, declared);
  const fatal = declared === 'failed' ? unreachable(service) : undefined;
  return {
    facts: {
      source,
      hasStatus: service.status !== undefined && (service.status.conditions.length > 0 || hasModelStatus(service)),
      deleting: service.meta.deletedSeconds !== undefined,
      ...(zero ? { intendedZero: zero } : {}),
      declared,
      replicas,
      ...(fatal ? { fatal } : {}),
      causes: [...statusCauses(service, declared, replicas, fatal), ...podCauses(context.pods)],
      whileLoading: isLoading(service),
      endpoints: endpoints.facts,
      expectedEndpoints: endpoints.facts.length,
      everAnswered: endpoints.answeredSeconds !== undefined,
    },
    fields: {
      replicas,
      ...defined({
        server: predictorName(service.meta.name),
        runtime: service.runtime ?? service.modelFormat,
        version:
          service.latestReadyRevision ?? versionOf(context, on) ?? service.meta.labels['app.kubernetes.io/version'],
        owner: ownerOf(service.meta),
      }),
      traffic: trafficOf(service),
      pods: context.pods.map((pod) => podView(pod, context.name)),
      endpoints: endpointViews(context, on, () => false),
    },
    conditions: conditionViews(service.status),
    ...defined({
      createdSeconds: service.meta.createdSeconds,
      transitionSeconds: ready?.lastTransitionSeconds,
      contactSeconds: newest(source.lastContactSeconds, endpoints.answeredSeconds),
    }),
  };
}

/** The workloads tell; the copies in modelStatus count one pod list at some time, and "Ready" outlives its pods. */
function replicasOf({ service, context, podsKnown }: InferenceServiceInput): Replicas {
  const workload = workloadReplicas(context.workloads);
  if (workload.desired !== undefined) return defined({ desired: workload.desired, available: workload.available });
  if (!podsKnown) return defined({ desired: service.minReplicas });
  const ready = context.pods.filter((pod) => pod.ready).length;
  return { desired: Math.max(service.minReplicas ?? 1, context.pods.length), available: ready };
}

function hasModelStatus(service: InferenceService): boolean {
  return service.transitionStatus !== undefined || service.targetModelState !== undefined;
}

function loadFailed(service: InferenceService): boolean {
  return service.transitionStatus === 'BlockedByFailedLoad' || service.targetModelState === 'FailedToLoad';
}

const WORKLOAD_FAILURES = ['ProgressDeadlineExceeded', 'FailedCreate', 'ReplicaFailure'];

function failedWorkload(service: InferenceService) {
  return service.status?.conditions.find(
    (condition) => condition.status === 'False' && WORKLOAD_FAILURES.includes(condition.reason ?? '')
  );
}

/** lastFailureInfo stays after a recovery, so it has no say here. */
function declaredOf(service: InferenceService): Declared {
  const ready = findCondition(service.status, 'Ready')?.status;
  if (service.transitionStatus === 'InvalidSpec' || loadFailed(service)) return 'failed';
  if (ready !== 'True' && failedWorkload(service)) return 'failed';
  if (service.transitionStatus === 'InProgress') return 'progressing';
  const { latestCreatedRevision: created, latestReadyRevision: done } = service;
  const newRevision = created !== undefined && done !== undefined && created !== done;
  if (newRevision && ready !== 'False') return 'progressing';
  if (ready === 'True') return 'ready';
  return ready === 'False' ? 'failed' : 'none';
}

function isLoading(service: InferenceService): boolean {
  return service.activeModelState !== 'Loaded' && service.targetModelState !== 'Loaded' && hasModelStatus(service);
}

function intendedZero(service: InferenceService, replicas: Replicas, declared: Declared): ServingFacts['intendedZero'] {
  if (service.stopRequested || findCondition(service.status, 'Stopped')?.status === 'True') return 'stopped';
  const none = !replicas.available && (replicas.desired ?? 0) === 0;
  const wanted = replicas.desired === 0 || service.minReplicas === 0;
  return none && wanted && declared === 'ready' ? 'scaled_to_zero' : undefined;
}

function isFalse(service: InferenceService, type: string) {
  const condition = findCondition(service.status, type);
  return condition?.status === 'False' ? condition : undefined;
}

/** Parts that every request passes. An explainer is not one of them. */
function unreachable(service: InferenceService): Cause | undefined {
  if (findCondition(service.status, 'PredictorReady')?.status !== 'True') return undefined;
  const transformer = isFalse(service, 'TransformerReady');
  if (transformer) return cause('dependency_not_ready', `transformer: ${conditionText(transformer) ?? 'not ready'}`);
  const route =
    isFalse(service, 'IngressReady') ?? isFalse(service, 'RoutesReady') ?? isFalse(service, 'PredictorRouteReady');
  return route && cause('route_not_ready', conditionText(route));
}

/** Which failure the status tells. The last failure explains a failure that holds now, it never proves one. */
function statusCauses(
  service: InferenceService,
  declared: Declared,
  replicas: Replicas,
  fatal: Cause | undefined
): readonly Cause[] {
  if (declared !== 'failed') return [];
  const { lastFailure } = service;
  if (service.transitionStatus === 'InvalidSpec') return [failureCause(service, 'invalid_spec')];
  if (loadFailed(service)) {
    const killed = lastFailure?.exitCode === 137 ? [cause('out_of_memory')] : [];
    return [...killed, failureCause(service, 'load_failed')];
  }
  const workload = failedWorkload(service);
  if (workload) return [cause('workload_failed', conditionText(workload))];
  if (fatal) return [];
  const explainer = isFalse(service, 'ExplainerReady');
  if (explainer) return [cause('dependency_not_ready', `explainer: ${conditionText(explainer) ?? 'not ready'}`)];
  const detail = conditionText(isFalse(service, 'PredictorReady') ?? findCondition(service.status, 'Ready'));
  const short = (replicas.available ?? 0) < (replicas.desired ?? 1);
  if (!short) return [cause('other', detail)];
  return [cause(replicas.available ? 'replicas_unavailable' : 'no_replicas_available', detail)];
}

const FAILURE_REASONS: Readonly<Record<string, Cause['reason']>> = {
  ModelLoadFailed: 'load_failed',
  RuntimeUnhealthy: 'runtime_unhealthy',
  RuntimeDisabled: 'no_matching_runtime',
  NoSupportingRuntime: 'no_matching_runtime',
  RuntimeNotRecognized: 'no_matching_runtime',
  InvalidPredictorSpec: 'invalid_spec',
  InvalidWorkerSpecNotSet: 'invalid_spec',
  InvalidGPUAllocation: 'invalid_spec',
};

function failureCause(service: InferenceService, otherwise: Cause['reason']): Cause {
  const { reason, message } = service.lastFailure ?? {};
  const known = Object.hasOwn(FAILURE_REASONS, reason ?? '') ? FAILURE_REASONS[reason ?? ''] : undefined;
  return cause(known ?? otherwise, message ?? conditionText(isFalse(service, 'PredictorReady')));
}

function versionOf(context: ServerContext, on: ModelOnEndpoint): string | undefined {
  for (const pod of context.pods) {
    const record = context.record(pod.meta.name);
    const version = record && reportedVersion(record, on);
    if (version !== undefined) return version;
  }
  return undefined;
}

/** One entry per revision: a revision can be listed twice, as the latest one and under a tag. */
function trafficOf(service: InferenceService): ModelFields['traffic'] {
  const ratios = new Map<string, number>();
  for (const { revision, percent } of service.traffic)
    ratios.set(revision, (ratios.get(revision) ?? 0) + percent / 100);
  return [...ratios].map(([candidate, ratio]) => ({ candidate, ratio }));
}

export interface PredictorInput {
  /** Absent when only workload or pods are left of it. */
  readonly service?: InferenceService;
  readonly source: SourceFreshness;
  readonly context: ServerContext;
}

/** The predictor as a server, from its workloads; without any it has nothing to show and is left out. */
export function describePredictor({ service, source, context }: PredictorInput): Described<ServerFields> | undefined {
  const workload = workloadReplicas(context.workloads);
  const meta: ObjectMeta | undefined = context.workloads[0]?.meta;
  if (!meta || workload.desired === undefined) return undefined;
  const endpoints = endpointsOf(context, undefined);
  const replicas: Replicas = defined({ desired: workload.desired, available: workload.available });
  return {
    facts: {
      source,
      hasStatus: true,
      deleting: meta.deletedSeconds !== undefined || service?.meta.deletedSeconds !== undefined,
      ...predictorZero(workload, service),
      declared: predictorDeclared(workload),
      replicas,
      causes: podCauses(context.pods),
      whileLoading: service !== undefined && isLoading(service),
      endpoints: endpoints.facts,
      expectedEndpoints: endpoints.facts.length,
      everAnswered: endpoints.answeredSeconds !== undefined,
    },
    fields: {
      replicas,
      ...defined({
        runtime: service?.runtime ?? service?.modelFormat,
        memoryCapacityBytes: predictorMemory(context),
      }),
      capabilities: [],
    },
    conditions: conditionViews(context.workloads[0]?.status),
    ...defined({
      createdSeconds: meta.createdSeconds,
      transitionSeconds: findCondition(context.workloads[0]?.status, 'Available')?.lastTransitionSeconds,
      contactSeconds: newest(source.lastContactSeconds, endpoints.answeredSeconds),
    }),
  };
}

function predictorZero(workload: Replicas, service: InferenceService | undefined): Pick<ServingFacts, 'intendedZero'> {
  if (workload.desired !== 0 || workload.available) return {};
  return { intendedZero: service?.stopRequested ? 'stopped' : 'scaled_to_zero' };
}

function predictorDeclared(workload: ReturnType<typeof workloadReplicas>): Declared {
  const { desired = 0, available = 0, updated = 0 } = workload;
  if (updated < desired) return 'progressing';
  return available < desired ? 'none' : 'ready';
}

function predictorMemory(context: ServerContext): number | undefined {
  let sum = 0;
  for (const workload of context.workloads) {
    const perReplica = inferenceContainer(workload.containers)?.memoryBytes;
    if (perReplica === undefined) return undefined;
    sum += perReplica * workload.desiredReplicas;
  }
  return sum;
}
