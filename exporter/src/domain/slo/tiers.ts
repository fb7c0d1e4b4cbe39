/**
 * Which burn rates an objective has alerts for. A tier is two windows and a rate: it holds while the budget burns faster
 * than the rate over both. Formulas: Google's SRE workbook, chapter 5 (multi-window, multi-burn-rate alerts); other
 * windows of budgets than 30 days get the same shares of the budget, so other rates.
 */
import { SLO_WINDOW_SECONDS, type BurnSeverity, type BurnWindow, type SloWindow } from '@modelwatch/contract';

export const BURN_WINDOW_SECONDS: Readonly<Record<BurnWindow, number>> = {
  '5m': 300,
  '30m': 1_800,
  '1h': 3_600,
  '2h': 7_200,
  '6h': 21_600,
  '1d': 86_400,
  '3d': 259_200,
};

/** As somebody asks for it. */
export interface GivenTier {
  readonly severity: BurnSeverity;
  readonly long: BurnWindow;
  readonly short: BurnWindow;
  readonly burnRate: number;
}

export interface BurnTier extends GivenTier {
  /** Events in the long window below which it cannot hold. */
  readonly minEvents: number;
}

export interface AlertChoice {
  readonly page?: boolean | undefined;
  readonly ticket?: boolean | undefined;
  /** In place of those that follow from objective and window. */
  readonly tiers?: readonly GivenTier[] | undefined;
}

export interface Promised {
  /** Share that must be good, above 0 and below 1. */
  readonly objective: number;
  readonly window: SloWindow;
  /** Events are judged minutes: of these a window has no more than it is long. */
  readonly perMinute: boolean;
  readonly minEvents?: number | undefined;
  readonly alerts?: AlertChoice | undefined;
}

export interface Tiers {
  /** Of the fastest first. */
  readonly tiers: readonly BurnTier[];
  /** What came of a tier that is not as it was asked for, in words. */
  readonly warnings: readonly string[];
}

interface Share extends Omit<GivenTier, 'burnRate'> {
  /** Of the budget, spent within the long window at just this rate. */
  readonly budgetRatio: number;
}

const SHARES: readonly Share[] = [
  { severity: 'page', long: '1h', short: '5m', budgetRatio: 0.02 },
  { severity: 'page', long: '6h', short: '30m', budgetRatio: 0.05 },
  { severity: 'ticket', long: '1d', short: '2h', budgetRatio: 0.1 },
  { severity: 'ticket', long: '3d', short: '6h', budgetRatio: 0.1 },
];

/** Of all events; at a rate that asks for more than these to be bad, not even an outage would be told for certain. */
const MOST_BAD_RATIO = 0.95;

/** What of the events may be bad: 1 - objective, without what binary fractions add to it. */
export function budgetOf(objective: number): number {
  return plain(1 - objective);
}

/** @returns tiers that can hold, and hold only while the budget is spent too fast */
export function burnTiers(promise: Promised): Tiers {
  const { alerts = {} } = promise;
  const warnings: string[] = [];
  const isWanted = ({ severity }: { readonly severity: BurnSeverity }) => alerts[severity] !== false;
  const rates = alerts.tiers
    ? asGiven(alerts.tiers.filter(isWanted), promise, warnings)
    : reachable(atLeastOne(SHARES.filter(isWanted), promise.window, warnings), budgetOf(promise.objective), warnings);
  const tiers = rates.flatMap((tier) => withMinEvents(tier, promise, warnings));
  const isAsked = alerts.page !== false || alerts.ticket !== false;
  if (isAsked && tiers.length === 0) warnings.push('no alert is left: nothing tells when the budget burns too fast');
  return { tiers, warnings };
}

/** Below 1 a rate holds while the objective is met: the first such tier is raised to 1, and stands for those behind it. */
function atLeastOne(shares: readonly Share[], window: SloWindow, warnings: string[]): GivenTier[] {
  const tiers: GivenTier[] = [];
  let isRaised = false;
  for (const { budgetRatio, ...tier } of shares) {
    const burnRate = plain((budgetRatio * SLO_WINDOW_SECONDS[window]) / BURN_WINDOW_SECONDS[tier.long]);
    if (burnRate >= 1) {
      tiers.push({ ...tier, burnRate });
      continue;
    }
    const why = `${name(tier)} would hold from ${times(burnRate)} on, while the objective is met`;
    warnings.push(isRaised ? `${why}: dropped` : `${why}: raised to ${times(1)}`);
    if (!isRaised) tiers.push({ ...tier, burnRate: 1 });
    isRaised = true;
  }
  return tiers;
}

/** At most 1 / budget can burn. */
function reachable(tiers: readonly GivenTier[], budget: number, warnings: string[]): GivenTier[] {
  const most = Math.floor(plain((MOST_BAD_RATIO / budget) * 100)) / 100;
  return tiers.flatMap((tier, index) => {
    const { burnRate } = tier;
    if (burnRate * budget < MOST_BAD_RATIO) return [tier];
    const next = tiers[index + 1]?.burnRate;
    const why = `${name(tier)} at ${times(burnRate)} would need ${percent(burnRate * budget)} of all to be bad`;
    if (next === undefined ? most < 1 : most <= next) {
      warnings.push(`${why}: dropped`);
      return [];
    }
    warnings.push(`${why}: lowered to ${times(most)}`);
    return [{ ...tier, burnRate: most }];
  });
}

/** As it is asked for, with what is to be said of it. */
function asGiven(tiers: readonly GivenTier[], { objective }: Promised, warnings: string[]): readonly GivenTier[] {
  const budget = budgetOf(objective);
  for (const tier of tiers) {
    const { burnRate } = tier;
    if (burnRate < 1) warnings.push(`${name(tier)} holds from ${times(burnRate)} on, while the objective is met`);
    if (burnRate * budget >= MOST_BAD_RATIO) {
      warnings.push(`${name(tier)} at ${times(burnRate)} needs ${percent(burnRate * budget)} of all to be bad`);
    }
  }
  return tiers;
}

/** So many that one bad event cannot be what it holds for. */
function withMinEvents(tier: GivenTier, promise: Promised, warnings: string[]): BurnTier[] {
  const { objective, perMinute, minEvents: asked = 0 } = promise;
  const needed = Math.ceil(plain(2 / (tier.burnRate * budgetOf(objective))));
  const minEvents = Math.max(asked, needed);
  const minutes = BURN_WINDOW_SECONDS[tier.long] / 60;
  if (!perMinute || minEvents <= minutes) return [{ ...tier, minEvents }];
  const why = minEvents === needed ? ', or a single bad one would be enough' : '';
  warnings.push(`${name(tier)} needs ${minEvents} judged minutes${why}, and ${tier.long} has ${minutes}: dropped`);
  return [];
}

function name({ severity, long, short }: Omit<GivenTier, 'burnRate'>): string {
  return `${severity} over ${long} and ${short}`;
}

export function times(burnRate: number): string {
  return `${Number(burnRate.toPrecision(4))}x`;
}

export function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(6))} %`;
}

/** 1 - 0.999 is 0.001, in words and in thresholds. */
function plain(value: number): number {
  return Number(value.toPrecision(12));
}
