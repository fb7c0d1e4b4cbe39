/** KServe: an InferenceService is a model; the workloads of its predictor are the server that it runs on. */
import { causeText, isWellCondition, type ModelComponent, type RuntimeState } from '@modelwatch/contract';
import { conditionText, conditionViews, findCondition } from '../conditions';
import {
  defined,
  endpointsOf,
  endpointViews,
  newest,
  storageOf,
  type Described,
  type ModelFields,
  type ServerContext,
  type SourceFreshness,
} from '../described';
import { reportedVersion, type ModelOnEndpoint } from '../endpoint-facts';
import { cause, type Cause, type Declared, type ServingFacts } from '../facts';
import { predictorName } from '../kserve-parts';
import { podCauses, podView, workloadReplicas } from '../pods';
import type { Condition, InferenceService } from '../resources';
import type { Replicas } from '../views';
import type { PodView } from '../workload-views';
import { deploymentOf, desiredTraffic } from './kserve-deployment';

/** Pods and workloads of a part of one resource. */
export type Parts = (component: ModelComponent) => ServerContext;

export interface InferenceServiceInput {
  readonly service: InferenceService;
  readonly source: SourceFreshness;
  readonly parts: Parts;
  /** False while nobody can tell pods (no right to read them): their absence then proves nothing. */
  readonly podsKnown: boolean;
  /** Absent while not all runtimes are known. */
  readonly runtimeState?: RuntimeState;
}

/** Parts of an InferenceService that have workloads; which of them there are is in its spec. */
export function componentsOf({ components, multiNode }: InferenceService): readonly ModelComponent[] {
  const names: readonly ModelComponent[] = components.map((component) => component.name);
  return multiNode ? [...names, 'worker'] : names;
}

export function describeInferenceService(input: InferenceServiceInput): Described<ModelFields> {
  const { service, source, parts, runtimeState } = input;
  const context = parts('predictor');
  const on: ModelOnEndpoint = { name: service.meta.name, alone: true, evictable: false };
  const endpoints = endpointsOf(context, on);
  const replicas = replicasOf(input);
  const declared = declaredOf(input);
  const zero = intendedZero(service, replicas);
  const fatal = declared === 'progressing' ? undefined : unreachable(input, declared);
  const impaired = declared === 'progressing' ? [] : impairedOf(input);
  const ready = findCondition(service.status, 'Ready');
  const odd = ready?.oddStatus;
  return {
    facts: {
      source,
      hasStatus: service.status !== undefined && (service.status.conditions.length > 0 || hasModelStatus(service)),
      deleting: service.meta.deletedSeconds !== undefined,
      ...(zero ? { intendedZero: zero } : {}),
      declared,
      replicas,
      ...(fatal ? { fatal } : {}),
      causes: causesOf(input, declared, replicas, fatal),
      ...(impaired.length > 0 ? { impaired } : {}),
      ...(odd === undefined ? {} : { oddStatus: odd }),
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
        storage: storageOf(service),
        version:
          predictorOf(service)?.latestReadyRevision ??
          versionOf(context, on) ??
          service.meta.labels['app.kubernetes.io/version'],
      }),
      traffic: desiredTraffic(service),
      deployment: deploymentOf(service, parts, componentsOf(service), runtimeState),
      pods: podViews(parts, componentsOf(service)),
      endpoints: endpointViews(context, on, () => false),
    },
    conditions: conditionViews(service.status),
    meta: service.meta,
    ...defined({
      createdSeconds: service.meta.createdSeconds,
      transitionSeconds: ready?.lastTransitionSeconds,
      contactSeconds: newest(source.lastContactSeconds, endpoints.answeredSeconds),
    }),
  };
}

export function podViews(parts: Parts, components: readonly ModelComponent[]): readonly PodView[] {
  return components.flatMap((component) => {
    const { pods, name } = parts(component);
    return pods.map((pod) => podView(pod, name, component));
  });
}

function predictorOf(service: InferenceService) {
  return service.components.find((component) => component.name === 'predictor');
}

