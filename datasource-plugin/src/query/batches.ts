/** From queries of batches to PromQL: verdicts, rows and scores as they are recorded, pairs as they were counted. */
import { BATCH_METRICS, MODEL_LABELS, RECORDED } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { identity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import { labelled, names } from './window';

const BY_BATCH = `${MODEL_LABELS}, batch`;

function refuseMany(filters: ResolvedFilters): void {
  for (const field of ['namespace', 'model'] as const) {
    const { length } = filters[field];
    if (length === 1) continue;
    throw new RangeError(`Batches are of one model: choose one ${field}, not ${length === 0 ? 'all' : length}.`);
  }
}

/** Predictions have a score without a feature: a chosen feature does not hide them. */
function scores(filters: ResolvedFilters, ids: readonly string[]): string {
  const of = (name: string): string => {
    const series = (matchers: readonly string[]): string => selector(name, [...ids, ...matchers]);
    const { feature } = filters;
    if (feature.length === 0) return series([]);
    return `${series([matcher('subject', '=', 'prediction')])} or ${series(anyOf('feature', feature))}`;
  };
  return `${of(RECORDED.batchDriftScore.name)} or ${of(RECORDED.driftThreshold.name)}`;
}

/** @throws RangeError in words unless the filters choose one model */
export function batchesParts(filters: ResolvedFilters): PromPart[] {
  refuseMany(filters);
  const ids = identity(filters);
  const recorded = [RECORDED.batchOpened, RECORDED.batchClosed, RECORDED.batchRows, RECORDED.batchState];
  const info = selector(BATCH_METRICS.batchInfo.name, [...ids, matcher('name', '!=', '')]);
  // Read as they are: a batch is finite, and `increase` would guess at its ends.
  const sum = (name: string, by = BY_BATCH): string => `sum by (${by}) (${selector(name, ids)})`;
  const limits = [RECORDED.accuracyRowsNeeded, RECORDED.accuracySettings, RECORDED.accuracyLimit];
  return [
    {
      name: 'now',
      expr: `${selectorOfNames(names(recorded), ids)} or ${labelled(`group by (${BY_BATCH}, name) (${info})`, '__name__', BATCH_METRICS.batchInfo.name)}`,
    },
    { name: 'rows', expr: scores(filters, ids) },
    {
      name: 'pairs',
      expr: [
        labelled(sum(BATCH_METRICS.batchPairs.name), 'sum', 'pairs'),
        sum(BATCH_METRICS.batchClassPairs.name, `${BY_BATCH}, class, counted`),
        labelled(sum(BATCH_METRICS.batchSquaredErrorSum.name), 'sum', 'squared_error'),
        labelled(sum(BATCH_METRICS.batchErrorSum.name), 'sum', 'absolute_error'),
        selectorOfNames(names(limits), ids),
      ].join(' or '),
    },
  ];
}
