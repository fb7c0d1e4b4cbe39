/**
 * Lines that wait on disk until they are sent, in files of one folder, oldest first. One process has a folder for itself.
 * A file goes when all its lines are sent; how far one was sent is not kept, so after a restart its lines come again: the
 * receiver knows them by their id.
 */
import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { appendWhole } from './file';
import type { Line, SinkTelemetry } from './types';

export interface DiskQueueOptions {
  readonly directory: string;
  /** Of all files together; beyond it the oldest that is not being sent goes. */
  readonly maxBytes: number;
  readonly telemetry: Pick<SinkTelemetry, 'dropped'>;
}

export interface DiskQueue {
  /** @throws when the disk does not take them; then none of them is there */
  append(lines: readonly Line[]): Promise<void>;
  /**
   * The oldest lines, the same until they are done; none: nothing waits.
   * @throws when the disk does not give them; then they come again
   */
  first(maxLines: number, maxBytes: number): Promise<readonly Line[]>;
  /** So many of the oldest need not be sent any more. */
  done(count: number): Promise<void>;
  bytes(): number;
  close(): Promise<void>;
}

interface Segment {
  readonly number: number;
  bytes: number;
  /** While lines are added to it. */
  handle?: FileHandle | undefined;
}

const FILE = /^(\d{12})\.queue$/;
const RECORD = /^([0-9a-f]{32}) ([ap]) (.+)$/;
const SEGMENTS = 8;
const MOST_SEGMENT_BYTES = 1024 * 1024;

/** @throws when the folder cannot be read or made */
export async function openDiskQueue({ directory, maxBytes, telemetry }: DiskQueueOptions): Promise<DiskQueue> {
  const segmentBytes = Math.min(MOST_SEGMENT_BYTES, Math.ceil(maxBytes / SEGMENTS));
  const pathOf = ({ number }: Segment) => join(directory, `${String(number).padStart(12, '0')}.queue`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  /** Oldest first, without the one that is being sent. */
  let waiting: Segment[] = await existing(directory);
  let sending: { readonly segment: Segment; lines: readonly Line[] } | undefined;
  let next = (waiting.at(-1)?.number ?? 0) + 1;

  const bytes = () => waiting.reduce((sum, segment) => sum + segment.bytes, sending?.segment.bytes ?? 0);

  async function makeRoom(wanted: number): Promise<void> {
    while (waiting.length > 0 && bytes() + wanted > maxBytes) {
      const [oldest, ...rest] = waiting;
      if (!oldest) return;
      waiting = rest;
      await oldest.handle?.close();
      const { lines, torn } = await readSegment(pathOf(oldest));
      telemetry.dropped('queue_full', lines.length + torn);
      await rm(pathOf(oldest), { force: true });
    }
  }

  async function active(): Promise<Segment & { handle: FileHandle }> {
    const last = waiting.at(-1);
    if (last?.handle && last.bytes < segmentBytes) return last as Segment & { handle: FileHandle };
    await last?.handle?.close();
    if (last) last.handle = undefined;
    const begun = { number: next++, bytes: 0 };
    const handle = await open(pathOf(begun), 'wx', 0o600);
    const segment = { ...begun, handle };
    waiting.push(segment);
    return segment;
  }

  /** One after the other: a file must not be taken away while lines are added to it. */
  let last: Promise<unknown> = Promise.resolve();
  function alone<T>(run: () => Promise<T>): Promise<T> {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  }

  const queue: DiskQueue = {
    bytes,
    async append(lines) {
      const text = Buffer.from(lines.map(recordOf).join(''));
      await makeRoom(text.length);
      await appendWhole(await active(), text);
    },
    async first(maxLines, maxBytes) {
      while (!sending || sending.lines.length === 0) {
        if (sending) await rm(pathOf(sending.segment), { force: true });
        sending = undefined;
        const [oldest] = waiting;
        if (!oldest) return [];
        await oldest.handle?.close();
        oldest.handle = undefined;
        const { lines, torn } = await readSegment(pathOf(oldest));
        // Only now: one that cannot be read is there the next time.
        waiting.shift();
        if (torn > 0) telemetry.dropped('disk', torn);
        sending = { segment: oldest, lines };
      }
      let size = 0;
      const end = sending.lines.findIndex(
        ({ text }, index) => index >= maxLines || ((size += text.length) > maxBytes && index > 0)
      );
      return end < 0 ? sending.lines : sending.lines.slice(0, end);
    },
    async done(count) {
      if (!sending) return;
      sending.lines = sending.lines.slice(count);
      if (sending.lines.length > 0) return;
      await rm(pathOf(sending.segment), { force: true });
      sending = undefined;
    },
    async close() {
      for (const { handle } of waiting) await handle?.close().catch(() => undefined);
    },
  };
  return {
    bytes,
    append: (lines) => alone(() => queue.append(lines)),
    first: (maxLines, most) => alone(() => queue.first(maxLines, most)),
    done: (count) => alone(() => queue.done(count)),
    close: () => alone(queue.close),
  };
}

async function existing(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter((name) => FILE.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ number: Number(name.slice(0, 12)), bytes: (await stat(join(directory, name))).size }))
  );
}

function recordOf({ id, isPrediction, text }: Line): string {
  return `${id} ${isPrediction ? 'p' : 'a'} ${text}\n`;
}

/** `torn`: lines that are none, such as the last one of a process that was killed. A file that somebody took away is one. */
async function readSegment(path: string): Promise<{ lines: readonly Line[]; torn: number }> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { lines: [], torn: 1 };
  const texts = text.split('\n');
  const last = texts.pop() ?? '';
  const lines = texts.flatMap((record): Line[] => {
    const [, id, kind, text] = RECORD.exec(record) ?? [];
    return id === undefined || text === undefined ? [] : [{ id, isPrediction: kind === 'p', text }];
  });
  return { lines, torn: texts.length - lines.length + (last === '' ? 0 : 1) };
}
