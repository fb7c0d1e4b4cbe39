import type { Bin, Subject } from '../../model/drift/types';
import { methodName, rowsText, scoreText, shareText } from '../../model/drift/words';

/** Shares of the score below which a bin is not worth a number. */
const WORTH = 0.1;

/** A score that is written as 0.00 has no parts to tell apart. */
const LEAST_WORTH = 0.005;
/** Of the scale of what bins add: below it every bar would be noise drawn large. */
const LEAST_SCALE = 0.01;

/** Sum of what the bins add; 0 where the method has no parts. */
export function addsTotal(bins: readonly Bin[]): number {
  return bins.reduce((sum, { adds }) => sum + (adds ?? 0), 0);
}

/** Whether a bin adds enough to be set apart. */
export function isHot({ adds }: Bin, total: number): boolean {
  return adds !== undefined && adds >= LEAST_WORTH && adds / total > WORTH;
}

/** End of the scale of what bins add. */
export function mostAdds(bins: readonly Bin[]): number {
  return Math.max(LEAST_SCALE, ...bins.map(({ adds }) => adds ?? 0));
}

export function shareOf(share: number | undefined): string {
  return share === undefined ? '–' : shareText(share);
}

/** A bin as one sentence. */
export function spokenBin(bin: Bin, { method }: Subject): string {
  const current = bin.current === undefined ? 'no rows yet' : `${shareText(bin.current)} of rows now`;
  const reference = bin.reference === undefined ? '' : `, ${shareText(bin.reference)} in the reference`;
  const rows = bin.rows === undefined ? '' : `, ${rowsText(bin.rows)} rows`;
  const adds = bin.adds === undefined ? '' : `, adds ${scoreText(method, bin.adds)} to ${methodName(method)}`;
  return `${bin.label}: ${current}${reference}${rows}${adds}`;
}
