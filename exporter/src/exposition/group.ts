/**
 * The objects of one group in slots, 128 slots to a segment, and a piece of text per segment and family. An object has
 * the same slot in every family. Slots that become free are used again, and segments that were left nearly empty are
 * merged, so churn of names and labels leaves nothing behind.
 */
import { Piece, SLOTS_PER_SEGMENT, type Work } from './piece';
import { Run } from './run';
import type { FamilyHeader } from './store';

/** A segment with no more objects than this is merged with another such. */
const SPARSE_SLOTS = SLOTS_PER_SEGMENT / 4;

interface Segment {
  readonly number: number;
  readonly keys: (string | undefined)[];
  readonly namespaces: string[];
  readonly pieces: Piece[];
  live: number;
}

/** Told of each piece that takes the place of another, or of none, or is gone. */
export type OnPiece = (before: Piece, after: Piece | undefined) => void;

export class Group {
  readonly #segments = new Map<number, Segment>();
  /** Segment number times 128 plus place. */
  readonly #slotOf = new Map<string, number>();
  readonly #withRoom = new Set<Segment>();
  readonly #sparse = new Set<Segment>();
  readonly #empty: Piece;
  /** What the last view took, as far as nothing changed since. */
  readonly #runs: (Run | undefined)[];
  #nextNumber = 0;

  constructor(
    readonly families: readonly FamilyHeader[],
    work: Work,
    private readonly onPiece: OnPiece
  ) {
    this.#empty = Piece.empty(work);
    this.#runs = families.map(() => undefined);
  }

  set(key: string, texts: readonly string[], namespace: string): void {
    if (texts.length !== this.families.length) {
      throw new RangeError(`object ${key}: expected ${this.families.length} texts, got ${texts.length}`);
    }
    const slot = this.#slotOf.get(key);
    if (slot === undefined) {
      const segment = this.#withRoom.values().next().value ?? this.#open();
      this.#put(segment, key, texts, namespace);
      return;
    }
    const segment = this.#segmentOf(slot);
    segment.namespaces[slot % SLOTS_PER_SEGMENT] = namespace;
    this.#write(segment, slot % SLOTS_PER_SEGMENT, texts);
  }

  delete(key: string): void {
    const slot = this.#slotOf.get(key);
    if (slot === undefined) return;
    const segment = this.#segmentOf(slot);
    const place = slot % SLOTS_PER_SEGMENT;
    this.#slotOf.delete(key);
    segment.keys[place] = undefined;
    segment.live--;
    if (segment.live === 0) {
      this.#drop(segment);
      return;
    }
    this.#write(segment, place, undefined);
    this.#withRoom.add(segment);
    if (segment.live <= SPARSE_SLOTS) this.#sparse.add(segment);
  }

  /** Merges two sparse segments; false when there are none. Moves at most 32 objects. */
  mergeSparse(): boolean {
    const [from, to] = this.#sparse;
    if (!from || !to) return false;
    for (const [place, key] of from.keys.entries()) {
      if (key === undefined) continue;
      const texts = from.pieces.map((piece) => piece.slot(place));
      this.#put(to, key, texts, from.namespaces[place] ?? '');
    }
    this.#drop(from);
    return true;
  }

  /** One per family, in the order of the families; with namespaces only the slots of these. */
  runs(namespaces?: ReadonlySet<string>): readonly Run[] {
    if (namespaces)
      return this.#runsOf(
        this.families.map((_, family) => family),
        namespaces
      );
    const changed = this.families.flatMap((_, family) => (this.#runs[family] ? [] : [family]));
    for (const [index, run] of this.#runsOf(changed).entries()) this.#runs[changed[index] ?? 0] = run;
    return this.#runs.flatMap((run) => run ?? []);
  }

  #runsOf(families: readonly number[], namespaces?: ReadonlySet<string>): Run[] {
    const pieces: Piece[][] = families.map(() => []);
    for (const segment of this.#segments.values()) {
      const ranges = namespaces ? rangesOf(segment, namespaces) : 'all';
      if (ranges.length === 0) continue;
      for (const [index, family] of families.entries()) {
        const piece = segment.pieces[family];
        if (piece && piece !== this.#empty) pieces[index]?.push(ranges === 'all' ? piece : piece.cut(ranges));
      }
    }
    return pieces.map((each) => new Run(each));
  }

  #open(): Segment {
    const segment: Segment = {
      number: this.#nextNumber++,
      keys: Array.from({ length: SLOTS_PER_SEGMENT }, () => undefined),
      namespaces: Array.from({ length: SLOTS_PER_SEGMENT }, () => ''),
      pieces: this.families.map(() => this.#empty),
      live: 0,
    };
    this.#segments.set(segment.number, segment);
    this.#withRoom.add(segment);
    return segment;
  }

  #put(segment: Segment, key: string, texts: readonly string[], namespace: string): void {
    const place = segment.keys.indexOf(undefined);
    segment.keys[place] = key;
    segment.namespaces[place] = namespace;
    segment.live++;
    if (segment.live === SLOTS_PER_SEGMENT) this.#withRoom.delete(segment);
    if (segment.live > SPARSE_SLOTS) this.#sparse.delete(segment);
    this.#slotOf.set(key, segment.number * SLOTS_PER_SEGMENT + place);
    this.#write(segment, place, texts);
  }

  #write(segment: Segment, place: number, texts: readonly string[] | undefined): void {
    for (let family = 0; family < this.families.length; family++) {
      const before = segment.pieces[family] ?? this.#empty;
      const after = before.with(place, texts?.[family] ?? '');
      if (after === before) continue;
      segment.pieces[family] = after;
      this.#runs[family] = undefined;
      this.onPiece(before, after);
    }
  }

  #drop(segment: Segment): void {
    this.#segments.delete(segment.number);
    this.#withRoom.delete(segment);
    this.#sparse.delete(segment);
    this.#runs.fill(undefined);
    for (const piece of segment.pieces) this.onPiece(piece, undefined);
  }

  #segmentOf(slot: number): Segment {
    const segment = this.#segments.get(Math.floor(slot / SLOTS_PER_SEGMENT));
    if (!segment) throw new Error(`slot ${slot} has no segment`);
    return segment;
  }
}

type Ranges = readonly (readonly [number, number])[];

/** Slots whose objects are in one of the namespaces; `all` when no object of the segment is in another. */
function rangesOf({ keys, namespaces }: Segment, wanted: ReadonlySet<string>): Ranges | 'all' {
  const ranges: [number, number][] = [];
  let isWhole = true;
  for (const [place, key] of keys.entries()) {
    if (key === undefined) continue;
    if (!wanted.has(namespaces[place] ?? '')) {
      isWhole = false;
      continue;
    }
    const last = ranges.at(-1);
    if (last && last[1] === place) last[1] = place + 1;
    else ranges.push([place, place + 1]);
  }
  return isWhole ? 'all' : ranges;
}
