/** What a pair says: the classes of prediction and actual, the score, or the two numbers. */
import { booleanOf, categoryOf, numberOf } from '../values';
import type { Answer, Scalar } from './record';
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
export type Comparison = (answer: Answer, actual: Scalar) => ClassPair | NumberPair | undefined;

/** What a model with a task answered: a number, or the place of a class; undefined where it is neither. */
export interface Reading {
  readonly predicted: number;
  /** Of the positive class. */
  readonly score?: number;
}

export type Reader = (answer: Answer) => Reading | undefined;

/** How answers and actuals of a model with a task are read. */
export interface Readers {
  readonly answer: Reader;
  readonly actual: (value: Scalar) => number | undefined;
}

export function readersOf(plan: AccuracyPlan): Readers {
  return plan.task === 'regression' ? { answer: readNumber, actual: numericOf } : classReaders(plan);
}

/** How pairs of a model with a task are compared. */
export function comparisonOf(plan: AccuracyPlan): Comparison {
  const { answer: read, actual: readActual } = readersOf(plan);
  const positive = plan.positiveClass === undefined ? undefined : readActual(plan.positiveClass);
  return (answer, actual) => {
    const happened = readActual(actual);
    const reading = happened === undefined ? undefined : read(answer);
    if (happened === undefined || reading === undefined) return undefined;
    if (plan.task === 'regression') return { task: 'regression', predicted: reading.predicted, actual: happened };
    return { task: 'classification', ...reading, actual: happened, isPositive: happened === positive };
  };
}

function readNumber({ value }: Answer): Reading | undefined {
  const predicted = numericOf(value);
  return predicted === undefined ? undefined : { predicted };
}

function numericOf(value: Scalar | undefined): number | undefined {
  if (typeof value === 'boolean' || value === undefined) return undefined;
  const number = typeof value === 'number' ? value : numberOf(value);
  return Number.isFinite(number) ? number : undefined;
}

function classReaders({ classes, positiveClass, decisionThreshold, predictsScores }: AccuracyPlan): Readers {
  const places = placesOf(classes);
  const other = classes.length;
  const placeOf = (value: Scalar) => places.get(nameOf(value)) ?? other;
  const positive = positiveClass === undefined ? undefined : placeOf(positiveClass);
  const negative = classes.length === 2 && positive !== undefined ? 1 - positive : other;
  const scoreOf = (value: Scalar) => {
    const isClass = predictsScores === undefined ? places.has(nameOf(value)) : !predictsScores;
    return positive === undefined || isClass ? undefined : numericOf(value);
  };
  const answer: Reader = ({ value, score: told }) => {
    const score = (positive === undefined ? undefined : told) ?? (value === undefined ? undefined : scoreOf(value));
    // A margin or a logarithm of odds is no probability, and 0.5 of it no threshold.
    if (score !== undefined && !(score >= 0 && score <= 1)) return undefined;
    const shown = score === undefined ? {} : { score };
    const named = value === undefined || scoreOf(value) !== undefined ? undefined : placeOf(value);
    const decided = score === undefined ? undefined : score >= decisionThreshold ? positive : negative;
    const predicted = named ?? decided;
    return predicted === undefined ? undefined : { predicted, ...shown };
  };
  return { answer, actual: placeOf };
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
