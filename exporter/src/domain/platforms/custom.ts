/** Custom resources of others: what a mapping read, as facts for the same rules that judge every other platform. */
import { conditionViews } from '../conditions';
import type { CustomHolding } from '../custom-book';
import {
  defined,
  newest,
  type Described,
  type ModelFields,
  type ServerFields,
  type SourceFreshness,
} from '../described';
import { cause, NO_FACTS, type Cause, type Declared, type ServingFacts } from '../facts';
import { podCauses, podView } from '../pods';
import type { CustomEntity, CustomState, Pod } from '../resources';
import type { Replicas } from '../views';

export interface CustomInput {
  readonly holding: CustomHolding;
  readonly source: SourceFreshness;
  readonly pods: readonly Pod[];
  /** False while nobody can tell pods: their absence then proves nothing. */
  readonly podsKnown: boolean;
}

export function describeCustomModel(input: CustomInput): Described<ModelFields> {
  const { entity } = input.holding;
  const replicas = replicasOf(input);
  return {
    facts: factsOf(input, replicas),
    fields: {
      replicas,
      ...defined({
        server: entity.server,
        runtime: entity.runtime,
        version: entity.version,
        owner: entity.owner,
      }),
      traffic: [],
      pods: input.pods.map((pod) => podView(pod, entity.server ?? '')),
      endpoints: [],
    },
    ...commonOf(input),
  };
}

export function describeCustomServer(input: CustomInput): Described<ServerFields> {
  const replicas = replicasOf(input);
  return {
    facts: factsOf(input, replicas),
    fields: { replicas, ...defined({ runtime: input.holding.entity.runtime }), capabilities: [] },
    ...commonOf(input),
  };
}

function commonOf({ holding: { resource }, source }: CustomInput) {
  return {
    // What is in no list of ours was turned so that True is well, or left out, when it was read.
    conditions: conditionViews(resource.status, () => true),
    meta: resource.meta,
    ...defined({
      createdSeconds: resource.meta.createdSeconds,
      transitionSeconds: newest(...(resource.status?.conditions ?? []).map((each) => each.lastTransitionSeconds)),
      contactSeconds: source.lastContactSeconds,
    }),
  };
}

function replicasOf({ holding: { entity }, pods, podsKnown }: CustomInput): Replicas {
  const byPods = entity.readyPodsAreReplicas && podsKnown ? pods.filter((pod) => pod.ready).length : undefined;
  return defined({ desired: entity.desiredReplicas, available: entity.availableReplicas ?? byPods });
}

const DECLARED: Record<CustomState, Declared> = {
  ready: 'ready',
  degraded: 'ready',
  failed: 'failed',
  // Without a word why: what served before has lost it, what never served is starting. The rules tell them apart.
  not_ready: 'none',
  progressing: 'progressing',
  rolling_out: 'progressing',
  deleting: 'progressing',
  stopped: 'none',
  scaled_to_zero: 'none',
  none: 'none',
  unknown: 'none',
  absent: 'none',
};

function factsOf({ holding, source, pods }: CustomInput, replicas: Replicas): ServingFacts {
  const { entity, resource } = holding;
  const zero = intendedZero(entity, replicas);
  return {
    ...NO_FACTS,
    source,
    hasStatus: resource.status !== undefined && entity.state !== 'absent',
    deleting: resource.meta.deletedSeconds !== undefined || entity.state === 'deleting',
    ...(zero ? { intendedZero: zero } : {}),
    declared: declaredOf(holding, replicas),
    servesMeanwhile: entity.state === 'rolling_out' || entity.state === 'unknown' || isOfOldSpec(holding),
    ...unknownValue(entity),
    replicas: judgedReplicas(entity, replicas),
    causes: [...statedCause(entity), ...podCauses(pods)],
  };
}

function declaredOf(holding: CustomHolding, replicas: Replicas): Declared {
  const { state } = holding.entity;
  if (isOfOldSpec(holding)) return 'progressing';
  // Some replicas are there, so it is not down: the controller waits for more of them.
  if (state === 'not_ready' && replicas.available) return 'progressing';
  return DECLARED[state];
}

/** All was well with what the controller has seen, and it has not seen what is asked for now. */
function isOfOldSpec({ entity, resource }: CustomHolding): boolean {
  const { observedGeneration, state } = entity;
  const { generation } = resource.meta;
  const isOld = observedGeneration !== undefined && generation !== undefined && observedGeneration < generation;
  return isOld && state === 'ready';
}

/** A value that nobody foresaw may mean anything: the state is unknown, whatever else looks well. */
function unknownValue({ state, detail }: CustomEntity): Pick<ServingFacts, 'unconfirmed'> {
  return state === 'unknown' ? { unconfirmed: { state: 'unknown', cause: cause('other', detail) } } : {};
}

function intendedZero(entity: CustomEntity, { desired, available }: Replicas): ServingFacts['intendedZero'] {
  if (entity.state === 'stopped') return 'stopped';
  if (entity.state === 'scaled_to_zero') return 'scaled_to_zero';
  return desired === 0 && !available ? 'scaled_to_zero' : undefined;
}

/** Where nobody counts replicas, a resource that is not ready is judged as one without any; shown it is not. */
function judgedReplicas(entity: CustomEntity, replicas: Replicas): Replicas {
  return entity.state === 'not_ready' && replicas.available === undefined ? { ...replicas, available: 0 } : replicas;
}

function statedCause(entity: CustomEntity): readonly Cause[] {
  if (entity.state !== 'failed' && entity.state !== 'degraded') return [];
  return [cause(entity.reason ?? 'other', entity.detail)];
}
