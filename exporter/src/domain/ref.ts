/** How the domain names an entity inside: by platform and raw name. The published name can differ (name conflicts). */
import { PLATFORMS, type Platform } from '@modelwatch/contract';

export interface Ref {
  readonly platform: Platform;
  readonly namespace: string;
  readonly name: string;
}

/** `platform|namespace/name`. */
export type RefId = string;

export function refId(platform: Platform, namespace: string, name: string): RefId {
  return `${platform}|${namespace}/${name}`;
}

export function parseRefId(id: RefId): Ref {
  const bar = id.indexOf('|');
  const slash = id.indexOf('/', bar);
  const platform = PLATFORMS.find((known) => known === id.slice(0, bar));
  if (platform === undefined) throw new RangeError(`not an id of the domain: ${JSON.stringify(id)}`);
  return { platform, namespace: id.slice(bar + 1, slash), name: id.slice(slash + 1) };
}

/** `namespace/name`, whatever the platform. */
export function plainKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** Platforms that can hold an entity of the same name; the order decides who keeps the plain name. */
export function otherPlatforms(platform: Platform): readonly Platform[] {
  return PLATFORMS.filter((other) => other !== platform);
}

/** A map of sets that forgets empty sets. */
export class MultiMap {
  private readonly sets = new Map<string, Set<string>>();

  add(key: string, value: string): void {
    const set = this.sets.get(key);
    if (set) set.add(value);
    else this.sets.set(key, new Set([value]));
  }

  remove(key: string, value: string): void {
    const set = this.sets.get(key);
    if (!set) return;
    set.delete(value);
    if (set.size === 0) this.sets.delete(key);
  }

  get(key: string): Iterable<string> {
    return this.sets.get(key) ?? [];
  }

  size(key: string): number {
    return this.sets.get(key)?.size ?? 0;
  }
}
