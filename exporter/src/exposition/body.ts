/** Bodies of a scrape, put together from pieces that are shared by all scrapes. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { combineCrc } from './crc';
import type { Deflater } from './deflater';
import { Piece } from './piece';
import type { Body, ExpositionView } from './store';

/** A family of a view: its header, and a piece per segment, some of them perhaps empty. */
export interface FamilyPieces {
  readonly header: Piece;
  readonly pieces: readonly Piece[];
}

const CHUNK_BYTES = 131_072;
/** Longer work on the event loop would delay probes and watches. */
export const SLICE_MS = 5;

/** RFC 1952: deflate, no name, no time, fastest algorithm, unknown system. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff]);
/** An empty last block: the pieces before it end in a flush and leave the stream open. */
const LAST_BLOCK = Buffer.from([3, 0]);

export function createView(families: readonly FamilyPieces[], deflater: Deflater): ExpositionView {
  for (const { pieces } of families) for (const piece of pieces) piece.freeze();
  return {
    get chunks() {
      return chunksOf(texts(families));
    },
    get series() {
      return seriesOf(families);
    },
    plain: async (tail) => {
      await sealInSlices(families);
      const buffers = [...texts(families), tail];
      const bytes = lengthOf(buffers);
      return { chunks: chunksOf(buffers), bytes, textBytes: bytes, series: seriesOf(families) };
    },
    gzip: (tail) => gzipBody(families, tail, deflater),
  };
}

async function gzipBody(families: readonly FamilyPieces[], tail: Buffer, deflater: Deflater): Promise<Body> {
  await sealInSlices(families);
  const pieces = [...withHeaders(families)];
  if (tail.length > 0) pieces.push(Piece.of({ sealed: 0, compressed: 0 }, tail));
  await Promise.all(pieces.filter(({ deflated }) => deflated === undefined).map((piece) => piece.deflate(deflater)));
  const buffers: Buffer[] = [GZIP_HEADER];
  let crc = 0;
  let textBytes = 0;
  for (const { deflated } of pieces) {
    if (!deflated) throw new Error('a piece of the scrape was not compressed');
    buffers.push(deflated.bytes);
    crc = combineCrc(crc, deflated.crc, deflated.shift);
    textBytes += deflated.textBytes;
  }
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc);
  end.writeUInt32LE(textBytes % 2 ** 32, 4);
  buffers.push(LAST_BLOCK, end);
  return { chunks: chunksOf(buffers), bytes: lengthOf(buffers), textBytes, series: seriesOf(families) };
}

/** A family without samples is left out, header and all. */
function* withHeaders(families: readonly FamilyPieces[]): Iterable<Piece> {
  for (const { header, pieces } of families) {
    let first = true;
    for (const piece of pieces) {
      if (piece.seal().bytes.length === 0) continue;
      if (first) yield header;
      first = false;
      yield piece;
    }
  }
}

function* texts(families: readonly FamilyPieces[]): Iterable<Buffer> {
  for (const piece of withHeaders(families)) yield piece.seal().bytes;
}

function seriesOf(families: readonly FamilyPieces[]): number {
  let series = 0;
  for (const { pieces } of families) for (const piece of pieces) series += piece.seal().lines;
  return series;
}

function lengthOf(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}

async function sealInSlices(families: readonly FamilyPieces[]): Promise<void> {
  const slice = createSlice();
  for (const { pieces } of families) {
    for (const piece of pieces) {
      if (piece.sealed) continue;
      piece.seal();
      if (slice.isOver()) await slice.next();
    }
  }
}

/** Says when work on the event loop should let others have their turn. */
export function createSlice() {
  let started = performance.now();
  return {
    isOver: () => performance.now() - started > SLICE_MS,
    next: async () => {
      await nextTurn();
      started = performance.now();
    },
  };
}

/** Small buffers are put together, a large one is passed on as it is. */
function* chunksOf(buffers: Iterable<Buffer>): Iterable<Buffer> {
  let pending: Buffer[] = [];
  let size = 0;
  for (const buffer of buffers) {
    pending.push(buffer);
    size += buffer.length;
    if (size < CHUNK_BYTES) continue;
    yield pending.length === 1 ? buffer : Buffer.concat(pending, size);
    pending = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pending, size);
}
