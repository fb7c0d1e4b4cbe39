/** Seldon Core 2: Models as facts. Field meanings as the controllers write them, which is not as named. */
import { conditionViews, findCondition, findEnum, textBeside } from '../conditions';
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
import { cause, cutText, type Cause, type Declared, type EndpointFact, type ServingFacts } from '../facts';
import { podCauses, podView, workloadReplicas } from '../pods';
import type { Condition, SeldonModel } from '../resources';
import type { ModelSpecView, Replicas, ServerView } from '../views';
import { MODEL_DECLARED, MODEL_STATES, MODEL_TERMINATING, unknownEnum, type ModelState } from './seldon-states';

export interface SeldonModelInput {
  readonly model: SeldonModel;
  readonly source: SourceFreshness;
  /** Of the workloads and pods behind its server, and of the model: of whichever is worse. */
  readonly evidence: SourceFreshness;
  /** Absent while the model is on no server. */
  readonly context?: ServerContext;
  readonly serverView?: ServerView;
  /** What it rests on and what is not ready, in words: `model income is failed`. */
  readonly brokenDependencies: readonly string[];
}

const NOWHERE: ServerContext = { name: '', pods: [], workloads: [], record: () => undefined };

export function describeSeldonModel(input: SeldonModelInput): Described<ModelFields> {
  const { model, serverView } = input;
  const context = input.context ?? NOWHERE;
  // What a silent watch last said of pods and workloads explains nothing, and where its pods are probed nobody knows.
  const seen = input.evidence.fresh ? context : NOWHERE;
  const condition = findCondition(model.status, 'ModelReady') ?? findCondition(model.status, 'Ready');
  // The status leaves availableReplicas out when it is 0, and its `replicas` counts failed ones too.
  const available = model.status ? (model.availableReplicas ?? 0) : undefined;
  const replicas = replicasOf(model, available);
  const on: ModelOnEndpoint = { name: model.meta.name, alone: false, evictable: isEvictable(serverView) };
  const endpoints = endpointsOf(context, on);
  const facts = input.evidence.fresh ? mustHold(endpoints.facts, on) : [];
  const spare = spareReplicas(facts, available ?? 0);
  const told = declaredFacts(model, condition, replicas, seen);
  const source = confirmingSource(input, told);
  return {
    facts: {
      source,
      ...told,
      replicas,
      ...(input.brokenDependencies.length === 0
        ? {}
        : { impaired: [cause('dependency_not_ready', input.brokenDependencies.join(', '))] }),
      endpoints: facts,
      // The scheduler places a model on as many replicas of its server as it has replicas; others need not hold it.
      expectedEndpoints: Math.min(available ?? 0, facts.filter((fact) => fact.state !== 'absent').length),
      everAnswered: endpoints.answeredSeconds !== undefined,
    },
    fields: {
      replicas,
      ...defined({
        server: model.server,
        runtime: serverView?.runtime,
        version: newestVersion(context, on),
        storage: storageOf(model),
      }),
      spec: specOf(model),
      traffic: [],
      pods: context.pods.filter((pod) => !spare.has(pod.meta.name)).map((pod) => podView(pod, context.name)),
      endpoints: endpointViews(context, on, (replica) => spare.has(replica)),
    },
    conditions: [...conditionViews(model.status), ...gatewayCondition(model)],
    meta: model.meta,
    ...defined({
      createdSeconds: model.meta.createdSeconds,
      transitionSeconds: condition?.lastTransitionSeconds,
      contactSeconds: newest(source.lastContactSeconds, endpoints.answeredSeconds),
    }),
  };
}

/**
 * That a model serves also rests on the replicas of its server: the scheduler goes on calling it available when they are
 * gone. That it failed, loads, or is scaled to zero its own status says.
 */
function confirmingSource(
  { source, evidence, context }: SeldonModelInput,
  { declared, intendedZero }: Pick<ServingFacts, 'declared' | 'intendedZero'>
): SourceFreshness {
  return declared === 'ready' && !intendedZero && context ? evidence : source;
}

function replicasOf(model: SeldonModel, available: number | undefined): Replicas {
  const { placedReplicas: placed } = model;
  return defined({
    desired: model.desiredReplicas ?? 1,
    available,
    unavailable: placed === undefined || available === undefined ? undefined : Math.max(0, placed - available),
    ...boundsOf(model),
  });
}

/** Seldon takes 0 for "no bound". */
export function boundsOf({ minReplicas, maxReplicas }: Pick<SeldonModel, 'minReplicas' | 'maxReplicas'>) {
  return { min: minReplicas || undefined, max: maxReplicas || undefined };
}

function specOf(model: SeldonModel): ModelSpecView {
  const { modelType, artifactVersion, storageScheme, memoryBytes, pinnedServer, explainerType } = model;
  return {
    purpose: purposeOf(model),
    requirements: model.requirements,
    dependencies: model.dependencies ?? [],
    preloaded: model.preloaded ?? false,
    dedicated: model.dedicated ?? false,
    logged: model.logged ?? false,
    ...defined({ modelType: modelType ?? explainerType, artifactVersion, storageScheme, memoryBytes, pinnedServer }),
  };
}

