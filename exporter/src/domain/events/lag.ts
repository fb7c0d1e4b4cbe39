/** How long predictions take until they are here. */

/** Upper bounds in seconds: a service that posts at once, and jobs that post by the hour or by the day. */
export const LAG_BOUNDS_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400];

/** Clocks of different machines differ by so much; more is a time that cannot be. */
const SKEW_SECONDS = 5;
const OLDEST_SECONDS = 86_400;

/** The lag of an event, not below 0; undefined where its time cannot be believed. */
export function plausibleLag(timeSeconds: number, nowSeconds: number): number | undefined {
  const lag = nowSeconds - timeSeconds;
  return lag >= -SKEW_SECONDS && lag <= OLDEST_SECONDS ? Math.max(0, lag) : undefined;
}
