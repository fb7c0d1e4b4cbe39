/** From an alert to what is to be done, or why nothing is. Pure: time, settings and memory are arguments. */
import { createHash } from 'node:crypto';
import type { Alert, Intent, Match, Policy, Refusal, Settings, Target, TrafficAction } from './types';
import type { Journal } from './journal';

/** Labels that may say what is acted upon, or stand in what is sent; nothing else of an alert ever does. */
export const TARGET_LABELS = [
  ...['model', 'server', 'experiment', 'deployment', 'horizontalpodautoscaler', 'inferenceservice'],
] as const;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const OBJECT_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const HOUR = 3_600;

export function matches({ alertnames, severity, owner, labels }: Match, alert: Alert): boolean {
  const has = (name: string, value: string | undefined) => value === undefined || alert.labels[name] === value;
  return (
    alertnames.includes(alert.labels['alertname'] ?? '') &&
    has('severity', severity) &&
    has('owner', owner) &&
    Object.entries(labels).every(([name, value]) => has(name, value))
  );
}

/** The same for the same alert and policy, whoever sends it, however often. */
export function keyOf({ fingerprint, startsAtSeconds }: Alert, policy: Policy): string {
  const text = JSON.stringify([fingerprint, startsAtSeconds, policy.name]);
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

/** Undefined where the labels hold no name that an object could have. */
export function targetOf(alert: Alert, { action }: Policy): Target | undefined {
  const { namespace = '' } = alert.labels;
  const kind = action.type === 'call' ? '' : action.kind;
  const fixed = action.type === 'traffic' ? action.name : undefined;
  const name = fixed ?? alert.labels[nameLabelOf(action)] ?? '';
  if (
    action.type === 'traffic' &&
    action.kind === 'Experiment' &&
    !OBJECT_NAME.test(candidateOf(action, alert) ?? '')
  ) {
    return undefined;
  }
  return NAMESPACE.test(namespace) && OBJECT_NAME.test(name) ? { kind, namespace, name } : undefined;
}

function nameLabelOf(action: Policy['action']): string {
  return 'nameLabel' in action ? action.nameLabel : 'model';
}

/** Whose traffic is meant; undefined: the canary revision of an InferenceService. */
export function candidateOf({ kind, candidate }: TrafficAction, { labels }: Alert): string | undefined {
  return candidate ?? (kind === 'Experiment' ? labels['model'] : undefined);
}

export function targetText({ kind, namespace, name }: Target): string {
  return `${kind}/${namespace}/${name}`;
}

export type Decision =
  | { readonly kind: 'act'; readonly intent: Intent }
  /** Not old enough yet. */
  | { readonly kind: 'wait'; readonly untilSeconds: number }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/** @param policy one that matches */
export function decide(
  alert: Alert,
  policy: Policy,
  settings: Settings,
  journal: Journal,
  nowSeconds: number
): Decision {
  const refuse = (reason: Refusal['reason'], text: string): Decision => ({ kind: 'refuse', refusal: { reason, text } });
  if (alert.status === 'resolved') return refuse('resolved', 'the alert is over: nothing is done, and nothing undone');
  if (alert.lacksData)
    return refuse('no_data', 'the alert says that data are missing, which tells nothing of the model');
  const target = targetOf(alert, policy);
  if (target === undefined) return refuse('no_target', noTarget(alert, policy));
  const forbidden = notAllowed(target, policy, settings);
  if (forbidden !== undefined) return refuse('not_allowed', forbidden);
  if (settings.paused) return refuse('paused', 'the kill switch is on');
  const intent: Intent = { key: keyOf(alert, policy), policy, alert, target, mode: modeOf(policy, settings) };
  const held = heldBack(intent, settings, journal, nowSeconds);
  if (held !== undefined) return { kind: 'refuse', refusal: held };
  const untilSeconds = alert.startsAtSeconds + policy.minAlertAgeSeconds;
  return untilSeconds > nowSeconds ? { kind: 'wait', untilSeconds } : { kind: 'act', intent };
}

/** The more careful of both. */
export function modeOf(policy: Policy, settings: Settings): Intent['mode'] {
  return settings.mode === 'dry-run' ? 'dry-run' : (policy.mode ?? 'auto');
}

function noTarget({ labels }: Alert, { action }: Policy): string {
  const names = new Set(['namespace', nameLabelOf(action), ...(action.type === 'traffic' ? ['model'] : [])]);
  const shown = (label: string) => `${label}=${JSON.stringify((labels[label] ?? '').slice(0, 80))}`;
  return `the labels name no object: expected a namespace and a name, got ${[...names].map(shown).join(', ')}`;
}

function notAllowed({ kind, namespace }: Target, { action }: Policy, { allow }: Settings): string | undefined {
  const lacks = (list: readonly string[], key: string, value: string) =>
    list.includes(value) ? undefined : `${value} is not in responder.allow.${key}`;
  return (
    lacks(allow.actions, 'actions', action.type) ??
    lacks(allow.namespaces, 'namespaces', namespace) ??
    (kind === '' ? undefined : lacks(allow.kinds, 'kinds', kind))
  );
}

/** What was done before and forbids it now. */
export function heldBack(
  { key, policy, target }: Intent,
  { breaker, maxPerHour }: Settings,
  journal: Journal,
  nowSeconds: number
): Refusal | undefined {
  const same = journal.filter((entry) => entry.key === key);
  if (same.some(({ state }) => state === 'acted')) return { reason: 'duplicate', text: 'done before, for this alert' };
  const attempts = same.filter(({ state }) => state === 'failed').length;
  if (attempts >= policy.maxAttempts) return { reason: 'attempts', text: `it failed ${attempts} times for this alert` };
  const last = journal.slice(-breaker.failures);
  const closesAt = (last.at(-1)?.atSeconds ?? 0) + breaker.pauseSeconds;
  const isOpen = last.length === breaker.failures && last.every(({ state }) => state === 'failed');
  if (isOpen && closesAt > nowSeconds) {
    const text = `the last ${breaker.failures} actions failed: nothing is done for ${Math.ceil(closesAt - nowSeconds)} s`;
    return { reason: 'breaker', text };
  }
  const others = journal.filter((entry) => entry.key !== key);
  const place = targetText(target);
  const rests = others
    .filter((entry) => entry.policy === policy.name && entry.target === place && entry.state !== 'failed')
    .map(({ atSeconds }) => atSeconds + policy.cooldownSeconds - nowSeconds);
  const rest = Math.max(0, ...rests);
  if (rest > 0)
    return { reason: 'cooldown', text: `${policy.name} acted upon ${place}: not again for ${Math.ceil(rest)} s` };
  const lately = others.filter(({ atSeconds }) => nowSeconds - atSeconds < HOUR);
  if (lately.length >= maxPerHour) return tooMany(`${lately.length} actions`, 'responder.maxPerHour', maxPerHour);
  const own = lately.filter((entry) => entry.policy === policy.name).length;
  return own >= policy.maxPerHour ? tooMany(`${own} of ${policy.name}`, 'maxPerHour', policy.maxPerHour) : undefined;
}

function tooMany(found: string, key: string, limit: number): Refusal {
  return { reason: 'rate_limit', text: `${found} in the last hour: ${key} is ${limit}` };
}
