/** Counters that a server does not have, made of those that it has, over the polls of one endpoint. */
import type { DifferenceTranslation } from '@modelwatch/contract';

interface Seen {
  of: number;
  less: number;
  /** Absent: nobody knows yet what stands. */
  total?: number;
}

/** More series than this are of no server that is watched; the oldest go. */
const MAX_SERIES = 10_000;

export class Differences {
  private readonly series = new Map<string, Seen>();
  private pages = 0;

  /** A page was read to its end: what appears from now on is new, and counts from 0. */
  pageEnds(): void {
    this.pages += 1;
    for (const key of this.series.keys()) {
      if (this.series.size <= MAX_SERIES) break;
      this.series.delete(key);
    }
  }

  /**
   * The counter as of this page; it falls only when one of those that it is made of does (a restart). Absent on the first
   * page while requests in flight cannot be told from the rest: a counter that begins too low would jump on the next one.
   */
  total(key: string, of: number, less: number, { inFlight }: DifferenceTranslation): number | undefined {
    const before = this.series.get(key);
    const restarted = before !== undefined && (of < before.of || less < before.less);
    const ahead = Math.max(0, of - less);
    let total: number | undefined;
    if (!inFlight) total = restarted ? ahead : Math.max(before?.total ?? 0, ahead);
    else if (restarted || (!before && this.pages > 0)) total = 0;
    else if (before) total = Math.max(before.total ?? 0, Math.min(Math.max(0, before.of - before.less), ahead));
    this.series.set(key, { of, less, ...(total === undefined ? {} : { total }) });
    return total;
  }
}
