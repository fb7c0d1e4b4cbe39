/** Bodies of a scrape, put together from runs that are shared by all scrapes. */
import { combineCrc } from './crc';
import type { Deflater } from './deflater';
import { Piece, type Work } from './piece';
import { gzipOf, type Run } from './run';
import type { Body, ExpositionView, ViewPart } from './store';

export interface ViewedFamily {
  readonly header: Piece;
  readonly run: Run;
}

/** RFC 1952: deflate, no name, no time, fastest algorithm, unknown system. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff]);
/** An empty last block: the pieces before it end in a flush and leave the stream open. */
const LAST_BLOCK = Buffer.from([3, 0]);

/** One view of several stores: the families of each in their order, all of one moment. */
export function viewOf(parts: readonly ViewPart[], deflater: Deflater): ExpositionView {
  const view = createView(
    parts.flatMap(({ families }) => families),
    deflater
  );
  const gzip = (tail: Buffer) => {
    for (const { gzipScraped } of parts) gzipScraped();
    return view.gzip(tail);
  };
  return { ...view, gzip };
}

function createView(families: readonly ViewedFamily[], deflater: Deflater): ExpositionView {
  /** A family without samples is left out, header and all. */
  const present = async (): Promise<readonly ViewedFamily[]> => {
    for (const { run } of families) await run.prepare();
    return families.filter(({ run }) => run.text().bytes > 0);
  };
  return {
    plain: async (tail) => plainBody(await present(), tail),
    gzip: async (tail) => gzipBody(await present(), tail, deflater),
    text: () =>
      Buffer.concat(
        families.flatMap(({ header, run }) =>
          run.text().bytes > 0 ? [header.seal().bytes, ...run.text().buffers] : []
        )
      ).toString(),
  };
}

function plainBody(families: readonly ViewedFamily[], tail: Buffer): Body {
  const buffers = families.flatMap(({ header, run }) => [header.seal().bytes, ...run.text().buffers]);
  const headerBytes = families.reduce((sum, { header }) => sum + header.seal().bytes.length, 0);
  const bytes = families.reduce((sum, { run }) => sum + run.text().bytes, headerBytes + tail.length);
  return { buffers: [...buffers, tail], bytes, textBytes: bytes, series: seriesOf(families) };
}

async function gzipBody(families: readonly ViewedFamily[], tail: Buffer, deflater: Deflater): Promise<Body> {
  const stretches = families.flatMap(({ header, run }) => [gzipOf([header], deflater), run.gzip(deflater)]);
  if (tail.length > 0) stretches.push(gzipOf([Piece.of(UNCOUNTED, tail)], deflater));
  const buffers: Buffer[] = [GZIP_HEADER];
  let bytes = GZIP_HEADER.length + LAST_BLOCK.length + 8;
  let crc = 0;
  let textBytes = 0;
  for (const stretch of await Promise.all(stretches)) {
    for (const buffer of stretch.buffers) buffers.push(buffer);
    bytes += stretch.bytes;
    crc = combineCrc(crc, stretch.crc, stretch.shift);
    textBytes += stretch.textBytes;
  }
  buffers.push(LAST_BLOCK, gzipEnd(crc, textBytes));
  return { buffers, bytes, textBytes, series: seriesOf(families) };
}

/** The tail is no segment. */
const UNCOUNTED: Work = { sealed: 0, compressed: 0 };

function gzipEnd(crc: number, textBytes: number): Buffer {
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc);
  end.writeUInt32LE(textBytes % 2 ** 32, 4);
  return end;
}

function seriesOf(families: readonly ViewedFamily[]): number {
  return families.reduce((sum, { run }) => sum + run.text().lines, 0);
}
