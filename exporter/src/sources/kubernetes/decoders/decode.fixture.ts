import type { KubernetesResource, ResourceKind } from '../../../domain/resources';
import { KINDS } from '../kinds';
import { createStore } from '../store';

/** Decodes one object as the store does, and gives what was dropped. */
export function decode(kind: ResourceKind, raw: unknown) {
  const found = KINDS.find(({ resource }) => resource === kind);
  if (!found) throw new Error(kind);
  const resources: KubernetesResource[] = [];
  const drops: string[] = [];
  const store = createStore(
    { ...found, ours: () => true },
    (told) => told.kind === 'resource-applied' && resources.push(told.resource),
    {
      relist: () => undefined,
      error: () => undefined,
      events: () => undefined,
      waited: () => undefined,
      probeStarted: () => undefined,
      newcomersAsked: () => undefined,
      foreign: () => undefined,
      dropped: (_, reason, detail) => drops.push(`${reason} ${detail}`),
    }
  );
  store.view('v1').applied(raw);
  return { resource: resources[0], drops };
}
