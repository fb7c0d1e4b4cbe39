import { decide, keyOf, matches } from './decide';
import { isFull, noted, type Entry, type Journal } from './journal';
import { scaling } from './scale';
import type { Alert, Policy, ScaleAction, Settings } from './types';

const NOW = 1_000_000;
const alert = (more: Partial<Alert> = {}): Alert => ({
  ...{ sender: 'alertmanager', status: 'firing', fingerprint: 'f1', startsAtSeconds: NOW - 600, lacksData: false },
  labels: { alertname: 'Slow', namespace: 'payments', model: 'fraud', severity: 'critical' },
  ...more,
});
const scale: ScaleAction = { type: 'scale', kind: 'Model', nameLabel: 'model', step: 1, min: 1, max: 5, maxStep: 1 };
const policy = (more: Partial<Policy> = {}): Policy => ({
  ...{ name: 'up', match: { alertnames: ['Slow'], labels: {} }, action: scale, cooldownSeconds: 600 },
  ...{ minAlertAgeSeconds: 60, maxPerHour: 4, maxAttempts: 3, stillFiring: true },
  ...more,
});
const settings = (more: Partial<Settings> = {}): Settings => ({
  ...{ mode: 'auto', paused: false, maxPerHour: 10, breaker: { failures: 3, pauseSeconds: 900 }, policies: [policy()] },
  allow: { namespaces: ['payments'], kinds: ['Model'], actions: ['scale'] },
  ...more,
});
const entry = (more: Partial<Entry> = {}): Entry => ({
  ...{ key: 'another', policy: 'up', target: 'Model/payments/fraud', atSeconds: NOW - 100, state: 'acted' },
  ...more,
});
const many = (count: number, more: Partial<Entry>) =>
  Array.from({ length: count }, (_, index) => entry({ key: `k${index}`, target: `Model/payments/m${index}`, ...more }));

function decided(
  journal: Journal = [],
  given: Partial<Alert> = {},
  own: Partial<Policy> = {},
  all: Partial<Settings> = {}
) {
  const decision = decide(alert(given), policy(own), settings(all), journal, NOW);
  if (decision.kind === 'refuse') return `${decision.refusal.reason}: ${decision.refusal.text}`;
  return decision.kind === 'wait' ? `wait ${decision.untilSeconds - NOW}` : `act ${decision.intent.mode}`;
}
const same = (state: Entry['state']) => entry({ key: keyOf(alert(), policy()), state });

