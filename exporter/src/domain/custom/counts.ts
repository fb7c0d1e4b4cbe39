/** What the custom metrics of one model amount to. */
import { CUSTOM_REFUSALS, LARGEST_CUSTOM_VALUE, type CustomRefusal } from '@modelwatch/contract';
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

  constructor(readonly metric: CustomMetric) {}

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

  /** What is counted from now on. Where the meaning of a metric is as before its counts go on, else they start at 0. */
  declare(metrics: readonly CustomMetric[]): void {
    const before = new Map(this.slots);
    this.slots.clear();
    for (const metric of metrics) {
      if (sourceOf(metric) === 'promql') continue;
      const known = before.get(metric.name);
      const slot = new CustomSlot(metric);
      if (known && meaningOf(known.metric) === meaningOf(metric)) {
        const { samples, over, under, matched, last, seen } = known;
        Object.assign(slot, { samples, over, under, matched, last, seen });
      }
      this.slots.set(metric.name, slot);
    }
  }

  /** A sample that was sent. @returns why not, and what was expected, when it was not counted */
  push(
    { metric, value, timeSeconds }: CustomSample,
    nowSeconds: number
  ): { readonly reason: CustomRefusal; readonly expected: string } | undefined {
    const slot = this.slots.get(metric);
    if (!slot) return { reason: 'unknown_metric', expected: 'a metric that is declared for the model' };
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

/** What its sums stand for. */
function meaningOf(metric: CustomMetric): string {
  const { aggregation, expression, unit } = metric;
  return JSON.stringify([aggregation, categoryOf(metric), expression ?? null, unit ?? null]);
}
