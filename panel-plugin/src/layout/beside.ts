/** Drift and accuracy of one model in one panel. Sizes in CSS pixels. */
import type { Size } from './mode';

/** Share of the drift view, which has more to say. */
const DRIFT_SHARE = 0.58;
const BESIDE_FROM = 1000;
const BELOW_FROM = 620;

export interface Beside {
  readonly direction: 'row' | 'column';
  readonly drift: Size;
  readonly accuracy: Size;
}

/** Beside each other, else below each other; undefined where there is room for one alone. */
export function layOutBeside({ width, height }: Size): Beside | undefined {
  if (width >= BESIDE_FROM) {
    const drift = Math.floor(width * DRIFT_SHARE);
    return { direction: 'row', drift: { width: drift, height }, accuracy: { width: width - drift, height } };
  }
  if (height < BELOW_FROM) return undefined;
  const drift = Math.floor(height * DRIFT_SHARE);
  return { direction: 'column', drift: { width, height: drift }, accuracy: { width, height: height - drift } };
}
