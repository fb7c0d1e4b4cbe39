/**
 * Alerts wait here, each with a policy that it fits, and are acted upon one after the other: so there is at most one
 * action per model at a time. How many may wait is bounded; what does not fit is told to come again.
 */
import type { ResponderMode, ResponseRecord } from '@modelwatch/contract';
import { decide, keyOf, matches, modeOf, targetOf, targetText } from './decide';
import { noted, type Journal } from './journal';
import { refused, type Alert, type Intent, type Outcome, type Policy, type Settings } from './types';

export interface IntakeDeps {
  readonly settings: () => Settings;
  /** Alerts that may wait. */
  readonly limit: () => number;
  /** Does it. Never rejects. */
  readonly run: (intent: Intent) => Promise<Outcome>;
  /** Told of each decision of a policy. */
  readonly onRecord: (record: ResponseRecord, alert: Alert) => void;
  /** An alert that no policy fits. */
  readonly onUnmatched: (alert: Alert) => void;
  readonly nowSeconds: () => number;
  /** Runs later; gives what cancels it. */
  readonly after: (seconds: number, run: () => void) => () => void;
}

export interface Intake {
  /** `too_large`: even an empty queue has no room for so many. Of those that are not accepted nothing is kept. */
  offer(alerts: readonly Alert[]): 'accepted' | 'busy' | 'too_large';
  waiting(): number;
  /** Resolves when what is being done is done; what waits is given up. */
  stop(): Promise<void>;
}

interface Item {
  readonly alert: Alert;
  readonly policy: string;
  readonly key: string;
  dueSeconds: number;
  attempts: number;
}

/** What may be otherwise in a moment is tried again without waiting for the sender, who repeats after hours. */
const RETRIED = ['unavailable', 'conflict', 'lock', 'no_evidence'];
const RETRY_SECONDS = 30;
/** Alerts that are looked at one after the other before everything else has its turn. */
const TURN = 100;
/** Ends of alerts that are remembered, for firings that come after them. */
const MOST_ENDS = 10_000;

