/**
 * Requests of a model over time, as an integral in closed form: a counter of any age costs a few sines, so 2,000 models
 * that nobody looks at cost nothing.
 */
import type { TrafficProfile } from './plan';

const DAY_MS = 86_400_000;

/** Waves over the mean: a day's rhythm, and two short ones that keep a rate from looking ruled. They sum to below 1. */
const WAVES = [
  { periodMs: DAY_MS, amplitude: 0.6 },
  { periodMs: 53 * 60_000, amplitude: 0.11 },
  { periodMs: 7 * 60_000, amplitude: 0.07 },
] as const;

function phaseMs(profile: TrafficProfile, periodMs: number): number {
  const peakMs = profile.peakHour * 3_600_000;
  return periodMs === DAY_MS ? peakMs : peakMs % periodMs;
}

/** Requests per second at this moment. */
export function requestRate(profile: TrafficProfile, atMs: number): number {
  let relative = 1;
  for (const { periodMs, amplitude } of WAVES) {
    relative += amplitude * Math.cos((2 * Math.PI * (atMs - phaseMs(profile, periodMs))) / periodMs);
  }
  return profile.requestsPerSecond * relative;
}

/** Requests between two moments, not rounded; grows with `toMs`. */
export function requestsBetween(profile: TrafficProfile, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0;
  let relativeMs = toMs - fromMs;
  for (const { periodMs, amplitude } of WAVES) {
    const turns = (2 * Math.PI) / periodMs;
    const offset = phaseMs(profile, periodMs);
    relativeMs += (amplitude / turns) * (Math.sin(turns * (toMs - offset)) - Math.sin(turns * (fromMs - offset)));
  }
  return (profile.requestsPerSecond * relativeMs) / 1_000;
}

/**
 * Time to answer follows a log-logistic distribution: it has the long right tail of real servers, and its distribution
 * and mean are closed forms, so that buckets and sum of one histogram agree.
 */
const SHAPE = 4;

/** Share of the requests that are answered within `seconds`. */
export function shareWithin(medianSeconds: number, seconds: number): number {
  return 1 / (1 + (seconds / medianSeconds) ** -SHAPE);
}

/** Mean time to answer, in seconds. */
export function meanSeconds(medianSeconds: number): number {
  return (medianSeconds * (Math.PI / SHAPE)) / Math.sin(Math.PI / SHAPE);
}
