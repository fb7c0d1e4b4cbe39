/** What a mapping makes of objects, without a cluster: the same decoding, rules and text as in the exporter. */
import { preview as brief } from '@modelwatch/contract';
import { createFleet } from '../domain/fleet';
import { NO_TELEMETRY } from '../domain/telemetry';
import type { Snapshot } from '../domain/fleet-interface';
import { createExpositionStore } from '../exposition/segments';
import { GROUPS, renderChange } from '../families';
import type { Mapping } from '../mapping/schema';
import { createCustomKinds, type UnmatchedPaths } from '../sources/kubernetes/custom';
import { kindsWith, sourceName } from '../sources/kubernetes/kinds';
import { UNSHARDED } from '../domain/shards';
import { keepOf } from '../sources/kubernetes/decoders/keep';
import { createStore } from '../sources/kubernetes/store';

export interface Preview {
  readonly snapshot: Snapshot;
  /** Exposition text of what came of the objects, without headers, sorted. */
  readonly lines: readonly string[];
  /** What could not be used: `unknown_value: RayService ray/llm, ...`. */
  readonly drops: readonly string[];
  readonly unmatched: readonly UnmatchedPaths[];
}

/** Whether objects of the kind are read under the API version that they name. */
function reads(kind: ReturnType<typeof kindsWith>[number], object: unknown): boolean {
  const { kind: title, apiVersion } = Object(object) as { readonly kind?: unknown; readonly apiVersion?: unknown };
  const versions = kind.versions.map((version) => (kind.group ? `${kind.group}/${version}` : version));
  return title === kind.title && versions.some((version) => version === apiVersion);
}

/**
 * @param objects as `kubectl get -o json` prints them; pods may be among them
 * @param nowSeconds the time at which they are looked at
 */
export function previewObjects(mappings: readonly Mapping[], objects: readonly unknown[], nowSeconds: number): Preview {
  const drops: string[] = [];
  const telemetry = {
    ...NO_TELEMETRY,
    dropped: (_: string, reason: string, detail: string) => void drops.push(`${reason}: ${detail}`),
  };
  const custom = createCustomKinds(mappings);
  const fleet = createFleet({
    probeIntervalSeconds: 15,
    staleAfterSeconds: 150,
    telemetry,
    podLabelKeys: custom.podLabelKeys,
  });
  const kinds = kindsWith(custom);
  const keep = keepOf({ podLabels: custom.podLabelKeys.flat() });
  const claimed = new Set<unknown>();
  for (const kind of kinds) {
    const view = createStore(kind, (observation) => fleet.observe(observation), telemetry, UNSHARDED, keep).view(
      kind.versions[0]
    );
    const own = objects.filter((object) => reads(kind, object));
    for (const object of own) {
      claimed.add(object);
      view.applied(object);
    }
    fleet.observe({
      kind: 'source-status',
      source: sourceName(kind),
      title: kind.title,
      resources: [kind.resource],
      // Without pods at hand nothing is said of them: that there are none is not known.
      state: kind.resource === 'Pod' && own.length === 0 ? 'absent' : 'synced',
      required: kind.required,
      objects: own.length,
      lastContactSeconds: nowSeconds,
    });
  }
  for (const object of objects) {
    if (claimed.has(object)) continue;
    const { apiVersion, kind } = Object(object) as { readonly apiVersion?: unknown; readonly kind?: unknown };
    drops.push(`unknown_value: ${brief({ apiVersion, kind })}: expected an object of a kind that is read`);
  }
  const exposition = createExpositionStore(GROUPS);
  for (const { group, key, texts } of renderChange(fleet.flush(nowSeconds))) {
    if (texts) exposition.set(group, key, texts);
  }
  const text = exposition.view('prometheus').text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { snapshot: fleet.snapshot(), lines: lines.sort(), drops, unmatched: custom.unmatched() };
}
