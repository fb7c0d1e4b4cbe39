/** Custom metrics as whoever owns a model declares them. */
import {
  CUSTOM_CATEGORY,
  CUSTOM_SAMPLES_NEEDED,
  type CustomAggregation,
  type CustomDirection,
  type CustomSide,
  type CustomSource,
  type DriftLevel,
  type DriftWindow,
} from '@modelwatch/contract';

export type CustomLimit = Readonly<Partial<Record<CustomSide, number | undefined>>>;

export interface CustomMetric {
  readonly name: string;
  readonly description?: string | undefined;
  /** As Grafana calls it: `percentunit`, `s`, `currencyEUR`. */
  readonly unit?: string | undefined;
  readonly aggregation: CustomAggregation;
  readonly direction: CustomDirection;
  /** Of a share: the one that is counted; without it what is true. */
  readonly category?: string | undefined;
  readonly baseline?: number | undefined;
  readonly warning?: CustomLimit | undefined;
  readonly critical?: CustomLimit | undefined;
  readonly minimumSamples?: number | undefined;
  readonly window?: DriftWindow | undefined;
  /** At most one of the two; without any its samples are pushed. */
  readonly expression?: string | undefined;
  readonly promql?: string | undefined;
}

/** With where it is declared: `config`, or `configmap namespace/name`. */
export interface DeclaredMetric extends CustomMetric {
  readonly origin: string;
}

const DEFAULT_WINDOW: DriftWindow = '1h';

export function sourceOf({ expression, promql }: Pick<CustomMetric, 'expression' | 'promql'>): CustomSource {
  if (promql !== undefined) return 'promql';
  return expression === undefined ? 'pushed' : 'expression';
}

/** Undefined where the query itself says what its value is of. */
export function windowOf({ window, promql }: Pick<CustomMetric, 'window' | 'promql'>): DriftWindow | undefined {
  return promql === undefined ? (window ?? DEFAULT_WINDOW) : undefined;
}

export const categoryOf = ({ category }: Pick<CustomMetric, 'category'>) => category ?? CUSTOM_CATEGORY;

/** Undefined where no samples are counted. */
export function samplesNeeded({ aggregation, minimumSamples, promql }: CustomMetric): number | undefined {
  if (promql !== undefined || aggregation === 'gauge') return undefined;
  return minimumSamples ?? CUSTOM_SAMPLES_NEEDED[aggregation];
}

export interface LimitPoint {
  readonly level: DriftLevel;
  readonly side: CustomSide;
  readonly limit: number;
  /** Where the state is left. */
  readonly recovery: number;
}

/** Of the way to the next value that is known to be better. */
const RECOVERY_SHARE = 0.1;
const NEAREST_TO_BASELINE = 0.5;

/**
 * All limits, each with the value at which its state is left: a tenth of the distance between warning and critical
 * within it, or of that to the baseline; never beyond half the way to the baseline, or a normal value would not clear it.
 * With neither to go by it is the limit itself.
 */
export function limitPoints({ warning, critical, baseline }: CustomMetric): LimitPoint[] {
  const levels = Object.entries({ warning, critical }) as [DriftLevel, CustomLimit | undefined][];
  return levels.flatMap(([level, limits]) =>
    (Object.entries(limits ?? {}) as [CustomSide, number | undefined][]).flatMap(([side, limit]) => {
      if (limit === undefined) return [];
      const other = (level === 'warning' ? critical : warning)?.[side];
      const between = other === undefined || other === limit ? Infinity : RECOVERY_SHARE * Math.abs(other - limit);
      const toNormal = baseline === undefined ? Infinity : Math.abs(limit - baseline);
      const most = Number.isFinite(between) ? NEAREST_TO_BASELINE : RECOVERY_SHARE;
      const margin = Math.min(between, most * toNormal);
      const sign = side === 'above' ? -1 : 1;
      return [{ level, side, limit, recovery: Number.isFinite(margin) ? limit + sign * margin : limit }];
    })
  );
}

/** Those of later layers replace those of the same name before them. */
export function mergedMetrics(
  before: readonly DeclaredMetric[],
  given: readonly CustomMetric[],
  origin: string
): DeclaredMetric[] {
  const names = new Set(given.map(({ name }) => name));
  return [...before.filter(({ name }) => !names.has(name)), ...given.map((metric) => ({ ...metric, origin }))];
}
