/** How many points of a history are asked for, and how far they are apart. */

/** A sparkline has no room for more. */
export const SPARKLINE_MAX_POINTS = 60;
/** Points of a history per model: enough for a strip as wide as a screen at three pixels each. */
export const HISTORY_MAX_POINTS = 400;

/**
 * Step of a range query in seconds that keeps it within its points.
 * @param intervalMs what Grafana proposes; never undercut
 */
export function stepSeconds(rangeMs: number, intervalMs: number, maxPoints: number): number {
  // Prometheus counts both ends, and Grafana aligns the start to the step: two points more than range / step.
  const fits = rangeMs / 1000 / Math.max(1, maxPoints - 2);
  return Math.max(1, Math.ceil(Math.max(fits, intervalMs / 1000)));
}
