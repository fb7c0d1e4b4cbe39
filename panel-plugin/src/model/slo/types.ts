import type { BurnSeverity, HealthState, SloEventKind, SloIndicator, SloMethod, SloState } from '@modelwatch/contract';
import type { Message, Origin } from '../types';

/** A state, or none that a rule has told. */
export type Verdict = SloState | 'unknown';

export interface HeldAlert {
  readonly severity: BurnSeverity;
  readonly long?: string | undefined;
  readonly short?: string | undefined;
  readonly burn?: number | undefined;
}

/** An objective as it is drawn. What nobody knows is undefined: never 0, and never all. */
export interface Slo {
  /** Stays the same over refreshes. */
  readonly key: string;
  readonly cluster: string;
  readonly namespace: string;
  /** Model or pipeline. */
  readonly name: string;
  readonly isPipeline: boolean;
  readonly slo: string;
  readonly verdict: Verdict;
  /** What it was before the answer grew old. */
  readonly previous?: Verdict | undefined;
  readonly mark: HealthState;
  readonly sinceMs?: number | undefined;
  readonly indicator?: SloIndicator | undefined;
  readonly method?: SloMethod | undefined;
  readonly metric?: string | undefined;
  readonly objective?: number | undefined;
  readonly threshold?: number | undefined;
  readonly thresholdOp?: string | undefined;
  readonly window?: string | undefined;
  readonly attained?: number | undefined;
  readonly budgetLeft?: number | undefined;
  readonly budgetLeftBefore?: number | undefined;
  readonly burn?: number | undefined;
  readonly burnShort?: number | undefined;
  readonly pageFrom?: number | undefined;
  readonly pageTo?: number | undefined;
  readonly alert?: HeldAlert | undefined;
  readonly exhaustionMs?: number | undefined;
  readonly events?: number | undefined;
  readonly badEvents?: number | undefined;
  readonly eventsNeeded?: number | undefined;
  readonly owner?: string | undefined;
  readonly reason?: string | undefined;
  readonly origin?: Origin | undefined;
}

/** Share of the budget that is left, and what was spent since the point before. */
export interface BudgetPoint {
  readonly timeMs: number;
  readonly left: number;
  readonly spent: number;
}

export interface SloEvent {
  readonly timeMs: number;
  /** Undefined: it is still so. */
  readonly endMs?: number | undefined;
  readonly kind: SloEventKind;
  readonly title: string;
  readonly severity?: string | undefined;
  /** Of an alert the objective that it is about. */
  readonly slo?: string | undefined;
}

export interface BurnLine {
  readonly window: string;
  readonly points: readonly { readonly timeMs: number; readonly burn: number }[];
}

export interface Tier {
  readonly severity: BurnSeverity;
  readonly long: string;
  readonly short: string;
  readonly line: number;
  readonly holds: boolean;
}

/** What is known over the window of one objective. */
export interface SloHistory {
  readonly budget: readonly BudgetPoint[];
  readonly events: readonly SloEvent[];
  readonly burns: readonly BurnLine[];
  readonly tiers: readonly Tier[];
}

/** What took a part of the budget: a stretch of fast spending, or all the rest. */
export interface Spend {
  readonly title: string;
  /** Undefined: the background. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Share of the budget. */
  readonly share: number;
  /** Whether it goes on. */
  readonly isNow: boolean;
  readonly event?: SloEvent | undefined;
}

export interface SloAnswer {
  /** Spent first, then soonest gone, then without a verdict, then idle, then met by budget left. */
  readonly slos: readonly Slo[];
  /** Of the one objective that there is. */
  readonly history?: SloHistory | undefined;
  /** A part of the query failed: there may be others. */
  readonly isPartial: boolean;
  readonly nowMs: number;
  readonly notices: readonly Message[];
}

export type PreparedSlo =
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty'; readonly message: Message }
  | { readonly kind: 'refusal'; readonly message: Message }
  | { readonly kind: 'error'; readonly message: Message }
  | { readonly kind: 'slo'; readonly answer: SloAnswer };
