/** Never green without fresh data: what the answers say becomes a verdict only while it is fresh. */
import type { HealthState } from '@modelwatch/contract';
import { modelKey } from './plain';
import type { ModelFacts, ModelView } from './types';
import { glue, shortReason, spanText, type ClockText } from './words';

export interface Judging {
  /** When the answers were given; freshness is measured from here. */
  readonly answeredAtMs: number;
  readonly staleAfterMs: number;
  /** Set when the answers themselves are too old: then nothing in them is news. */
  readonly answerTooOld: boolean;
  readonly clock: ClockText;
}

interface Verdict {
  readonly health: HealthState;
  readonly reason: string;
  readonly sinceMs?: number;
  readonly previousHealth?: HealthState;
}

/** The oldest of what proves that the state holds; undefined when nothing does. */
function confirmedAt(facts: ModelFacts): number | undefined {
  const proofs = [facts.lastObservedMs, facts.sampledAtMs].filter((ms) => ms !== undefined && Number.isFinite(ms));
  return proofs.length ? Math.min(...(proofs as number[])) : undefined;
}

/** A range query has a sample only every step: one step more is allowed, while the step itself can prove freshness. */
function limitMs(facts: ModelFacts, staleAfterMs: number): number {
  const stepMs = facts.stepMs ?? 0;
  return stepMs <= staleAfterMs ? staleAfterMs + stepMs : staleAfterMs;
}

function stale(facts: ModelFacts, reason: string, sinceMs: number | undefined): Verdict {
  const previous = facts.health ?? facts.lastHealth;
  return { health: 'stale', reason, sinceMs, previousHealth: previous === 'stale' ? undefined : previous };
}

function silentSince(facts: ModelFacts, confirmedMs: number, clock: ClockText): Verdict {
  const last = facts.health ?? facts.lastHealth;
  const was = last && last !== 'stale' ? `. Last state: ${last}` : '';
  return stale(facts, `No sample since ${clock(confirmedMs)}${was}`, confirmedMs);
}

function verdictOf(facts: ModelFacts, judging: Judging): Verdict {
  const { answeredAtMs, staleAfterMs, clock } = judging;
  if (facts.unknownWord !== undefined) {
    return { health: 'unknown', reason: `The answer calls its health "${facts.unknownWord.slice(0, 40)}"` };
  }
  if (facts.health === undefined) return { health: 'unknown', reason: 'No health in the answer' };
  if (facts.health === null && facts.partialStates) {
    return { health: 'unknown', reason: 'The query asks for some states only, and none of them holds' };
  }
  const confirmedMs = confirmedAt(facts);
  if (facts.health === null) return stale(facts, 'No state holds: the series has no value', confirmedMs);
  if (facts.basis === 'health' && facts.lastObservedMs === undefined && facts.sampledAtMs === undefined) {
    return stale(facts, 'Nothing says when its state was last confirmed', undefined);
  }
  if (confirmedMs === undefined) return stale(facts, 'The answer has no time', undefined);
  const sparse = facts.stepMs !== undefined && facts.stepMs > staleAfterMs;
  if (judging.answerTooOld || answeredAtMs - confirmedMs > limitMs(facts, staleAfterMs)) {
    if (sparse && !judging.answerTooOld) {
      const every = spanText(facts.stepMs ?? 0);
      return stale(facts, `One sample every ${every} cannot show that it is fresh: ask an instant query`, confirmedMs);
    }
    return silentSince(facts, confirmedMs, clock);
  }
  const silent = facts.health === 'stale' ? silentSince(facts, confirmedMs, clock) : undefined;
  return {
    health: facts.health,
    reason: facts.reason ?? silent?.reason ?? '',
    sinceMs: facts.sinceMs ?? historySince(facts),
  };
}

/** When the state began, as far as the history shows; undefined when it began before the history does. */
function historySince(facts: ModelFacts): number | undefined {
  const first = facts.history[0];
  const last = facts.history[facts.history.length - 1];
  return last && last !== first && last.health === facts.health ? last.fromMs : undefined;
}

/** A model as it is drawn, with the verdict that its facts allow. */
export function judge(facts: ModelFacts, judging: Judging): ModelView {
  const verdict = verdictOf(facts, judging);
  const reason = glue(verdict.reason);
  return {
    ...facts,
    ...verdict,
    key: modelKey(facts),
    reason,
    shortReason: shortReason(reason),
    sinceMs: verdict.sinceMs,
    confirmedMs: confirmedAt(facts),
  };
}
