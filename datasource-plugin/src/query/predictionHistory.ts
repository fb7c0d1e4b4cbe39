/** From the query *prediction-history* to PromQL: rows of the predictions by bin, over time. */
import { EVENT_METRICS, MODEL_LABELS, RECORDED, SEGMENT_METRICS } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { identity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector } from './promql';

const BY_BIN = `(${MODEL_LABELS}, reference, bin)`;
const BY_EDGES = `(${MODEL_LABELS}, reference, bin, from, to, category)`;
const OF_PREDICTIONS = matcher('subject', '=', 'prediction');
/** Each point is of the hour before it: a band through fewer rows would be noise. */
const SPAN = '1h';
const MAX_POINTS = 120;

function refuse(filters: ResolvedFilters): void {
  for (const field of ['namespace', 'model'] as const) {
    const { length } = filters[field];
    if (length === 1) continue;
    throw new RangeError(`Predictions are of one model: choose one ${field}, not ${length === 0 ? 'all' : length}.`);
  }
  if (filters.segment_value.length > 0 && filters.version.length > 0) {
    throw new RangeError('Rows of a segment are counted for all versions together: choose no version.');
  }
}

/** As it is recorded; of a version, or a value of a segment, from the counters. */
function rows(filters: ResolvedFilters): string {
  const ids = identity(filters);
  const grown = (name: string, matchers: readonly string[]) =>
    `sum by ${BY_BIN} (increase(${selector(name, [...ids, ...matchers])}[${SPAN}]))`;
  if (filters.segment.length > 0 && filters.segment_value.length > 0) {
    const of = [...anyOf('segment', filters.segment), ...anyOf('value', filters.segment_value)];
    return grown(SEGMENT_METRICS.segmentObservations.name, [OF_PREDICTIONS, ...of]);
  }
  if (filters.version.length > 0) {
    return grown(EVENT_METRICS.predictionObservations.name, anyOf('version', filters.version));
  }
  return `max by ${BY_BIN} (${selector(RECORDED.binRows.name, [...ids, OF_PREDICTIONS])})`;
}

/** @throws RangeError in words unless the filters choose one model */
export function predictionHistoryParts(filters: ResolvedFilters): PromPart[] {
  refuse(filters);
  const ids = identity(filters);
  return [
    {
      name: 'now',
      expr: `max by (${MODEL_LABELS}) (${selector(RECORDED.driftRowsNeeded.name, [...ids, OF_PREDICTIONS])})`,
    },
    {
      name: 'bins',
      expr: `max by ${BY_EDGES} (${selector(EVENT_METRICS.predictionReference.name, ids)})`,
    },
    { name: 'prediction-rows', expr: rows(filters), maxPoints: MAX_POINTS },
  ];
}
