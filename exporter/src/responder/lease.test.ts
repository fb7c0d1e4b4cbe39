import type { Answer, Cluster } from './cluster';
import { createLease } from './lease';
import type { Outcome } from './types';

/** An API server that takes all, each write after so many seconds. @returns what was told of the write of the journal */
async function saved(seconds: number): Promise<string> {
  let now = 0;
  const answer = (object: object): Promise<Answer> => {
    now += seconds;
    return Promise.resolve({ kind: 'ok', object: object as Record<string, unknown> });
  };
  const cluster: Cluster = {
    get: () => Promise.resolve({ kind: 'missing', text: 'none' }),
    create: (_, object) => answer(object),
    replace: (_, object) => answer(object),
    patch: () => Promise.reject(new Error('no patch of a Lease')),
  };
  const lease = createLease(
    { namespace: 'modelwatch', name: 'responder', identity: 'a', durationSeconds: 60, retrySeconds: 1 },
    { cluster, nowSeconds: () => 0, monotonicSeconds: () => now, sleep: () => Promise.resolve() }
  );
  const done: Outcome = { result: 'acted', reason: 'none', text: 'held' };
  const { result, reason, text } = await lease.during(async ({ save }) => (await save([])) ?? done);
  return `${result} ${reason}: ${text}`;
}

it('is not taken for held when writing it took as long as it lasts', async () => {
  expect(await saved(59)).toBe('acted none: held');
  expect(await saved(60)).toBe(
    'refused lock: the Lease responder lasts 60 s, and to write it took 60 s: another responder may hold it'
  );
});
