/** Keeps the text of what is counted of events up to date: before a scrape, never for an event. */
import type { EventBook } from './domain/events/book';
import type { ModelEvents } from './domain/events/model-events';
import { createExpositionStore } from './exposition/segments';
import { createSlice } from './exposition/slice';
import type { Selection } from './exposition/store';
import type { ReadableStore } from './exposition/joined';
import { EVENT_GROUPS, textOfEvents, textOfReferences, textOfUnknown, type EventText } from './families/event-text';

export interface EventExposition {
  readonly store: ReadableStore;
  /** Brings the text up to date, with the loop free in between; at once when the scrape does not ask for it. */
  settle(selection: Selection): Promise<void>;
}

const FAMILIES = EVENT_GROUPS.flatMap(({ families }) => families.map(({ name }) => name));
/** With these in it, a scrape has seen where a series begins. */
const COUNTERS = EVENT_GROUPS.filter(({ chosenBy }) => chosenBy === 'events').flatMap(({ families }) =>
  families.map(({ name }) => name)
);

type Keys = ReadonlyMap<string, EventText['group']>;

interface Shown {
  readonly keys: Keys;
  readonly references: Keys;
  /** What the text of its references was made of. */
  readonly plans?: ModelEvents['plans'];
}

/** A series begins with 0, in whichever scrape has it first. */
interface Begins {
  seen: boolean;
}

export function createEventExposition(book: EventBook, nowSeconds: () => number): EventExposition {
  const store = createExpositionStore(EVENT_GROUPS);
  const shown = new Map<ModelEvents, Shown>();
  /** What the text has at 0, since no scrape had it yet. */
  const unseen = new Map<ModelEvents, readonly Begins[]>();
  let unknownSeen = false;
  let running: Promise<void> | undefined;

  async function write(model: ModelEvents, slice: ReturnType<typeof createSlice>): Promise<void> {
    // First, since more may begin while the text is written.
    const begins = beginsOf(model);
    const before = shown.get(model);
    const put = (text: EventText) => {
      store.set(text.group, text.key, text.texts, model.namespace);
      return [`${text.group} ${text.key}`, text.group] as const;
    };
    // Settings and references of a model are replaced together.
    const references =
      before?.plans === model.plans ? before.references : new Map([...textOfReferences(model)].map(put));
    const keys = new Map(references);
    for (const text of textOfEvents(model)) {
      keys.set(...put(text));
      if (slice.isOver()) await slice.next();
    }
    erase(before?.keys, keys);
    shown.set(model, { keys, references, plans: model.plans });
    unseen.set(model, begins);
  }

  function erase(before: Keys | undefined, now?: Keys): void {
    for (const [id, group] of before ?? []) if (!now?.has(id)) store.delete(group, id.slice(group.length + 1));
  }

  async function writeAll(): Promise<void> {
    const slice = createSlice();
    book.expire(nowSeconds());
    for (const model of book.takeGone()) {
      erase(shown.get(model)?.keys);
      shown.delete(model);
      unseen.delete(model);
    }
    const unknown = { dropped: book.droppedWithoutModel, refused: book.refusedWithoutModel };
    for (const { group, key, texts } of textOfUnknown(unknown, unknownSeen)) store.set(group, key, texts);
    for (const model of book.takeChanged()) {
      await write(model, slice);
      if (slice.isOver()) await slice.next();
    }
  }

  /** Counts are shown from the scrape after the one that had the series at 0. */
  function seenBy({ families, namespaces }: Selection): void {
    if (families && !COUNTERS.every((name) => families.has(name))) return;
    if (!namespaces || namespaces.has('')) unknownSeen = true;
    for (const [model, begins] of unseen) {
      if (namespaces && !namespaces.has(model.namespace)) continue;
      unseen.delete(model);
      for (const each of begins) each.seen = true;
      if (begins.length > 0) book.touch(model);
    }
  }

  return {
    store: {
      ...store,
      part: (format, selection = {}) => {
        const part = store.part(format, selection);
        seenBy(selection);
        return part;
      },
    },
    settle: async ({ families }) => {
      if (families && !FAMILIES.some((name) => families.has(name))) return;
      running ??= writeAll().finally(() => (running = undefined));
      await running;
    },
  };
}

function beginsOf(model: ModelEvents): Begins[] {
  const slots = [...model.slots.values()];
  const { accuracy, challengers, custom, rows } = model;
  const ofAccuracy = accuracy ? [accuracy, accuracy.estimate ?? [], ...accuracy.slots.values()].flat() : [];
  const ofChallengers = [...(challengers?.counts.values() ?? [])].flatMap((each) => [each, each.sums ?? []].flat());
  const ofCustom = custom.slots.size === 0 ? [] : [custom, ...custom.slots.values()];
  const ofTexts = [...(model.generative?.tallies ?? []), ...model.feedback.versions.values()];
  const bins = slots.flatMap(({ bins: byReference }) => [...byReference.values()]);
  const batches = [...model.batches.all];
  const ofBatches = [
    model.batches.isTold ? model.batches : [],
    batches,
    batches.flatMap((each) => each.bins ?? []),
  ].flat();
  const ofDetectors = [...model.detectors.slots.values()];
  const all: Begins[] = [
    ...[model, ...model.segments.tables, ...slots, ...bins, ...(rows ? [rows] : [])],
    ...[...ofAccuracy, ...ofChallengers, ...ofCustom, ...ofTexts, ...ofBatches, ...ofDetectors],
  ];
  return all.filter(({ seen }) => !seen);
}
