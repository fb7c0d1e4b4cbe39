/** One row as it is held: a text, so that what it takes is known. */
import { MASKED, type ModelRow, type RowValue } from '@modelwatch/contract';
import { readersOf } from '../accuracy/compare';
import { scalarOf, type Scalar } from '../accuracy/record';
import type { AccuracyPlan } from '../accuracy/settings';
import { placeOf, type Segment } from '../segments/plan';
import { openSegments, treatmentOf, type Redaction } from './settings';

export interface ExploredEvent {
  readonly id?: string | undefined;
  readonly version: string;
  readonly timeSeconds: number;
  readonly prediction: unknown;
  readonly score?: number | undefined;
  readonly features: Readonly<Record<string, unknown>>;
}

export interface HeldRow {
  readonly number: number;
  /** What actuals and deletions find it by. */
  readonly key: string | undefined;
  readonly text: string;
  readonly timeSeconds: number;
  readonly arrivedSeconds: number;
  bytes: number;
  actual?: Scalar;
  actualSeconds?: number;
}

/** Version, id, prediction, score, segments, features: what does not change. */
type RowText = Pick<ModelRow, 'id' | 'version' | 'prediction' | 'score' | 'segments' | 'features'>;

/** The object, its places in the list and by key, and the heads of its texts: held against the heap in ring.test.ts. */
const OVERHEAD_BYTES = 400;
/** A text with one character beyond them takes two bytes for each. */
const ONE_BYTE = /^[\u0000-\u00ff]*$/; // eslint-disable-line no-control-regex -- all that V8 holds in one byte

export function rowText(event: ExploredEvent, segments: readonly Segment[], redaction: Redaction): string {
  const { id, version, score } = event;
  const prediction = scalarOf(event.prediction);
  const text: RowText = {
    ...(id === undefined ? {} : { id }),
    version,
    ...(prediction === undefined ? {} : { prediction }),
    ...(score === undefined ? {} : { score }),
    segments: Object.fromEntries(
      openSegments(segments, redaction).map((segment) => [
        segment.column,
        segment.places[placeOf(segment, event.features)] ?? '',
      ])
    ),
    features: redacted(event.features, redaction),
  };
  return JSON.stringify(text);
}

/** A missing value shows as missing, masked or not. */
function redacted(features: Readonly<Record<string, unknown>>, redaction: Redaction): Record<string, RowValue> {
  const held = Object.entries(features).flatMap(([name, value]): [string, RowValue][] => {
    const treatment = treatmentOf(redaction, name);
    if (treatment === 'dropped') return [];
    if (value === null || value === undefined) return [[name, null]];
    if (treatment === 'masked') return [[name, MASKED]];
    const scalar = scalarOf(value);
    return scalar === undefined ? [] : [[name, scalar]];
  });
  return Object.fromEntries(held);
}

export function bytesOf(text: string, key: string | undefined): number {
  return bytesOfText(text) + bytesOfText(key ?? '') + OVERHEAD_BYTES;
}

export function bytesOfText(text: string): number {
  return text.length * (ONE_BYTE.test(text) ? 1 : 2);
}

/** What is made of a row with what is known of its model. */
export type Judge = (row: RowText, actual: Scalar | undefined) => Judgement;
export type Judgement = Partial<Pick<ModelRow, 'score' | 'predictedClass' | 'actualClass' | 'wrong'>>;

export function shownRow(row: HeldRow, judge: Judge): ModelRow {
  const { number, timeSeconds, actual, actualSeconds } = row;
  const text = JSON.parse(row.text) as RowText;
  return {
    ...{ number, ...text, timeSeconds },
    ...(actual === undefined ? {} : { actual }),
    ...(actualSeconds === undefined ? {} : { actualSeconds }),
    ...judge(text, actual),
  };
}

/** @param plan what is known of how right the model is; without one, and of a regression, there is nothing to judge */
export function judgeOf(plan: AccuracyPlan | undefined): Judge {
  if (plan?.task !== 'classification') return () => ({});
  const read = readersOf(plan);
  const nameOf = (place: number) => plan.classes[place] ?? 'other';
  return ({ prediction, score }, actual) => {
    const value = prediction ?? undefined;
    const reading = read.answer({
      ...(value === undefined ? {} : { value }),
      ...(score === undefined ? {} : { score }),
    });
    const happened = actual === undefined ? undefined : read.actual(actual);
    return {
      ...(reading?.score === undefined ? {} : { score: reading.score }),
      ...(reading === undefined ? {} : { predictedClass: nameOf(reading.predicted) }),
      ...(happened === undefined ? {} : { actualClass: nameOf(happened) }),
      ...(reading === undefined || happened === undefined ? {} : { wrong: reading.predicted !== happened }),
    };
  };
}
