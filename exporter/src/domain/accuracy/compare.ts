/** What a pair says: the classes of prediction and actual, the score, or the two numbers. */
import { booleanOf, categoryOf, numberOf } from '../values';
import type { KeptPrediction, Scalar } from './record';
import type { AccuracyPlan } from './settings';

export interface ClassPair {
  readonly task: 'classification';
  /** Places in the list of classes; its length for others. */
  readonly predicted: number;
  readonly actual: number;
  /** Of the positive class, 0 to 1; absent where the model tells none. */
  readonly score?: number;
  readonly isPositive: boolean;
}

export interface NumberPair {
  readonly task: 'regression';
  readonly predicted: number;
  readonly actual: number;
}

/** Undefined where the two cannot be compared. */
export type Comparison = (prediction: KeptPrediction, actual: Scalar) => ClassPair | NumberPair | undefined;

/** How pairs of a model with a task are compared. */
export function comparisonOf(plan: AccuracyPlan): Comparison {
  return plan.task === 'regression' ? compareNumbers : classComparison(plan);
}

function compareNumbers({ value }: KeptPrediction, actual: Scalar): NumberPair | undefined {
  const [predicted, happened] = [numericOf(value), numericOf(actual)];
  if (predicted === undefined || happened === undefined) return undefined;
  return { task: 'regression', predicted, actual: happened };
}

function numericOf(value: Scalar | undefined): number | undefined {
  if (typeof value === 'boolean' || value === undefined) return undefined;
  const number = typeof value === 'number' ? value : numberOf(value);
  return Number.isFinite(number) ? number : undefined;
}

function classComparison({ classes, positiveClass, decisionThreshold, predictsScores }: AccuracyPlan): Comparison {
  const places = placesOf(classes);
  const other = classes.length;
  const placeOf = (value: Scalar) => places.get(nameOf(value)) ?? other;
  const positive = positiveClass === undefined ? undefined : placeOf(positiveClass);
  const negative = classes.length === 2 && positive !== undefined ? 1 - positive : other;
  const scoreOf = (value: Scalar) => {
    const isClass = predictsScores === undefined ? places.has(nameOf(value)) : !predictsScores;
    return positive === undefined || isClass ? undefined : numericOf(value);
  };
  return ({ value, score: told }, actual) => {
    const happened = placeOf(actual);
    const isPositive = happened === positive;
    const score = (positive === undefined ? undefined : told) ?? (value === undefined ? undefined : scoreOf(value));
    // A margin or a logarithm of odds is no probability, and 0.5 of it no threshold.
    if (score !== undefined && !(score >= 0 && score <= 1)) return undefined;
    const shown = score === undefined ? {} : { score };
    const named = value === undefined || scoreOf(value) !== undefined ? undefined : placeOf(value);
    const decided = score === undefined ? undefined : score >= decisionThreshold ? positive : negative;
    const predicted = named ?? decided;
    return predicted === undefined
      ? undefined
      : { task: 'classification', predicted, actual: happened, isPositive, ...shown };
  };
}

/** 1 and "1.0" are one class. */
function nameOf(value: Scalar): string {
  return typeof value === 'string' ? categoryOf(value) : String(value);
}

/** Classes of a truth value are found by every way to write it. */
function placesOf(classes: readonly string[]): Map<string, number> {
  const places = new Map(classes.map((name, place) => [categoryOf(name), place]));
  const truths = classes.map(booleanOf);
  if (classes.length !== 2 || truths.includes(undefined) || truths[0] === truths[1]) return places;
  for (const spelling of ['true', 'True', 'TRUE', '1', 'false', 'False', 'FALSE', '0']) {
    if (!places.has(spelling)) places.set(spelling, truths.indexOf(booleanOf(spelling)));
  }
  return places;
}
