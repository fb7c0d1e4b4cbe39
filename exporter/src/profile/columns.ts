import type {
  BinCount,
  CATEGORY_SPECIAL_BINS,
  ColumnReference,
  NUMERIC_SPECIAL_BINS,
  SpecialBin,
} from '@modelwatch/contract';
import type { ColumnCount } from './count';
import { shareOf } from './document';
import type { ColumnPlan } from './plan';
import type { ColumnScan } from './scan';
import { segmentsOf } from './segments';

export type Planned = Extract<ColumnPlan, { layout: unknown }>;

/** A column of the reference from its plan and the counts of the second reading. */
export function columnReference(
  scan: ColumnScan,
  plan: Planned,
  { counts, binner, rows, bySegment }: ColumnCount
): ColumnReference {
  const { layout } = plan;
  const binOf = (index: number): BinCount => {
    const count = counts[index] ?? 0;
    return { count, share: shareOf(count, rows) };
  };
  const special = Object.fromEntries(
    binner.labels.slice(layout.bins.length).map((label, index) => [label, binOf(layout.bins.length + index)])
  ) as Record<SpecialBin, BinCount>;
  if (plan.kind === 'numeric' && layout.type === 'numeric') {
    const moments = scan.moments.value();
    return {
      name: scan.name,
      type: 'numeric',
      rule: plan.rule,
      bins: layout.bins.map(({ from, to }, index) => ({ from, to, ...binOf(index) })),
      special: special as Record<(typeof NUMERIC_SPECIAL_BINS)[number], BinCount>,
      ...(moments === undefined ? {} : { moments }),
      ...segmentsOf(bySegment),
    };
  }
  if (layout.type === 'numeric') throw new Error('a numeric layout has a numeric plan');
  return {
    name: scan.name,
    type: layout.type,
    bins: layout.bins.map(({ category }, index) => ({ category, ...binOf(index) })),
    special: special as Record<(typeof CATEGORY_SPECIAL_BINS)[number], BinCount>,
    otherCategories: layout.otherCategories,
    ...segmentsOf(bySegment),
  };
}
