/** Stored queries are text that anybody may have written: decoded here, refused with the place and the expectation. */
import { FIGURE_KINDS, type FigureKind } from './figures';
import { decode, DecodeError, isObject, type Decoder } from '@modelwatch/contract';
import {
  DEFAULT_QUERY,
  FILTER_FIELDS,
  QUERY_VERSION,
  VARIABLE_LABELS,
  type FigureQuery,
  type FilterField,
  type ModelFilters,
  type ModelwatchQuery,
  type QueryKind,
  type VariableQuery,
} from './types';

const OTHER_KINDS = ['inventory', 'health-history', 'health-transitions'] as const;
const KINDS: readonly QueryKind[] = [...OTHER_KINDS, ...(Object.keys(FIGURE_KINDS) as FigureKind[])];

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
  kind: decode.optional(decode.oneOf([...KINDS, OLD_KIND])),
  metric: decode.optional(decode.string),
  compare: decode.optional(decode.boolean),
  sparklines: decode.optional(decode.boolean),
});

function readDatasource(value: unknown): { type?: string; uid?: string } | undefined {
  if (!isObject(value)) return undefined;
  const { type, uid } = value;
  return { ...(typeof type === 'string' && { type }), ...(typeof uid === 'string' && { uid }) };
}

/**
 * A stored query as the type says it, brought to the current version; what is absent gets its default.
 * @throws DecodeError naming the field, its value and what was expected
 */
export function decodeQuery(value: unknown): ModelwatchQuery {
  const { kind = DEFAULT_QUERY.kind, metric, sparklines, compare, ...stored } = common(value, 'query');
  const datasource = isObject(value) ? readDatasource(value['datasource']) : undefined;
  const base = { ...stored, ...(datasource && { datasource }), version: QUERY_VERSION, filters: stored.filters ?? {} };
  switch (kind) {
    case 'inventory':
      refusePipeline(base.filters);
      return { ...base, kind, sparklines: sparklines ?? true };
    case 'health-history':
    case 'health-transitions':
      refusePipeline(base.filters);
      return { ...base, kind };
    case OLD_KIND:
      return readFigure(
        base,
        'service-health',
        metric === undefined ? undefined : (OLD_METRICS[metric] ?? metric),
        compare
      );
    default:
      return readFigure(base, kind, metric, compare);
  }
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

const MODEL_FIELDS = FILTER_FIELDS.filter((field) => field !== 'pipeline');

function refusePipeline(filters: ModelFilters): void {
  refuseOthers(filters, MODEL_FIELDS, 'inventory');
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
