import { createIntake } from './intake';
import type { Alert, Outcome, Settings } from './types';

const NOW = 1_800_000_000;
const ALERT: Alert = {
  ...{ sender: 'alertmanager', status: 'firing', fingerprint: 'f', startsAtSeconds: NOW - 600, lacksData: false },
  labels: { alertname: 'ModelwatchModelSlow', namespace: 'shop', model: 'fraud' },
};
const SETTINGS: Settings = {
  ...{ mode: 'auto', paused: false, maxPerHour: 10, breaker: { failures: 3, pauseSeconds: 900 } },
  allow: { namespaces: ['shop'], kinds: [], actions: ['call'] },
  policies: [
    {
      ...{ name: 'tell', match: { alertnames: ['ModelwatchModelSlow'], labels: {} }, cooldownSeconds: 0 },
      ...{ minAlertAgeSeconds: 0, maxPerHour: 4, maxAttempts: 3, stillFiring: true },
      action: { type: 'call', url: 'http://ops.example', timeoutSeconds: 1 },
    },
  ],
};

/** @returns what was said of one alert, with the second, while each attempt ends so */
async function said(...outcomes: Outcome[]): Promise<string[]> {
  let now = NOW;
  const timers: { readonly at: number; readonly run: () => void }[] = [];
  const records: string[] = [];
  const intake = createIntake({
    settings: () => SETTINGS,
    limit: () => 10,
    run: () => Promise.resolve(outcomes.shift() ?? { result: 'acted', reason: 'none', text: '' }),
    onRecord: ({ result, reason }) => void records.push(`${now - NOW} ${result} ${reason}`),
    onUnmatched: () => undefined,
    nowSeconds: () => now,
    after: (seconds, run) => {
      timers.push({ at: now + seconds, run });
      return () => undefined;
    },
  });
  intake.offer([ALERT]);
  for (;;) {
    await new Promise(setImmediate);
    const next = timers.shift();
    if (!next) return records;
    now = next.at;
    next.run();
  }
}

it('looks again where it may be otherwise in a moment, as often as the policy says', async () => {
  const silent: Outcome = { result: 'refused', reason: 'no_evidence', text: 'Prometheus does not answer' };
  expect(await said(silent)).toEqual(['0 refused no_evidence', '30 acted none']);
  expect(await said(silent, silent, silent)).toHaveLength(3);
  expect(await said({ result: 'refused', reason: 'precondition', text: '' })).toEqual(['0 refused precondition']);
});
