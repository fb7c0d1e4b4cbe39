/** What descriptions are made of: the facts and books of the fleet, and what an entity rests on, gathered from them. */
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import type { DependencyBook } from './dependencies';
import type { ServerContext } from './described';
import type { EndpointRecord } from './endpoints';
import type { GatewayBook } from './gateways';
import { type KservePart, partId } from './kserve-parts';
import type { EndpointRef } from './observation';
import type { FindOwnership } from './ownership';
import type { Parts } from './platforms/kserve';
import type { StandaloneEndpoint } from './platforms/standalone';
import { type RefId, parseRefId } from './ref';
import type { RolloutClock } from './server-workload';
import type { SchedulerBook } from './scheduler/book';
import type { SourceBook } from './source-book';
import type { SyntheticBook } from './synthetic';
import { replicaOf } from './targets';
import type { ServerView, ModelView, PipelineView } from './views';
import type { World } from './world';

/** Views as they are so far in this flush. */
export interface Views {
  readonly server: (id: RefId) => ServerView | undefined;
  readonly model: (id: RefId) => ModelView | undefined;
  readonly pipeline: (id: RefId) => PipelineView | undefined;
}

export interface Given {
  readonly world: World;
  readonly sources: SourceBook;
  readonly record: (ref: EndpointRef) => EndpointRecord | undefined;
  readonly views: Views;
  readonly clock: RolloutClock;
  readonly ownership: FindOwnership;
  readonly synthetic: Pick<SyntheticBook, 'causesOf'>;
  readonly dependencies: Pick<DependencyBook, 'causesOf'>;
  readonly gateways: GatewayBook;
  readonly scheduler: SchedulerBook;
}

/** Parts that hold the model; the others only stand in front of or beside it. */
export function isModelServer(part: KservePart | undefined): boolean {
  return part !== undefined && part.of !== 'graph' && (part.component === 'predictor' || part.component === 'prefill');
}

export function partsOf(namespace: string, of: KservePart['of'], owner: string, given: Given): Parts {
  return (component) => contextOf(partId(namespace, { of, owner, component }), given);
}

export function contextOf(id: RefId, { world, record }: Given): ServerContext {
  const { namespace, name } = parseRefId(id);
  return {
    name,
    pods: world.podsOf(id),
    workloads: world.workloadsOf(id),
    record: (replica) => record({ namespace, server: name, replica }),
  };
}

export function standaloneEndpoint(server: string, { world, record }: Given): StandaloneEndpoint | undefined {
  const { listing } = world.standalone;
  const first = listing.get(server) ?? world.standalone.modelsOn(server).find((model) => model.url !== undefined);
  const replica = first && replicaOf(first);
  if (replica === undefined) return undefined;
  return { replica, record: record({ namespace: STANDALONE_NAMESPACE, server, replica }) };
}
