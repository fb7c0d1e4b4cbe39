/** Lines on their way to a disk: collected while a write is under way, written in order, tried again while the disk takes none. */
import type { Line, SinkTelemetry } from './types';

export interface Outbox {
  push(line: Line): void;
  bytes(): number;
  /** Resolves when nothing waits any more, or after that time. */
  flush(graceMs: number): Promise<void>;
  /** Writes no more; what still waits is dropped. */
  end(): void;
}

export interface OutboxOptions {
  /** All or nothing; when it rejects, the same lines come again. */
  readonly write: (lines: readonly Line[]) => Promise<void>;
  /** Of all that waits in memory; the oldest is dropped. */
  readonly maxBytes: number;
  /** Of the lines of one write, unless one line is longer. */
  readonly maxWriteBytes: number;
  readonly retryMs: number;
  readonly telemetry: Pick<SinkTelemetry, 'dropped' | 'failed' | 'problem'>;
  /** Called when what waits has changed. */
  readonly onChange: () => void;
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { telemetry } = options;
  let lines: Line[] = [];
  let bytes = 0;
  let running: Promise<void> | undefined;
  let ended = false;
  let wake: () => void = () => undefined;
  let isFailing = false;

  function first(): readonly Line[] {
    let size = 0;
    const end = lines.findIndex(({ text }, index) => (size += text.length) > options.maxWriteBytes && index > 0);
    return end < 0 ? lines : lines.slice(0, end);
  }

  async function run(): Promise<void> {
    while (lines.length > 0 && !ended) {
      const batch = first();
      // Taken out first: what is dropped meanwhile for want of room is then none of these.
      lines = lines.slice(batch.length);
      try {
        await options.write(batch);
        bytes -= sizeOf(batch);
        if (isFailing) telemetry.problem(undefined);
        isFailing = false;
      } catch (error) {
        lines = [...batch, ...lines];
        telemetry.failed('disk');
        if (!isFailing)
          telemetry.problem(`the disk takes nothing: ${(error as NodeJS.ErrnoException).code ?? 'error'}`);
        isFailing = true;
        shrink();
        if (ended) drop();
        else await pause();
      }
      options.onChange();
    }
    running = undefined;
  }

  /** For a while, or until somebody wants it flushed. */
  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, options.retryMs).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function shrink(): void {
    let dropped = 0;
    while (bytes > options.maxBytes && dropped < lines.length) bytes -= size(lines[dropped++]);
    if (dropped === 0) return;
    lines = lines.slice(dropped);
    telemetry.dropped(isFailing ? 'disk' : 'queue_full', dropped);
  }

  /** All that waits, once nothing is written any more. */
  function drop(): void {
    if (lines.length > 0) telemetry.dropped('disk', lines.length);
    bytes -= sizeOf(lines);
    lines = [];
  }

  return {
    push(line) {
      lines.push(line);
      bytes += size(line);
      if (bytes > options.maxBytes) shrink();
      running ??= run();
    },
    bytes: () => bytes,
    async flush(graceMs) {
      wake();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([running, late]);
      clearTimeout(timer);
    },
    end() {
      ended = true;
      drop();
      wake();
    },
  };
}

function size(line: Line | undefined): number {
  return line === undefined ? 0 : Buffer.byteLength(line.text) + 1;
}

function sizeOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + size(line), 0);
}
