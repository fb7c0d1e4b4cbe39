/** From queries of fairness to exact PromQL: what is recorded of the groups of protected attributes. */
import { MODEL_LABELS, RECORDED, SEGMENT_METRICS, type DriftWindow } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { identity } from './identity';
import type { PromPart } from './parts';
import { anyOf, selector, selectorOfNames } from './promql';
import type { FairnessQuery } from './types';
import { MAX_MODELS, names, ofWindow } from './window';

const OF_WINDOW = names([
  RECORDED.fairnessRows,
  RECORDED.fairnessRate,
  RECORDED.fairnessReferenceRate,
  RECORDED.fairnessScore,
  RECORDED.fairnessMargin,
  RECORDED.fairnessState,
]);
const OF_MODEL = names([RECORDED.fairnessLimit, RECORDED.fairnessRowsNeeded]);

function now(filters: ResolvedFilters, window: DriftWindow | undefined): string {
  const ids = identity(filters);
  const ofAttribute = [...ids, ...anyOf('segment', filters.segment)];
  const settings = selector(RECORDED.fairnessSettings.name, ofAttribute);
  const recorded = ofWindow((more) => selectorOfNames(OF_WINDOW, [...ofAttribute, ...more]), window, settings);
  const all = `(${recorded} or ${selectorOfNames(OF_MODEL, ids)} or ${settings})`;
  return `${all} and on (${MODEL_LABELS}) topk(${MAX_MODELS}, count by (${MODEL_LABELS}) (${settings}))`;
}

/** Which groups have a name that is no label. */
function categories(filters: ResolvedFilters): string {
  const matchers = [...identity(filters), ...anyOf('segment', filters.segment)];
  return `max by (${MODEL_LABELS}, segment, value, category) (${selector(SEGMENT_METRICS.segmentReferenceRows.name, matchers)})`;
}

export function fairnessParts({ window }: FairnessQuery, filters: ResolvedFilters): PromPart[] {
  return [
    { name: 'now', expr: now(filters, window) },
    { name: 'bins', expr: categories(filters) },
  ];
}