/** Capability `alibi-detect` marks drift and outlier detectors, `alibi-explain` explainers. */
function purposeOf(model: SeldonModel): ModelSpecView['purpose'] {
  const role = model.dependencies?.[0]?.role;
  if (role !== undefined) return role;
  if (model.explainerType !== undefined || model.requirements.includes('alibi-explain')) return 'explainer';
  return model.requirements.includes('alibi-detect') ? 'detector' : 'predictor';
}

/** The state in the model gateway as a condition: without it the model answers requests, but none from Kafka. */
function gatewayCondition({ modelGateway }: SeldonModel): Described<ModelFields>['conditions'] {
  if (!modelGateway) return [];
  const { state, detail } = modelGateway;
  const unsure = state === 'unknown' || state === 'ModelStateUnknown';
  return [
    {
      condition: 'ModelGatewayReady',
      status: state === 'ModelAvailable' ? 'True' : unsure ? 'Unknown' : 'False',
      message: cutText(detail === undefined ? state : `${state}: ${detail}`),
    },
  ];
}

/** What Kubernetes says of the model: its own status, and the pods of its server where they explain it. */
function declaredFacts(
  model: SeldonModel,
  condition: Condition | undefined,
  { desired = 1, available }: Replicas,
  context: ServerContext
) {
  const state = findEnum(condition, MODEL_STATES);
  const odd = oddStatus(condition, state);
  const declared = odd === undefined ? toldBy(condition, state) : 'none';
  const fatal = declared === 'ready' ? serverGone(context) : undefined;
  // A pod of the server that crashes concerns a model only when the model lacks replicas.
  const short = fatal !== undefined || available === undefined || available < desired;
  const zero = state === 'ModelScaledDown' || (desired === 0 && !available);
  return {
    hasStatus: condition !== undefined,
    ...(odd === undefined ? {} : { oddStatus: odd }),
    deleting: model.meta.deletedSeconds !== undefined || MODEL_TERMINATING.includes(state),
    ...(zero ? { intendedZero: 'scaled_to_zero' as const } : {}),
    declared,
    ...(fatal ? { fatal } : {}),
    causes: [
      ...failureCauses(state, declared, textBeside(condition, state)),
      ...(short ? podCauses(context.pods) : []),
    ],
    whileLoading: state === 'ModelProgressing' || state === 'ModelFailed',
  };
}

/** The scheduler does not know either, or says it in a word that is new to us. */
function oddStatus(condition: Condition | undefined, state: ModelState | undefined): string | undefined {
  if (state === 'ModelStateUnknown') return textBeside(condition, state) ?? state;
  if (state !== undefined) return undefined;
  return condition?.oddStatus ?? unknownEnum([condition?.message, condition?.reason], 'Model');
}

function toldBy(condition: Condition | undefined, state: ModelState | undefined): Declared {
  return state === undefined ? byStatus(condition?.status) : MODEL_DECLARED[state];
}

function byStatus(status: string | undefined): Declared {
  if (status === 'True') return 'ready';
  return status === 'False' ? 'failed' : 'none';
}

function failureCauses(
  state: ModelState | undefined,
  declared: Declared,
  detail: string | undefined
): readonly Cause[] {
  if (declared !== 'failed') return [];
  if (state === 'ModelFailed') return [cause('load_failed', detail)];
  if (state === 'ScheduleFailed') return [cause('schedule_failed', detail)];
  return [cause('other', detail)];
}

/** Ready is what the scheduler last heard; with no replica of the server up, nobody answers. */
function serverGone(context: ServerContext): Cause | undefined {
  const { desired, available } = workloadReplicas(context.workloads);
  if (available !== 0 || desired === undefined) return undefined;
  return cause('no_replicas_available', `no replica of server ${context.name} is ready`);
}

/** More memory declared than there is: the agent evicts models and loads them again on request. */
function isEvictable(server: ServerView | undefined): boolean {
  const { memoryDeclaredBytes, memoryCapacityBytes } = server ?? {};
  return memoryDeclaredBytes !== undefined && memoryCapacityBytes !== undefined
    ? memoryDeclaredBytes > memoryCapacityBytes
    : false;
}

/** When no endpoint knows the model, all of them lack it; when some do, the others just need not hold it. */
function mustHold(facts: readonly EndpointFact[], on: ModelOnEndpoint): readonly EndpointFact[] {
  if (on.evictable || facts.length === 0 || facts.some((fact) => fact.state !== 'absent')) return facts;
  return facts.map((fact) => ({ replica: fact.replica, state: 'down', cause: cause('model_not_ready') }));
}

/** Replicas of the server that need not hold the model. */
function spareReplicas(facts: readonly EndpointFact[], available: number): ReadonlySet<string> {
  const serving = facts.filter((fact) => fact.state === 'serving').length;
  const enough = serving > 0 && serving >= available;
  const spare = facts.filter(
    (fact) => fact.state === 'absent' || (enough && fact.state === 'down' && fact.cause?.reason === 'model_not_ready')
  );
  return new Set(spare.map((fact) => fact.replica));
}

function newestVersion(context: ServerContext, on: ModelOnEndpoint): string | undefined {
  for (const pod of context.pods) {
    const record = context.record(pod.meta.name);
    const version = record && reportedVersion(record, on);
    if (version !== undefined) return version;
  }
  return undefined;
}
