/**
 * All pieces of one family at one moment, and what a scrape needs to know of them together. A run that nothing was
 * changed in since serves the next scrapes too, so that a scrape puts together only the families that changed.
 */
import { combineCrc, shiftOf } from './crc';
import type { Deflater } from './deflater';
import type { Piece } from './piece';
import { createSlice } from './slice';

export interface RunText {
  /** One per segment that has text, in order; none are empty. */
  readonly pieces: readonly Piece[];
  readonly buffers: readonly Buffer[];
  readonly bytes: number;
  readonly lines: number;
}

/** A stretch of a gzip member: raw deflate, and the CRC and length of its text. */
export interface RunGzip {
  readonly buffers: readonly Buffer[];
  readonly bytes: number;
  readonly crc: number;
  readonly shift: number;
  readonly textBytes: number;
}

export class Run {
  #text: RunText | undefined;
  #gzip: RunGzip | undefined;

  constructor(private readonly pieces: readonly Piece[]) {
    for (const piece of pieces) piece.freeze();
  }

  /** Seals what still waits, with the loop free in between. */
  async prepare(): Promise<void> {
    if (this.#text) return;
    const slice = createSlice();
    for (const piece of this.pieces) {
      if (piece.sealed) continue;
      piece.seal();
      if (slice.isOver()) await slice.next();
    }
  }

  text(): RunText {
    if (this.#text === undefined) {
      const pieces = this.pieces.filter((piece) => piece.seal().bytes.length > 0);
      const buffers = pieces.map((piece) => piece.seal().bytes);
      const lines = pieces.reduce((sum, piece) => sum + piece.seal().lines, 0);
      this.#text = { pieces, buffers, bytes: lengthOf(buffers), lines };
    }
    return this.#text;
  }

  /** Compresses what is not yet. */
  async gzip(deflater: Deflater): Promise<RunGzip> {
    this.#gzip ??= await gzipOf(this.text().pieces, deflater);
    return this.#gzip;
  }

  /** Of what is sealed and compressed now; does no work of its own. */
  sizes(): { readonly pieces: number; readonly textBytes: number; readonly compressedBytes: number } {
    let [pieces, textBytes, compressedBytes] = [0, 0, 0];
    for (const piece of this.pieces) {
      const size = piece.sealed ? piece.seal().bytes.length : 0;
      if (size === 0) continue;
      pieces++;
      textBytes += size;
      compressedBytes += piece.deflated?.bytes.length ?? 0;
    }
    return { pieces, textBytes, compressedBytes };
  }
}

export async function gzipOf(pieces: readonly Piece[], deflater: Deflater): Promise<RunGzip> {
  await Promise.all(pieces.filter(({ deflated }) => deflated === undefined).map((piece) => piece.deflate(deflater)));
  const buffers: Buffer[] = [];
  let crc = 0;
  let textBytes = 0;
  for (const { deflated } of pieces) {
    if (!deflated) throw new Error('a piece of the scrape was not compressed');
    buffers.push(deflated.bytes);
    crc = combineCrc(crc, deflated.crc, deflated.shift);
    textBytes += deflated.textBytes;
  }
  return { buffers, bytes: lengthOf(buffers), crc, shift: shiftOf(textBytes), textBytes };
}

export function lengthOf(buffers: readonly Buffer[]): number {
  let length = 0;
  for (const buffer of buffers) length += buffer.length;
  return length;
}
