/**
 * Work on pieces that need not wait for a scrape. Both kinds run in slices, with the loop free in between.
 *
 * Sealing follows a change after 50 ms, so that strings do not stay and a scrape finds bytes.
 *
 * Compressing follows the scrapers, not the changes: a piece that changes every second must not be compressed every
 * second for a scrape every 30 s. Of the last gaps between gzip scrapes each is a moment at which the next may come;
 * before each such moment there is one pass over what changed, begun so early that it should be over a second before.
 * One scraper means one pass per scrape, two with alternating gaps mean two; after the longest gap there is none, so
 * that without gzip scrapers nothing is compressed. What changes after the pass is compressed by the scrape.
 */
import type { Deflater } from './deflater';
import type { Piece } from './piece';
import { createSlice } from './slice';

const SEAL_AFTER_MS = 50;
const GAPS_REMEMBERED = 4;
const LEAD_MS = 1_000;
/** Per piece and on a slow machine; only to begin early enough. */
const COMPRESS_MS_PER_PIECE = 0.2;

export class Upkeep {
  readonly #unsealed = new Set<Piece>();
  readonly #uncompressed = new Set<Piece>();
  #sealing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #passes: NodeJS.Timeout | undefined;
  #gaps: number[] = [];
  #lastGzipMs: number | undefined;

  constructor(
    private readonly deflater: Deflater,
    /** Merges one pair of segments; false when there is none to merge. */
    private readonly mergeSparse: () => boolean
  ) {}

  readonly onPiece = (before: Piece, after: Piece | undefined): void => {
    this.#unsealed.delete(before);
    this.#uncompressed.delete(before);
    if (after) {
      this.#unsealed.add(after);
      this.#uncompressed.add(after);
    }
    this.#timer ??= setTimeout(() => void this.#seal(), SEAL_AFTER_MS).unref();
  };

  /** A gzip scrape begins. */
  gzipScraped(nowMs = performance.now()): void {
    if (this.#lastGzipMs !== undefined) this.#gaps = [...this.#gaps, nowMs - this.#lastGzipMs].slice(-GAPS_REMEMBERED);
    this.#lastGzipMs = nowMs;
    this.#plan(nowMs);
  }

  async settle(): Promise<void> {
    while (this.#unsealed.size > 0 || this.#sealing) await this.#seal();
    await this.#compress();
  }

  #seal(): Promise<void> {
    this.#sealing ??= this.#sealAll().finally(() => (this.#sealing = undefined));
    return this.#sealing;
  }

  async #sealAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const slice = createSlice();
    while (this.mergeSparse()) if (slice.isOver()) await slice.next();
    for (const piece of this.#unsealed) {
      piece.seal();
      this.#unsealed.delete(piece);
      if (slice.isOver()) await slice.next();
    }
  }

  #plan(nowMs: number): void {
    clearTimeout(this.#passes);
    const elapsedMs = nowMs - (this.#lastGzipMs ?? nowMs);
    const workMs = this.#uncompressed.size * COMPRESS_MS_PER_PIECE;
    const delays = this.#gaps.map((gap) => gap - elapsedMs - LEAD_MS - workMs);
    const delay = Math.min(...delays.filter((each) => each > LEAD_MS));
    if (!Number.isFinite(delay)) return;
    this.#passes = setTimeout(() => {
      // A scrape that meets the same fault reports it.
      const done = this.#compress().catch(() => undefined);
      void done.then(() => this.#plan(performance.now()));
    }, delay).unref();
  }

  async #compress(): Promise<void> {
    const pieces = [...this.#uncompressed];
    this.#uncompressed.clear();
    await Promise.all(pieces.map((piece) => piece.deflate(this.deflater)));
  }
}
