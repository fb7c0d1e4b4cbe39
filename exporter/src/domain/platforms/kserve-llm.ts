/** KServe: an LLMInferenceService is a model, served by its main workload, with prefill and a router in front of it. */
import { isWellCondition, type ModelComponent } from '@modelwatch/contract';
import { conditionText, conditionViews, findCondition } from '../conditions';
import type { ComponentView, DeploymentView } from '../deployment-view';
import {
  defined,
  endpointsOf,
  endpointViews,
  newest,
  storageOf,
  type Described,
  type ModelFields,
  type SourceFreshness,
} from '../described';
import type { ModelOnEndpoint } from '../endpoint-facts';
import { cause, type Cause, type Declared, type ServingFacts } from '../facts';
import { partName } from '../kserve-parts';
import { podCauses } from '../pods';
import type { Condition, LlmService, LlmWorkload } from '../resources';
import type { Replicas } from '../views';
import { partCause, podViews, type Parts } from './kserve';
import { replicasOfWorkloads } from './kserve-deployment';

export interface LlmServiceInput {
  readonly service: LlmService;
  readonly source: SourceFreshness;
  readonly parts: Parts;
}

export function describeLlmService(input: LlmServiceInput): Described<ModelFields> {
  const { service, source, parts } = input;
  const ready = findCondition(service.status, 'Ready');
  // There is no condition of its own for it: every part says `Stopped` as the reason of being not ready.
  const stopped = service.stopRequested || ready?.reason === 'Stopped';
  const found = replicasOf(service.main, parts, 'predictor');
  const replicas = stopped ? { ...found, desired: 0 } : found;
  const declared = declaredOf(input);
  const fatal = declared === 'failed' ? unreachable(input) : undefined;
  const components = componentsOf(service, parts);
  const on: ModelOnEndpoint = { name: service.meta.name, alone: true, evictable: false };
  const endpoints = endpointsOf(parts('predictor'), on);
  const name = partName({ of: 'llm', owner: service.meta.name, component: 'predictor' });
  return {
    facts: {
      source,
      hasStatus: ready !== undefined,
      deleting: service.meta.deletedSeconds !== undefined,
      ...intendedZero(stopped, replicas, ready),
      declared,
      replicas,
      ...(fatal ? { fatal } : {}),
      causes: [...statusCauses(service, declared, replicas), ...podCausesOf(parts)],
      impaired: sideCauses(input, declared),
      ...defined({ oddStatus: ready?.oddStatus }),
      whileLoading: declared !== 'ready',
      endpoints: endpoints.facts,
      expectedEndpoints: endpoints.facts.length,
      everAnswered: endpoints.answeredSeconds !== undefined,
    },
    fields: {
      replicas,
      server: name,
      runtime: 'llm',
      ...defined({ version: service.meta.labels['app.kubernetes.io/version'], storage: storageOf(service) }),
      traffic: [],
      deployment: deploymentOf(service, parts, components),
      pods: podViews(parts, components),
      endpoints: endpointViews(parts('predictor'), on, () => false),
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

const OPTIONAL_PARTS = ['worker', 'prefill_worker', 'tokenizer'] as const;

/** The spec says which main parts there are; presets, which the spec does not show, can add others: those that are there. */
function componentsOf(service: LlmService, parts: Parts): readonly ModelComponent[] {
  const seen = (component: ModelComponent) => parts(component).pods.length + parts(component).workloads.length > 0;
  return [
    'predictor',
    ...(service.prefill || seen('prefill') ? (['prefill'] as const) : []),
    ...(service.scheduler || seen('router') ? (['router'] as const) : []),
    ...OPTIONAL_PARTS.filter(seen),
  ];
}

/**
 * Its own workload first. Several nodes are a LeaderWorkerSet, which is not watched: then the status tells, if a version
 * of the API writes it, and else the pods that answer. The number that is wanted is in the spec unless something scales it.
 */
function replicasOf(spec: LlmWorkload | undefined, parts: Parts, component: ModelComponent): Replicas {
  const { workloads, pods } = parts(component);
  const own = workloads.filter((workload) => workload.kind === 'Deployment');
  if (own.length > 0) return replicasOfWorkloads(own);
  const available = spec?.readyReplicas ?? (pods.length > 0 ? pods.filter((pod) => pod.ready).length : undefined);
  return defined({ desired: spec?.replicas ?? spec?.minReplicas, available });
}

const WAITING = ['Progressing', 'WaitingForGateway', 'GroupsProgressing'];

/**
 * `Ready` rests on PresetsCombined, WorkloadsReady and RouterReady. While a model loads for the first time its Deployment
 * has too few replicas, and KServe repeats that as a failure: only the Deployment says that it still makes progress.
 */
function declaredOf({ service, parts }: LlmServiceInput): Declared {
  const ready = findCondition(service.status, 'Ready');
  if (ready?.status === 'True') return 'ready';
  if (ready?.status === 'False') {
    const starting = ready.reason === 'MinimumReplicasUnavailable' && isStarting(parts);
    return starting || WAITING.includes(ready.reason ?? '') ? 'progressing' : 'failed';
  }
  return 'none';
}

/** A Deployment that is done, or gave up, makes no progress any more. */
function isStarting(parts: Parts): boolean {
  const workloads = (['predictor', 'prefill', 'router', 'tokenizer'] as const).flatMap((part) => parts(part).workloads);
  return workloads.some((workload) => {
    const progress = findCondition(workload.status, 'Progressing');
    return progress?.status === 'True' && progress.reason !== 'NewReplicaSetAvailable';
  });
}

function intendedZero(
  stopped: boolean,
  { desired, available }: Replicas,
  ready: Condition | undefined
): Pick<ServingFacts, 'intendedZero'> {
  if (stopped) return { intendedZero: 'stopped' };
  const zero = desired === 0 && !available && ready?.status !== 'False';
  return zero ? { intendedZero: 'scaled_to_zero' } : {};
}

function isFalse(service: LlmService, type: string): Condition | undefined {
  const condition = findCondition(service.status, type);
  return condition?.status === 'False' ? condition : undefined;
}

/**
 * Conditions below the presets count only while the presets are combined: the controller stops before it looks at anything
 * else, and what it wrote earlier stays.
 */
function isCombined(service: LlmService): boolean {
  const presets = findCondition(service.status, 'PresetsCombined');
  return presets === undefined || presets.status === 'True';
}

const ROUTES = ['GatewaysReady', 'HTTPRoutesReady', 'InferencePoolReady'];

/** No request reaches a model without its route, or without the scheduler that picks a replica for it. */
function unreachable({ service, parts }: LlmServiceInput): Cause | undefined {
  if (!isCombined(service) || !isFalse(service, 'RouterReady')) return undefined;
  const route = ROUTES.map((type) => isFalse(service, type)).find(Boolean);
  if (route) return cause('route_not_ready', conditionText(route));
  return partCause('scheduler', parts('router'), isFalse(service, 'SchedulerWorkloadReady'));
}

const FAILURES = ['ProgressDeadlineExceeded', 'FailedCreate', 'ReplicaFailure', 'ScalingCRDNotFound'];

function statusCauses(service: LlmService, declared: Declared, replicas: Replicas): readonly Cause[] {
  const presets = findCondition(service.status, 'PresetsCombined');
  if (presets?.status === 'False') return [cause('invalid_spec', conditionText(presets))];
  // Nobody could check the specification; that is no verdict on it.
  if (presets?.status === 'Unknown' && presets.reason) return [cause('other', conditionText(presets))];
  if (declared !== 'failed') return [];
  const workload = isFalse(service, 'MainWorkloadReady') ?? isFalse(service, 'WorkerWorkloadReady');
  if (!workload) return isFalse(service, 'WorkloadsReady') || isFalse(service, 'RouterReady') ? [] : [cause('other')];
  const { reason = '' } = workload;
  const refused = FAILURES.includes(reason) || reason.startsWith('Reconcile');
  if (refused) return [cause('workload_failed', conditionText(workload))];
  return [cause(replicas.available ? 'replicas_unavailable' : 'no_replicas_available', conditionText(workload))];
}

function podCausesOf(parts: Parts): readonly Cause[] {
  return [...podCauses(parts('predictor').pods), ...podCauses(parts('worker').pods)];
}

const SIDE_PARTS = [
  ['prefill', 'prefill', ['PrefillWorkloadReady', 'PrefillWorkerWorkloadReady']],
  ['tokenizer', 'tokenizer', ['TokenizerReady']],
  ['scheduler', 'router', ['SchedulerWorkloadReady']],
] as const;

/** What makes it serve worse. The group is outside `Ready`: the model itself can still be reached. */
function sideCauses({ service, parts }: LlmServiceInput, declared: Declared): readonly Cause[] {
  if (declared === 'progressing') return [];
  const combined = isCombined(service);
  const told = (types: readonly string[]) =>
    combined ? types.map((type) => isFalse(service, type)).find(Boolean) : undefined;
  const sides = SIDE_PARTS.flatMap(([part, component, types]) => {
    const found = partCause(part, parts(component), told(types));
    return found ? [found] : [];
  });
  const scaling = told(['ScalingReady', 'PrefillScalingReady']);
  const degraded = findCondition(service.status, 'GroupDegraded');
  const split = combined && degraded && !isWellCondition(degraded.type, degraded.status) ? degraded : undefined;
  const group = told(['GroupReady']) ?? split;
  return [
    ...sides,
    ...(scaling ? [cause('other', `scaling: ${conditionText(scaling) ?? 'not ready'}`)] : []),
    ...(group ? [cause('dependency_not_ready', `group: ${conditionText(group) ?? 'not ready'}`)] : []),
  ];
}

function deploymentOf(service: LlmService, parts: Parts, components: readonly ModelComponent[]): DeploymentView {
  return {
    resourceKind: 'LLMInferenceService',
    ...defined({ storageUri: service.modelUri, url: service.url }),
    components: components.map((component) => componentView(component, specOf(service, component), parts)),
    llm: {
      servedName: service.servedName ?? service.meta.name,
      adapters: service.adapters,
      ...(service.group ? { group: service.group } : {}),
    },
  };
}

function specOf(service: LlmService, component: ModelComponent): LlmWorkload | undefined {
  if (component === 'predictor') return service.main;
  if (component === 'prefill') return service.prefill;
  return component === 'router' ? service.scheduler : undefined;
}

function componentView(component: ModelComponent, spec: LlmWorkload | undefined, parts: Parts): ComponentView {
  return {
    component,
    replicas: replicasOf(spec, parts, component),
    ...defined({ minReplicas: spec?.minReplicas, maxReplicas: spec?.maxReplicas }),
    ...(spec && spec.parallelism.length > 0 ? { parallelism: spec.parallelism } : {}),
  };
}

/** What the server of a main part takes from its service. */
export function llmOwner(service: LlmService) {
  return {
    deleting: service.meta.deletedSeconds !== undefined,
    stopRequested: service.stopRequested,
    loading: false,
    runtime: 'llm',
  };
}