export function createIntake(deps: IntakeDeps): Intake {
  const items = new Map<string, Item>();
  const ends = new Map<string, number>();
  /** What this process did, by mode: the Lease remembers the same, and a dry run writes none. */
  const memory: Record<ResponderMode, Journal> = { 'dry-run': [], auto: [] };
  let running: { readonly key: string; readonly done: Promise<void> } | undefined;
  let cancel: (() => void) | undefined;
  let stopped = false;
  let begun = 0;

  function record(alert: Alert, policy: Policy, outcome: Outcome): void {
    const target = targetOf(alert, policy);
    const { before, after } = outcome;
    deps.onRecord(
      {
        ...{ atSeconds: deps.nowSeconds(), key: keyOf(alert, policy), policy: policy.name },
        ...{ action: policy.action.type, mode: modeOf(policy, deps.settings()) },
        ...{ result: outcome.result, reason: outcome.reason, text: outcome.text, sender: alert.sender },
        ...{ alertname: alert.labels['alertname'] ?? '', startsAtSeconds: alert.startsAtSeconds },
        ...(target ? { target } : {}),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      },
      alert
    );
  }

  function resolved(alert: Alert): void {
    ends.delete(alert.fingerprint);
    ends.set(alert.fingerprint, alert.endsAtSeconds ?? deps.nowSeconds());
    for (const oldest of ends.keys()) {
      if (ends.size <= MOST_ENDS) break;
      ends.delete(oldest);
    }
    // Those that wait are over with it.
    for (const item of items.values()) if (item.alert.fingerprint === alert.fingerprint) item.dueSeconds = 0;
  }

  const isOver = ({ fingerprint, startsAtSeconds }: Alert) => startsAtSeconds <= (ends.get(fingerprint) ?? -Infinity);

  /** @returns whether the pair is to wait for its turn */
  function admits(alert: Alert, policy: Policy, tell: boolean): boolean {
    const key = keyOf(alert, policy);
    const refuse = (outcome: Outcome) => {
      if (tell) record(alert, policy, outcome);
      return false;
    };
    const settings = deps.settings();
    const decision = decide(alert, policy, settings, memory[modeOf(policy, settings)], deps.nowSeconds());
    if (decision.kind === 'refuse') return refuse(refused(decision.refusal.reason, decision.refusal.text));
    if (isOver(alert)) return refuse(refused('resolved', 'the alert ended before it came'));
    if (items.has(key) || running?.key === key) return refuse(refused('duplicate', 'it waits already'));
    return true;
  }

  function schedule(): void {
    cancel?.();
    cancel = undefined;
    if (stopped || running) return;
    let next: Item | undefined;
    for (const item of items.values()) if (!next || item.dueSeconds < next.dueSeconds) next = item;
    if (!next) return;
    const wait = next.dueSeconds - deps.nowSeconds();
    if (wait > 0) cancel = deps.after(wait, schedule);
    else begin(next);
  }

  function begin(item: Item): void {
    items.delete(item.key);
    const done = act(item).finally(() => {
      running = undefined;
      // Refusals wait for nothing: without a pause now and then nobody else would have a turn.
      if (++begun % TURN === 0) cancel = deps.after(0, schedule);
      else schedule();
    });
    running = { key: item.key, done };
  }

  /** Decided anew: settings and the alert may be others than when it came. */
  async function act(item: Item): Promise<void> {
    const { alert } = item;
    const settings = deps.settings();
    const policy = settings.policies.find(({ name }) => name === item.policy);
    if (!policy || !matches(policy.match, alert)) return deps.onUnmatched(alert);
    if (isOver(alert)) return record(alert, policy, refused('resolved', 'the alert ended while it waited'));
    const mode = modeOf(policy, settings);
    const decision = decide(alert, policy, settings, memory[mode], deps.nowSeconds());
    if (decision.kind === 'refuse') {
      return record(alert, policy, refused(decision.refusal.reason, decision.refusal.text));
    }
    if (decision.kind === 'wait') {
      items.set(item.key, { ...item, dueSeconds: decision.untilSeconds });
      return;
    }
    const outcome = await deps.run(decision.intent);
    const isDone = ['acted', 'proposed'].includes(outcome.result) || outcome.reason === 'duplicate';
    if (isDone) memory[mode] = noted(memory[mode], entryOf(decision.intent, deps.nowSeconds()));
    record(alert, policy, outcome);
    if (!RETRIED.includes(outcome.reason) || item.attempts + 1 >= policy.maxAttempts) return;
    items.set(item.key, { ...item, attempts: item.attempts + 1, dueSeconds: deps.nowSeconds() + RETRY_SECONDS });
  }

  return {
    offer(alerts) {
      const { policies } = deps.settings();
      const pairs = alerts.flatMap((alert) =>
        policies.filter(({ match }) => matches(match, alert)).map((policy) => ({ alert, policy }))
      );
      const needed = new Set(
        pairs.filter(({ alert, policy }) => admits(alert, policy, false)).map((pair) => keyOf(pair.alert, pair.policy))
      ).size;
      if (needed > deps.limit()) return 'too_large';
      if (needed > 0 && items.size + needed > deps.limit()) return 'busy';
      for (const alert of alerts) {
        if (alert.status === 'resolved') resolved(alert);
        if (!policies.some(({ match }) => matches(match, alert))) deps.onUnmatched(alert);
      }
      for (const { alert, policy } of pairs) {
        if (!admits(alert, policy, true)) continue;
        const dueSeconds = alert.startsAtSeconds + policy.minAlertAgeSeconds;
        const key = keyOf(alert, policy);
        items.set(key, { alert, policy: policy.name, key, dueSeconds, attempts: 0 });
      }
      schedule();
      return 'accepted';
    },
    waiting: () => items.size + (running ? 1 : 0),
    async stop() {
      stopped = true;
      cancel?.();
      await running?.done;
    },
  };
}

function entryOf({ key, policy, target }: Intent, atSeconds: number) {
  return { key, policy: policy.name, target: targetText(target), atSeconds, state: 'acted' } as const;
}
