/** How the domain names an entity inside: by origin and raw name. The published name can differ (name conflicts). */
import type { Platform } from '@modelwatch/contract';

/**
 * Where an entity comes from. KServe has three kinds of resource that deploy a model, and one namespace can hold all three
 * under one name; so an origin is finer than a platform. The order decides who keeps the plain name;
 * `events` is last, since events of a model that is deployed somewhere are that model's.
 */
export const ORIGINS = ['seldon', 'kserve', 'kserve-llm', 'kserve-trained', 'standalone', 'custom', 'events'] as const;
export type Origin = (typeof ORIGINS)[number];

export interface Ref {
  readonly origin: Origin;
  readonly platform: Platform;
  readonly namespace: string;
  readonly name: string;
}

/** `origin|namespace/name`. */
export type RefId = string;

export function refId(origin: Origin, namespace: string, name: string): RefId {
  return `${origin}|${namespace}/${name}`;
}

const PLATFORM_OF: Record<Origin, Platform> = {
  seldon: 'seldon',
  kserve: 'kserve',
  'kserve-llm': 'kserve',
  'kserve-trained': 'kserve',
  standalone: 'standalone',
  custom: 'custom',
  events: 'events',
};

export function parseRefId(id: RefId): Ref {
  const bar = id.indexOf('|');
  const slash = id.indexOf('/', bar);
  const origin = ORIGINS.find((known) => known === id.slice(0, bar));
  if (origin === undefined) throw new RangeError(`not an id of the domain: ${JSON.stringify(id)}`);
  return {
    origin,
    platform: PLATFORM_OF[origin],
    namespace: id.slice(bar + 1, slash),
    name: id.slice(slash + 1),
  };
}

/** `namespace/name`, whatever the platform. */
export function plainKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** Origins that can hold an entity of the same name. */
export function otherOrigins(origin: Origin): readonly Origin[] {
  return ORIGINS.filter((other) => other !== origin);
}

/** Most servers have one or two pods, and a Set costs 200 bytes: up to so many values stand in a list. */
const LONGEST_LIST = 8;

/** A map of sets that forgets empty sets. */
export class MultiMap {
  private readonly sets = new Map<string, string | readonly string[] | Set<string>>();

  add(key: string, value: string): void {
    const held = this.sets.get(key);
    if (held === undefined) this.sets.set(key, value);
    else if (held instanceof Set) held.add(value);
    else {
      const list = typeof held === 'string' ? [held] : held;
      if (list.includes(value)) return;
      this.sets.set(key, list.length < LONGEST_LIST ? [...list, value] : new Set([...list, value]));
    }
  }

  remove(key: string, value: string): void {
    const held = this.sets.get(key);
    if (held instanceof Set) {
      held.delete(value);
      if (held.size === 0) this.sets.delete(key);
    } else if (typeof held === 'string') {
      if (held === value) this.sets.delete(key);
    } else if (held?.includes(value)) {
      const rest = held.filter((other) => other !== value);
      if (rest.length > 0) this.sets.set(key, rest);
      else this.sets.delete(key);
    }
  }

  get(key: string): Iterable<string> {
    const held = this.sets.get(key);
    return typeof held === 'string' ? [held] : (held ?? []);
  }

  size(key: string): number {
    const held = this.sets.get(key);
    if (held === undefined) return 0;
    return typeof held === 'string' ? 1 : held instanceof Set ? held.size : held.length;
  }
}
