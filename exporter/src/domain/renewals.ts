/**
 * What has to be derived again because a source moved. Lost or regained freshness concerns every view that reads the kind,
 * at once. A moved contact only renews when the views of its kind were last confirmed: these are taken in turns, so that
 * no flush renews a large fleet whole.
 */
import type { Platform } from '@modelwatch/contract';
import { predictorName } from './pods';
import type { RefId } from './ref';
import type { ResourceKind } from './resources';
import type { SourceMoves } from './source-book';
import type { Marks, World } from './world';

/** A moved contact has reached all views after about so many flushes. */
const TURNS = 10;
const LEAST_PER_TURN = 100;
const WORKLOAD_KINDS: readonly ResourceKind[] = ['Pod', 'Deployment', 'StatefulSet'];

interface Due {
  readonly marked: Set<RefId>;
  readonly ids: Set<RefId>;
  perTurn: number;
}

export class Renewals {
  private readonly due = new Map<Set<RefId>, Due>();

  constructor(
    private readonly world: World,
    private readonly marks: Marks
  ) {}

  /** Marks what the moves ask for now, and the next of what is due from earlier ones. */
  mark({ freshness, contact }: SourceMoves): void {
    const workloadsMoved = WORKLOAD_KINDS.some((kind) => freshness.has(kind));
    if (freshness.size + contact.size > 0) {
      for (const { kind, ids, marked, readsWorkloads } of this.views()) {
        if (freshness.has(kind) || (readsWorkloads && workloadsMoved)) for (const id of ids) marked.add(id);
        else if (contact.has(kind)) this.enqueue(ids, marked);
      }
    }
    this.takeTurn();
  }

  /** Which views rest on the contact of which kind. */
  private views() {
    const { world, marks } = this;
    const view = (kind: ResourceKind, ids: readonly RefId[], marked: Set<RefId>, readsWorkloads = false) => ({
      kind,
      ids,
      marked,
      readsWorkloads,
    });
    const all = (keys: Iterable<string>, platform: Platform) => Array.from(keys, (key) => `${platform}|${key}`);
    const predictors = Array.from(world.services.keys(), (key) => `kserve|${predictorName(key)}`);
    return [
      view('SeldonModel', all(world.models.keys(), 'seldon'), marks.models),
      view('SeldonServer', all(world.servers.keys(), 'seldon'), marks.servers, true),
      view('InferenceService', all(world.services.keys(), 'kserve'), marks.models, true),
      view('Deployment', predictors, marks.servers, true),
      view('SeldonPipeline', all(world.pipelines.keys(), 'seldon'), marks.pipelines),
      view('InferenceGraph', all(world.graphs.keys(), 'kserve'), marks.pipelines),
      view('SeldonExperiment', all(world.experiments.keys(), 'seldon'), marks.experiments),
    ];
  }

  private enqueue(ids: readonly RefId[], marked: Set<RefId>): void {
    const due = this.due.get(marked) ?? { marked, ids: new Set<RefId>(), perTurn: 0 };
    for (const id of ids) due.ids.add(id);
    due.perTurn = Math.max(LEAST_PER_TURN, Math.ceil(due.ids.size / TURNS));
    this.due.set(marked, due);
  }

  private takeTurn(): void {
    for (const due of this.due.values()) {
      let left = due.perTurn;
      for (const id of due.ids) {
        if (left-- <= 0) break;
        due.ids.delete(id);
        due.marked.add(id);
      }
    }
  }
}
