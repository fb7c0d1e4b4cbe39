/**
 * What has to be renewed because a source moved. Lost or regained freshness concerns every view that reads the kind: they
 * are derived again. A moved contact only renews when the views of its kind were last confirmed. Neither is done for a large
 * fleet in one go: each flush goes on where the one before it stopped.
 */
import type { CustomHeld } from './custom-book';
import { partName, predictorName } from './kserve-parts';
import type { Origin, RefId } from './ref';
import type { CustomKind, ResourceKind } from './resources';
import type { SourceBook, SourceMoves } from './source-book';
import type { World } from './world';
import type { Marks } from './marks';

/** Each renewed view is a line to write, which costs more than to renew it. */
const MOST_PER_FLUSH = 1_000;
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
  /** What is still to be marked because freshness moved; absent: nothing. */
  marking?: Iterator<string>;
  /** What is still to be renewed because contact moved; absent: nothing. */
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
      view('SeldonModel', world.models, 'seldon', 'models', { others: WORKLOAD_KINDS }),
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

  /** Marks and renews what the moves ask for, as far as it may go on; the rest with the next call. */
  take({ freshness, contact }: SourceMoves, mayGoOn: () => boolean): void {
    for (const [kind, held] of this.world.custom.kinds) {
      if (this.customSeen.has(kind)) continue;
      this.customSeen.add(kind);
      this.addCustom(kind, held);
    }
    // Few, and each shows the contact of its pods: all at once.
    if (WORKLOAD_KINDS.some((kind) => freshness.has(kind) || contact.has(kind))) this.world.components.markAll();
    for (const view of this.views) {
      if ([view.kind, ...view.others].some((kind) => freshness.has(kind))) {
        view.marking = view.held.keys()[Symbol.iterator]();
      }
      if (contact.has(view.kind)) {
        if (view.turn) view.again = true;
        else view.turn = view.held.keys()[Symbol.iterator]();
      }
    }
    for (const view of this.views) markNext(view, mayGoOn);
    let left = MOST_PER_FLUSH;
    for (const view of this.views) left = this.renewNext(view, left, mayGoOn);
  }

  /** Not everything is marked yet that has to be derived again. */
  get marking(): boolean {
    return this.views.some(({ marking }) => marking);
  }

  /** Some views do not show the last contact yet. */
  get renewing(): boolean {
    return this.views.some(({ turn }) => turn);
  }

  private renewNext(view: Viewed, most: number, mayGoOn: () => boolean): number {
    const contact = view.turn && this.sources.ofAll(view.kind, view.others).lastContactSeconds;
    let left = most;
    while (view.turn && left > 0 && mayGoOn()) {
      const next = view.turn.next();
      if (next.done) {
        delete view.turn;
        if (view.again) view.turn = view.held.keys()[Symbol.iterator]();
        view.again = false;
        return left;
      }
      view.book.renew(view.idOf(next.value), contact);
      left -= 1;
    }
    return left;
  }
}

function markNext(view: Viewed, mayGoOn: () => boolean): void {
  while (view.marking && mayGoOn()) {
    const next = view.marking.next();
    if (next.done) delete view.marking;
    else view.marked.add(view.idOf(next.value));
  }
}
