import type { BaselineMetric, Task } from '@modelwatch/contract';
import { DEFAULT_MISSING_VALUES } from '../domain/values';

/** What a profile is to be; columns by name. */
export interface ProfileOptions {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  /** Bins over the range of a numeric column, at most. */
  readonly bins: number;
  /** Categories with a bin of their own, at most. */
  readonly categories: number;
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly exclude: readonly string[];
  /** Columns by which shares are told apart, at most MOST_SEGMENTS. */
  readonly segments: readonly string[];
  /** Given edges, ascending, by column. */
  readonly edges: ReadonlyMap<string, readonly number[]>;
  readonly missingValues: readonly string[];
  readonly target?: string | undefined;
  readonly prediction?: string | undefined;
  /** Probability of the positive class beside a predicted class: no feature. */
  readonly score?: string | undefined;
  /** The target or the prediction: importance of a feature is what it tells of it. */
  readonly importanceFrom?: string | undefined;
  /** Without it the target's values decide. */
  readonly task?: Task | undefined;
  /** Score on held-out data by metric. */
  readonly baseline: ReadonlyMap<BaselineMetric, number>;
}

/** Ten bins over the range, with those below, above and missing, need 390 rows for a verdict: 30 for each bin. */
const DEFAULT_BINS = 10;
const DEFAULT_CATEGORIES = 25;
/** Categories behind `other` that are remembered by name, so that `new` means new. */
export const OTHER_CATEGORIES = 1_000;

export const DEFAULT_OPTIONS: Omit<ProfileOptions, 'name'> = {
  bins: DEFAULT_BINS,
  categories: DEFAULT_CATEGORIES,
  numeric: [],
  categorical: [],
  exclude: [],
  segments: [],
  edges: new Map(),
  missingValues: DEFAULT_MISSING_VALUES,
  baseline: new Map(),
};
