/** Drops are counted one by one and logged seldom: a broken controller can produce thousands a second. */
import type { Log } from './log';

export type DropLog = (source: string, reason: string, detail: string) => void;

/**
 * Logs the first drop of each source and reason at once, then at most one per `everySeconds`, with the number of those
 * that were left out. Details are cut at 500 characters.
 */
export function createDropLog(log: Log, everySeconds: number, nowSeconds: () => number): DropLog {
  const last = new Map<string, { atSeconds: number; leftOut: number }>();
  return (source, reason, detail) => {
    const key = `${source} ${reason}`;
    const entry = last.get(key);
    const now = nowSeconds();
    if (entry && now - entry.atSeconds < everySeconds) {
      entry.leftOut++;
      return;
    }
    last.set(key, { atSeconds: now, leftOut: 0 });
    log.warn({ source, reason, detail: detail.slice(0, 500), leftOut: entry?.leftOut ?? 0 }, 'Input dropped');
  };
}
