/** Counts what one replica of a model has answered since its server started. */
import type { TrafficProfile } from './plan';
import { meanSeconds, requestRate, requestsBetween, shareWithin } from './rhythm';

export type Outcome = 'success' | 'clientError' | 'serverError';

/** Cumulative, in whole requests and in seconds. `within[i]` belongs to `bounds[i]` of the question. */
export interface Tally {
  readonly count: number;
  readonly sumSeconds: number;
  readonly within: readonly number[];
}

interface Load {
  /** Share of the model's requests that come to this replica, 0 to 1. */
  readonly share: number;
  /** 1: as fast as usual. */
  readonly slowness: number;
}

/**
 * Requests are kept apart by how slow the replica was when they came, so that counts, sums and buckets stay true and
 * never fall when a scenario is switched.
 */
export class TrafficMeter {
  private readonly requests = new Map<number, number>();
  private readonly real: Record<Outcome, { count: number; seconds: number }> = {
    success: { count: 0, seconds: 0 },
    clientError: { count: 0, seconds: 0 },
    serverError: { count: 0, seconds: 0 },
  };
  private sinceMs: number;

  constructor(
    readonly profile: TrafficProfile,
    startMs: number,
    private load: Load
  ) {
    this.sinceMs = startMs;
  }

  /** From `atMs` on, another share of the requests or another speed. */
  change(load: Load, atMs: number): void {
    this.requests.set(this.load.slowness, this.current(this.load.slowness, atMs));
    this.sinceMs = Math.max(this.sinceMs, atMs);
    this.load = load;
  }

  /** The server's process started again: everything counts from 0. */
  restart(atMs: number): void {
    this.requests.clear();
    for (const outcome of Object.values(this.real)) Object.assign(outcome, { count: 0, seconds: 0 });
    this.sinceMs = atMs;
  }

  /** Adds a request that really came in over HTTP. */
  record(outcome: Outcome, seconds: number): void {
    this.real[outcome].count += 1;
    this.real[outcome].seconds += seconds;
  }

  tally(outcome: Outcome, atMs: number, bounds: readonly number[] = []): Tally {
    const portion = this.portion(outcome);
    const within = bounds.map(() => 0);
    let requests = 0;
    let sumSeconds = 0;
    for (const slowness of new Set([...this.requests.keys(), this.load.slowness])) {
      const part = this.current(slowness, atMs) * portion;
      const median = this.profile.medianSeconds * slowness;
      requests += part;
      sumSeconds += part * meanSeconds(median);
      bounds.forEach((bound, i) => (within[i] = (within[i] ?? 0) + part * shareWithin(median, bound)));
    }
    const real = this.real[outcome];
    const count = Math.floor(requests);
    return {
      count: count + real.count,
      sumSeconds: (count === 0 ? 0 : sumSeconds) + real.seconds,
      within: within.map((value) => Math.floor(value) + real.count),
    };
  }

  /** Requests that are being worked on at this moment: rate times duration (Little's law). */
  inFlight(atMs: number): number {
    const { share, slowness } = this.load;
    const rate = requestRate(this.profile, atMs) * share;
    return Math.floor(rate * meanSeconds(this.profile.medianSeconds * slowness));
  }

  /** Seconds that requests waited beyond their usual duration. */
  delaySeconds(outcome: Outcome, atMs: number): number {
    const usual = meanSeconds(this.profile.medianSeconds);
    let delay = 0;
    for (const slowness of new Set([...this.requests.keys(), this.load.slowness])) {
      delay += this.current(slowness, atMs) * this.portion(outcome) * usual * (slowness - 1);
    }
    return delay;
  }

  private current(slowness: number, atMs: number): number {
    const before = this.requests.get(slowness) ?? 0;
    if (slowness !== this.load.slowness) return before;
    return before + this.load.share * requestsBetween(this.profile, this.sinceMs, atMs);
  }

  private portion(outcome: Outcome): number {
    const { clientErrorRatio, serverErrorRatio } = this.profile;
    if (outcome === 'clientError') return clientErrorRatio;
    if (outcome === 'serverError') return serverErrorRatio;
    return 1 - clientErrorRatio - serverErrorRatio;
  }
}
