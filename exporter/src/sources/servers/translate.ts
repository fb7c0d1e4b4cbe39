/**
 * The engine behind the tables of translation (contract/src/translation): samples of a server's own metrics in, ours out.
 * Several series of a server may be one of ours: they add up.
 */
import type { ByLabel, FamilyTranslation, ServerTranslation, TranslationTarget } from '@modelwatch/contract';
import type { InferenceSample } from '../../domain/observation';
import { modelName } from './names';
import type { TextSample } from './prometheus-text';
import { Tally, type TallyRow } from './tally';

/** Whose samples they are. */
export interface TranslationContext {
  /** Names of models carry their version (Seldon Core 2). */
  readonly versionSuffix: boolean;
  /** The model of series that name none: the only one of the server. Absent: such series are not used. */
  readonly onlyModel?: string;
}

export interface Translator {
  /** Names of the samples that are read. */
  readonly names: ReadonlySet<string>;
  /** Values are finite and not negative. */
  readonly translate: (samples: readonly TextSample[], context: TranslationContext) => InferenceSample[];
}

type Labels = TextSample['labels'];
type Act = (row: TallyRow, value: number, labels: Labels) => void;
interface Reading {
  readonly family: FamilyTranslation;
  readonly acts: readonly Act[];
}

/** Made once per kind of server: what is to be done with each sample is found by its name alone. */
export function compileTranslation(table: ServerTranslation): Translator {
  const readings = new Map<string, Reading[]>();
  const read = (name: string, reading: Reading) => readings.set(name, [...(readings.get(name) ?? []), reading]);
  for (const family of table.families) {
    for (const [suffix, acts] of actsOf(family)) read(`${family.family}${suffix}`, { family, acts });
  }
  const replaced = table.families.filter(({ replaces }) => replaces !== undefined);
  return {
    names: new Set(readings.keys()),
    translate: (samples, context) => {
      const skipped = replacedBy(replaced, samples);
      const tally = new Tally();
      for (const { name, labels, value } of samples) {
        for (const { family, acts } of readings.get(name) ?? []) {
          if (skipped.has(family.family) || !isMeant(family, labels)) continue;
          const row = rowOf(tally, table, labels, context);
          if (row) for (const act of acts) act(row, value, labels);
        }
      }
      return tally.samples();
    },
  };
}

/** Families that another one of the same page stands for. */
function replacedBy(families: readonly FamilyTranslation[], samples: readonly TextSample[]): ReadonlySet<string> {
  if (families.length === 0) return new Set();
  const there = new Set(samples.map(({ name }) => name));
  const present = families.filter(({ family }) => ['', '_count'].some((suffix) => there.has(`${family}${suffix}`)));
  return new Set(present.flatMap(({ replaces }) => replaces ?? []));
}

function rowOf(
  tally: Tally,
  { modelLabels, versionLabels }: ServerTranslation,
  labels: Labels,
  { versionSuffix, onlyModel }: TranslationContext
): TallyRow | undefined {
  const name = first(modelLabels, labels) ?? onlyModel;
  if (name === undefined) return undefined;
  const { model, version } = modelName(name, first(versionLabels, labels), versionSuffix);
  return tally.row(model, version);
}

function first(names: readonly string[], labels: Labels): string | undefined {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

function isMeant({ where, except }: FamilyTranslation, labels: Labels): boolean {
  for (const label in where) if (!where[label]?.includes(labels[label] ?? '')) return false;
  for (const label in except) if (except[label]?.includes(labels[label] ?? '')) return false;
  return true;
}

/** What is done with the samples of a family, by the suffix of their names. */
function actsOf(family: FamilyTranslation): (readonly [suffix: string, acts: Act[]])[] {
  const scale = family.scale ?? 1;
  if (family.type === 'counter' || family.type === 'gauge') return [['', family.to.map((to) => numberAct(to, scale))]];
  const measures = family.to.flatMap((to) => ('histogram' in to ? [to.histogram] : []));
  const sums: Act[] = measures.map((measure) => (row, value) => row.sum(measure, value * scale));
  const counts: Act[] = measures.map((measure) => (row, value) => row.count(measure, value));
  for (const to of family.to) {
    if ('tokens' in to) sums.push(numberAct(to, 1));
    else if (!('histogram' in to)) counts.push(numberAct(to, 1));
  }
  const buckets: Act[] = measures.map((measure) => (row, value, labels) => {
    const le = Number(labels['le'] ?? NaN);
    if (Number.isFinite(le)) row.bucket(measure, le * scale, value);
  });
  return [['_sum', sums], ['_count', counts], ...(family.type === 'histogram' ? [['_bucket', buckets] as const] : [])];
}

function numberAct(to: TranslationTarget, scale: number): Act {
  if ('requests' in to) {
    const { requests } = to;
    if (typeof requests === 'string') return (row, value) => row.request(requests, value);
    return (row, value, labels) => {
      const outcome = chosen(requests, labels);
      if (outcome) row.request(outcome, value);
    };
  }
  if ('counted' in to) {
    return (row) => {
      for (const outcome of to.counted) row.request(outcome, 0);
    };
  }
  if ('tokens' in to) return (row, value) => row.token(to.tokens, value);
  if ('finished' in to) {
    const { finished } = to;
    return (row, value, labels) => {
      const reason = chosen(finished, labels);
      if (reason) row.finish(reason, value);
    };
  }
  if ('number' in to) return (row, value) => row.number(to.number, value * scale, to.combine);
  if ('adapters' in to) return (row, _value, labels) => row.adapters(labels, to.adapters);
  return to.part === 'count'
    ? (row, value) => row.count(to.histogram, value)
    : (row, value) => row.sum(to.histogram, value * scale);
}

const THREE_DIGITS = /^\d{3}$/;

/** What the label of a series chooses; undefined: nothing, the series is not used. */
export function chosen<Value extends string>(
  { label, values, classes, otherwise }: ByLabel<Value>,
  labels: Labels
): Value | undefined {
  const value = labels[label] ?? '';
  if (Object.hasOwn(values, value)) return values[value];
  return (THREE_DIGITS.test(value) ? classes?.[value.charAt(0)] : undefined) ?? otherwise;
}
