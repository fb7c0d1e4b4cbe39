import type { Cluster } from './cluster';
import { run } from './run';
import type { Intent, Settings } from './types';

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

/** @param waits for the Lease, seconds @param firing how many series Prometheus gives, each time it is asked */
async function ran(waits: number, firing: number[]) {
  let now = NOW;
  const posted: string[] = [];
  const settings: Settings = {
    ...{ mode: 'auto', paused: false, maxPerHour: 10, policies: [] },
    ...{ allow: { namespaces: [], kinds: [], actions: [] }, breaker: { failures: 3, pauseSeconds: 900 } },
  };
  const outcome = await run(intent(), {
    cluster: {} as Cluster,
    lease: {
      during: (act) => {
        now += waits;
        return act({ journal: [], paused: false, save: () => Promise.resolve(undefined) });
      },
    },
    query: () => Promise.resolve(Array.from({ length: firing.shift() ?? 0 }, () => 1)),
    post: (url) => {
      posted.push(url);
      return Promise.resolve(200);
    },
    readToken: () => Promise.resolve(''),
    readTemplate: () => Promise.resolve(''),
    settings: () => settings,
    nowSeconds: () => now,
    onAnnounced: () => undefined,
  });
  return { said: `${outcome.result} ${outcome.reason}`, posted: posted.length, unasked: firing.length };
}

it('asks anew whether an alert fires, when it waited long for the Lease', async () => {
  expect(await ran(90, [1, 0])).toEqual({ said: 'refused resolved', posted: 0, unasked: 0 });
  expect(await ran(90, [1, 1])).toEqual({ said: 'acted none', posted: 1, unasked: 0 });
  expect(await ran(1, [1, 0])).toEqual({ said: 'acted none', posted: 1, unasked: 1 });
});
