/** Never green without fresh data: what the answers say becomes a verdict only while it is fresh. */
import { CHANNELS, type HealthState } from '@modelwatch/contract';
import { modelKey } from './plain';
import type { ChannelVerdict, ModelFacts, ModelView } from './types';
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
  return { health: 'stale', reason, sinceMs, previousHealth: lastState(facts) };
}

/** The last state before the silence: as the answer says it, else as the history shows it. */
function lastState(facts: ModelFacts): HealthState | undefined {
  const spans = facts.history.filter(({ health }) => health !== 'stale');
  const candidates = [facts.health, facts.lastHealth, spans[spans.length - 1]?.health];
  return candidates.find((health) => health && health !== 'stale') ?? undefined;
}

function silentSince(facts: ModelFacts, confirmedMs: number, clock: ClockText): Verdict {
  const last = lastState(facts);
  return stale(facts, `No sample since ${clock(confirmedMs)}${last ? `. Last state: ${last}` : ''}`, confirmedMs);
}

/** What the answers cannot say anything about, whatever its age; undefined when they name a state. */
function noVerdict(facts: ModelFacts): Verdict | undefined {
  if (facts.unknownWord !== undefined) {
    return { health: 'unknown', reason: `The answer calls its health "${facts.unknownWord.slice(0, 40)}"` };
  }
  if (facts.health === undefined) return { health: 'unknown', reason: 'No health in the answer' };
  if (facts.health !== null) return undefined;
  return facts.partialStates
    ? { health: 'unknown', reason: 'The query asks for some states only, and none of them holds' }
    : stale(facts, 'No state holds: the series has no value', confirmedAt(facts));
}

/** A verdict for what is too old to be believed; undefined while it is fresh. */
function tooOld(facts: ModelFacts, judging: Judging): Verdict | undefined {
  const { answeredAtMs, staleAfterMs, clock } = judging;
  const confirmedMs = confirmedAt(facts);
  if (confirmedMs === undefined) return stale(facts, 'Nothing says when its state was last confirmed', undefined);
  if (judging.answerTooOld) return silentSince(facts, confirmedMs, clock);
  if (answeredAtMs - confirmedMs <= limitMs(facts, staleAfterMs)) return undefined;
  if (facts.health === 'stale' && facts.reason) return undefined;
  if (facts.stepMs === undefined || facts.stepMs <= staleAfterMs) return silentSince(facts, confirmedMs, clock);
  const every = spanText(facts.stepMs);
  return stale(facts, `One sample every ${every} cannot show that it is fresh: ask an instant query`, confirmedMs);
}

function verdictOf(facts: ModelFacts, judging: Judging): Verdict {
  const refused = noVerdict(facts) ?? tooOld(facts, judging);
  if (refused) return refused;
  const health = facts.health ?? 'unknown';
  const sinceMs = facts.sinceMs ?? historySince(facts);
  if (health !== 'stale') return { health, reason: facts.reason ?? '', sinceMs };
  const silent =
    facts.lastObservedMs === undefined
      ? stale(facts, 'Had data, now silent', sinceMs)
      : silentSince(facts, facts.lastObservedMs, judging.clock);
  return { ...silent, reason: facts.reason ?? silent.reason, sinceMs: sinceMs ?? silent.sinceMs };
}

/** When the state began, as far as the history shows; undefined when it began before the history does. */
function historySince(facts: ModelFacts): number | undefined {
  const first = facts.history[0];
  const last = facts.history[facts.history.length - 1];
  return last && last !== first && last.health === facts.health ? last.fromMs : undefined;
}

/** In the order of the closed list; what was ok before the silence is not ok now. */
function channelsOf(facts: ModelFacts, silent: boolean): ChannelVerdict[] {
  const place = ({ channel }: ChannelVerdict) => {
    const index = CHANNELS.findIndex((known) => known === channel);
    return index < 0 ? CHANNELS.length : index;
  };
  const ordered = [...facts.channels].sort((a, b) => place(a) - place(b));
  return silent ? ordered.map(({ channel }) => ({ channel, status: 'stale' })) : ordered;
}

/** A model as it is drawn, with the verdict that its facts allow. */
export function judge(facts: ModelFacts, judging: Judging): ModelView {
  const verdict = verdictOf(facts, judging);
  const reason = glue(verdict.reason);
  return {
    ...facts,
    ...verdict,
    channels: channelsOf(facts, verdict.health === 'stale' && facts.health !== 'stale'),
    key: modelKey(facts),
    reason,
    shortReason: shortReason(reason),
    sinceMs: verdict.sinceMs,
    confirmedMs: confirmedAt(facts),
  };
}
