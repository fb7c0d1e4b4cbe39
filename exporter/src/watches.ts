/**
 * The watch that answers, and the one that may come after it. The next is built beside the first and takes over when it
 * knows as much: between two scrapes, at once, with the history of the one before.
 */
import type { Snapshot } from './domain/fleet-interface';
import type { ExpositionStore } from './exposition/store';
import type { FleetWatch } from './fleet-watch';

export interface NextWatch {
  start(earlier: () => Snapshot): FleetWatch;
  /** So long after all is synced: the replicas that were asked whether they serve are asked for their metrics next. */
  readonly settleSeconds: number;
  onTakeOver(): void;
  /** It did not sync in time and was ended. @param notSynced what it waited for, in words */
  onGivenUp(notSynced: readonly string[]): void;
}

export interface Watches {
  /** Of the watch that answers, whichever it is by then. */
  readonly exposition: ExpositionStore;
  refresh(): Snapshot;
  /** Tells the watch that answers, and the one that is being built. */
  tell: FleetWatch['tell'];
  /** As of the last refresh. */
  snapshot(): Snapshot;
  settle(): Promise<Snapshot>;
  scraped: FleetWatch['scraped'];
  slos(): FleetWatch['slos'];
  /** Builds the next one; one that was being built is ended. */
  replace(next: NextWatch): void;
  /** Ends the one that is being built, if any. */
  cancel(): Promise<void>;
  /** To be called about every second: brings the next one up to date, and lets it take over. */
  advance(nowSeconds: number): void;
  stop(): Promise<void>;
}

/** As long as 100,000 objects may take from a slow API server, twice. */
const GIVE_UP_SECONDS = 600;

interface Building {
  readonly next: NextWatch;
  readonly watch: FleetWatch;
  sinceSeconds?: number;
  syncedSeconds?: number;
  leading?: Promise<void>;
}

export function createWatches(first: FleetWatch): Watches {
  let current = first;
  let last: Snapshot = current.refresh();
  let building: Building | undefined;
  const ending = new Set<Promise<void>>();
  const retired = { sealed: 0, compressed: 0 };

  function end(watch: FleetWatch): Promise<void> {
    const ended = watch.stop().finally(() => ending.delete(ended));
    ending.add(ended);
    return ended;
  }

  /** Only when all that was observed is shown, too. */
  async function takeOver(one: Building): Promise<void> {
    const { next, watch } = one;
    const snapshot = await watch.settle();
    if (building !== one) return;
    const { sealed, compressed } = current.exposition.figures();
    retired.sealed += sealed;
    retired.compressed += compressed;
    const before = current;
    building = undefined;
    current = watch;
    watch.settled();
    last = snapshot;
    void end(before);
    next.onTakeOver();
  }

  function isReady(one: Building, snapshot: Snapshot, nowSeconds: number): boolean {
    // Nothing is lost when the one that answers knows nothing.
    if (!last.everSynced) return true;
    const settled = snapshot.synced && snapshot.sources.every(({ state }) => state !== 'syncing');
    if (!settled) return false;
    one.syncedSeconds ??= nowSeconds;
    return nowSeconds - one.syncedSeconds >= one.next.settleSeconds;
  }

  const watches: Watches = {
    exposition: {
      groups: first.exposition.groups,
      set: (...args) => current.exposition.set(...args),
      delete: (...args) => current.exposition.delete(...args),
      show: (...args) => current.exposition.show(...args),
      view: (...args) => current.exposition.view(...args),
      part: (...args) => current.exposition.part(...args),
      settle: () => current.exposition.settle(),
      // What the stores before did is done: a counter does not go back.
      figures: () => {
        const figures = current.exposition.figures();
        return {
          ...figures,
          sealed: figures.sealed + retired.sealed,
          compressed: figures.compressed + retired.compressed,
        };
      },
    },
    refresh: () => (last = current.refresh()),
    tell: (observations) => {
      current.tell(observations);
      building?.watch.tell(observations);
    },
    snapshot: () => last,
    settle: async () => (last = await current.settle()),
    scraped: () => current.scraped(),
    slos: () => current.slos,
    replace(next) {
      void watches.cancel();
      building = { next, watch: next.start(() => last) };
    },
    async cancel() {
      const cancelled = building;
      building = undefined;
      if (cancelled) await end(cancelled.watch);
    },
    advance(nowSeconds) {
      const one = building;
      if (!one) return;
      one.sinceSeconds ??= nowSeconds;
      const snapshot = one.watch.refresh();
      if (!one.leading && isReady(one, snapshot, nowSeconds)) {
        one.leading = takeOver(one).catch((error: unknown) => {
          void watches.cancel();
          one.next.onGivenUp([error instanceof Error ? error.message : String(error)]);
        });
      }
      if (one.leading || nowSeconds - one.sinceSeconds < GIVE_UP_SECONDS) return;
      void watches.cancel();
      one.next.onGivenUp(
        snapshot.sources
          .filter(({ state }) => state !== 'synced' && state !== 'absent')
          .map(({ source, state, message }) => `${source}: ${state}${message === undefined ? '' : `: ${message}`}`)
      );
    },
    async stop() {
      void watches.cancel();
      void end(current);
      await Promise.all(ending);
    },
  };
  return watches;
}
