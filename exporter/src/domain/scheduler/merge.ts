/**
 * Custom resources and the word of the scheduler as one. Kubernetes decides: what is deployed, which pods there are, and
 * whether it serves. The scheduler adds what Kubernetes does not know (places, memory), tells reasons more exactly, and
 * can make a verdict worse, never better: docs/decisions/017-scheduler-precedence.md.
 */
import {
  defined,
  joined,
  type Described,
  type ExperimentFields,
  type ModelFields,
  type PipelineFields,
} from '../described';
import { cause, type Cause, type ServingFacts } from '../facts';
import type { ModelPlaceView } from '../views';
import type { ModelOnReplica, SchedulerExperiment, SchedulerModel, SchedulerPipeline, SchedulerWord } from './words';

/** The model is on the replica, well or not. */
const HELD: readonly ModelOnReplica['state'][] = [
  'loading',
  'loaded',
  'available',
  'loaded_unavailable',
  'unload_requested',
  'unloading',
  'unload_failed',
  'unload_envoy_requested',
  'draining',
];

/** @param podOf which pod is the replica; undefined: Kubernetes has none, and so there is no such replica */
export function modelWith(
  described: Described<ModelFields>,
  word: SchedulerModel,
  podOf: (index: number) => string | undefined
): Described<ModelFields> {
  const { server, version } = word;
  const found = word.replicas.flatMap((replica) => {
    const pod = podOf(replica.index);
    return pod === undefined ? [] : [{ ...replica, pod }];
  });
  const places: ModelPlaceView[] =
    server === undefined
      ? []
      : found
          .filter(({ state }) => state !== 'unloaded')
          .map(({ pod, state, changedSeconds }) => ({
            ...{ server, version, replica: pod, state },
            ...defined({ changedSeconds }),
          }));
  const fields = joined(described.fields, {
    places,
    pods: podsWith(described.fields, places),
    ...defined({ memoryReservedBytes: word.reservedBytes }),
  });
  const causes = speaksOf(described, word) ? modelCauses(word, found) : [];
  return joined(described, { fields, facts: withCauses(described.facts, causes, 'causes') });
}

/**
 * Where the server is known to have it, a replica has said so itself; of the others those that the scheduler placed it on.
 * While it is placed nowhere, all replicas of its server stand as they did.
 */
function podsWith({ pods, endpoints }: ModelFields, places: readonly ModelPlaceView[]): ModelFields['pods'] {
  const placed = new Set(places.filter(({ state }) => HELD.includes(state)).map(({ replica }) => replica));
  if (placed.size === 0) return pods;
  const said = new Set(endpoints.filter(({ modelReady }) => modelReady).map(({ replica }) => replica));
  const on = pods.filter(({ pod }) => placed.has(pod) || said.has(pod));
  // On its way to another server, of which its status knows nothing yet.
  return on.length > 0 ? on : pods;
}

function modelCauses(word: SchedulerModel, replicas: readonly (ModelOnReplica & { readonly pod: string })[]): Cause[] {
  const inState = (wanted: ModelOnReplica['state'], otherwise: string) =>
    replicas
      .filter(({ state }) => state === wanted)
      .map(({ pod, reason }) => `${pod}: ${reason ?? otherwise}`)
      .join('; ');
  const failed = inState('load_failed', 'load failed');
  const unavailable = inState('loaded_unavailable', 'loaded, not available');
  const causes: Cause[] = [];
  if (failed !== '') causes.push(cause('load_failed', failed));
  else if (word.state === 'ModelFailed' && unavailable === '') causes.push(cause('load_failed', word.reason));
  if (unavailable !== '') causes.push(cause('model_not_ready', unavailable));
  if (word.state === 'ScheduleFailed') causes.push(cause('schedule_failed', word.reason));
  return causes;
}

export function pipelineWith(described: Described<PipelineFields>, word: SchedulerPipeline): Described<PipelineFields> {
  if (!speaksOf(described, word)) return described;
  const failed = (state: SchedulerPipeline['state']) =>
    state === 'PipelineFailed' || state === 'PipelineFailedTerminating';
  const say = (part: string, state: string, reason: string | undefined) =>
    `scheduler on the ${part}: ${[state, reason].filter(Boolean).join(': ')}`;
  const { state, reason, gatewayState, gatewayReason } = word;
  const causes: Cause[] = [];
  if (failed(state)) causes.push(cause('other', say('dataflow engine', state, reason)));
  if (failed(gatewayState)) {
    causes.push(cause('route_not_ready', say('pipeline gateway', gatewayState, gatewayReason)));
  }
  return joined(described, { facts: withCauses(described.facts, causes, 'impaired') });
}

export function experimentWith(
  described: Described<ExperimentFields>,
  word: SchedulerExperiment
): Described<ExperimentFields> {
  if (!speaksOf(described, word)) return described;
  const parts = [
    ...(word.candidatesReady ? [] : ['candidates not ready']),
    ...(word.mirrorReady ? [] : ['mirror not ready']),
  ];
  const causes: Cause[] = [];
  if (!word.active) causes.push(cause('other', `scheduler: ${word.reason ?? 'not active'}`));
  if (parts.length > 0) causes.push(cause('dependency_not_ready', `scheduler: ${parts.join(', ')}`));
  return joined(described, { facts: withCauses(described.facts, causes, 'impaired') });
}

/** What the scheduler did with an earlier specification says nothing of this one. */
function speaksOf({ meta }: Pick<Described<unknown>, 'meta'>, { generation }: SchedulerWord): boolean {
  return generation === undefined || meta?.generation === undefined || generation >= meta.generation;
}

/** A `causes` of the scheduler is more exact than one of its reason in the status; an `impaired` only adds what is missing. */
function withCauses(facts: ServingFacts, told: readonly Cause[], as: 'causes' | 'impaired'): ServingFacts {
  if (told.length === 0) return facts;
  const has = (all: readonly Cause[], { reason }: Cause) => all.some((each) => each.reason === reason);
  if (as === 'causes') {
    return { ...facts, causes: [...facts.causes.filter((each) => !has(told, each)), ...told] };
  }
  const known = [...facts.causes, ...(facts.fatal ? [facts.fatal] : [])];
  const fresh = told.filter((each) => !has(known, each));
  return { ...facts, impaired: [...(facts.impaired ?? []), ...fresh] };
}
