/**
 * Who used a model, over windows that move on with each full hour or day: sketches of hours and of days of UTC, and their
 * sum. In memory only: one that begins anew knows nobody, until replicas tell it what they saw.
 */
import { CONSUMER_WINDOWS, type ConsumerWindow } from '@modelwatch/contract';
import { add, emptySketch, estimate, markOf, merge, type Sketch } from './sketch';

export const CONSUMER_PERIODS = ['hour', 'day'] as const;
export type ConsumerPeriod = (typeof CONSUMER_PERIODS)[number];

const SECONDS: Readonly<Record<ConsumerPeriod, number>> = { hour: 3_600, day: 86_400 };
/** Full periods of each window; the one that runs comes on top. */
const WINDOWS: Readonly<Record<ConsumerWindow, { readonly period: ConsumerPeriod; readonly full: number }>> = {
  '1h': { period: 'hour', full: 1 },
  '1d': { period: 'hour', full: 24 },
  '7d': { period: 'day', full: 7 },
};
const MOST_FULL: Readonly<Record<ConsumerPeriod, number>> = { hour: 24, day: 7 };

/** Who was seen in one hour or day. */
export interface ConsumerPart {
  readonly period: ConsumerPeriod;
  /** Hours or days since 1970. */
  readonly number: number;
  readonly sketch: Sketch;
}

interface Part {
  readonly sketch: Sketch;
  /** Something new is in it since it was told last. */
  isNew: boolean;
}

export class Consumers {
  /** By number; the newest may be of a replica whose clock is ahead. */
  readonly #parts: Record<ConsumerPeriod, Map<number, Part>> = { hour: new Map(), day: new Map() };
  #windows = new Map<ConsumerWindow, Sketch>();
  #estimates: Readonly<Record<ConsumerWindow, number>> | undefined;
  #hour = -Infinity;

  /** Somebody was named. */
  get isUsed(): boolean {
    return this.#parts.day.size > 0;
  }

  saw(consumer: string, nowSeconds: number): void {
    this.advance(nowSeconds);
    const mark = markOf(consumer);
    let isNew = false;
    for (const period of CONSUMER_PERIODS) {
      const part = this.#partOf(period, numberOf(period, nowSeconds));
      if (!add(part.sketch, mark)) continue;
      part.isNew = true;
      isNew = true;
    }
    if (!isNew) return;
    for (const sketch of this.#windows.values()) add(sketch, mark);
    this.#estimates = undefined;
  }

  /** What another replica saw. Of a time that no window has, nothing is kept. @returns whether it was new */
  learn({ period, number, sketch }: ConsumerPart, nowSeconds: number): boolean {
    const age = numberOf(period, nowSeconds) - number;
    // Clocks differ a little.
    if (age < -1 || age > MOST_FULL[period] || !merge(this.#partOf(period, number).sketch, sketch)) return false;
    this.#rebuild(nowSeconds);
    return true;
  }

  /** Lets go of what is too old. @returns whether a full hour has passed */
  advance(nowSeconds: number): boolean {
    const hour = numberOf('hour', nowSeconds);
    if (hour === this.#hour) return false;
    this.#hour = hour;
    for (const period of CONSUMER_PERIODS) {
      const oldest = numberOf(period, nowSeconds) - MOST_FULL[period];
      for (const number of this.#parts[period].keys()) if (number < oldest) this.#parts[period].delete(number);
    }
    this.#rebuild(nowSeconds);
    return true;
  }

  /** Rounded; each within the error of the sketch. */
  get estimates(): Readonly<Record<ConsumerWindow, number>> {
    this.#estimates ??= Object.fromEntries(
      CONSUMER_WINDOWS.map((window) => [window, Math.round(estimate(this.#windows.get(window) ?? emptySketch()))])
    ) as Record<ConsumerWindow, number>;
    return this.#estimates;
  }

  /** Parts that have something new since the last call. */
  takeNews(): ConsumerPart[] {
    return this.#all((part) => {
      const { isNew } = part;
      part.isNew = false;
      return isNew;
    });
  }

  all(): ConsumerPart[] {
    return this.#all(() => true);
  }

  #all(isWanted: (part: Part) => boolean): ConsumerPart[] {
    return CONSUMER_PERIODS.flatMap((period) =>
      [...this.#parts[period]]
        .filter(([, part]) => isWanted(part))
        .map(([number, { sketch }]) => ({ period, number, sketch }))
    );
  }

  #partOf(period: ConsumerPeriod, number: number): Part {
    const part = this.#parts[period].get(number) ?? { sketch: emptySketch(), isNew: false };
    this.#parts[period].set(number, part);
    return part;
  }

  #rebuild(nowSeconds: number): void {
    this.#estimates = undefined;
    this.#windows = new Map(
      CONSUMER_WINDOWS.map((window) => {
        const { period, full } = WINDOWS[window];
        const from = numberOf(period, nowSeconds) - full;
        const whole = emptySketch();
        for (const [number, { sketch }] of this.#parts[period]) if (number >= from) merge(whole, sketch);
        return [window, whole];
      })
    );
  }
}

function numberOf(period: ConsumerPeriod, nowSeconds: number): number {
  return Math.floor(nowSeconds / SECONDS[period]);
}
