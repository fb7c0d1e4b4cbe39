/**
 * Everything that goes to one other replica, in order and in batches: whoever waits meanwhile is in the next one. What the
 * other replica does not take waits on disk; requests and responses of models never do, since nobody said that their
 * content may be kept.
 */
import { MOST_ITEM_BYTES, type ForwardAnswer } from './items';
import type { OutboxEntry } from './outbox';

/**
 * Why a batch did not get there. `mismatch`: there answers another replica, or one that believes in another number of them;
 * `too_large`: it never will in one piece.
 */
export type ForwardErrorReason =
  'unreachable' | 'timeout' | 'denied' | 'mismatch' | 'busy' | 'too_large' | 'invalid_response';

export class ForwardError extends Error {
  constructor(
    readonly reason: ForwardErrorReason,
    message: string
  ) {
    super(message);
  }
}

export interface LaneOptions {
  /** One answer for each item. @throws ForwardError */
  readonly post: (texts: readonly string[]) => Promise<readonly ForwardAnswer[]>;
  /** Keeps them on disk. @throws Error when there is no room */
  readonly store: (entries: readonly OutboxEntry[]) => Promise<void>;
  /** What is on disk for this replica. */
  readonly stored: {
    readonly pending: () => number;
    readonly oldest: (atMost: number, mostBytes: number) => Promise<readonly string[]>;
    readonly remove: (count: number) => Promise<void>;
  };
  readonly onAnswers: (answers: readonly ForwardAnswer[]) => void;
  readonly onStored: (count: number) => void;
  /** An item was dropped, since it is too large to get there at all. */
  readonly onTooLarge: (detail: string) => void;
  /** The last request succeeded, or it did not. */
  readonly onState: (problem: ForwardError | undefined) => void;
  readonly after: (seconds: number, run: () => void) => () => void;
  readonly nowSeconds: () => number;
}

export interface Lane {
  /**
   * @param mayWait on disk, for as long as it takes; else for some seconds in memory
   * @returns one answer for each, `too_large` for what was dropped
   * @throws ForwardError
   */
  send(entries: readonly OutboxEntry[], mayWait: boolean): Promise<readonly ForwardAnswer[]>;
  /** Looks whether the other replica is there, unless there is something to send anyway. */
  look(): void;
  /** Items in memory. */
  readonly queued: number;
  /** Gives what may wait to the disk, and the rest up. */
  stop(): Promise<void>;
}

interface Task {
  readonly entries: readonly OutboxEntry[];
  readonly bytes: number;
  readonly mayWait: boolean;
  readonly sinceSeconds: number;
  readonly done: (answers: readonly ForwardAnswer[]) => void;
  readonly failed: (error: unknown) => void;
}

const BATCH_ITEMS = 2_000;
/** Of its text. Well below what replicas take, even if each character is three bytes; one that is larger goes alone. */
const BATCH_BYTES = 1_048_576;
const MOST_BYTES_OF_CHARACTER = 3;
/** More in memory goes to the disk, or is refused. */
const MOST_QUEUED = 20_000;
const MOST_QUEUED_BYTES = 33_554_432;
/** How long what must not be written to disk waits for its owner. */
const PATIENCE_SECONDS = 5;
const FIRST_RETRY_SECONDS = 0.1;
const LAST_RETRY_SECONDS = 2;
const WRITING_SECONDS = 0.01;

