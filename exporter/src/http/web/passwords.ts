/**
 * Passwords against bcrypt hashes. One comparison takes 50 ms of a core and more, so it runs in a thread of its own, one
 * at a time; what was right once is remembered, as a keyed hash. Nothing here tells by its time whether a user exists.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';

export type Compare = (password: string, hash: string) => Promise<boolean>;

export interface Passwords {
  /** `busy`: too many wait already. */
  check(user: string, password: string, users: ReadonlyMap<string, string>): Promise<'right' | 'wrong' | 'busy'>;
}

const MAX_REMEMBERED = 100;
const MAX_WAITING = 16;
/** Salt and digest of nothing in particular: no password is known for it. */
const NOBODY = 'GJvzKd8YxWmQeT1uRbL0ceAq4NnPZs7hFyCw2DjXoEiUkMtBrSgVa';

export function createPasswords(compare: Compare): Passwords {
  const key = randomBytes(32);
  const right = new Set<string>();
  const running = new Map<string, Promise<boolean>>();

  function remember(id: string): void {
    if (right.size >= MAX_REMEMBERED) right.delete(right.values().next().value ?? '');
    right.add(id);
  }

  return {
    async check(user, password, users) {
      const hash = users.get(user);
      const id = createHmac('sha256', key)
        .update(JSON.stringify([user, hash ?? '', password]))
        .digest('base64');
      if (hash !== undefined && right.has(id)) return 'right';
      let comparison = running.get(id);
      if (!comparison) {
        if (running.size >= MAX_WAITING) return 'busy';
        comparison = compare(password, hash ?? dummyHash(users)).finally(() => running.delete(id));
        running.set(id, comparison);
      }
      const same = await comparison;
      if (!same || hash === undefined) return 'wrong';
      remember(id);
      return 'right';
    },
  };
}

/** What an unknown user is compared with: as dear as the dearest hash that there is. */
function dummyHash(users: ReadonlyMap<string, string>): string {
  const cost = Math.max(4, ...[...users.values()].map((hash) => Number(hash.split('$')[2])));
  return `$2b$${String(cost).padStart(2, '0')}$${NOBODY}`;
}

/** Its own text, because a thread starts from a file and this one must start from source and from build alike. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { compareSync } = require(workerData);
parentPort.on('message', ({ id, password, hash }) => parentPort.postMessage({ id, same: compareSync(password, hash) }));
`;
/** Between two scrapes there is nothing to compare: a thread that waits would cost memory for nothing. */
const IDLE_MS = 30_000;

/** Comparisons in a thread that is started when it is needed, and ended when it was idle for a while. */
export function createThreadCompare(): { compare: Compare; stop: () => Promise<void> } {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  const waiting = new Map<number, { resolve: (same: boolean) => void; reject: (error: Error) => void }>();

  async function stop(): Promise<void> {
    clearTimeout(idle);
    const ending = thread;
    thread = undefined;
    for (const { reject } of waiting.values()) reject(new Error('The comparison of a password was ended'));
    waiting.clear();
    await ending?.terminate();
  }

  function start(): Worker {
    const started = new Worker(THREAD, { eval: true, workerData: require.resolve('bcryptjs') });
    started.unref();
    started.on('message', ({ id, same }: { id: number; same: boolean }) => {
      waiting.get(id)?.resolve(same);
      waiting.delete(id);
      if (waiting.size === 0) idle = setTimeout(() => void stop(), IDLE_MS).unref();
    });
    started.on('error', (error: Error) => {
      if (thread === started) thread = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    return started;
  }

  return {
    stop,
    compare: (password, hash) =>
      new Promise<boolean>((resolve, reject) => {
        clearTimeout(idle);
        thread ??= start();
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        thread.postMessage({ id: lastId, password, hash });
      }),
  };
}
