/** What tests of sinks share: lines, and a telemetry that counts and can be waited for. */
import type { Line, LineSink, SinkTelemetry } from './types';

export function line(index: number, more = ''): Line {
  return { id: String(index).padStart(32, '0'), text: JSON.stringify({ index, more }), isPrediction: false };
}

export function counted() {
  const counts: Record<string, number> = {};
  const problems: (string | undefined)[] = [];
  const waiters = new Set<() => void>();
  const add = (name: string, by: number) => {
    counts[name] = (counts[name] ?? 0) + by;
    for (const check of [...waiters]) check();
  };
  const telemetry: SinkTelemetry = {
    written: (lines) => lines > 0 && add('written', lines),
    dropped: (reason, lines) => add(`dropped ${reason}`, lines),
    failed: (reason) => add(`failed ${reason}`, 1),
    waiting: (bytes) => {
      counts['waiting'] = bytes;
      for (const check of [...waiters]) check();
    },
    problem: (text) => void problems.push(text),
  };
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!holds()) return;
        waiters.delete(check);
        resolve();
      };
      waiters.add(check);
      check();
    });
  return { counts, problems, telemetry, until, reaches: (name: string, n: number) => until(() => counts[name] === n) };
}

export const write = (sink: LineSink, from: number, to: number, more = '') => {
  for (let index = from; index < to; index++) sink.append(line(index, more));
};
