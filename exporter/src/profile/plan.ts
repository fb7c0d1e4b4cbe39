/** After the first reading: the type and the bins of each column, or why it has none. */
import type { BinRule } from '@modelwatch/contract';
import type { BinLayout } from '../domain/binning';
import { booleanOf } from '../domain/values';
import { quantileEdges, valueEdges } from './edges';
import { OTHER_CATEGORIES, type ProfileOptions } from './options';
import type { ColumnScan } from './scan';

export type ColumnPlan =
  | { readonly kind: 'numeric'; readonly rule: BinRule; readonly layout: BinLayout }
  | { readonly kind: 'categorical'; readonly layout: BinLayout }
  | { readonly kind: 'excluded'; readonly reason: string }
  | { readonly kind: 'refused'; readonly problem: string };

const REASON_TIME = 'times: a time always moves on; take a feature such as its hour, or --categorical';

const REASON_IDS = 'almost every value is another: an id or prose is no category; to keep it, --categorical';
/** Under so many different values a column of unlike values may well be a small sample. */
const FEW_VALUES = 100;
/** Of very many values the most frequent holds at least this share, or they are no categories. */
const LEAST_SHARE = 0.001;

/** Every value another, or more of them than are counted and none frequent. Their names would also be a list of persons. */
export function isOfIds({ categories }: ColumnScan, present: number): boolean {
  if (present <= FEW_VALUES) return false;
  return categories.isComplete ? categories.size === present : categories.most < LEAST_SHARE * present;
}

export function planColumn(scan: ColumnScan, options: ProfileOptions): ColumnPlan {
  const {
    name,
    counts,
    options: { wanted },
  } = scan;
  const edges = options.edges.get(name);
  const present = scan.rows - scan.missing;
  if (name === '') return { kind: 'excluded', reason: 'a column without a name' };
  if (present === 0) return { kind: 'excluded', reason: 'no value in any row' };
  if (wanted === 'categorical') return planCategories(scan, options);
  const numbers = counts.number + counts.infinity;
  const others = present - numbers;
  if (wanted === 'numeric' || edges !== undefined) {
    if (counts.number === 0) return refuse(`column ${name}: expected numbers, got none${example(scan)}`);
  } else {
    if (numbers > 0 && others > 0) return refuse(mixed(scan, numbers, others));
    if (counts.time === present) return { kind: 'excluded', reason: REASON_TIME };
    if (numbers === 0)
      return isOfIds(scan, present) ? { kind: 'excluded', reason: REASON_IDS } : planCategories(scan, options);
    if (counts.number === 0) return { kind: 'excluded', reason: 'no finite number in any row' };
  }
  const [rule, chosen] = edgesOf(scan, options.bins, edges);
  const bins = chosen.slice(1).map((to, index) => ({ from: chosen[index] ?? NaN, to }));
  return { kind: 'numeric', rule, layout: { type: 'numeric', bins } };
}

function edgesOf(scan: ColumnScan, bins: number, given: readonly number[] | undefined): [BinRule, readonly number[]] {
  if (given) return ['fixed', given];
  if (scan.distinct.size <= bins) return ['values', valueEdges([...scan.distinct].sort((a, b) => a - b))];
  return ['quantile', quantileEdges(scan.sample.sorted(), scan.moments.range, bins)];
}

function planCategories({ categories, counts }: ColumnScan, options: ProfileOptions): ColumnPlan {
  const ranked = categories.ranked();
  const isBoolean = counts.time === 0 && ranked.every((category) => booleanOf(category) !== undefined);
  if (isBoolean && ranked.length > 0 && categories.isComplete && !ranked.every(isDigit)) {
    const names = [...new Set(ranked.map((category) => booleanOf(category) ?? category))].sort();
    const bins = names.map((category) => ({ category }));
    return {
      kind: 'categorical',
      layout: { type: 'boolean', bins, otherCategories: { complete: true, categories: [] } },
    };
  }
  const others = ranked.slice(options.categories);
  const complete = categories.isComplete && others.length <= OTHER_CATEGORIES;
  const bins = ranked.slice(0, options.categories).map((category) => ({ category }));
  // Names that are not all of them would serve nobody, and they may be personal data.
  const otherCategories = { complete, categories: complete ? others.sort() : [] };
  return { kind: 'categorical', layout: { type: 'categorical', bins, otherCategories } };
}

/** 0 and 1 asked for as categories stay what they are. */
function isDigit(category: string): boolean {
  return category === '0' || category === '1';
}

function mixed(scan: ColumnScan, numbers: number, others: number): string {
  const { name, first } = scan;
  const odd = first.text ?? first.time ?? first.boolean;
  const texts = `${count(others, 'value')} that ${others === 1 ? 'is' : 'are'} none, the first in row ${odd?.row} (${short(odd?.value)})`;
  const ways = [
    ...(first.text ? [`--missing-value ${quote(first.text.value)}`] : []),
    `--categorical ${quote(name)}`,
    `--numeric ${quote(name)} to count them as invalid`,
  ];
  return `column ${name}: expected numbers alone, got ${count(numbers, 'number')} and ${texts}; say ${ways.join(', ')}`;
}

function example({ first }: ColumnScan): string {
  const odd = first.text ?? first.time ?? first.boolean ?? first.infinity;
  return odd ? ` (row ${odd.row}: ${short(odd.value)})` : '';
}

function refuse(problem: string): ColumnPlan {
  return { kind: 'refused', problem };
}

function count(value: number, noun: string): string {
  return `${value.toLocaleString('en-US')} ${noun}${value === 1 ? '' : 's'}`;
}

function short(text = ''): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}

/** As a shell takes it. */
function quote(text: string): string {
  const cut = text.length > 40 ? `${text.slice(0, 37)}...` : text;
  return /^[\w.,:/+-]+$/.test(cut) ? cut : `'${cut.replaceAll("'", "'\\''")}'`;
}
