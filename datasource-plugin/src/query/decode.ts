/** Stored queries are text that anybody may have written: decoded here, refused with the place and the expectation. */
import { decode, DecodeError, isObject, type Decoder } from '@modelwatch/contract';
import {
  DEFAULT_QUERY,
  FILTER_FIELDS,
  QUERY_KINDS,
  QUERY_VERSION,
  SERVICE_METRICS,
  VARIABLE_LABELS,
  type ModelFilters,
  type ModelwatchQuery,
  type VariableQuery,
} from './types';

const DEFAULT_METRIC = 'rate';

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
  kind: decode.optional(decode.oneOf(QUERY_KINDS)),
  metric: decode.optional(decode.oneOf(SERVICE_METRICS)),
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
  const { kind = DEFAULT_QUERY.kind, metric, sparklines, ...stored } = common(value, 'query');
  const datasource = isObject(value) ? readDatasource(value['datasource']) : undefined;
  const base = { ...stored, ...(datasource && { datasource }), version: QUERY_VERSION, filters: stored.filters ?? {} };
  switch (kind) {
    case 'inventory':
      return { ...base, kind, sparklines: sparklines ?? true };
    case 'service-metrics':
      return { ...base, kind, metric: metric ?? DEFAULT_METRIC };
    case 'health-history':
    case 'health-transitions':
      return { ...base, kind };
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
