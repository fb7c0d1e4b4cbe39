/** Objectives that would have been kept: from what was recorded of a model, day by day, to what could be promised. */

/** Of one day: events, and those of them that were bad. */
export interface DayTally {
  readonly events: number;
  readonly bad: number;
}

/** By bound in seconds what took, or was, longer: bad; days in the same order for each. */
export type ByBound = ReadonlyMap<number, readonly DayTally[]>;

/** What was recorded of a model; an absent part is one that nobody can tell. */
export interface ModelPast {
  readonly namespace: string;
  readonly model: string;
  readonly requests?: readonly DayTally[];
  readonly durations?: ByBound;
  /** Events are minutes. */
  readonly ages?: ByBound;
  /** Minutes with a verdict on drift; bad: critical. */
  readonly verdicts?: readonly DayTally[];
}

export type SuggestedIndicator = 'availability' | 'latency' | 'freshness' | 'drift';

export interface Proposal {
  readonly kind: 'proposal';
  readonly name: string;
  readonly indicator: SuggestedIndicator;
  readonly objective: number;
  readonly thresholdSeconds?: number;
  readonly events: number;
  readonly bad: number;
  /** Days with events, and those of them on which the objective was met. */
  readonly days: number;
  readonly daysMet: number;
}

/** Why nothing is proposed. */
export interface Nothing {
  readonly kind: 'nothing';
  readonly name: string;
  readonly indicator: SuggestedIndicator;
  /**
   * `untold`: nobody can tell. `few_days`, `few_events`: too little data; `needed` says how much there must be. `unmet`: not
   * even the lowest objective, or the highest bound, would have been met.
   */
  readonly why: 'untold' | 'few_days' | 'few_events' | 'unmet';
  readonly days: number;
  readonly events: number;
  readonly bad: number;
  readonly needed?: number;
  /** With `unmet`: the lowest objective, and the highest bound. */
  readonly objective?: number;
  readonly thresholdSeconds?: number;
}

export type Suggestion = Proposal | Nothing;

/** Usual objectives, the highest first. */
const LADDER = [0.9995, 0.999, 0.995, 0.99, 0.95, 0.9] as const;
/** An hour has sixty minutes: with higher ones its alerts would be dropped. */
const LADDER_OF_MINUTES = LADDER.filter((objective) => objective <= 0.99);
/** An objective that was just kept is one that is missed next month: so much of its budget may have been spent. */
export const ROOM = 0.5;
/** Two, so that one of them leaves room. */
const BAD_IN_BUDGET = 2;
/** Fewer say nothing of the days of a week. */
export const LEAST_DAYS = 3;
const LATENCY_TARGETS = [0.95, 0.99] as const;
const FRESHNESS_TARGET = 0.99;
/** Ages that are asked for; seconds. */
export const AGES = [60, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400] as const;

type Told = Omit<Proposal, 'kind' | 'objective' | 'daysMet'>;

/** What could be promised of a model, and of each indicator where nothing can, why. */
export function suggestionsOf({ requests, durations, ages, verdicts }: ModelPast): Suggestion[] {
  const latency = LATENCY_TARGETS.map((target) => boundFor('latency', `latency-${target * 100}`, target, durations));
  const [loose, strict] = latency;
  const isRepeated =
    loose?.kind === strict?.kind && (loose?.kind === 'nothing' || loose?.thresholdSeconds === strict?.thresholdSeconds);
  return [
    highestOf(LADDER, 'availability', requests),
    ...(isRepeated ? latency.slice(1) : latency),
    boundFor('freshness', 'freshness', FRESHNESS_TARGET, ages),
    highestOf(LADDER_OF_MINUTES, 'drift', verdicts),
  ];
}

/** The highest objective that would have been met. */
function highestOf(
  ladder: readonly number[],
  indicator: SuggestedIndicator,
  days: readonly DayTally[] | undefined
): Suggestion {
  const told = totals({ name: indicator, indicator }, days ?? []);
  const lowest = ladder.at(-1) ?? 0;
  const lack = tooLittle(told, lowest, days);
  if (lack) return lack;
  const objective = ladder.find((one) => told.events >= eventsNeeded(one) && hasRoom(told, one));
  if (objective !== undefined) return proposal(told, objective, days ?? []);
  return { ...told, kind: 'nothing', why: 'unmet', objective: lowest };
}

/** The lowest bound at which `objective` would have been met. */
function boundFor(indicator: SuggestedIndicator, name: string, objective: number, byBound?: ByBound): Suggestion {
  const bounds = [...(byBound ?? [])].sort(([a], [b]) => a - b);
  const highest = bounds.at(-1);
  const told = totals({ name, indicator }, highest?.[1] ?? []);
  const lack = tooLittle(told, objective, highest?.[1]);
  if (lack) return lack;
  for (const [thresholdSeconds, days] of bounds) {
    const ofBound = totals({ name, indicator, thresholdSeconds }, days);
    if (hasRoom(ofBound, objective)) return proposal(ofBound, objective, days);
  }
  return { ...told, kind: 'nothing', why: 'unmet', objective, thresholdSeconds: highest?.[0] ?? NaN };
}

function totals(of: Pick<Told, 'name' | 'indicator' | 'thresholdSeconds'>, days: readonly DayTally[]): Told {
  const seen = days.filter(({ events }) => events > 0);
  const sum = (key: keyof DayTally) => seen.reduce((all, day) => all + day[key], 0);
  return { ...of, events: sum('events'), bad: sum('bad'), days: seen.length };
}

function tooLittle(told: Told, objective: number, days: readonly DayTally[] | undefined): Nothing | undefined {
  const nothing = { ...told, kind: 'nothing' as const };
  if (days === undefined) return { ...nothing, why: 'untold' };
  if (told.days < LEAST_DAYS) return { ...nothing, why: 'few_days', needed: LEAST_DAYS };
  const needed = eventsNeeded(objective);
  return told.events < needed ? { ...nothing, why: 'few_events', needed } : undefined;
}

function eventsNeeded(objective: number): number {
  return Math.round(BAD_IN_BUDGET / (1 - objective));
}

function hasRoom({ events, bad }: DayTally, objective: number): boolean {
  return isMet(bad, ROOM * events, objective);
}

/** 1 - 0.999 is a little more than 0.001. */
function isMet(bad: number, events: number, objective: number): boolean {
  return bad <= Number((events * (1 - objective)).toPrecision(12));
}

function proposal(told: Told, objective: number, days: readonly DayTally[]): Proposal {
  const daysMet = days.filter(({ events, bad }) => events > 0 && isMet(bad, events, objective)).length;
  return { ...told, kind: 'proposal', objective, daysMet };
}
