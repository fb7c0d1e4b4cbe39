/** Keeps the text of objectives in step with the fleet of one watch and with what is declared. */
import type { EntityKey } from '@modelwatch/contract';
import type { FleetChange, Snapshot } from './domain/fleet-interface';
import { createSloBook, holderKey, type SloBook, type SloHolder } from './domain/slo/book';
import type { SloSpec } from './domain/slo/spec';
import type { ModelView, PipelineView } from './domain/views';
import type { ExpositionStore } from './exposition/store';
import { renderSlos } from './families/slo';
import type { Declarations } from './slos';

const GROUP = 'slos';

export interface SloRows {
  /** After each flush, with what it changed. */
  follow(change: Pick<FleetChange, 'models' | 'pipelines'>, snapshot: Pick<Snapshot, 'models' | 'pipelines'>): void;
  /** Goes on with what a change of the objectives asks for. @param mayGoOn asked before each model */
  goOn(snapshot: Pick<Snapshot, 'models' | 'pipelines'>, mayGoOn: () => boolean): void;
  readonly pending: boolean;
  readonly book: Pick<SloBook, 'holders' | 'refusedCount'>;
}

type Subject = SloSpec['subject'];
type View = ModelView | PipelineView;

export function createSloRows(
  current: () => Declarations,
  exposition: Pick<ExpositionStore, 'set' | 'delete'>,
  book = createSloBook()
): SloRows {
  let declarations: Declarations | undefined;
  /** Those to be put again since other objectives are declared, or there is room. */
  let waiting: (readonly [Subject, EntityKey])[] = [];

  function put(subject: Subject, key: EntityKey, view: View | undefined): void {
    if (view) write(book.put(subject, view));
    else if (book.remove(subject, key)) exposition.delete(GROUP, holderKey(subject, key));
  }

  function write(holder: SloHolder | undefined): void {
    if (!holder) return;
    const key = holderKey(holder.subject, `${holder.namespace}/${holder.name}`);
    if (holder.objectives.length === 0) exposition.delete(GROUP, key);
    else exposition.set(GROUP, key, renderSlos(holder), holder.namespace);
  }

  return {
    follow({ models, pipelines }, snapshot) {
      const now = current();
      if (now !== declarations) {
        declarations = now;
        book.declare(now.declared);
        const all = { models: snapshot.models, pipelines: snapshot.pipelines };
        waiting = (['models', 'pipelines'] as const).flatMap((subject) =>
          [...all[subject].keys()].map((key): [Subject, EntityKey] => [subject, key])
        );
      }
      for (const [key, view] of models.changed) put('models', key as EntityKey, view);
      for (const [key, view] of pipelines.changed) put('pipelines', key as EntityKey, view);
      if (waiting.length === 0) waiting = [...book.returning()];
    },
    goOn(snapshot, mayGoOn) {
      for (let next = waiting.at(-1); next && mayGoOn(); next = waiting.at(-1)) {
        waiting.pop();
        const [subject, key] = next;
        put(subject, key, snapshot[subject].get(key));
        if (waiting.length === 0) waiting = [...book.returning()];
      }
    },
    get pending() {
      return waiting.length > 0;
    },
    book,
  };
}
