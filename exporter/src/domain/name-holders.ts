/** Who has the plain name where entities of several origins have one name. */
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import { worldKey } from './entities';
import { isModelServer } from './given';
import { partOfId } from './kserve-parts';
import { type RefId, type Origin, parseRefId, ORIGINS, refId } from './ref';
import type { World } from './world';

/**
 * Who has the plain name when two origins have an entity of one name: the origin that comes first in the closed list,
 * not the one that was seen first, so that two exporters (and one after a restart) give the same names.
 */
export function firstHolder(id: RefId, holds: (other: RefId, origin: Origin) => boolean): Origin | undefined {
  const { origin, namespace, name } = parseRefId(id);
  const before = ORIGINS.slice(0, ORIGINS.indexOf(origin));
  return before.find((other) => holds(refId(other, namespace, name), other));
}

export function hasModel(world: World, id: RefId): boolean {
  const held = {
    seldon: world.models,
    kserve: world.services,
    'kserve-llm': world.llms,
    'kserve-trained': world.trained,
  };
  const { origin, namespace, name } = parseRefId(id);
  if (origin === 'custom') return world.custom.model(id) !== undefined;
  if (origin === 'standalone') return namespace === STANDALONE_NAMESPACE && world.standalone.models.has(name);
  if (origin === 'events') return world.senders.has(worldKey(id));
  return held[origin].has(worldKey(id));
}

export function hasServer(world: World, id: RefId): boolean {
  const { origin, namespace, name } = parseRefId(id);
  if (origin === 'seldon') return world.servers.has(worldKey(id));
  if (origin === 'custom') return world.custom.server(id) !== undefined;
  if (origin === 'events') return false;
  if (origin === 'standalone') return namespace === STANDALONE_NAMESPACE && world.standalone.hasServer(name);
  return isModelServer(partOfId(id)) && world.workloadsOf(id).length > 0;
}
