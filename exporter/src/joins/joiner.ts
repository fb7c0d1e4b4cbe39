/**
 * Joins predictions and actuals through a store on disk. Events are taken in order, in batches: whoever waits meanwhile is
 * in the next one. What a batch amounts to is counted when it is written, and its senders hear of it then.
 */
import type { JoinTimes } from '../domain/accuracy/join';
import { JoinBatch, type Effect, type JoinResult, type KeyedEvent } from './batch';
import {
  AFTER_ENDS,
  decodeTotals,
  endsFrom,
  isEmpty,
  keyOfEnd,
  recordKey,
  secondsOfEnd,
  TOTALS,
  type Totals,
} from './layout';
import { StoreError, type Change, type Store } from './store';

export interface JoinerOptions extends JoinTimes {
  /** @throws StoreError */
  readonly open: () => Promise<Store>;
  /** Predictions and actuals that are kept, and their bytes. */
  readonly mostRecords: number;
  readonly mostBytes: number;
  /** Of these, actuals that wait for their prediction. */
  readonly mostWaiting: number;
  readonly nowSeconds: () => number;
  /** A store that failed is opened anew after so long. */
  readonly retryMs: number;
  readonly onEffects: (effects: readonly Effect[]) => void;
  /** By the key of layout.ts: all models when the store was opened, else those that a batch touched. */
  readonly onTotals: (totals: ReadonlyMap<string, Totals>) => void;
  /** It can be used from now on, or not. */
  readonly onState: (state: 'up' | StoreError) => void;
}

export interface Joiner {
  /** Resolves when they are on disk and counted. @throws StoreError when they are not, or not all */
  submit(events: readonly KeyedEvent[]): Promise<JoinResult[]>;
  /** Forgets what is known of an id. @returns whether anything was. @throws StoreError */
  forget(key: string): Promise<boolean>;
  /** Lets go of what has ended. Also done every second. */
  sweep(): Promise<void>;
  /** Events that wait. */
  readonly queued: number;
  /** Ends what was begun, and closes the store. */
  stop(): Promise<void>;
}

interface Task {
  readonly events: readonly KeyedEvent[];
  /** Runs on its own, with nothing else in the batch. */
  readonly alone?: (store: Store) => Promise<void>;
  readonly done: (results: JoinResult[]) => void;
  readonly failed: (error: StoreError) => void;
}

interface Joined {
  readonly batch: JoinBatch;
  /** One for each event. */
  readonly results: JoinResult[];
}

/** Large enough that a batch costs little per event, small enough that nobody waits long for the one before. */
const BATCH_EVENTS = 2_000;
const ENDS_AT_ONCE = 1_000;
const SWEEP_MS = 1_000;

