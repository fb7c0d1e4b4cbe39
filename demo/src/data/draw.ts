/** Draws from distributions, the same for the same seed. */
import { hash32 } from '../random';

export type Weights = Readonly<Record<string, number>>;

export class Draw {
  private state: number;

  constructor(...seed: readonly (string | number)[]) {
    this.state = hash32(seed.join('\u0000'));
  }

  /** From 0 (inclusive) to 1 (exclusive): the generator mulberry32. */
  share(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  chance(probability: number): boolean {
    return this.share() < probability;
  }

  /** Of the normal distribution, by the method of Box and Muller. */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.share()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.share());
  }

  /** Of the log-normal distribution with this median. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(this.normal(0, sigma));
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.share());
  }

  /** One of the names; weights need not add up to anything. */
  pick(weights: Weights): string {
    const entries = Object.entries(weights);
    let left = this.share() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return entries[entries.length - 1]?.[0] ?? '';
  }
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** From a score without bounds to a probability. */
export function logistic(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

/** Between two values; `amount` 0 is the first, 1 the second. */
export function between(amount: number, from: number, to: number): number {
  return from + amount * (to - from);
}
