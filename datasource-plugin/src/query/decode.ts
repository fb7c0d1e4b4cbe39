/** Stored queries are text that anybody may have written: decoded here, refused with the place and the expectation. */
import { FIGURE_KINDS, type FigureKind } from './figures';
import {
  decode,
  DecodeError,
  DISTRIBUTION_METHODS,
  DISTRIBUTION_WINDOWS,
  DRIFT_SUBJECTS,
  DRIFT_WINDOWS,
  isObject,
  REMEMBERED_EVENT_KINDS,
  type Decoder,
  type DistributionWindow,
} from '@modelwatch/contract';
import {
  ACCURACY_DETAIL_FILTERS,
  ACCURACY_FILTERS,
  BATCH_FILTERS,
  BATCHES_SHOWS,
  CHALLENGER_FILTERS,
  COVERAGE_FILTERS,
  CUSTOM_FILTERS,
  CUSTOM_SHOWS,
  DEFAULT_QUERY,
  DISTRIBUTION_FILTERS,
  DRIFT_FILTERS,
  EVENT_FILTERS,
  EXPLORATION_FILTERS,
  EXPLORATION_ONLY,
  EXPLORATION_SHOWS,
  FAIRNESS_FILTERS,
  FILTER_FIELDS,
  MODEL_FILTERS,
  PREDICTION_FILTERS,
  QUERY_VERSION,
  SEGMENT_FILTERS,
  SLO_FILTERS,
  VARIABLE_LABELS,
  type AccuracyQuery,
  type ChallengersQuery,
  type DistributionQuery,
  type DriftQuery,
  type EventsQuery,
  type ExplorationQuery,
  type FairnessQuery,
  type FigureQuery,
  type FilterField,
  type ModelFilters,
  type ModelwatchQuery,
  type QueryKind,
  type VariableQuery,
} from './types';

const OTHER_KINDS = [
  'inventory',
  'health-history',
  'health-transitions',
  'drift',
  'distribution',
  'segments',
  'batches',
  'accuracy',
  'accuracy-detail',
  'accuracy-versions',
  'challengers',
  'coverage',
  'custom-metric',
  'exploration',
  'fairness',
  'prediction-history',
  'slo-status',
  'slo-budget',
  'slo-burn',
  'alerts',
  'events',
] as const;
export const QUERY_KINDS: readonly QueryKind[] = [...OTHER_KINDS, ...(Object.keys(FIGURE_KINDS) as FigureKind[])];

/** Version 1 had one kind for figures of models, under another name, with four metrics. */
const OLD_KIND = 'service-metrics' as const;
const OLD_METRICS: Readonly<Record<string, string>> = { latency_mean: 'duration_mean', latency_p95: 'duration_p95' };

/** A hand-written filter may be one text instead of a list. */
const texts: Decoder<string[]> = (value, path = '') =>
  typeof value === 'string' ? [value] : decode.array(decode.string)(value, path);

const filters: Decoder<ModelFilters> = (value, path = '') => {
  if (!isObject(value)) throw new DecodeError(path, value, 'an object');
  const known: readonly string[] = FILTER_FIELDS;
  for (const field of Object.keys(value)) {
    // An ignored filter would show more models than asked for, without a word.
    if (!known.includes(field)) {
      throw new DecodeError(`${path}.${field}`, value[field], `one of the filters ${known.join(', ')}`);
    }
  }
  return decode.object(Object.fromEntries(FILTER_FIELDS.map((field) => [field, decode.optional(texts)])))(value, path);
};

const version: Decoder<number> = (value, path = '') => {
  const found = decode.number(value, path);
  if (found > QUERY_VERSION) {
    throw new DecodeError(path, value, `at most ${QUERY_VERSION}: this query was stored by a newer data source`);
  }
  return found;
};

const common = decode.object({
  refId: decode.string,
  hide: decode.optional(decode.boolean),
  key: decode.optional(decode.string),
  queryType: decode.optional(decode.string),
  version: decode.optional(version),
  filters: decode.optional(filters),
  kind: decode.optional(decode.oneOf([...QUERY_KINDS, OLD_KIND])),
  metric: decode.optional(decode.string),
  compare: decode.optional(decode.boolean),
  sparklines: decode.optional(decode.boolean),
  subject: decode.optional(decode.oneOf(DRIFT_SUBJECTS)),
  window: decode.optional(decode.oneOf(DISTRIBUTION_WINDOWS)),
  method: decode.optional(decode.oneOf(DISTRIBUTION_METHODS)),
  show: decode.optional(decode.oneOf([...EXPLORATION_SHOWS, ...BATCHES_SHOWS, ...CUSTOM_SHOWS])),
  only: decode.optional(decode.oneOf(EXPLORATION_ONLY)),
  events: decode.optional(decode.array(decode.oneOf(REMEMBERED_EVENT_KINDS))),
});