export function createJoiner(options: JoinerOptions): Joiner {
  const queue: Task[] = [];
  let queued = 0;
  let store: Store | undefined;
  let failure: StoreError | undefined;
  let totals = new Map<string, Totals>();
  /** No end is before: looking through what was deleted there would take longer and longer. */
  let firstEnd = 0;
  let running: Promise<void> | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function open(): Promise<void> {
    let opened: Store | undefined;
    try {
      opened = await options.open();
      totals = await loadTotals(opened);
      firstEnd = 0;
      [store, failure] = [opened, undefined];
      options.onTotals(totals);
      options.onState('up');
    } catch (error) {
      await fail(error, opened);
    }
  }

  async function fail(error: unknown, broken = store): Promise<void> {
    const reason = error instanceof StoreError ? error : new StoreError('other', String(error), { cause: error });
    [store, failure] = [undefined, reason];
    await broken?.close().catch(() => undefined);
    options.onState(reason);
    queued = 0;
    for (const task of queue.splice(0)) task.failed(reason);
    if (stopped) return;
    retry = setTimeout(() => {
      failure = undefined;
      kick();
    }, options.retryMs);
    retry.unref();
  }

  function kick(): void {
    running ??= run().finally(() => {
      running = undefined;
      if (queue.length > 0) kick();
    });
  }

  async function run(): Promise<void> {
    if (!store && !failure) await open();
    while (queue.length > 0 && store) {
      const tasks = take();
      try {
        await runTasks(store, tasks);
      } catch (error) {
        queue.unshift(...tasks);
        await fail(error);
      }
    }
  }

  async function runTasks(on: Store, tasks: readonly Task[]): Promise<void> {
    const [first] = tasks;
    if (first?.alone) {
      await first.alone(on);
      first.done([]);
      return;
    }
    const { results } = await joinAll(
      on,
      tasks.flatMap(({ events }) => events)
    );
    let from = 0;
    for (const { events, done } of tasks) done(results.slice(from, (from += events.length)));
  }

  function take(): Task[] {
    const tasks: Task[] = [];
    let events = 0;
    while (queue[0] && (tasks.length === 0 || (!queue[0].alone && events + queue[0].events.length <= BATCH_EVENTS))) {
      const task = queue.shift() as Task;
      tasks.push(task);
      events += task.events.length;
      if (task.alone) break;
    }
    queued -= events;
    return tasks;
  }

  function newBatch(): JoinBatch {
    const { windowSeconds, waitSeconds, mostWaiting } = options;
    return new JoinBatch({ windowSeconds, waitSeconds, mostWaiting, nowSeconds: options.nowSeconds() }, totals);
  }

  async function learn(from: Store, batch: JoinBatch, keys: Iterable<string>): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !batch.knows(key));
    const texts = await from.read(unknown.map(recordKey));
    unknown.forEach((key, index) => batch.know(key, texts[index]));
  }

  async function joinAll(into: Store, events: readonly KeyedEvent[]): Promise<Joined> {
    const batch = newBatch();
    await learn(
      into,
      batch,
      events.map(({ key }) => key)
    );
    const results = events.map((event) => batch.apply(event));
    await commit(into, batch, await makeRoom(into, batch));
    return { batch, results };
  }

  /** @param ended in their order; they are deleted, whatever the batch knows of them */
  async function commit(into: Store, batch: JoinBatch, ended: readonly string[]): Promise<void> {
    const changes = [...batch.changes(), ...ended.map((key): Change => ({ type: 'del', key }))];
    if (changes.length > 0) await into.write(changes);
    for (const [key, value] of batch.touched) {
      if (isEmpty(value)) totals.delete(key);
      else totals.set(key, value);
    }
    const last = ended.at(-1);
    if (last !== undefined) firstEnd = secondsOfEnd(last);
    firstEnd = Math.min(firstEnd, batch.firstEnd);
    options.onEffects(batch.effects);
    options.onTotals(batch.touched);
  }

  /** What ends first goes first. @returns the ends that are gone */
  async function makeRoom(from: Store, batch: JoinBatch): Promise<string[]> {
    const ended: string[] = [];
    const isOver = () => batch.isOver(options.mostRecords, options.mostBytes);
    for (let start = endsFrom(firstEnd); isOver();) {
      const found = await from.keys({ from: start, before: AFTER_ENDS }, ENDS_AT_ONCE);
      await learn(from, batch, found.map(keyOfEnd));
      for (const end of found) {
        if (!isOver()) break;
        batch.end(keyOfEnd(end));
        ended.push(end);
      }
      // What is new in this batch is not among them: the next one makes room for it.
      if (found.length < ENDS_AT_ONCE) break;
      start = `${found.at(-1)}\0`;
    }
    return ended;
  }

  async function endThoseOver(from: Store): Promise<void> {
    let found: string[];
    do {
      const before = endsFrom(options.nowSeconds() + 1);
      found = await from.keys({ from: endsFrom(firstEnd), before }, ENDS_AT_ONCE);
      const batch = newBatch();
      await learn(from, batch, found.map(keyOfEnd));
      if (found.length > 0) await commit(from, batch, found);
    } while (found.length === ENDS_AT_ONCE);
  }

  function add(events: readonly KeyedEvent[], alone?: (store: Store) => Promise<void>): Promise<JoinResult[]> {
    if (failure) return Promise.reject(failure);
    if (stopped) return Promise.reject(new StoreError('other', 'the exporter is ending'));
    return new Promise((done, failed) => {
      queue.push({ events, done, failed, ...(alone ? { alone } : {}) });
      queued += events.length;
      kick();
    });
  }

  const sweep = async () => void (await add([], endThoseOver));
  const timer = setInterval(() => void sweep().catch(() => undefined), SWEEP_MS);
  timer.unref();
  kick();
  return {
    submit: async (events) => {
      const parts: Promise<JoinResult[]>[] = [];
      for (let at = 0; at < events.length; at += BATCH_EVENTS) parts.push(add(events.slice(at, at + BATCH_EVENTS)));
      return (await Promise.all(parts)).flat();
    },
    forget: async (key) => {
      let known = false;
      await add([], async (from) => {
        const { batch } = await joinAll(from, [{ key, event: { kind: 'deletion' } }]);
        known = batch.before(key) !== undefined;
      });
      return known;
    },
    sweep,
    get queued() {
      return queued;
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      clearTimeout(retry);
      while (running) await running;
      await store?.close();
      store = undefined;
    },
  };
}

async function loadTotals(from: Store): Promise<Map<string, Totals>> {
  const totals = new Map<string, Totals>();
  for await (const [key, text] of from.entries(TOTALS)) totals.set(key, decodeTotals(text));
  return totals;
}
