/** What has to be judged again when a component goes down or comes up. Only then are the keys of the fleet walked. */
import { refId, type Origin, type RefId } from '../ref';
import type { EntityView } from '../views';
import type { World } from '../world';
import type { Marks } from '../marks';
import { needsOf, waitingFor, type Component, type Waiting } from './known';

/** Views so far, of the kinds of which there are many. */
export interface ViewsSoFar {
  readonly model: (id: RefId) => EntityView | undefined;
  readonly server: (id: RefId) => EntityView | undefined;
}

export function markWaiting(component: Component, world: World, marks: Marks, views: ViewsSoFar): void {
  for (const kind of waitingFor(component.platform, component.role)) {
    const inTheWay = needsOf(component.platform, kind).toAnswer.includes(component.role);
    const marked = marksOf(marks, kind);
    for (const [origin, held] of heldOf(world, component.platform, kind)) {
      const own = refId(origin, component.namespace, '');
      for (const key of held.keys()) {
        const id = `${origin}|${key}`;
        if (!component.shared && !id.startsWith(own)) continue;
        if (inTheWay || concerned(kind, id, views)) marked.add(id);
      }
    }
  }
}

/** What serves, and waits for nothing, does not mention a component that only changes pass through. */
function concerned(kind: Waiting, id: RefId, views: ViewsSoFar): boolean {
  if (kind === 'pipeline' || kind === 'experiment') return true;
  const view = kind === 'server' ? views.server(id) : views.model(id);
  return view?.verdict.state !== 'serving';
}

function marksOf(marks: Marks, kind: Waiting): Set<RefId> {
  switch (kind) {
    case 'model':
    case 'llm':
      return marks.models;
    case 'server':
      return marks.servers;
    case 'pipeline':
      return marks.pipelines;
    case 'experiment':
      return marks.experiments;
  }
}

type Held = readonly [Origin, ReadonlyMap<string, unknown>];

function heldOf(world: World, platform: Component['platform'], kind: Waiting): readonly Held[] {
  const kserve: Partial<Record<Waiting, readonly Held[]>> = {
    model: [
      ['kserve', world.services],
      ['kserve-trained', world.trained],
    ],
    llm: [['kserve-llm', world.llms]],
    pipeline: [['kserve', world.graphs]],
  };
  const seldon: Partial<Record<Waiting, readonly Held[]>> = {
    model: [['seldon', world.models]],
    server: [['seldon', world.servers]],
    pipeline: [['seldon', world.pipelines]],
    experiment: [['seldon', world.experiments]],
  };
  return (platform === 'seldon' ? seldon : kserve)[kind] ?? [];
}
