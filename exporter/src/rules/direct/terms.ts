/** What the tables of translation make of a server's own series, as sums that each become one of our series. */
import {
  INFERENCE_HISTOGRAMS,
  INFERENCE_NUMBERS,
  METRICS,
  type ByLabel,
  type FamilyTranslation,
  type ServerTranslation,
  type TranslationTarget,
} from '@modelwatch/contract';

/** One raw series that is added up into one of ours. */
export interface Term {
  readonly sample: string;
  readonly family: FamilyTranslation;
  readonly scale: number;
  /** Where our series has a label of its own: its name, and what it is. */
  readonly label?: { readonly name: string; readonly value: string | ByLabel<string> };
}

export interface Output {
  /** Name of the samples that are recorded. */
  readonly record: string;
  readonly combine: 'sum' | 'max';
  /** `le` or a label of the family, besides those that all have. */
  readonly keep?: string;
  readonly terms: Term[];
}

/** Every series of ours that a server of this kind can give; bounds that are scaled cannot be had in PromQL. */
export function outputsOf(table: ServerTranslation): Output[] {
  const outputs = new Map<string, Output>();
  const add = (record: string, term: Term, combine: Output['combine'] = 'sum', keep?: string) => {
    const key = `${record} ${keep ?? ''}`;
    const output = outputs.get(key) ?? { record, combine, terms: [], ...(keep === undefined ? {} : { keep }) };
    output.terms.push(term);
    outputs.set(key, output);
  };
  const families = [...table.families, ...(table.engines ?? []).flatMap((engine) => engine.families)];
  for (const family of families) for (const to of family.to) addTarget(family, to, add);
  return [...outputs.values()];
}

type Add = (record: string, term: Term, combine?: Output['combine'], keep?: string) => void;

function addTarget(family: FamilyTranslation, to: TranslationTarget, add: Add): void {
  const scale = family.scale ?? 1;
  const isWhole = family.type === 'histogram' || family.type === 'summary';
  const count = isWhole ? `${family.family}_count` : family.family;
  const sum = isWhole ? `${family.family}_sum` : family.family;
  const labelled = (name: string, value: string | ByLabel<string>, sample = count, by = 1): Term => ({
    sample,
    family,
    scale: by,
    label: { name, value },
  });
  if ('requests' in to) add(METRICS.inferenceRequests.name, labelled('outcome', to.requests), 'sum', 'outcome');
  else if ('counted' in to) {
    for (const outcome of to.counted) {
      add(METRICS.inferenceRequests.name, labelled('outcome', outcome, count, 0), 'sum', 'outcome');
    }
  } else if ('tokens' in to)
    add(METRICS.inferenceTokens.name, labelled('direction', to.tokens, sum), 'sum', 'direction');
  else if ('finished' in to) add(METRICS.inferenceFinished.name, labelled('reason', to.finished), 'sum', 'reason');
  else if ('number' in to) {
    const { name } = INFERENCE_NUMBERS[to.number];
    add(name, { sample: family.family, family, scale }, to.combine === 'highest' ? 'max' : 'sum');
  } else if ('histogram' in to) addHistogram(family, to, { count, sum }, add);
}

function addHistogram(
  family: FamilyTranslation,
  to: Extract<TranslationTarget, { readonly histogram: unknown }>,
  { count, sum }: { readonly count: string; readonly sum: string },
  add: Add
): void {
  const scale = family.scale ?? 1;
  const { name } = INFERENCE_HISTOGRAMS[to.histogram];
  if (to.part !== 'count') add(`${name}_sum`, { sample: sum, family, scale });
  if (to.part !== 'sum') {
    add(`${name}_count`, { sample: count, family, scale: 1 });
    // The last bucket is the count, as our exposition has it.
    add(`${name}_bucket`, { sample: count, family, scale: 1, label: { name: 'le', value: '+Inf' } }, 'sum', 'le');
  }
  if (to.part === undefined && family.type === 'histogram' && scale === 1) {
    const finite = { ...family, except: { ...family.except, le: ['+Inf'] } };
    add(`${name}_bucket`, { sample: `${family.family}_bucket`, family: finite, scale }, 'sum', 'le');
  }
}
