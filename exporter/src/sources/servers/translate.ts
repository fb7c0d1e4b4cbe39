/**
 * The engine behind the tables of translation (contract/src/translation): samples of a server's own metrics in, ours out.
 * Several series of a server may be one of ours: they add up.
 */
import type {
  ByLabel,
  DifferenceTranslation,
  FamilyTranslation,
  InferenceCapability,
  ServerTranslation,
  TranslationTarget,
} from '@modelwatch/contract';
import type { InferenceSample } from '../../domain/observation';
import { Differences } from './differences';
import { lastSegment, modelName } from './names';
import type { TextSample } from './prometheus-text';
import { Tally, type TallyRow } from './tally';
import { inSteps } from './text/steps';

/** Whose samples they are. */
export interface TranslationContext {
  /** Names of models carry their version (Seldon Core 2). */
  readonly versionSuffix: boolean;
  /** The model of series that name none: the only one of the server. Absent: such series are not used. */
  readonly onlyModel?: string;
  /** What the polls of the endpoint before this one saw. Absent: this is the first. */
  readonly differences?: Differences;
}

/** What a server can say by its table alone, without a page of it. */
export interface Declared {
  readonly capabilities: readonly InferenceCapability[];
  /** Only its page would tell: those of engines that may be inside it. */
  readonly unknown: readonly InferenceCapability[];
}

export interface Translator {
  /** Names of the samples that are read. */
  readonly names: ReadonlySet<string>;
  /** Values are finite and not negative. Of a large page it takes a while, in which others have their turn. */
  readonly translate: (samples: readonly TextSample[], context: TranslationContext) => Promise<InferenceSample[]>;
  /** What a server with these samples can say. */
  readonly capabilities: (samples: readonly TextSample[]) => readonly InferenceCapability[];
  /** Absent: it has no table that others could translate by. */
  readonly declared?: Declared;
}

type Labels = TextSample['labels'];
type Act = (row: TallyRow, value: number, labels: Labels) => void;
interface Reading {
  readonly family: Pick<FamilyTranslation, 'family' | 'where' | 'except'>;
  readonly acts: readonly Act[];
}

/** Made once per kind of server: what is to be done with each sample is found by its name alone. */
export function compileTranslation(table: ServerTranslation): Translator {
  const readings = new Map<string, Reading[]>();
  const read = (name: string, reading: Reading) => readings.set(name, [...(readings.get(name) ?? []), reading]);
  const families = [...table.families, ...(table.engines ?? []).flatMap((engine) => engine.families)];
  for (const family of families) {
    for (const [suffix, acts] of actsOf(family)) read(`${family.family}${suffix}`, { family, acts });
  }
  const differences = (table.differences ?? []).map((difference) => ({ difference, act: numberAct(difference.to, 1) }));
  for (const [at, { difference }] of differences.entries()) {
    const side = (name: string, part: 'of' | 'less') =>
      read(name, { family: { family: name }, acts: [(row, value) => row.difference(at, part, value)] });
    for (const name of difference.of) side(name, 'of');
    for (const name of difference.less) side(name, 'less');
  }
  const replaced = families.filter(({ replaces }) => replaces !== undefined);
  return {
    names: new Set(readings.keys()),
    capabilities: capabilitiesOf(table),
    declared: declaredBy(table),
    translate: async (samples, context) => {
      const skipped = replacedBy(replaced, samples);
      const tally = new Tally();
      await inSteps(samples.length, (from, to) => {
        for (let at = from; at < to; at += 1) {
          const { name, labels, value } = samples[at] as TextSample;
          for (const { family, acts } of readings.get(name) ?? []) {
            if (skipped.has(family.family) || !isMeant(family, labels)) continue;
            const row = rowOf(tally, table, labels, context);
            if (row) for (const act of acts) act(row, value, labels);
          }
        }
      });
      if (differences.length > 0) settle(tally, differences, context.differences ?? new Differences());
      return tally.samples();
    },
  };
}

type Settled = readonly { readonly difference: DifferenceTranslation; readonly act: Act }[];

function settle(tally: Tally, settled: Settled, seen: Differences): void {
  for (const row of tally.rows()) {
    for (const [at, { difference, act }] of settled.entries()) {
      const parts = row.differenceParts(at);
      const total = parts && seen.total(JSON.stringify([row.model, row.version, at]), parts.of, parts.less, difference);
      if (total !== undefined) act(row, total, {});
    }
  }
  seen.pageEnds();
}

function declaredBy({ capabilities, engines = [] }: ServerTranslation): Declared {
  const ofEngines = new Set(engines.flatMap((engine) => engine.capabilities));
  return { capabilities, unknown: [...ofEngines].filter((one) => !capabilities.includes(one)) };
}

/** An engine inside the server says by its families that it is there. */
function capabilitiesOf({ capabilities, engines = [] }: ServerTranslation): Translator['capabilities'] {
  const known = engines.map((engine) => ({
    names: new Set(engine.families.flatMap((family) => actsOf(family).map(([suffix]) => `${family.family}${suffix}`))),
    all: engine.capabilities,
  }));
  return (samples) => {
    const there = known.filter(({ names }) => samples.some(({ name }) => names.has(name)));
    return there.length === 0 ? capabilities : [...new Set([...capabilities, ...there.flatMap(({ all }) => all)])];
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
  { modelLabels, versionLabels, noVersion, modelNames }: ServerTranslation,
  labels: Labels,
  { versionSuffix, onlyModel }: TranslationContext
): TallyRow | undefined {
  const label = first(modelLabels, labels);
  const name = label !== undefined && modelNames === 'path' ? lastSegment(label) : (label ?? onlyModel);
  if (name === undefined) return undefined;
  const named = first(versionLabels, labels);
  const { model, version } = modelName(name, named === noVersion ? undefined : named, versionSuffix);
  return tally.row(model, version);
}

function first(names: readonly string[], labels: Labels): string | undefined {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

function isMeant({ where, except }: Pick<FamilyTranslation, 'where' | 'except'>, labels: Labels): boolean {
  for (const label in where) if (!where[label]?.includes(labels[label] ?? '')) return false;
  for (const label in except) if (except[label]?.includes(labels[label] ?? '')) return false;
  return true;
}

/** What is done with the samples of a family, by the suffix of their names. */
function actsOf(family: FamilyTranslation): (readonly [suffix: string, acts: Act[]])[] {
  const scale = family.scale ?? 1;
  if (family.type === 'counter' || family.type === 'gauge') return [['', family.to.map((to) => numberAct(to, scale))]];
  const measures = family.to.flatMap((to) => ('histogram' in to && to.part === undefined ? [to.histogram] : []));
  const sums: Act[] = measures.map((measure) => (row, value) => row.sum(measure, value * scale));
  const counts: Act[] = measures.map((measure) => (row, value) => row.count(measure, value));
  for (const to of family.to) {
    if ('tokens' in to || ('part' in to && to.part === 'sum')) sums.push(numberAct(to, 'tokens' in to ? 1 : scale));
    else if (!('histogram' in to) || to.part === 'count') counts.push(numberAct(to, 1));
  }
  const buckets: Act[] = measures.map((measure) => (row, value, labels) => row.bucket(measure, labels, value, scale));
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
  if ('responses' in to) {
    const { responses } = to;
    if (responses === 'counted') return (row) => row.response('other', 0);
    return (row, value, labels) => {
      const code = chosen(responses, labels);
      if (code) row.response(code, value);
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
  if ('adapters' in to) return (row, value, labels) => row.adapters(labels, value, to.adapters);
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