function readDatasource(query: unknown): { type?: string; uid?: string } | undefined {
  const value = isObject(query) ? query['datasource'] : undefined;
  if (!isObject(value)) return undefined;
  const { type, uid } = value;
  return { ...(typeof type === 'string' && { type }), ...(typeof uid === 'string' && { uid }) };
}

/** Kinds that have filters alone. */
const PLAIN_KINDS = {
  'health-history': MODEL_FILTERS,
  'health-transitions': MODEL_FILTERS,
  'prediction-history': PREDICTION_FILTERS,
  coverage: COVERAGE_FILTERS,
} as const satisfies Partial<Record<QueryKind, readonly FilterField[]>>;

function isPlain(kind: string): kind is keyof typeof PLAIN_KINDS {
  return Object.hasOwn(PLAIN_KINDS, kind);
}

/**
 * A stored query as the type says it, brought to the current version; what is absent gets its default.
 * @throws DecodeError naming the field, its value and what was expected
 */
export function decodeQuery(value: unknown): ModelwatchQuery {
  const decoded = common(value, 'query');
  const { kind = DEFAULT_QUERY.kind, metric, sparklines, compare, ...others } = decoded;
  const { subject, window, method, show, only, events, ...stored } = others;
  const datasource = readDatasource(value);
  const base = { ...stored, ...(datasource && { datasource }), version: QUERY_VERSION, filters: stored.filters ?? {} };
  if (isWindowed(kind)) return readWindowed(base, kind, { subject, window, method });
  if (isPlain(kind)) {
    refuseOthers(base.filters, PLAIN_KINDS[kind], kind);
    return { ...base, kind };
  }
  switch (kind) {
    case 'inventory':
      refuseOthers(base.filters, MODEL_FILTERS, kind);
      return { ...base, kind, sparklines: sparklines ?? true };
    case 'exploration':
      return readExploration({ ...base, kind }, oneOf(EXPLORATION_SHOWS, show), only);
    case 'custom-metric':
    case 'batches':
    case 'events':
      return readChoice(base, kind, show, events);
    case OLD_KIND:
      return readFigure(base, 'service-health', metric && (OLD_METRICS[metric] ?? metric), compare);
    default:
      return readFigure(base, kind, metric, compare);
  }
}

/** Kinds of which a part can be chosen. */
function readChoice(
  base: Omit<ModelwatchQuery, 'kind' | 'metric'>,
  kind: 'custom-metric' | 'batches' | 'events',
  show: string | undefined,
  events: EventsQuery['events']
): ModelwatchQuery {
  const filters = base.filters ?? {};
  switch (kind) {
    case 'custom-metric':
      refuseOthers(filters, CUSTOM_FILTERS, kind);
      return { ...base, kind, show: oneOf(CUSTOM_SHOWS, show) };
    case 'batches':
      refuseOthers(filters, BATCH_FILTERS, kind);
      return { ...base, kind, show: oneOf(BATCHES_SHOWS, show) };
    case 'events':
      refuseOthers(filters, EVENT_FILTERS, kind);
      return { ...base, kind, ...(events?.length && { events }) };
  }
}

function readOfObjectives(
  base: Omit<ModelwatchQuery, 'kind' | 'metric'>,
  kind: SloKind,
  window: DistributionWindow | undefined
): ModelwatchQuery {
  refuseOthers(base.filters ?? {}, SLO_FILTERS, kind);
  if (kind !== 'slo-burn' || window === undefined) return { ...base, kind };
  if (window !== 'range') throw new DecodeError('query.window', window, 'range, or nothing for that of the budget');
  return { ...base, kind, window };
}

/** What a kind shows; the first if absent. */
function oneOf<const Show extends string>(shows: readonly [Show, ...Show[]], show: string | undefined): Show {
  return show === undefined ? shows[0] : decode.oneOf(shows)(show, 'query.show');
}

function readExploration(
  base: ExplorationQuery,
  show: ExplorationQuery['show'] = 'rows',
  only: ExplorationQuery['only']
): ExplorationQuery {
  refuseOthers(base.filters ?? {}, EXPLORATION_FILTERS, base.kind);
  return { ...base, show, ...(only && { only }) };
}

