/** Views -> answers of the read API. */
import type {
  ComponentSummary,
  ExperimentSummary,
  ModelDetail,
  ModelSummary,
  PipelineSummary,
  ServerSummary,
  Status,
} from '@modelwatch/contract';
import { servingOf } from '../../domain/views';
import type { EndpointView, EntityView, ExperimentView, ModelView, PipelineView, ServerView } from '../../domain/views';
import type { ComponentView } from '../../domain/components/known';
import type { Snapshot } from '../../domain/fleet-interface';
import type { About } from '../deps';
import type { ShardPlace } from '../../domain/shards';
import type { HealthReader } from '../health';

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without the fields that nobody could fill. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function entity(view: EntityView) {
  return defined({
    namespace: view.namespace,
    name: view.name,
    platform: view.platform,
    serving: view.verdict.state,
    reasons: view.verdict.reasons.map(({ reason, text }) => ({ reason, text })),
    sinceSeconds: view.lastTransitionSeconds,
    createdSeconds: view.createdSeconds,
    lastObservedSeconds: view.lastObservedSeconds,
  });
}

export function modelSummary(view: ModelView, health: HealthReader): ModelSummary {
  const known = health.of(view.key, servingOf(view));
  return {
    ...entity(view),
    health: known.health,
    healthSource: known.source,
    ...(known.channels ? { channels: known.channels.map((one) => ({ ...one })) } : {}),
    replicas: defined({ desired: view.replicas.desired, available: view.replicas.available }),
    ...defined({
      server: view.server,
      runtime: view.runtime,
      version: view.version,
      owner: view.owner,
      importance: view.importance,
    }),
  };
}

type Mutable<T> = { -readonly [K in keyof T]: Mutable<T[K]> };

/** An answer is the reader's own: what it does to it must not reach the view. */
function copy<T>(value: T): Mutable<T> {
  return structuredClone(value) as Mutable<T>;
}

/** @param endpoints the endpoints themselves: a model is not derived again for each probe that says nothing new of it */
export function modelDetail(
  view: ModelView,
  health: HealthReader,
  endpoints: ReadonlyMap<string, EndpointView>
): ModelDetail {
  return {
    ...modelSummary(view, health),
    conditions: view.conditions.map(({ unclear: _unclear, ...condition }) => condition),
    traffic: view.traffic.map((share) => ({ ...share })),
    ...(view.deployment ? { deployment: copy(view.deployment) } : {}),
    pods: view.pods.map(({ pod, node, component, ready, restarts }) =>
      defined({ pod, node, component, ready, restarts })
    ),
    endpoints: view.endpoints.map(({ namespace, inference: _inference, ...endpoint }) => ({
      ...endpoint,
      ...lastProbe(endpoints.get(`${namespace}/${endpoint.server}/${endpoint.replica}`)),
    })),
    history: view.history.map((transition) => ({ ...transition })),
  };
}

function lastProbe(endpoint: EndpointView | undefined) {
  return defined({
    lastProbeSeconds: endpoint?.lastProbeSeconds,
    probeDurationSeconds: endpoint?.probeDurationSeconds,
  });
}

export function serverSummary(view: ServerView): ServerSummary {
  return {
    ...entity(view),
    replicas: defined({ desired: view.replicas.desired, available: view.replicas.available }),
    capabilities: [...view.capabilities],
    ...defined({
      runtime: view.runtime,
      loadedModels: view.loadedModels,
      memoryCapacityBytes: view.memoryCapacityBytes,
      memoryDeclaredBytes: view.memoryDeclaredBytes,
      overcommitRatio: view.overcommitRatio,
    }),
  };
}

export function pipelineSummary(view: PipelineView): PipelineSummary {
  return { ...entity(view), steps: [...view.steps] };
}

export function experimentSummary(view: ExperimentView): ExperimentSummary {
  return {
    ...entity(view),
    resourceKind: view.resourceKind,
    candidates: view.candidates.map((candidate) => ({ ...candidate })),
    ...defined({ mirror: view.mirror }),
  };
}

export function componentSummary(view: ComponentView): ComponentSummary {
  const { namespace, name, platform, role, version, up, restarts, lastObservedSeconds } = view;
  return {
    namespace,
    name,
    platform,
    role,
    replicas: defined({ desired: view.replicas.desired, available: view.replicas.available }),
    ...defined({ version, up, restarts, lastObservedSeconds }),
  };
}

export function status(snapshot: Snapshot, about: About, health: HealthReader, place: ShardPlace | undefined): Status {
  return {
    ...defined({ shard: place?.shard, totalShards: place?.totalShards }),
    version: about.version,
    startedAtSeconds: about.startedAtSeconds,
    ready: snapshot.synced,
    healthSource: health.status().source,
    sources: snapshot.sources.map(({ source, title, state, required, objects, lastContactSeconds, message }) =>
      defined({ source, title, state, required, objects, lastContactSeconds, message })
    ),
  };
}
