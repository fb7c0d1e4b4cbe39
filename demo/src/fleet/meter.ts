/** Counts what one replica of a model has answered since it was loaded, and since its server last started. */
import type { TrafficProfile } from './plan';
import { meanSeconds, requestRate, requestsBetween, shareWithin } from './rhythm';

export const OUTCOMES = ['success', 'clientError', 'serverError'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How a replica works at the time, in multiples of the usual duration of one of its requests. */
export interface Pace {
  /** Time at work: 1 is the usual. */
  readonly computing: number;
  /** Time in the queue before it. */
  readonly waiting: number;
  /** Share of the requests that end in an error of the server; absent: as its profile says. */
  readonly serverErrorRatio?: number;
  /** Requests that the proxy before it refuses, for each that it lets through. */
  readonly refusedPerRequest?: number;
  /** Share of its work in which it waits for CPU because of its limit, beyond the usual. */
  readonly heldBackRatio?: number;
  /** How often a request is put back for want of KV cache, of LLM servers. */
  readonly preemptions?: number;
}

export const USUAL_PACE: Pace = { computing: 1, waiting: 0 };

export interface Load {
  /** Share of the model's requests that come to this replica, 0 to 1. */
  readonly share: number;
  readonly pace: Pace;
}

/** Whole requests that came while the replica worked at one pace. */
export interface Part {
  readonly count: number;
  readonly pace: Pace;
}

/** A histogram: `within[i]` counts what was at most `bounds[i]` of the question. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly within: readonly number[];
}

/** `process`: since the server started. `ever`: since the model was loaded, as a proxy that never restarts counts. */
export type Since = 'process' | 'ever';

/**
 * The distribution of something that each request of `parts` does `times` times, with this median. Counts are whole, so
 * that count, sum and buckets agree and only grow.
 */
export function distribution(
  parts: readonly Part[],
  bounds: readonly number[],
  median: (pace: Pace) => number,
  times: number = 1
): Distribution {
  const within = bounds.map(() => 0);
  let count = 0;
  let sum = 0;
  for (const part of parts) {
    const events = Math.round(part.count * times);
    const middle = median(part.pace);
    count += events;
    sum += events * meanSeconds(middle);
    bounds.forEach((bound, i) => (within[i] = (within[i] ?? 0) + Math.round(events * shareWithin(middle, bound))));
  }
  return { count, sum, within };
}

export function addUp(distributions: readonly Distribution[], bounds: readonly number[] = []): Distribution {
  return {
    count: distributions.reduce((total, each) => total + each.count, 0),
    sum: distributions.reduce((total, each) => total + each.sum, 0),
    within: bounds.map((_, i) => distributions.reduce((total, each) => total + (each.within[i] ?? 0), 0)),
  };
}

interface Stretch {
  readonly pace: Pace;
  /** Not rounded. */
  requests: number;
  /** Of these, how many came before the server last started. */
  before: number;
}

/** Requests are kept apart by the pace of the replica when they came: what was counted never changes afterwards. */
export class TrafficMeter {
  private readonly stretches = new Map<string, Stretch>();
  private readonly real: Readonly<Record<Outcome, { requests: number; before: number }>> = {
    success: { requests: 0, before: 0 },
    clientError: { requests: 0, before: 0 },
    serverError: { requests: 0, before: 0 },
  };
  private sinceMs: number;

  constructor(
    readonly profile: TrafficProfile,
    startMs: number,
    private load: Load
  ) {
    this.sinceMs = startMs;
  }

  /** From `atMs` on, another share of the requests or another pace. */
  change(load: Load, atMs: number): void {
    this.settle(atMs);
    this.load = load;
  }

  /** The server's process started again: for it, everything counts from 0. */
  restart(atMs: number): void {
    this.settle(atMs);
    for (const count of [...this.stretches.values(), ...Object.values(this.real)]) count.before = count.requests;
  }

  /** Adds a request that really came in over HTTP. */
  record(outcome: Outcome): void {
    this.real[outcome].requests += 1;
  }

  parts(outcome: Outcome, atMs: number, since: Since = 'process'): readonly Part[] {
    this.settle(atMs);
    const parts = [...this.stretches.values()].map(({ pace, requests, before }) => {
      const portion = portionOf(this.profile, outcome, pace);
      const earlier = since === 'process' ? Math.floor(before * portion) : 0;
      return { pace, count: Math.floor(requests * portion) - earlier };
    });
    const { requests, before } = this.real[outcome];
    return requests === 0
      ? parts
      : [...parts, { pace: USUAL_PACE, count: since === 'ever' ? requests : requests - before }];
  }

  count(outcome: Outcome, atMs: number, since: Since = 'process'): number {
    return this.parts(outcome, atMs, since).reduce((sum, part) => sum + part.count, 0);
  }

  /** Time from the request to its answer, in seconds. */
  durations(outcome: Outcome, atMs: number, bounds: readonly number[] = [], since: Since = 'process'): Distribution {
    const { medianSeconds } = this.profile;
    return distribution(
      this.parts(outcome, atMs, since),
      bounds,
      (pace) => medianSeconds * (pace.computing + pace.waiting)
    );
  }

  /** Of the durations, the seconds that requests spent in the queue. */
  waitedSeconds(outcome: Outcome, atMs: number): number {
    const usual = meanSeconds(this.profile.medianSeconds);
    return this.parts(outcome, atMs).reduce((sum, { count, pace }) => sum + count * usual * pace.waiting, 0);
  }

  /** Seconds at work on all requests so far, whatever their outcome. */
  workedSeconds(atMs: number, since: Since = 'process'): number {
    const usual = meanSeconds(this.profile.medianSeconds);
    return OUTCOMES.flatMap((outcome) => this.parts(outcome, atMs, since)).reduce(
      (sum, { count, pace }) => sum + count * usual * pace.computing,
      0
    );
  }

  /** Requests that a proxy that never restarts refused before they came here. */
  refused(atMs: number): number {
    const all = OUTCOMES.flatMap((outcome) => this.parts(outcome, atMs, 'ever'));
    return all.reduce((sum, { count, pace }) => sum + Math.floor(count * (pace.refusedPerRequest ?? 0)), 0);
  }

  /** Of the seconds at work, those beyond the usual in which it was held back. */
  heldBackSeconds(atMs: number): number {
    const usual = meanSeconds(this.profile.medianSeconds);
    return OUTCOMES.flatMap((outcome) => this.parts(outcome, atMs)).reduce(
      (sum, { count, pace }) => sum + count * usual * pace.computing * (pace.heldBackRatio ?? 0),
      0
    );
  }

  /** Requests that are worked on and that wait at this moment: rate times duration (Little's law). */
  inFlight(atMs: number): { readonly working: number; readonly waiting: number } {
    const { share, pace } = this.load;
    const busy = requestRate(this.profile, atMs) * share * meanSeconds(this.profile.medianSeconds);
    return { working: busy * pace.computing, waiting: busy * pace.waiting };
  }

  /** Requests per second at this moment. */
  rate(atMs: number): number {
    return requestRate(this.profile, atMs) * this.load.share;
  }

  get pace(): Pace {
    return this.load.pace;
  }

  private settle(atMs: number): void {
    const { pace, share } = this.load;
    const key = JSON.stringify(pace);
    const stretch = this.stretches.get(key) ?? { pace, requests: 0, before: 0 };
    stretch.requests += share * requestsBetween(this.profile, this.sinceMs, atMs);
    this.stretches.set(key, stretch);
    this.sinceMs = Math.max(this.sinceMs, atMs);
  }
}

function portionOf(profile: TrafficProfile, outcome: Outcome, pace: Pace): number {
  const { clientErrorRatio } = profile;
  const serverErrorRatio = pace.serverErrorRatio ?? profile.serverErrorRatio;
  if (outcome === 'clientError') return clientErrorRatio;
  if (outcome === 'serverError') return serverErrorRatio;
  return 1 - clientErrorRatio - serverErrorRatio;
}

/** Sums over the ways on which requests reach a replica. */
export class ModelTraffic {
  /** `grpc`: what comes from pipelines, whose gateway calls its steps over gRPC; absent for a model in none. */
  constructor(
    readonly rest: TrafficMeter,
    readonly grpc?: TrafficMeter
  ) {}

  get meters(): readonly TrafficMeter[] {
    return this.grpc === undefined ? [this.rest] : [this.rest, this.grpc];
  }

  count(outcome: Outcome, atMs: number, since?: Since): number {
    return this.meters.reduce((sum, meter) => sum + meter.count(outcome, atMs, since), 0);
  }

  durations(outcome: Outcome, atMs: number, bounds: readonly number[] = [], since?: Since): Distribution {
    return addUp(
      this.meters.map((meter) => meter.durations(outcome, atMs, bounds, since)),
      bounds
    );
  }

  waitedSeconds(outcome: Outcome, atMs: number): number {
    return this.meters.reduce((sum, meter) => sum + meter.waitedSeconds(outcome, atMs), 0);
  }

  workedSeconds(atMs: number, since?: Since): number {
    return this.meters.reduce((sum, meter) => sum + meter.workedSeconds(atMs, since), 0);
  }

  heldBackSeconds(atMs: number): number {
    return this.meters.reduce((sum, meter) => sum + meter.heldBackSeconds(atMs), 0);
  }

  /** Whole requests at this moment. */
  inFlight(atMs: number): { readonly working: number; readonly waiting: number } {
    const all = this.meters.map((meter) => meter.inFlight(atMs));
    const total = (of: 'working' | 'waiting') => Math.floor(all.reduce((sum, each) => sum + each[of], 0));
    return { working: total('working'), waiting: total('waiting') };
  }

  record(outcome: Outcome): void {
    this.rest.record(outcome);
  }
}