function readFigure(
  base: Omit<FigureQuery, 'kind' | 'metric' | 'compare'>,
  kind: FigureKind,
  metric: string | undefined,
  compare: boolean | undefined
): FigureQuery {
  const { figures, fallback, filters: fields } = FIGURE_KINDS[kind];
  const chosen = metric ?? fallback;
  if (!Object.hasOwn(figures, chosen)) {
    throw new DecodeError('query.metric', chosen, `one of ${Object.keys(figures).join(', ')}`);
  }
  refuseOthers(base.filters ?? {}, fields, kind);
  return { ...base, kind, metric: chosen, compare: compare ?? false };
}

interface WindowOptions {
  readonly subject: DistributionQuery['subject'];
  readonly window: DistributionWindow | undefined;
  readonly method: DistributionQuery['method'];
}

const SLO_KINDS = ['slo-status', 'slo-budget', 'slo-burn', 'alerts'] as const;
type SloKind = (typeof SLO_KINDS)[number];

/** Kinds that count over a window. */
const WINDOWED_KINDS = [
  ...SLO_KINDS,
  'drift',
  'distribution',
  'accuracy',
  'accuracy-detail',
  'accuracy-versions',
  'challengers',
  'fairness',
  'segments',
] as const;
type WindowedKind = (typeof WINDOWED_KINDS)[number];

function isWindowed(kind: string): kind is WindowedKind {
  return WINDOWED_KINDS.some((one) => one === kind);
}

function readWindowed(
  base: Omit<ModelwatchQuery, 'kind' | 'metric'>,
  kind: WindowedKind,
  { subject = 'feature', window, method }: WindowOptions
): ModelwatchQuery {
  switch (kind) {
    case 'drift':
      return readRecorded({ ...base, kind }, DRIFT_FILTERS, window);
    case 'accuracy':
      return readRecorded({ ...base, kind }, ACCURACY_FILTERS, window);
    case 'challengers':
      return readRecorded({ ...base, kind }, CHALLENGER_FILTERS, window);
    case 'fairness':
      return readRecorded({ ...base, kind }, FAIRNESS_FILTERS, window);
    case 'distribution':
      return readDistribution({ ...base, kind, subject }, window, method);
    case 'segments':
      refuseOthers(base.filters ?? {}, SEGMENT_FILTERS, kind);
      return { ...base, kind, ...(window && { window }) };
    case 'accuracy-detail':
    case 'accuracy-versions':
      refuseOthers(base.filters ?? {}, ACCURACY_DETAIL_FILTERS, kind);
      return { ...base, kind, ...(window && { window }) };
    default:
      return readOfObjectives(base, kind, window);
  }
}

function readRecorded<Query extends DriftQuery | AccuracyQuery | ChallengersQuery | FairnessQuery>(
  base: Query,
  fields: readonly FilterField[],
  window: DistributionWindow | undefined
): Query {
  refuseOthers(base.filters ?? {}, fields, base.kind);
  // A score is recorded over windows of its own.
  if (window === 'range') throw new DecodeError('query.window', window, `one of ${DRIFT_WINDOWS.join(', ')}`);
  return { ...base, ...(window && { window }) };
}

function readDistribution(
  base: DistributionQuery,
  window: DistributionWindow | undefined,
  method: DistributionQuery['method']
): DistributionQuery {
  const fields = base.subject === 'prediction' ? DISTRIBUTION_FILTERS.filter((one) => one !== 'feature') : undefined;
  refuseOthers(base.filters ?? {}, fields ?? DISTRIBUTION_FILTERS, base.kind);
  return { ...base, ...(window && { window }), ...(method && { method }) };
}

/** An ignored filter would show more than asked for, without a word. */
function refuseOthers(filters: ModelFilters, fields: readonly FilterField[], kind: QueryKind): void {
  for (const field of FILTER_FIELDS) {
    if (fields.includes(field) || !filters[field]?.length) continue;
    throw new DecodeError(
      `query.filters.${field}`,
      filters[field],
      `one of the filters of ${kind}: ${fields.join(', ')}`
    );
  }
}

const variable = decode.object({
  refId: decode.optional(decode.string),
  version: decode.optional(version),
  label: decode.oneOf(VARIABLE_LABELS),
  filters: decode.optional(filters),
});

/**
 * The stored query of a dashboard variable; a bare text is the label (`namespace`).
 * @throws DecodeError naming the field, its value and what was expected
 */
export function decodeVariableQuery(value: unknown): VariableQuery {
  const stored = variable(typeof value === 'string' ? { label: value } : value, 'variable query');
  return { ...stored, refId: stored.refId ?? 'variable', version: QUERY_VERSION, filters: stored.filters ?? {} };
}
