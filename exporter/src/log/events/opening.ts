/** A sink that may not be there yet: lines wait in memory while it cannot be opened, and it is tried again. */
import type { Line, LineSink, SinkTelemetry } from './types';

const MOST_WAITING = 2_000;

export function createOpeningSink(
  open: () => Promise<LineSink>,
  telemetry: Pick<SinkTelemetry, 'dropped' | 'failed' | 'problem'>,
  retryMs = 10_000
): LineSink {
  let sink: LineSink | undefined;
  let waiting: Line[] = [];
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  async function attempt(): Promise<void> {
    try {
      const opened = await open();
      for (const line of waiting) opened.append(line);
      waiting = [];
      sink = opened;
      telemetry.problem(undefined);
    } catch (error) {
      telemetry.failed('disk');
      telemetry.problem(`it cannot be opened: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
      if (!ended) timer = setTimeout(() => (opening = attempt()), retryMs).unref();
    }
  }
  let opening = attempt();

  return {
    append(line) {
      if (sink) return sink.append(line);
      waiting.push(line);
      if (waiting.length <= MOST_WAITING) return;
      waiting.shift();
      telemetry.dropped('disk', 1);
    },
    async stop(graceMs) {
      ended = true;
      clearTimeout(timer);
      await opening;
      if (waiting.length > 0) telemetry.dropped('disk', waiting.length);
      await sink?.stop(graceMs);
    },
  };
}