export function createLane(options: LaneOptions): Lane {
  const queue: Task[] = [];
  let queued = 0;
  let queuedBytes = 0;
  let running: Promise<void> | undefined;
  let retrySeconds = 0;
  let stopped = false;
  let keeping: Promise<unknown> = Promise.resolve();
  let wake = (): void => undefined;

  function dequeue(): Task[] {
    const tasks: Task[] = [];
    let [items, bytes] = [0, 0];
    for (let task = queue[0]; task; task = queue[0]) {
      [items, bytes] = [items + task.entries.length, bytes + task.bytes];
      if (tasks.length > 0 && (items > BATCH_ITEMS || bytes > BATCH_BYTES)) break;
      tasks.push(task);
      queue.shift();
    }
    return tasks;
  }

  function keep(task: Task): void {
    keeping = Promise.all([keeping, keepNow(task)]);
  }

  async function keepNow(task: Task): Promise<void> {
    try {
      await options.store(task.entries);
      options.onStored(task.entries.length);
      task.done(task.entries.map(() => 'stored'));
    } catch (error) {
      task.failed(error);
    }
  }

  function leave({ entries, bytes }: Task): void {
    queued -= entries.length;
    queuedBytes -= bytes;
  }

  async function deliver(tasks: readonly Task[]): Promise<void> {
    try {
      const answers = await post(tasks.flatMap(({ entries }) => entries.map(({ text }) => text)));
      succeeded(answers);
      let from = 0;
      for (const task of tasks) {
        leave(task);
        task.done(answers.slice(from, (from += task.entries.length)));
      }
    } catch (error) {
      queue.unshift(...tasks);
      failed(error);
    }
  }

  /** What is too large for the other replica goes in two; what is so alone is dropped, or all behind it would wait. */
  async function post(texts: readonly string[]): Promise<readonly ForwardAnswer[]> {
    try {
      return await options.post(texts);
    } catch (error) {
      if (!(error instanceof ForwardError) || error.reason !== 'too_large' || texts.length === 0) throw error;
      if (texts.length === 1) return [dropped(error.message)];
      const half = texts.length >> 1;
      return [...(await post(texts.slice(0, half))), ...(await post(texts.slice(half)))];
    }
  }

  function dropped(detail: string): ForwardAnswer {
    options.onTooLarge(detail);
    return 'too_large';
  }

  function succeeded(answers: readonly ForwardAnswer[]): void {
    retrySeconds = 0;
    options.onAnswers(answers.filter((answer) => answer !== 'too_large'));
    options.onState(undefined);
  }

  function failed(error: unknown): void {
    const problem = error instanceof ForwardError ? error : new ForwardError('invalid_response', String(error));
    retrySeconds = Math.min(LAST_RETRY_SECONDS, Math.max(FIRST_RETRY_SECONDS, retrySeconds * 2));
    options.onState(problem);
    const now = options.nowSeconds();
    for (const task of queue.splice(0)) {
      if (task.mayWait) {
        leave(task);
        keep(task);
      } else if (stopped || now - task.sinceSeconds >= PATIENCE_SECONDS) {
        leave(task);
        task.failed(problem);
      } else queue.push(task);
    }
  }

  async function drain(): Promise<void> {
    try {
      const texts = await options.stored.oldest(BATCH_ITEMS, BATCH_BYTES);
      // They are on their way to the disk.
      if (texts.length === 0) return await pause(WRITING_SECONDS);
      succeeded(await post(texts));
      await options.stored.remove(texts.length);
    } catch (error) {
      failed(error);
    }
  }

  async function run(): Promise<void> {
    while (!stopped && (queue.length > 0 || options.stored.pending() > 0)) {
      if (retrySeconds > 0) await pause(retrySeconds);
      if (stopped) return;
      const isNew = queue.length > 0;
      if (isNew) await deliver(dequeue());
      if (options.stored.pending() > 0 && (!isNew || retrySeconds === 0)) await drain();
    }
  }

  function pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = options.after(seconds, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  }

  function kick(): void {
    running ??= run().finally(() => {
      running = undefined;
      if (!stopped && queue.length > 0) kick();
    });
  }

  function add(entries: readonly OutboxEntry[], mayWait: boolean): Promise<readonly ForwardAnswer[]> {
    const [first] = entries;
    if (first && isTooLarge(first)) {
      return Promise.resolve([dropped(`expected at most ${MOST_ITEM_BYTES} bytes for another replica`)]);
    }
    return new Promise((done, refuse) => {
      const bytes = entries.reduce((sum, { text }) => sum + text.length, 0);
      const task = { entries, bytes, mayWait, sinceSeconds: options.nowSeconds(), done, failed: refuse };
      const isFull = queued + entries.length > MOST_QUEUED || queuedBytes + bytes > MOST_QUEUED_BYTES;
      // What is on disk already goes first: an actual must not be overtaken by its correction.
      if (mayWait && (stopped || isFull || retrySeconds > 0 || options.stored.pending() > 0)) {
        keep(task);
      } else if (stopped || isFull) {
        refuse(new ForwardError('busy', 'more waits for this replica than may'));
        return;
      } else {
        queued += entries.length;
        queuedBytes += bytes;
        queue.push(task);
      }
      kick();
    });
  }

  return {
    async send(entries, mayWait) {
      return (await Promise.all(partsOf(entries).map((part) => add(part, mayWait)))).flat();
    },
    look() {
      if (running) return;
      if (options.stored.pending() > 0) kick();
      else void options.post([]).then(succeeded, failed);
    },
    get queued() {
      return queued;
    },
    async stop() {
      stopped = true;
      wake();
      await running;
      failed(new ForwardError('unreachable', 'the exporter is ending'));
      await keeping;
    },
  };
}

/** One that is too large for a batch is a part of its own. */
function partsOf(entries: readonly OutboxEntry[]): OutboxEntry[][] {
  const parts: OutboxEntry[][] = [];
  let part: OutboxEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.text.length;
    if (part.length === 0 || part.length === BATCH_ITEMS || bytes > BATCH_BYTES) {
      parts.push((part = []));
      bytes = entry.text.length;
    }
    part.push(entry);
  }
  return parts;
}

function isTooLarge({ text }: OutboxEntry): boolean {
  return text.length * MOST_BYTES_OF_CHARACTER > MOST_ITEM_BYTES && Buffer.byteLength(text) > MOST_ITEM_BYTES;
}
