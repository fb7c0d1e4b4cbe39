/**
 * What has to be renewed because a source moved. Lost or regained freshness concerns every view that reads the kind: they
 * are derived again. A moved contact only renews when the views of its kind were last confirmed: these are taken in
 * turns, so that no flush renews a large fleet whole.
 */
import type { CustomHeld } from './custom-book';
import { partName, predictorName } from './kserve-parts';
import type { Origin, RefId } from './ref';
import type { CustomKind, ResourceKind } from './resources';
import type { SourceBook, SourceMoves } from './source-book';
import type { Marks, World } from './world';

/** A moved contact has reached all views after about so many flushes. */
const TURNS = 10;
const LEAST_PER_TURN = 100;
const WORKLOAD_KINDS: readonly ResourceKind[] = ['Pod', 'Deployment', 'StatefulSet'];

interface Book {
  renew(id: RefId, contactSeconds: number | undefined): void;
}

export type Books = Record<'models' | 'servers' | 'pipelines' | 'experiments', Book>;

/** Views of one kind, by the resource that they come from. */
interface Viewed {
  readonly kind: ResourceKind;
  /** Their verdict also rests on these. */
  readonly others: readonly ResourceKind[];
  readonly held: ReadonlyMap<string, unknown>;
  readonly idOf: (key: string) => RefId;
  readonly marked: Set<RefId>;
  readonly book: Book;
  /** Where the turn stands; absent: all are renewed. */
  turn?: Iterator<string>;
  /** The contact moved again while its turn was under way. */
  again: boolean;
}

export class Renewals {
  private readonly views: Viewed[];
  private readonly addCustom: (kind: CustomKind, held: CustomHeld) => void;
  private readonly customSeen = new Set<CustomKind>();

  constructor(
    private readonly world: World,
    marks: Marks,
    books: Books,
    private readonly sources: SourceBook
  ) {
    const view = (
      kind: ResourceKind,
      held: ReadonlyMap<string, unknown>,
      origin: Origin,
      of: keyof Books,
      more: Partial<Pick<Viewed, 'others' | 'idOf'>> = {}
    ): Viewed => ({
      kind,
      held,
      others: [],
      idOf: (key) => `${origin}|${key}`,
      marked: marks[of],
      book: books[of],
      again: false,
      ...more,
    });
    this.views = [
      view('SeldonModel', world.models, 'seldon', 'models'),
      view('SeldonServer', world.servers, 'seldon', 'servers', { others: WORKLOAD_KINDS }),
      view('InferenceService', world.services, 'kserve', 'models', { others: WORKLOAD_KINDS }),
      view('LLMInferenceService', world.llms, 'kserve-llm', 'models', { others: WORKLOAD_KINDS }),
      view('TrainedModel', world.trained, 'kserve-trained', 'models'),
      view('Deployment', world.services, 'kserve', 'servers', {
        others: WORKLOAD_KINDS,
        idOf: (key) => `kserve|${predictorName(key)}`,
      }),
      ...(['predictor', 'prefill'] as const).map((component) =>
        view('Deployment', world.llms, 'kserve-llm', 'servers', {
          others: WORKLOAD_KINDS,
          idOf: (key) => `kserve-llm|${partName({ of: 'llm', owner: key, component })}`,
        })
      ),
      view('SeldonPipeline', world.pipelines, 'seldon', 'pipelines'),
      view('InferenceGraph', world.graphs, 'kserve', 'pipelines', { others: WORKLOAD_KINDS }),
      view('SeldonExperiment', world.experiments, 'seldon', 'experiments'),
    ];
    this.addCustom = (kind, { models, servers }) => {
      const more = { others: ['Pod'] as const, idOf: (id: string) => id };
      this.views.push(view(kind, models, 'custom', 'models', more), view(kind, servers, 'custom', 'servers', more));
    };
  }

  /** Marks what the moves ask for now, and renews the next of what is due from earlier ones. */
  take({ freshness, contact }: SourceMoves): void {
    for (const [kind, held] of this.world.custom.kinds) {
      if (this.customSeen.has(kind)) continue;
      this.customSeen.add(kind);
      this.addCustom(kind, held);
    }
    // Few, and each shows the contact of its pods: all at once.
    if (WORKLOAD_KINDS.some((kind) => freshness.has(kind) || contact.has(kind))) this.world.components.markAll();
    for (const view of this.views) {
      if ([view.kind, ...view.others].some((kind) => freshness.has(kind))) {
        for (const key of view.held.keys()) view.marked.add(view.idOf(key));
      }
      if (contact.has(view.kind)) {
        if (view.turn) view.again = true;
        else view.turn = view.held.keys()[Symbol.iterator]();
      }
      if (view.turn) this.takeTurn(view, view.turn);
    }
  }

  private takeTurn(view: Viewed, turn: Iterator<string>): void {
    const contact = this.sources.ofAll(view.kind, view.others).lastContactSeconds;
    let left = Math.max(LEAST_PER_TURN, Math.ceil(view.held.size / TURNS));
    while (left-- > 0) {
      const next = turn.next();
      if (next.done) {
        delete view.turn;
        if (view.again) view.turn = view.held.keys()[Symbol.iterator]();
        view.again = false;
        return;
      }
      view.book.renew(view.idOf(next.value), contact);
    }
  }
}
