/**
 * The text of one family for 128 neighbouring slots, as bytes. A piece that somebody may read is never written to: a
 * change makes a new piece on top of it, so a view is a list of pieces and costs nothing to keep as it was.
 *
 * A changed text waits as a string until the piece is sealed, that is, until its bytes are put together. Loading many
 * objects therefore does not copy 20 kB for each of them.
 */
import { crc32 } from 'node:zlib';
import { shiftOf } from './crc';
import type { Deflater } from './deflater';

export const SLOTS_PER_SEGMENT = 128;
/** So many strings may wait in one piece: a segment that is being filled is put together once, when it is full. */
const SEAL_AT_CHANGES = SLOTS_PER_SEGMENT;

export interface SlotText {
  /** Exactly as long as the text, and not cut from Node's pool, which would keep 8 kB alive for it. */
  readonly bytes: Buffer;
  /** Where the text of each slot ends; 16 bits wherever they do. */
  readonly ends: Uint16Array | Uint32Array;
  readonly lines: number;
}

export interface Deflated {
  /** Raw deflate that ends in a flush: such blocks can follow each other in any order. */
  readonly bytes: Buffer;
  readonly crc: number;
  readonly shift: number;
  readonly textBytes: number;
}

/** Counters since the start, shared by all pieces of a store. */
export interface Work {
  sealed: number;
  compressed: number;
}

const EMPTY: SlotText = { bytes: Buffer.allocUnsafeSlow(0), ends: new Uint16Array(SLOTS_PER_SEGMENT), lines: 0 };

export class Piece {
  #text: SlotText | undefined;
  #make: (() => SlotText) | undefined;
  /** Present while the piece may still take changes. */
  #open: { readonly base: SlotText; readonly changes: Map<number, string> } | undefined;
  #deflating: Promise<void> | undefined;
  #deflated: Deflated | undefined;

  private constructor(
    readonly work: Work,
    text: SlotText | (() => SlotText)
  ) {
    if (typeof text === 'function') this.#make = text;
    else this.#text = text;
  }

  static empty(work: Work): Piece {
    return new Piece(work, EMPTY);
  }

  /** Text without slots, such as a header. */
  static of(work: Work, text: string | Buffer): Piece {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    return new Piece(work, { bytes, ends: EMPTY.ends, lines: 0 });
  }

  /** The piece that has `text` at `place`: this one if it has it or may still change, else a new one. */
  with(place: number, text: string): Piece {
    if (this.#says(place, text)) return this;
    const piece = this.#open ? this : this.#successor();
    const changes = piece.#open?.changes;
    changes?.set(place, text);
    if (changes && changes.size >= SEAL_AT_CHANGES) piece.seal();
    return piece;
  }

  /** The slots in the given ranges (first, after last) alone. */
  cut(ranges: readonly (readonly [number, number])[]): Piece {
    return new Piece(this.work, () => cutText(this.seal(), ranges));
  }

  slot(place: number): string {
    const { base, changes } = this.#open ?? { base: this.seal(), changes: undefined };
    return changes?.get(place) ?? base.bytes.toString('utf8', startOf(base, place), base.ends[place]);
  }

  /** From now on somebody reads it, and a change makes a new piece. Does not put the bytes together yet. */
  freeze(): void {
    this.#open = undefined;
  }

  get sealed(): boolean {
    return this.#text !== undefined;
  }

  get deflated(): Deflated | undefined {
    return this.#deflated;
  }

  /** Puts the bytes together, once: about 20 µs. */
  seal(): SlotText {
    if (this.#text === undefined) {
      this.#text = this.#make?.() ?? EMPTY;
      this.#make = undefined;
      this.#open = undefined;
      this.work.sealed++;
    }
    return this.#text;
  }

  /** Compresses on the thread pool, once, whoever asks and however many. */
  deflate(deflater: Deflater): Promise<void> {
    if (this.#deflated) return Promise.resolve();
    this.#deflating ??= deflater(() => this.seal().bytes)
      .then((bytes) => {
        const { bytes: text } = this.seal();
        this.#deflated = { bytes, crc: crc32(text), shift: shiftOf(text.length), textBytes: text.length };
        this.work.compressed++;
      })
      .finally(() => (this.#deflating = undefined));
    return this.#deflating;
  }

  #successor(): Piece {
    const base = this.seal();
    const changes = new Map<number, string>();
    const piece = new Piece(this.work, () => splice(base, changes));
    piece.#open = { base, changes };
    return piece;
  }

  #says(place: number, text: string): boolean {
    const { base, changes } = this.#open ?? { base: this.seal(), changes: undefined };
    const waiting = changes?.get(place);
    if (waiting !== undefined) return waiting === text;
    const start = startOf(base, place);
    const length = (base.ends[place] ?? 0) - start;
    // UTF-8 has at least one byte for each unit of a string and at most three.
    if (length < text.length || length > text.length * 3) return false;
    return length === 0 || base.bytes.toString('utf8', start, start + length) === text;
  }
}

function startOf(text: SlotText, place: number): number {
  return place === 0 ? 0 : (text.ends[place - 1] ?? 0);
}

const SCRATCH_BYTES = 1 << 20;
let scratch: Buffer | undefined;
const scratchEnds = new Uint32Array(SLOTS_PER_SEGMENT);

/** Unchanged neighbours are copied in one go. UTF-8 throughout, since labels may be in any script. */
function splice(base: SlotText, changes: ReadonlyMap<number, string>): SlotText {
  let room = base.bytes.length;
  for (const text of changes.values()) room += text.length * 3;
  scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  const out = room <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafeSlow(room);
  let length = 0;
  let copied = 0;
  for (let place = 0; place < SLOTS_PER_SEGMENT; place++) {
    const end = base.ends[place] ?? 0;
    const text = changes.get(place);
    if (text === undefined) {
      scratchEnds[place] = length + end - copied;
      continue;
    }
    const start = startOf(base, place);
    if (start > copied) length += base.bytes.copy(out, length, copied, start);
    if (text.length > 0) length += out.write(text, length, 'utf8');
    copied = end;
    scratchEnds[place] = length;
  }
  length += base.bytes.copy(out, length, copied);
  return exact(out.subarray(0, length));
}

function cutText(text: SlotText, ranges: readonly (readonly [number, number])[]): SlotText {
  const parts = ranges.map(([first, afterLast]) => text.bytes.subarray(startOf(text, first), text.ends[afterLast - 1]));
  const bytes = Buffer.concat(parts);
  return { bytes, ends: EMPTY.ends, lines: countLines(bytes) };
}

/** With the ends that stand in `scratchEnds`. */
function exact(text: Buffer): SlotText {
  if (text.length === 0) return EMPTY;
  const bytes = Buffer.allocUnsafeSlow(text.length);
  text.copy(bytes);
  const ends = text.length < 65_536 ? Uint16Array.from(scratchEnds) : Uint32Array.from(scratchEnds);
  return { bytes, ends, lines: countLines(bytes) };
}

const NEWLINE = 10;
function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
