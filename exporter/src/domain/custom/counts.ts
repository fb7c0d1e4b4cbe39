/** What the custom metrics of one model amount to. */
import {
  CUSTOM_ERRORS,
  CUSTOM_REFUSALS,
  LARGEST_CUSTOM_VALUE,
  type CustomError,
  type CustomRefusal,
} from '@modelwatch/contract';
import { compileExpression, type Expression, type ExpressionInput } from '../../expressions/cel';
import type { SeriesRoom } from '../events/slot';
import { categoryOf, sourceOf, type CustomMetric } from './settings';

export type CustomValue = string | number | boolean;

/** Sums of one metric. */
export class CustomSlot {
  samples = 0;
  /** Of values above and below 0; both positive. */
  over = 0;
  under = 0;
  matched = 0;
  /** Of a gauge. */
  last: { readonly value: number; readonly atSeconds: number } | undefined;
  /** Was in a scrape, with 0 at first: from then on its counters are shown. */
  seen = false;

  /** Predictions for which its expression gave no value. */
  readonly errors = Object.fromEntries(CUSTOM_ERRORS.map((reason) => [reason, 0])) as Record<CustomError, number>;
  readonly expression: Expression | undefined;

  constructor(readonly metric: CustomMetric) {
    const compiled =
      metric.expression === undefined ? undefined : compileExpression(metric.expression, metric.aggregation);
    // One that cannot be compiled was refused with the settings.
    this.expression = compiled && 'evaluate' in compiled ? compiled : undefined;
  }

  /** Works its value out of a prediction. */
  evaluate(input: ExpressionInput, atSeconds: number): void {
    const result = this.expression?.evaluate(input);
    if (result === undefined) return;
    if ('error' in result) this.errors[result.error] += 1;
    else if (result.value !== undefined && this.add(result.value, atSeconds) !== undefined) this.errors.wrong_type += 1;
  }

  /** @returns what was expected, when it was not counted */
  add(value: CustomValue, atSeconds: number): string | undefined {
    const { aggregation } = this.metric;
    if (aggregation === 'share') {
      if (String(value) === categoryOf(this.metric)) this.matched += 1;
    } else if (typeof value !== 'number') {
      return `a number, since ${this.metric.name} is a${/^[aeiou]/.test(aggregation) ? 'n' : ''} ${aggregation}`;
    } else if (!(Math.abs(value) <= LARGEST_CUSTOM_VALUE)) {
      return `a finite number up to ${LARGEST_CUSTOM_VALUE}`;
    } else if (aggregation === 'gauge') {
      // What comes late says nothing of now.
      if (this.last === undefined || atSeconds >= this.last.atSeconds) this.last = { value, atSeconds };
    } else if (value >= 0) this.over += value;
    else this.under -= value;
    this.samples += 1;
    return undefined;
  }
}

export interface CustomSample {
  readonly metric: string;
  readonly value: CustomValue;
  /** When it was taken; one of the future counts as of now. */
  readonly timeSeconds?: number | undefined;
}

export class CustomCounts {
  /** By the name of the metric. */
  readonly slots = new Map<string, CustomSlot>();
  readonly refused = noRefusals();
  /** Was in a scrape, with 0 at first: from then on its counters are shown. */
  seen = false;
  #kept: readonly string[] | undefined;
  /** Series of each metric that there was no room for, by its name. */
  readonly #refusedSeries = new Map<string, number>();

  constructor(private readonly room: SeriesRoom) {}

  get seriesRefused(): number {
    let sum = 0;
    for (const series of this.#refusedSeries.values()) sum += series;
    return sum;
  }

  /** What is counted from now on. Where the meaning of a metric is as before its counts go on, else they start at 0. */
  declare(metrics: readonly CustomMetric[]): void {
    this.#kept = undefined;
    const before = new Map(this.slots);
    for (const { metric } of before.values()) this.room.take(-seriesOf(metric));
    this.slots.clear();
    this.#refusedSeries.clear();
    for (const metric of metrics) {
      if (sourceOf(metric) === 'promql') continue;
      const series = seriesOf(metric);
      if (series > this.room.free()) {
        this.#refusedSeries.set(metric.name, series);
        continue;
      }
      this.room.take(series);
      const known = before.get(metric.name);
      const slot = new CustomSlot(metric);
      if (known && meaningOf(known.metric) === meaningOf(metric)) {
        const { samples, over, under, matched, last, seen } = known;
        Object.assign(slot, { samples, over, under, matched, last, seen });
        Object.assign(slot.errors, known.errors);
      }
      this.slots.set(metric.name, slot);
    }
  }

  /** A prediction that was counted. */
  predicted(input: ExpressionInput, nowSeconds: number): void {
    for (const slot of this.slots.values()) {
      if (slot.expression?.needsActual === false) slot.evaluate(input, nowSeconds);
    }
  }

  /** A prediction whose actual is known; of its features those that `keptFeatures` names. */
  joined(input: ExpressionInput, nowSeconds: number): void {
    for (const slot of this.slots.values()) if (slot.expression?.needsActual) slot.evaluate(input, nowSeconds);
  }

  /** Features that are to be kept until the actual comes. */
  get keptFeatures(): readonly string[] {
    const named = [...this.slots.values()].flatMap(({ expression }) =>
      expression?.needsActual ? expression.features : []
    );
    return (this.#kept ??= [...new Set(named)]);
  }

  /** A sample that was sent. @returns why not, and what was expected, when it was not counted */
  push(
    { metric, value, timeSeconds }: CustomSample,
    nowSeconds: number
  ): { readonly reason: CustomRefusal; readonly expected: string } | undefined {
    const slot = this.slots.get(metric);
    if (!slot) {
      const expected = this.#refusedSeries.has(metric)
        ? 'room for its series: events.maxSeriesPerModel or events.maxSeries is too small'
        : 'a metric that is declared for the model';
      return { reason: 'unknown_metric', expected };
    }
    if (sourceOf(slot.metric) !== 'pushed') {
      return { reason: 'unknown_metric', expected: 'a metric that is pushed, not one with an expression' };
    }
    const expected = slot.add(value, Math.min(timeSeconds ?? nowSeconds, nowSeconds));
    return expected === undefined ? undefined : { reason: 'wrong_value', expected };
  }
}

export function noRefusals(): Record<CustomRefusal, number> {
  return Object.fromEntries(CUSTOM_REFUSALS.map((reason) => [reason, 0])) as Record<CustomRefusal, number>;
}

/** Counters of one metric, of those that it can have. */
function seriesOf({ aggregation, expression }: CustomMetric): number {
  const values = aggregation === 'share' ? 1 : 2;
  return 1 + values + (expression === undefined ? 0 : CUSTOM_ERRORS.length);
}

/** What its sums stand for. */
function meaningOf(metric: CustomMetric): string {
  const { aggregation, expression, unit } = metric;
  return JSON.stringify([aggregation, categoryOf(metric), expression ?? null, unit ?? null]);
}
