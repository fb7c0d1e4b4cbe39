/** What the tests of whole expositions have in common: a fleet that watches given objects, and merge patches. */
import { isObject, type DropReason } from '@modelwatch/contract';
import { createFleet } from '../domain/fleet';
import { NO_TELEMETRY } from '../domain/telemetry';
import type { Fleet } from '../domain/fleet-interface';
import { KINDS } from '../sources/kubernetes/kinds';
import { createStore } from '../sources/kubernetes/store';

export type Json = Readonly<Record<string, unknown>>;

export const NOW = Date.parse('2026-02-01T00:00:00Z') / 1000;

/** Every kind is watched and synced at NOW; the objects are all that there is. */
export function fleetOfObjects(objects: readonly Json[]): { fleet: Fleet; drops: readonly DropReason[] } {
  const drops: DropReason[] = [];
  const telemetry = { ...NO_TELEMETRY, dropped: (_: string, reason: DropReason) => void drops.push(reason) };
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, telemetry });
  for (const kind of KINDS) {
    const store = createStore(kind, (told) => fleet.observe(told), telemetry).view(kind.versions[0]);
    for (const object of objects) if (object['kind'] === kind.title) store.applied(object);
    fleet.observe({
      kind: 'source-status',
      source: kind.title,
      title: kind.title,
      resources: [kind.resource],
      state: 'synced',
      required: true,
      objects: 1,
      lastContactSeconds: NOW,
    });
  }
  return { fleet, drops };
}

/** RFC 7386: null deletes, objects are merged, anything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const out: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = mergePatch(out[key], value);
  }
  return out;
}
