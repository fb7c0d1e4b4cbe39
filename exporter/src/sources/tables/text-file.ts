import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TableError } from '../../profile/table';

const CHUNK_BYTES = 1 << 20;
/** A row of a table is shorter; a longer one is a quote that is never closed, or no table at all. */
const ROW_BYTES = 32 << 20;

/**
 * The text of a file, chunk by chunk; `.gz` is unpacked. A byte order mark is left out.
 * @throws TableError of a file that cannot be read, is no UTF-8, or has a row that does not end
 */
export async function* textChunks(
  file: string,
  progress: (share: number) => void,
  readingRow: () => number,
  ready?: () => Promise<void>
): AsyncGenerator<string> {
  const size = (await stat(file)).size || 1;
  const bytes = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const plain: Readable = file.endsWith('.gz') ? bytes.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : bytes;
  bytes.on('error', (error) => plain.destroy(error));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [row, since] = [-1, 0];
  try {
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      if (row !== readingRow()) [row, since] = [readingRow(), 0];
      since += chunk.length;
      if (since > ROW_BYTES) {
        throw new TableError([`row ${row}: expected its end within ${ROW_BYTES >> 20} MB; is a quote not closed?`]);
      }
      const text = decode(decoder, chunk, row);
      progress(Math.min(1, bytes.bytesRead / size));
      if (text !== '') yield text;
      await ready?.();
    }
    const rest = decode(decoder, undefined, readingRow());
    if (rest !== '') yield rest;
  } catch (error) {
    throw isOfZlib(error) ? new TableError([`expected gzip, got other bytes: ${error.message}`]) : error;
  } finally {
    bytes.destroy();
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer | undefined, row: number): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    const where = row <= 1 ? 'near the start' : `after row ${row - 1}`;
    throw new TableError([`expected UTF-8, got other bytes ${where}; convert it: iconv -f latin1 -t utf-8`]);
  }
}

function isOfZlib(error: unknown): error is { message: string } {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');
}
