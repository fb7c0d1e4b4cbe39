/** Where there is one replica only: what it has on disk for others, from when there were more, is its own now. */
import type { Store } from '../joins/store';
import type { Clock } from '../sources/clock';
import { openOutbox } from './outbox';
import { takeOwn } from './own';

export interface LeftBehindOptions {
  /** Whether there ever was an outbox. */
  readonly hasStore: () => Promise<boolean>;
  /** @throws StoreError */
  readonly openStore: () => Promise<Store>;
  readonly receive: (items: readonly unknown[]) => Promise<unknown>;
  /** Whether it is known which models are watched: before, nothing would be counted of it. */
  readonly mayTake: () => boolean;
  /** Told of each record that nobody can read, and that is taken out. */
  readonly onUnreadable: (detail: string) => void;
  readonly onTaken: (events: number) => void;
  /** It is tried again, and what is not taken in stays. */
  readonly onProblem: (error: unknown) => void;
  readonly clock: Pick<Clock, 'after'>;
}

const LOOK_SECONDS = 1;
const RETRY_SECONDS = 5;
/** There is but one. */
const SELF = 0;

/** Takes it in as soon as it may, and looks no more then. */
export function takeLeftBehind(options: LeftBehindOptions): { stop(): Promise<void> } {
  let isEnded = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = lookIn(LOOK_SECONDS);

  function lookIn(seconds: number): () => void {
    return options.clock.after(seconds, () => void (running = look()));
  }

  async function look(): Promise<void> {
    try {
      if (!options.mayTake()) cancel = lookIn(LOOK_SECONDS);
      else if (await options.hasStore()) await takeAll();
    } catch (error) {
      options.onProblem(error);
      if (!isEnded) cancel = lookIn(RETRY_SECONDS);
    }
  }

  async function takeAll(): Promise<void> {
    const { openStore, onUnreadable } = options;
    const outbox = await openOutbox({ open: openStore, replicas: SELF + 1, maxBytes: Infinity, onUnreadable });
    const stored = {
      pending: () => outbox.pending(SELF),
      oldest: (atMost: number, mostBytes: number) => outbox.oldest(SELF, atMost, mostBytes),
      remove: (count: number) => outbox.remove(SELF, count),
    };
    try {
      const taken = await takeOwn(stored, options.receive, () => !isEnded);
      if (taken > 0) options.onTaken(taken);
    } finally {
      await outbox.close();
    }
  }

  return {
    async stop() {
      isEnded = true;
      cancel();
      await running;
    },
  };
}
