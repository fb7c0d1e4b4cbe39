/** Drops are counted one by one and logged seldom: a broken controller can produce thousands a second. */
import type { Log } from './log';

export type DropLog = (source: string, reason: string, detail: string) => void;

/**
 * Logs the first drop of each source and reason at once and leaves the others out. When `everySeconds` are over it logs,
 * in one line, how many those were, and begins anew. Details are cut at 500 characters.
 * @param after runs something once after that many seconds
 */
export function createDropLog(
  log: Log,
  everySeconds: number,
  after: (seconds: number, run: () => void) => unknown
): DropLog {
  /** By source and reason, of what was logged in this interval. */
  const leftOut = new Map<string, number>();

  function summarize(): void {
    const counts = [...leftOut].filter(([, count]) => count > 0);
    leftOut.clear();
    if (counts.length === 0) return;
    const all = counts.reduce((sum, [, count]) => sum + count, 0);
    log.warn({ leftOut: all, of: Object.fromEntries(counts), seconds: everySeconds }, 'More input dropped');
  }

  return (source, reason, detail) => {
    const key = `${source} ${reason}`;
    const count = leftOut.get(key);
    if (count !== undefined) return void leftOut.set(key, count + 1);
    if (leftOut.size === 0) after(everySeconds, summarize);
    leftOut.set(key, 0);
    log.warn({ source, reason, detail: detail.slice(0, 500) }, 'Input dropped');
  };
}
