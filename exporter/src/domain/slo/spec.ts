/** An objective as it is declared: what of which models or pipelines is promised, in which shape ever it was written. */
import type {
  BaselineMetric,
  Importance,
  Platform,
  SloIndicator,
  SloMethod,
  SloQuery,
  SloWindow,
} from '@modelwatch/contract';
import { SLICED_INDICATORS } from '@modelwatch/contract';
import type { AlertChoice } from './tiers';

/** All that is given must fit; `*` in names stands for anything. */
export interface SloSelector {
  readonly namespaces?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
  readonly platform?: Platform | undefined;
  readonly owner?: string | undefined;
  readonly importance?: Importance | undefined;
}

export interface SloSpec {
  readonly name: string;
  readonly subject: 'models' | 'pipelines';
  readonly selector: SloSelector;
  readonly indicator: SloIndicator;
  /** Share above 0 and below 1. */
  readonly objective: number;
  readonly window: SloWindow;
  readonly method: SloMethod;
  /** Of requests, tokens and ages. */
  readonly thresholdSeconds?: number | undefined;
  /** Of a score, or of the cost of a prediction. */
  readonly threshold?: { readonly op: 'gte' | 'lte'; readonly value: number } | undefined;
  /** Of accuracy. */
  readonly score?: BaselineMetric | undefined;
  /** Of cost. */
  readonly currency?: string | undefined;
  /** Of timeslices: share of the events of a minute that must be good. */
  readonly sliceTarget?: number | undefined;
  readonly minEvents?: number | undefined;
  readonly owner?: string | undefined;
  readonly description?: string | undefined;
  readonly alerts?: AlertChoice | undefined;
  readonly query?: SloQuery | undefined;
}

/** Where it is declared. */
export interface DeclaredSlo {
  readonly spec: SloSpec;
  /** `config slos[0]`, `file slo.yaml line 3 column 1`, `configmap payments/slo risk.yaml line 3 column 1`. */
  readonly place: string;
  /** It speaks for this namespace only. */
  readonly boundTo?: string | undefined;
  /** What is odd about it, and is taken as it is written. */
  readonly warnings: readonly string[];
}

/** Its events are minutes that are judged, not requests. */
export function isPerMinute({ indicator, method, query }: Pick<SloSpec, 'indicator' | 'method' | 'query'>): boolean {
  if (SLICED_INDICATORS.includes(indicator) || method !== 'occurrences') return true;
  return query !== undefined && query.kind !== 'bad' && query.kind !== 'good';
}