describe('a decision', () => {
  it.each<[string, string, Journal, Partial<Alert>, Partial<Policy>, Partial<Settings>]>([
    ['does it', 'act auto', [], {}, {}, {}],
    [
      'is dry where the responder is, whatever a policy says',
      'act dry-run',
      [],
      {},
      { mode: 'auto' },
      { mode: 'dry-run' },
    ],
    ['is dry where the policy is', 'act dry-run', [], {}, { mode: 'dry-run' }, {}],
    ['waits for an alert that is young', 'wait 20', [], { startsAtSeconds: NOW - 40 }, {}, {}],
    ['refuses one that is over', 'resolved', [], { status: 'resolved' }, {}, {}],
    ['refuses one of missing data', 'no_data', [], { lacksData: true }, {}, {}],
    ['refuses while paused', 'paused', [], {}, {}, { paused: true }],
    ['refuses a repetition', 'duplicate', [same('acted')], {}, {}, {}],
    ['goes on with what was begun', 'act auto', [same('begun')], {}, {}, {}],
    ['tries again after a failure', 'act auto', [same('failed'), same('failed')], {}, {}, {}],
    ['and not for ever', 'attempts: it failed 2 times', [same('failed'), same('failed')], {}, { maxAttempts: 2 }, {}],
    [
      'rests after the same policy and target',
      'cooldown: up acted upon Model/payments/fraud: not again for 500 s',
      [entry()],
      {},
      {},
      {},
    ],
    ['not after it failed', 'act auto', [entry({ state: 'failed' })], {}, {}, {}],
    ['not after the time', 'act auto', [entry({ atSeconds: NOW - 600 })], {}, {}, {}],
    ['not for another target', 'act auto', [entry({ target: 'Model/payments/other' })], {}, {}, {}],
    ['keeps to the rate of all', 'rate_limit: 10 actions', many(10, { policy: 'x' }), {}, {}, {}],
    ['and of the policy', 'rate_limit: 4 of up', many(4, {}), {}, {}, {}],
    ['of an hour', 'act auto', many(10, { atSeconds: NOW - 3_600 }), {}, {}, {}],
    [
      'stops after failures in a row',
      'breaker: the last 3 actions failed: nothing is done for 800 s',
      many(3, { state: 'failed' }),
      {},
      {},
      {},
    ],
    ['for a while', 'act auto', many(3, { state: 'failed', atSeconds: NOW - 900 }), {}, {}, {}],
    ['unless one went well', 'act auto', [...many(2, { state: 'failed' }), entry({ target: 'x' })], {}, {}, {}],
  ])('%s', (_, expected, journal, given, own, all) => {
    const text = decided(journal, given, own, all);
    expect(text.startsWith(expected) ? expected : text).toBe(expected);
  });

  it.each([
    ['namespaces', { namespaces: ['support'], kinds: ['Model'], actions: ['scale'] }],
    ['kinds', { namespaces: ['payments'], kinds: [], actions: ['scale'] }],
    ['actions', { namespaces: ['payments'], kinds: ['Model'], actions: ['call'] }],
  ])('keeps to what is allowed of %s', (key, allow) => {
    expect(decided([], {}, {}, { allow })).toContain(`is not in responder.allow.${key}`);
  });

  it('has a key of its own for each alert, beginning and policy', () => {
    const keys = [
      keyOf(alert(), policy()),
      keyOf(alert({ startsAtSeconds: 1 }), policy()),
      keyOf(alert({ fingerprint: 'f2' }), policy()),
      keyOf(alert(), policy({ name: 'other' })),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(keyOf(alert({ sender: 'grafana', labels: {} }), policy())).toBe(keys[0]);
  });
});

it('matches by all that a policy says', () => {
  const match = { alertnames: ['Slow', 'Errors'], severity: 'critical', labels: { team: 'risk' } };
  const of = (labels: Record<string, string>) => matches(match, alert({ labels }));
  expect(of({ alertname: 'Errors', severity: 'critical', team: 'risk' })).toBe(true);
  expect(of({ alertname: 'Errors', severity: 'warning', team: 'risk' })).toBe(false);
  expect(of({ alertname: 'Errors', severity: 'critical' })).toBe(false);
  expect(of({ alertname: 'Drift', severity: 'critical', team: 'risk' })).toBe(false);
});

describe('a change of replicas', () => {
  const model = (spec: object, metadata = {}) => ({ metadata, spec });
  const planned = (action: Partial<ScaleAction>, object: unknown) => {
    const plan = scaling({ ...scale, ...action }).plan(object);
    return plan.kind === 'change' ? `${plan.before} to ${plan.after}` : plan.kind;
  };

  it.each<[string, Partial<ScaleAction>, number, string]>([
    ['goes a step up', {}, 2, '2 to 3'],
    ['goes a step down', { step: -1 }, 2, '2 to 1'],
    ['stops at the top', {}, 5, 'unchanged'],
    ['stops at the bottom', { step: -1 }, 1, 'unchanged'],
    ['never makes less of it on the way up', {}, 9, 'unchanged'],
    ['never makes more of it on the way down', { step: -1, min: 3 }, 1, 'unchanged'],
    ['goes no further than a step may', { step: 4 }, 1, '1 to 2'],
    ['nor to a number', { step: undefined, to: 5, maxStep: 2 }, 1, '1 to 3'],
    ['leaves a number that is there', { step: undefined, to: 3 }, 3, 'unchanged'],
  ])('%s', (_, action, replicas, expected) => {
    expect(planned(action, model({ replicas }))).toBe(expected);
  });

  it('does not call bounds what a number lies outside of', () => {
    expect(scaling(scale).plan(model({ replicas: 9 }))).toMatchObject({
      text: 'spec.replicas is 9: nothing to change within 1 to 5',
    });
  });

  it('keeps to the bounds of the object, and counts what is absent as 1', () => {
    expect(planned({ step: 3, maxStep: 5 }, model({ replicas: 1, maxReplicas: 3 }))).toBe('1 to 3');
    expect(planned({}, model({}))).toBe('1 to 2');
    const service = { metadata: {}, spec: { predictor: { minReplicas: 2, maxReplicas: 0 } } };
    expect(planned({ kind: 'InferenceService' }, service)).toBe('2 to 3');
    expect(planned({ kind: 'HorizontalPodAutoscaler' }, model({ minReplicas: 4, maxReplicas: 4 }))).toBe('unchanged');
  });

  it('is none of what cannot be read, or goes', () => {
    expect(planned({}, model({ replicas: 'many' }))).toBe('refuse');
    expect(planned({}, model({ replicas: 1 }, { deletionTimestamp: '2026-11-22T05:00:00Z' }))).toBe('refuse');
  });
});

describe('the journal', () => {
  const collected = (entries: readonly Entry[]) => entries.reduce<Journal>((journal, one) => noted(journal, one), []);
  /** As large as names may be. */
  const large = (state: Entry['state'], count: number, atSeconds: number) =>
    Array.from({ length: count }, (_, index) =>
      entry({ key: `${state}-${String(index).padStart(12, '0')}`, target: 'm'.repeat(340), state, atSeconds })
    );

  it('forgets what is older than a day', () => {
    const old = entry({ atSeconds: NOW - 90_000 });
    expect(noted([old, same('begun')], { ...same('acted'), atSeconds: NOW })).toEqual([
      { ...same('acted'), atSeconds: NOW },
    ]);
  });

  it('keeps all that was done and begun on a day, whatever failed besides', () => {
    const kept = [...large('acted', 300, NOW - 80_000), ...large('begun', 84, NOW - 70_000)];
    const failures = large('failed', 600, NOW - 4_000);
    const journal = collected([...kept, ...failures, entry({ atSeconds: NOW })]);
    expect(journal.filter(({ state, atSeconds }) => state !== 'failed' && atSeconds < NOW)).toEqual(kept);
    expect(JSON.stringify(journal).length).toBeLessThan(262_144 - 10_000);
    expect(isFull(journal)).toBe(false);
    // Of failures the latest stay, of which the breaker counts 20 at most.
    const failed = journal.filter(({ state }) => state === 'failed');
    expect(failed.length).toBeGreaterThan(20);
    expect(failed).toEqual(failures.slice(-failed.length));
  });

  it('keeps failures that the rate of the hour or the breaker counts, and is full rather than to forget', () => {
    const lately = collected([...large('acted', 300, NOW - 80_000), ...large('failed', 400, NOW - 100)]);
    expect(lately).toHaveLength(700);
    expect(isFull(lately)).toBe(true);
    const rest = collected([...large('acted', 600, NOW - 5_000), ...large('failed', 20, NOW - 4_000)]);
    expect(rest).toHaveLength(620);
  });
});