/** The workloads tell; the copies in modelStatus count one pod list at some time, and "Ready" outlives its pods. */
function replicasOf({ service, parts, podsKnown }: InferenceServiceInput): Replicas {
  const { workloads, pods } = parts('predictor');
  const workload = workloadReplicas(workloads);
  if (workload.desired !== undefined) return workload;
  const minReplicas = predictorOf(service)?.minReplicas;
  // ModelMesh loads the model into pods of the runtime, which are nobody's own: only its count of copies tells.
  if (service.deploymentMode === 'ModelMesh') return defined({ available: service.copies?.ready });
  if (isStopped(service))
    return { desired: 0, ...(podsKnown ? { available: pods.filter((pod) => pod.ready).length } : {}) };
  if (!podsKnown) return defined({ desired: minReplicas });
  const ready = pods.filter((pod) => pod.ready).length;
  return { desired: Math.max(minReplicas ?? 1, pods.length), available: ready };
}

function isStopped(service: InferenceService): boolean {
  const stopped = findCondition(service.status, 'Stopped');
  return service.stopRequested || (stopped !== undefined && !isWellCondition(stopped.type, stopped.status));
}

function hasModelStatus(service: InferenceService): boolean {
  return service.transitionStatus !== undefined || service.targetModelState !== undefined;
}

function loadFailed(service: InferenceService): boolean {
  return service.transitionStatus === 'BlockedByFailedLoad' || service.targetModelState === 'FailedToLoad';
}

const WORKLOAD_FAILURES = ['ProgressDeadlineExceeded', 'FailedCreate', 'ReplicaFailure'];

/** Over several nodes the reason is one of each part: `predictor-container: X, worker-container: Y`. */
function failedWorkload(service: InferenceService) {
  return service.status?.conditions.find(
    ({ status, reason = '' }) => status === 'False' && WORKLOAD_FAILURES.some((failure) => reason.includes(failure))
  );
}

/** lastFailureInfo stays after a recovery, so it has no say here. */
function declaredOf(input: InferenceServiceInput): Declared {
  const { service } = input;
  const ready = findCondition(service.status, 'Ready')?.status;
  if (service.transitionStatus === 'InvalidSpec' || loadFailed(service)) return 'failed';
  if (ready !== 'True' && failedWorkload(service)) return 'failed';
  if (service.transitionStatus === 'InProgress') return 'progressing';
  if (newRevision(service) && ready !== 'False') return 'progressing';
  if (canariesWait(service) && ready === 'True' && stuckCanaries(input) === undefined) return 'progressing';
  if (ready === 'True') return 'ready';
  return ready === 'False' ? 'failed' : 'none';
}

function newRevision(service: InferenceService): boolean {
  const { latestCreatedRevision: created, latestReadyRevision: done } = predictorOf(service) ?? {};
  return created !== undefined && done !== undefined && created !== done;
}

function canariesWait(service: InferenceService): boolean {
  const condition = isFalse(service, 'CanaryPredictorReady');
  return condition !== undefined && condition.reason !== 'Stopped' && service.canaries.length > 0;
}

/** Canaries that are not ready and will not become so by waiting. KServe's status does not tell the two apart. */
function stuckCanaries({ service, parts }: InferenceServiceInput): Cause | undefined {
  if (!canariesWait(service)) return undefined;
  const { workloads, pods } = parts('predictor');
  const gaveUp = workloads.some((workload) => findCondition(workload.status, 'Progressing')?.status === 'False');
  if (!gaveUp && podCauses(pods).length === 0) return undefined;
  const names = service.canaries.filter((canary) => canary.ready === false).map((canary) => canary.name);
  return cause('replicas_unavailable', `canary ${names.join(', ')}: not ready`);
}

function isLoading(service: InferenceService): boolean {
  return service.activeModelState !== 'Loaded' && service.targetModelState !== 'Loaded' && hasModelStatus(service);
}

/**
 * A service that Knative scaled to zero is Ready, and yet `InProgress` with state `Pending`: KServe takes "no pod" for a
 * start. So the transition has no say, a newer revision that waits for its first pod has.
 */
function intendedZero(service: InferenceService, replicas: Replicas): ServingFacts['intendedZero'] {
  if (isStopped(service)) return 'stopped';
  const none = !replicas.available && (replicas.desired ?? 0) === 0;
  const wanted = replicas.desired === 0 || predictorOf(service)?.minReplicas === 0;
  const settled = !loadFailed(service) && service.transitionStatus !== 'InvalidSpec' && !newRevision(service);
  const ready = findCondition(service.status, 'Ready')?.status === 'True';
  return none && wanted && settled && ready ? 'scaled_to_zero' : undefined;
}

function isFalse(service: InferenceService, type: string) {
  const condition = findCondition(service.status, type);
  return condition?.status === 'False' ? condition : undefined;
}

