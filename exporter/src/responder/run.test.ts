import type { Cluster } from './cluster';
import type { Journal } from './journal';
import { run, type RunDeps } from './run';
import { refused, type Intent, type Settings } from './types';

const NOW = 1_800_000_000;

function intent(): Intent {
  const labels = { alertname: 'ModelwatchModelSlow', namespace: 'shop', model: 'fraud' };
  return {
    ...{ key: 'k', mode: 'auto', target: { kind: '', namespace: 'shop', name: 'fraud' } },
    alert: {
      sender: 'alertmanager',
      status: 'firing',
      fingerprint: 'f',
      startsAtSeconds: NOW,
      labels,
      lacksData: false,
    },
    policy: {
      ...{ name: 'tell', match: { alertnames: ['ModelwatchModelSlow'], labels: {} }, cooldownSeconds: 0 },
      ...{ minAlertAgeSeconds: 0, maxPerHour: 4, maxAttempts: 3, stillFiring: true },
      action: { type: 'call', url: 'http://ops.example', timeoutSeconds: 1 },
    },
  };
}

function io(): Omit<RunDeps, 'cluster' | 'lease'> {
  const settings: Settings = {
    ...{ mode: 'auto', paused: false, maxPerHour: 10, policies: [] },
    ...{ allow: { namespaces: [], kinds: [], actions: [] }, breaker: { failures: 3, pauseSeconds: 900 } },
  };
  return {
    query: undefined,
    post: () => Promise.resolve(200),
    readToken: () => Promise.resolve(''),
    readTemplate: () => Promise.resolve(''),
    settings: () => settings,
    nowSeconds: () => NOW,
    onAnnounced: () => undefined,
  };
}

/** @param waits for the Lease, seconds @param firing how many series Prometheus gives, each time it is asked */
async function ran(waits: number, firing: number[], journal: Journal = []) {
  let now = NOW;
  const posted: string[] = [];
  const outcome = await run(intent(), {
    ...io(),
    cluster: {} as Cluster,
    lease: {
      during: (act) => {
        now += waits;
        return act({ journal, paused: false, save: () => Promise.resolve(undefined) });
      },
    },
    query: () => Promise.resolve(Array.from({ length: firing.shift() ?? 0 }, () => 1)),
    post: (url) => {
      posted.push(url);
      return Promise.resolve(200);
    },
    nowSeconds: () => now,
  });
  return { said: `${outcome.result} ${outcome.reason}`, posted: posted.length, unasked: firing.length };
}

it('asks anew whether an alert fires, when it waited long for the Lease', async () => {
  expect(await ran(90, [1, 0])).toEqual({ said: 'refused resolved', posted: 0, unasked: 0 });
  expect(await ran(90, [1, 1])).toEqual({ said: 'acted none', posted: 1, unasked: 0 });
  expect(await ran(1, [1, 0])).toEqual({ said: 'acted none', posted: 1, unasked: 1 });
});

it('does nothing that it has no room to remember', async () => {
  const entry = { key: 'x'.repeat(20), policy: 'other', target: 'm'.repeat(340), state: 'acted' } as const;
  const day = (count: number) => Array.from({ length: count }, () => ({ ...entry, atSeconds: NOW - 80_000 }));
  expect(await ran(1, [1], day(400))).toMatchObject({ said: 'acted none', posted: 1 });
  expect(await ran(1, [1], day(800))).toMatchObject({ said: 'refused memory_full', posted: 0 });
});

it('holds the Lease anew before each of its tries, and stops where that is another one by then', async () => {
  const object = { metadata: { resourceVersion: '1' }, spec: { replicas: 1 } };
  const done: string[] = [];
  const cluster = {
    get: () => Promise.resolve({ kind: 'ok', object }),
    patch: (_path: string, _body: object, isDry: boolean) => {
      if (isDry) return Promise.resolve({ kind: 'ok', object });
      done.push('patch');
      return Promise.resolve({ kind: 'conflict', text: 'another wrote it' });
    },
    create: () => Promise.resolve({ kind: 'ok', object }),
  } as unknown as Cluster;
  const action = { type: 'scale', kind: 'Model', nameLabel: 'model', step: 1, min: 1, max: 5, maxStep: 1 } as const;
  const policy = { ...intent().policy, action, stillFiring: false };
  const scaled = { ...intent(), policy, target: { kind: 'Model', namespace: 'shop', name: 'fraud' } } as const;
  const outcome = await run(scaled, {
    ...io(),
    cluster,
    lease: {
      during: (act) =>
        act({
          ...{ journal: [], paused: false },
          save: (journal) => {
            done.push(`lease ${journal.map(({ state }) => state).join(' ')}`);
            return Promise.resolve(done.length > 4 ? refused('lock', 'the Lease was lost') : undefined);
          },
        }),
    },
  });
  expect(`${outcome.result} ${outcome.reason}`).toBe('refused lock');
  expect(done).toEqual(['lease begun', 'patch', 'lease begun', 'patch', 'lease begun']);
});
