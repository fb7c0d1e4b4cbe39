/**
 * Lines to a file that is put aside when it is large or old enough. Written here and not with a library for streams: those
 * end at the first error, and a full disk is what a log file has to survive, with what is lost counted.
 */
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { createOutbox } from './outbox';
import type { Line, LineSink, SinkTelemetry } from './types';

export interface FileSinkOptions {
  readonly path: string;
  /** Of one file. */
  readonly maxBytes: number;
  /** After which a file is put aside, however small. */
  readonly maxAgeSeconds: number;
  /** Files that are put aside; older ones are removed. 0: all are kept. */
  readonly keepFiles: number;
  readonly telemetry: SinkTelemetry;
  readonly nowMs?: () => number;
  readonly retryMs?: number;
  /** Of what waits for the disk. */
  readonly maxWaitingBytes?: number;
}

interface Opened {
  readonly handle: FileHandle;
  readonly beganMs: number;
  bytes: number;
}

const MOST_WAITING_BYTES = 16 * 1024 * 1024;
const WRITE_BYTES = 1024 * 1024;

export function createFileSink(options: FileSinkOptions): LineSink {
  const { path, telemetry, nowMs = Date.now } = options;
  let file: Opened | undefined;
  let asideMs = 0;

  async function openFile(): Promise<Opened> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a+', 0o600);
    const { size, birthtimeMs, mtimeMs } = await handle.stat();
    const opened = { handle, beganMs: size === 0 ? nowMs() : birthtimeMs || mtimeMs, bytes: size };
    // The process before this one was ended in the middle of a line.
    if (size > 0 && (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString() !== '\n') {
      await handle.write('\n');
      opened.bytes++;
    }
    return opened;
  }

  async function put(lines: readonly Line[]): Promise<void> {
    const text = Buffer.from(lines.map((line) => `${line.text}\n`).join(''));
    file ??= await openFile();
    const isOld = nowMs() - file.beganMs >= options.maxAgeSeconds * 1_000;
    if (file.bytes > 0 && (isOld || file.bytes + text.length > options.maxBytes)) {
      const full = file;
      file = undefined;
      await putAside(full);
      file = await openFile();
    }
    await appendWhole(file, text);
    telemetry.written(lines.length);
  }

  async function putAside({ handle }: Opened): Promise<void> {
    await handle.close();
    const ending = extname(path);
    const stem = basename(path, ending);
    const folder = dirname(path);
    // Names tell which is older: two of one millisecond must differ.
    asideMs = Math.max(nowMs(), asideMs + 1);
    const time = new Date(asideMs).toISOString().replaceAll(/[-:]/g, '');
    await rename(path, await freeName(join(folder, `${stem}-${time}`), ending));
    if (options.keepFiles === 0) return;
    const aside = (await readdir(folder)).filter((name) => isAside(name, stem, ending)).sort();
    for (const name of aside.slice(0, -options.keepFiles)) await rm(join(folder, name), { force: true });
  }

  const outbox = createOutbox({
    write: put,
    maxBytes: options.maxWaitingBytes ?? MOST_WAITING_BYTES,
    maxWriteBytes: Math.min(WRITE_BYTES, options.maxBytes),
    retryMs: options.retryMs ?? 1_000,
    telemetry,
    onChange: () => telemetry.waiting(outbox.bytes()),
  });
  return {
    append: outbox.push,
    async stop(graceMs) {
      await outbox.flush(graceMs);
      outbox.end();
      await file?.handle.close().catch(() => undefined);
    },
  };
}

/** The whole text or nothing of it: half a line would spoil the next one. */
export async function appendWhole(file: { readonly handle: FileHandle; bytes: number }, text: Buffer): Promise<void> {
  try {
    await file.handle.appendFile(text);
    file.bytes += text.length;
  } catch (error) {
    await file.handle.truncate(file.bytes).catch(() => undefined);
    throw error;
  }
}

function isAside(name: string, stem: string, ending: string): boolean {
  return name.startsWith(`${stem}-`) && name.endsWith(ending) && /^\d{8}T\d{6}/.test(name.slice(stem.length + 1));
}

/** Two within one millisecond must not take each other's name. */
async function freeName(stem: string, ending: string): Promise<string> {
  for (let again = 0; ; again++) {
    const name = `${stem}${again === 0 ? '' : `.${again}`}${ending}`;
    const isTaken = await stat(name).then(
      () => true,
      () => false
    );
    if (!isTaken) return name;
  }
}
