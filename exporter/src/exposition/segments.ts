/**
 * Pre-rendered exposition in segments. Each object of a group has a slot; 128 neighbouring slots make a segment, and a
 * segment joins its texts of one family only when one of them changed. So a change costs one segment, and a scrape
 * joins nothing that did not change.
 */
import type { ExpositionStore, FamilyHeader, Format } from './store';

const SLOTS_PER_SEGMENT = 128;
const CHUNK_BYTES = 65_536;

interface Segment {
  /** `texts[slot][family]`; undefined for a free slot. */
  readonly slots: (readonly string[] | undefined)[];
  /** Joined bytes per family; undefined where a text changed since. */
  readonly joined: (Buffer | undefined)[];
  readonly series: number[];
}

class Group {
  readonly #segments: Segment[] = [];
  readonly #slotOf = new Map<string, number>();
  readonly #free: number[] = [];

  constructor(readonly families: readonly FamilyHeader[]) {}

  set(key: string, texts: readonly string[]): void {
    if (texts.length !== this.families.length) {
      throw new RangeError(`object ${key}: expected ${this.families.length} texts, got ${texts.length}`);
    }
    let slot = this.#slotOf.get(key);
    if (slot === undefined) {
      slot = this.#free.pop() ?? this.#slotOf.size;
      this.#slotOf.set(key, slot);
    }
    this.#write(slot, texts);
  }

  delete(key: string): void {
    const slot = this.#slotOf.get(key);
    if (slot === undefined) return;
    this.#slotOf.delete(key);
    this.#free.push(slot);
    this.#write(slot, undefined);
  }

  /** Bytes of one family, one piece per segment that has any. */
  family(index: number): { pieces: Buffer[]; series: number } {
    const pieces: Buffer[] = [];
    let series = 0;
    for (const segment of this.#segments) {
      const bytes = this.#join(segment, index);
      if (bytes.length > 0) pieces.push(bytes);
      series += segment.series[index] ?? 0;
    }
    return { pieces, series };
  }

  #write(slot: number, texts: readonly string[] | undefined): void {
    const number = Math.floor(slot / SLOTS_PER_SEGMENT);
    const segment = (this.#segments[number] ??= { slots: [], joined: [], series: [] });
    const place = slot % SLOTS_PER_SEGMENT;
    const before = segment.slots[place];
    segment.slots[place] = texts;
    this.families.forEach((_, index) => {
      if ((before?.[index] ?? '') !== (texts?.[index] ?? '')) segment.joined[index] = undefined;
    });
  }

  #join(segment: Segment, index: number): Buffer {
    const cached = segment.joined[index];
    if (cached) return cached;
    const text = segment.slots.map((texts) => texts?.[index] ?? '').join('');
    const bytes = Buffer.from(text);
    segment.joined[index] = bytes;
    segment.series[index] = countLines(bytes);
    return bytes;
  }
}

/** Groups are written in the given order, and in each its families in theirs; a family's lines stand together. */
export function createExpositionStore(
  groups: readonly { readonly name: string; readonly families: readonly FamilyHeader[] }[]
): ExpositionStore {
  const byName = new Map(groups.map(({ name, families }) => [name, new Group(families)]));
  const group = (name: string): Group => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`no group ${name}: expected one of ${[...byName.keys()].join(', ')}`);
    return found;
  };
  return {
    set: (name, key, texts) => group(name).set(key, texts),
    delete: (name, key) => group(name).delete(key),
    view: (format) => {
      const pieces: Buffer[] = [];
      let series = 0;
      for (const each of byName.values()) {
        each.families.forEach((header, index) => {
          const family = each.family(index);
          if (family.pieces.length === 0) return;
          pieces.push(headerText(header, format), ...family.pieces);
          series += family.series;
        });
      }
      // The pieces are never written to again: a later change makes a new buffer, so this view stays as it is.
      return { chunks: chunksOf(pieces), series };
    },
  };
}

/** OpenMetrics names a counter without `_total` in its metadata, and escapes quotes in help. */
function headerText({ name, type, help }: FamilyHeader, format: Format): Buffer {
  const openmetrics = format === 'openmetrics';
  const shown = openmetrics && type === 'counter' ? name.replace(/_total$/, '') : name;
  const escaped = help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
  const text = openmetrics ? escaped.replace(/"/g, '\\"') : escaped;
  return Buffer.from(`# HELP ${shown} ${text}\n# TYPE ${shown} ${type}\n`);
}

/** Small pieces are put together, large ones passed on as they are. */
function* chunksOf(pieces: readonly Buffer[]): Iterable<Buffer> {
  let pending: Buffer[] = [];
  let size = 0;
  for (const piece of pieces) {
    pending.push(piece);
    size += piece.length;
    if (size < CHUNK_BYTES) continue;
    yield pending.length === 1 ? piece : Buffer.concat(pending, size);
    pending = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pending, size);
}

const NEWLINE = 10;
function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