/** Why a part is down: its pods tell first, then its condition. Undefined: nothing says that it is. */
export function partCause(part: string, context: ServerContext, condition: Condition | undefined): Cause | undefined {
  const { desired = 0, available } = workloadReplicas(context.workloads);
  const down = desired > 0 && available === 0;
  if (condition?.status !== 'False' && !down) return undefined;
  const [known] = podCauses(context.pods);
  const told = condition?.status === 'False' ? conditionText(condition) : undefined;
  const why = known ? causeText(known.reason) : (told ?? (down ? 'no replica is ready' : 'not ready'));
  return cause('dependency_not_ready', `${part}: ${why}`);
}

/** A condition of a part that was taken out of the spec stays in the status; it says nothing any more. */
function serviceCause({ service, parts }: InferenceServiceInput, part: 'transformer' | 'explainer'): Cause | undefined {
  if (!service.components.some((component) => component.name === part)) return undefined;
  const type = part === 'transformer' ? 'TransformerReady' : 'ExplainerReady';
  return partCause(part, parts(part), findCondition(service.status, type));
}

interface Unanswered {
  readonly cause: Cause;
  /** None of them answers. */
  readonly all: boolean;
}

/** Replicas of a part that Kubernetes calls ready and that say otherwise when they are asked. */
function unanswered(
  { service, parts }: InferenceServiceInput,
  part: 'transformer' | 'explainer'
): Unanswered | undefined {
  if (!service.components.some((component) => component.name === part)) return undefined;
  const { facts } = endpointsOf(parts(part), undefined);
  const down = facts.filter(({ state }) => state === 'down');
  const why = down.find((fact) => fact.cause)?.cause;
  if (!why) return undefined;
  const all = down.length === facts.length;
  const which = all ? '' : `${down.length} of ${facts.length} replicas: `;
  return { all, cause: cause('dependency_not_ready', `${part}: ${which}${causeText(why.reason)}`) };
}

/** What is wrong beside the path of requests, or on some ways of several. */
function impairedOf(input: InferenceServiceInput): readonly Cause[] {
  const explainer = serviceCause(input, 'explainer') ?? unanswered(input, 'explainer')?.cause;
  const transformer = unanswered(input, 'transformer');
  const some = transformer?.all === false ? transformer.cause : undefined;
  return [explainer, some].filter((one) => one !== undefined);
}

/**
 * Parts that every request passes: the transformer and the route; an explainer is not one of them. `Ready` rests on the
 * predictor and the ingress alone, so a transformer that is down can stand under a Ready that is True.
 */
function unreachable(input: InferenceServiceInput, declared: Declared): Cause | undefined {
  const { service } = input;
  if (findCondition(service.status, 'PredictorReady')?.status !== 'True') return undefined;
  const asked = unanswered(input, 'transformer');
  const transformer = serviceCause(input, 'transformer') ?? (asked?.all ? asked.cause : undefined);
  if (transformer || declared !== 'failed') return transformer;
  const route =
    isFalse(service, 'IngressReady') ?? isFalse(service, 'RoutesReady') ?? isFalse(service, 'PredictorRouteReady');
  return route && cause('route_not_ready', conditionText(route));
}

function causesOf(
  input: InferenceServiceInput,
  declared: Declared,
  replicas: Replicas,
  fatal: Cause | undefined
): readonly Cause[] {
  const { service, parts } = input;
  const causes = [
    ...statusCauses(service, declared, replicas, fatal),
    ...runtimeCauses(input, declared),
    ...podCauses(parts('predictor').pods),
    ...(service.multiNode ? podCauses(parts('worker').pods) : []),
  ];
  const canary = stuckCanaries(input);
  if (canary) causes.push(canary);
  return causes;
}

/** A model that serves goes on without its runtime, which is only read for a rollout. */
function runtimeCauses({ service, runtimeState }: InferenceServiceInput, declared: Declared): readonly Cause[] {
  if (declared === 'ready' || runtimeState === undefined || runtimeState === 'available') return [];
  return [cause('no_matching_runtime', `runtime ${service.runtime ?? ''} is ${runtimeState}`)];
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
  if (fatal || isFalse(service, 'ExplainerReady')) return [];
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

/** What the server of the predictor takes from its service. */
export function predictorOwner(service: InferenceService) {
  return {
    deleting: service.meta.deletedSeconds !== undefined,
    stopRequested: service.stopRequested,
    loading: isLoading(service),
    ...defined({ runtime: service.runtime ?? service.modelFormat }),
  };
}
