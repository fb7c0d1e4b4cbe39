/** How good the model was on data that it had not seen: the baseline, computed as production will compute it. */
import { ACCURACY_ROWS_NEEDED, type BaselineMetric, type Reference } from '@modelwatch/contract';
import { comparisonOf } from '../domain/accuracy/compare';
import { scalarOf, type Answer, type Scalar } from '../domain/accuracy/record';
import { scoresOf } from '../domain/accuracy/scores';
import { accuracyPlan, type AccuracyPlan } from '../domain/accuracy/settings';
import { AccuracySums } from '../domain/accuracy/slot';
import { MissingValues, numberOf } from '../domain/values';
import { TableError, type Batch, type Cell, type Table } from './table';

/** Columns of the table with what happened and what the model answered. */
export interface HoldoutColumns {
  readonly target: string;
  readonly prediction: string;
  readonly score?: string | undefined;
}

/** As in the settings of the model. */
export interface HoldoutRule {
  readonly positiveClass?: string | undefined;
  readonly decisionThreshold?: number | undefined;
}

export interface Holdout {
  readonly baseline: Partial<Record<BaselineMetric, number>>;
  /** Of which the scores are. */
  readonly pairs: number;
  readonly warnings: readonly string[];
}

/** Reads the table once. @throws TableError of rows that say something else than the task of the reference */
export async function holdoutOf(
  table: Table,
  reference: Reference,
  columns: HoldoutColumns,
  rule: HoldoutRule,
  progress: (share: number) => void
): Promise<Holdout> {
  const plan = planOf(reference, rule);
  const pairs = new Pairs(columns, plan, reference);
  await table.read((batch) => pairs.take(batch), progress);
  return pairs.value();
}

function planOf(reference: Reference, rule: HoldoutRule): AccuracyPlan {
  const { positiveClass } = rule;
  if (positiveClass !== undefined && !reference.classes?.includes(positiveClass)) {
    const classes = (reference.classes ?? []).slice(0, 12).join(', ') || 'no classes';
    throw new TableError([`--positive-class: expected a class of the target (${classes}), got ${positiveClass}`]);
  }
  return accuracyPlan({ references: [reference], settings: rule, window: '1d' });
}

class Pairs {
  readonly #sums: AccuracySums;
  readonly #compare: ReturnType<typeof comparisonOf>;
  readonly #missing: MissingValues;
  #withoutPair = 0;
  #isFirst = true;

  constructor(
    readonly columns: HoldoutColumns,
    readonly plan: AccuracyPlan,
    { missingValues }: Reference
  ) {
    this.#sums = new AccuracySums(plan);
    this.#compare = comparisonOf(plan);
    this.#missing = new MissingValues(missingValues);
  }

  take({ names, columns, rows, firstRow }: Batch): void {
    if (this.#isFirst) this.#refuseUnknown(names);
    this.#isFirst = false;
    const of = (name: string | undefined): readonly Cell[] =>
      name === undefined ? [] : (columns[names.indexOf(name)] ?? []);
    const [targets, predictions, scores] = [this.columns.target, this.columns.prediction, this.columns.score].map(of);
    for (let row = 0; row < rows; row++) {
      this.#add(firstRow + row, targets?.[row], predictions?.[row], scores?.[row]);
    }
  }

  #refuseUnknown(names: readonly string[]): void {
    const unknown = Object.values(this.columns as unknown as Record<string, string | undefined>).filter(
      (name) => name !== undefined && !names.includes(name)
    );
    if (unknown.length === 0) return;
    throw new TableError(unknown.map((name) => `--holdout: expected a column ${JSON.stringify(name)}, got none`));
  }

  #add(row: number, target: Cell, prediction: Cell, score: Cell): void {
    const [actual, value] = [this.#scalar(target), this.#scalar(prediction)];
    if (actual === undefined || value === undefined) {
      this.#withoutPair++;
      return;
    }
    const told = this.#scalar(score);
    const answer: Answer = { value, ...(told === undefined ? {} : { score: numberIn(told) }) };
    const pair = this.#compare(answer, actual);
    if (!pair) {
      const expected = this.plan.task === 'regression' ? 'two numbers' : 'classes, or scores from 0 to 1';
      const got = [value, ...(told === undefined ? [] : [told]), actual].map((each) => JSON.stringify(each)).join(', ');
      throw new TableError([`row ${row}: expected ${expected} of prediction and target, got ${got}`]);
    }
    this.#sums.add(pair);
  }

  #scalar(cell: Cell): Scalar | undefined {
    const value = scalarOf(cell instanceof Date ? cell.toISOString() : cell);
    const isMissing = typeof value === 'string' ? this.#missing.hasText(value) : this.#isMissingNumber(value);
    return isMissing ? undefined : value;
  }

  #isMissingNumber(value: Scalar | undefined): boolean {
    return typeof value === 'number' && this.#missing.hasNumber(value);
  }

  value(): Holdout {
    const { pairs } = this.#sums;
    if (pairs === 0) throw new TableError(['expected rows with a target and a prediction, got none']);
    const scores = Object.entries(scoresOf(this.#sums, this.plan));
    // Nine digits: more would be noise of the arithmetic.
    const baseline = Object.fromEntries(scores.map(([metric, score]) => [metric, Number(score.toPrecision(9))]));
    const few = pairs < ACCURACY_ROWS_NEEDED;
    const skipped = this.#withoutPair;
    const warnings = [
      ...(few ? [`${pairs} rows are few for a baseline: below ${ACCURACY_ROWS_NEEDED} it is mostly chance`] : []),
      ...(skipped > 0 ? [`${skipped.toLocaleString('en-US')} rows have no target or no prediction: passed over`] : []),
    ];
    return { baseline, pairs, warnings };
  }
}

function numberIn(value: Scalar): number {
  return typeof value === 'string' ? numberOf(value) : Number(value);
}
