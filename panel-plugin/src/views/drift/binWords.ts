import type { Bin, Subject } from '../../model/drift/types';
import { methodName, rowsText, scoreText, shareText } from '../../model/drift/words';

/** Shares of the score below which a bin is not worth a number. */
const WORTH = 0.1;

/** Sum of what the bins add; 0 where the method has no parts. */
export function addsTotal(bins: readonly Bin[]): number {
  return bins.reduce((sum, { adds }) => sum + (adds ?? 0), 0);
}

/** Whether a bin adds enough to be set apart. */
export function isHot({ adds }: Bin, total: number): boolean {
  return adds !== undefined && total > 0 && adds / total > WORTH;
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
