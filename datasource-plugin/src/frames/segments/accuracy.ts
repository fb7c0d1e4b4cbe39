/** How right a model is for one value of a segment, from sums over its pairs. */
import {
  LOWER_IS_BETTER,
  OTHER_CLASSES,
  RECORDED,
  type AccuracyState,
  type BaselineMetric,
} from '@modelwatch/contract';
import type { Sample } from '../samples';

export const SEGMENT_SCORES = ['accuracy', 'precision', 'recall', 'f1', 'mae', 'rmse'] as const;
export type SegmentScore = (typeof SEGMENT_SCORES)[number];

/** Pairs with the class as predicted, as actual, and as both. */
export interface ClassSums {
  predicted: number;
  actual: number;
  both: number;
}

/** Sums of one value. */
interface PairSums {
  readonly sums: Map<string, number>;
  readonly classes: Map<string, ClassSums>;
}

export interface SegmentAccuracy {
  readonly pairs?: number | undefined;
  readonly pairsNeeded?: number | undefined;
  /** Absent where no score that can be computed has a limit. */
  readonly state?: AccuracyState | undefined;
  /** Empty with too few pairs. */
  readonly scores: Readonly<Partial<Record<SegmentScore, number>>>;
  /** Of those of which the reference has a baseline, which is of all segments: score minus baseline. */
  readonly changes: Readonly<Partial<Record<SegmentScore, number>>>;
}

/** What the model asks of its accuracy, and the sums by value. */
export class SegmentPairs {
  private readonly byValue = new Map<string, PairSums>();
  private readonly baselines = new Map<string, number>();
  private readonly limits: { metric: string; level: string; limit: number }[] = [];
  private needed: number | undefined;
  private positiveClass = '';

  /** @param keyOf of the value that a sample is about */
  constructor(samples: readonly Sample[], keyOf: (labels: Sample['labels']) => string) {
    for (const { labels, value } of samples) {
      const { metric = '', level = '', positive_class = '' } = labels;
      switch (labels['__name__']) {
        case RECORDED.accuracyRowsNeeded.name:
          this.needed = value;
          break;
        case RECORDED.accuracySettings.name:
          this.positiveClass = positive_class;
          break;
        case RECORDED.accuracyBaseline.name:
          this.baselines.set(metric, value);
          break;
        case RECORDED.accuracyLimit.name:
          this.limits.push({ metric, level, limit: value });
          break;
        default:
          this.take(keyOf(labels), labels, value);
      }
    }
  }

  of(key: string): SegmentAccuracy {
    const found = this.byValue.get(key);
    const pairs = found?.sums.get('pairs');
    const known = { pairs, pairsNeeded: this.needed };
    if (!found || pairs === undefined) return { ...known, scores: {}, changes: {} };
    if (this.needed === undefined || pairs < this.needed || pairs === 0) {
      return { ...known, state: 'too_little_data', scores: {}, changes: {} };
    }
    const scores = { ...classScores(found.classes, pairs, this.positiveClass), ...errorScores(found.sums, pairs) };
    return { ...known, scores, changes: this.changes(scores), state: this.judged(scores) };
  }

  private changes(scores: SegmentAccuracy['scores']): SegmentAccuracy['changes'] {
    const changes = SEGMENT_SCORES.map((metric) => {
      const [score, baseline] = [scores[metric], this.baselines.get(metric)];
      return [metric, score === undefined || baseline === undefined ? undefined : score - baseline] as const;
    });
    return defined(Object.fromEntries(changes) as Record<SegmentScore, number | undefined>);
  }

  private take(key: string, labels: Sample['labels'], value: number): void {
    const found = this.byValue.get(key) ?? { sums: new Map<string, number>(), classes: new Map<string, ClassSums>() };
    this.byValue.set(key, found);
    const { class: name, counted, sum } = labels;
    if (sum) found.sums.set(sum, value);
    if (name === undefined || (counted !== 'predicted' && counted !== 'actual' && counted !== 'both')) return;
    const sums = found.classes.get(name) ?? { predicted: 0, actual: 0, both: 0 };
    found.classes.set(name, { ...sums, [counted]: value });
  }

  private judged(scores: SegmentAccuracy['scores']): AccuracyState | undefined {
    const judged = this.limits.flatMap(({ metric, level, limit }) => {
      const score = Object.entries(scores).find(([name]) => name === metric)?.[1];
      if (score === undefined) return [];
      const isLower = LOWER_IS_BETTER.some((one: BaselineMetric) => one === metric);
      return [{ level, isOver: isLower ? score >= limit : score <= limit }];
    });
    if (judged.length === 0) return undefined;
    const isOver = (wanted: string): boolean => judged.some(({ level, isOver: over }) => over && level === wanted);
    if (isOver('critical')) return 'critical';
    return isOver('warning') ? 'warning' : 'ok';
  }
}

function ratio(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

function mean(values: readonly number[]): number | undefined {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}

/** As the rules have it: of the positive class, or means over the classes that occur and are told apart. */
export function classScores(
  classes: ReadonlyMap<string, ClassSums>,
  pairs: number,
  positiveClass: string
): Partial<Record<SegmentScore, number>> {
  if (classes.size === 0) return {};
  const told = [...classes].filter(([name]) => name !== OTHER_CLASSES);
  const right = told.reduce((sum, [, { both }]) => sum + both, 0);
  const chosen = told.filter(([name, { predicted, actual }]) =>
    positiveClass === '' ? predicted + actual > 0 : name === positiveClass
  );
  const over = (score: (sums: ClassSums) => number | undefined): number | undefined =>
    positiveClass === '' ? mean(chosen.map(([, sums]) => score(sums) ?? 0)) : chosen[0] && score(chosen[0][1]);
  return defined({
    accuracy: right / pairs,
    precision: over(({ predicted, both }) => ratio(both, predicted)),
    recall: over(({ actual, both }) => ratio(both, actual)),
    f1: over(({ predicted, actual, both }) => ratio(2 * both, predicted + actual)),
  });
}

function errorScores(sums: ReadonlyMap<string, number>, pairs: number): Partial<Record<SegmentScore, number>> {
  const [absolute, squared] = [sums.get('absolute_error'), sums.get('squared_error')];
  return defined({
    mae: absolute === undefined ? undefined : absolute / pairs,
    rmse: squared === undefined ? undefined : Math.sqrt(squared / pairs),
  });
}

function defined<Key extends string>(values: Record<Key, number | undefined>): Partial<Record<Key, number>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, number>
  >;
}
