/** How often what is said of a window is looked at. */
import type { DriftWindow } from '@modelwatch/contract';
import type { ResolvedOptions } from './types';

/** In minutes an hour changes little, and a day of full hours not at all; ten minutes are asked for by who wants to know at once. */
export function windowSeconds(window: DriftWindow, options: ResolvedOptions): number {
  const { intervalSeconds, driftIntervalSeconds, slowIntervalSeconds } = options;
  if (window === '10m') return Math.min(driftIntervalSeconds, 4 * intervalSeconds);
  return window === '1h' ? driftIntervalSeconds : Math.max(driftIntervalSeconds, slowIntervalSeconds);
}
