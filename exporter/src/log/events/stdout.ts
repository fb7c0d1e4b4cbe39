/** Lines to standard output, where a log collector reads them. The exporter's own log goes to standard error. */
import type { Line, LineSink, SinkTelemetry } from './types';

export interface TextStream {
  write(text: string): unknown;
  /** Bytes that nobody took yet. */
  readonly writableLength: number;
}

/** So much may wait for a reader; beyond it lines are dropped, for a log must not eat the memory of the exporter. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

export function createStdoutSink(telemetry: SinkTelemetry, stream: TextStream = process.stdout): LineSink {
  return {
    append({ text }: Line) {
      if (stream.writableLength > MOST_WAITING_BYTES) return telemetry.dropped('backpressure', 1);
      stream.write(`${text}\n`);
      telemetry.written(1);
    },
    stop: () => Promise.resolve(),
  };
}
