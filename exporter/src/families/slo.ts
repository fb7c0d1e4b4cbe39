/** Objectives of a model or pipeline. */
import { METRICS } from '@modelwatch/contract';
import type { Objective, SloHolder } from '../domain/slo/book';
import type { Row } from './row';
import { formatLe, row } from './text';

const id = ({ subject, namespace, name }: SloHolder, { spec }: Objective) => ({
  namespace,
  model: subject === 'models' ? name : '',
  pipeline: subject === 'pipelines' ? name : '',
  slo: spec.name,
});

/** Of each objective as many samples as it gives. */
function each<T>(
  samples: (objective: Objective, holder: SloHolder) => readonly T[]
): (holder: SloHolder) => readonly T[] {
  return (holder) => holder.objectives.flatMap((objective) => samples(objective, holder));
}

export const sloRows: readonly Row<SloHolder>[] = [
  row(
    METRICS.sloInfo,
    each((objective, holder) => {
      const { indicator, method, score, currency, window, owner } = objective.spec;
      const labels = { indicator, method, metric: score ?? currency ?? '', window, owner: owner ?? holder.owner ?? '' };
      return [{ labels: { ...id(holder, objective), ...labels }, value: 1 }];
    })
  ),
  row(
    METRICS.sloObjective,
    each((objective, holder) => [{ labels: id(holder, objective), value: objective.spec.objective }])
  ),
  row(
    METRICS.sloThresholdSeconds,
    each((objective, holder) => {
      const { thresholdSeconds } = objective.spec;
      if (thresholdSeconds === undefined) return [];
      const bound = objective.bounds.findLast((le) => le <= thresholdSeconds);
      const le = bound === undefined ? '' : formatLe(bound);
      return [{ labels: { ...id(holder, objective), le }, value: thresholdSeconds }];
    })
  ),
  row(
    METRICS.sloThreshold,
    each((objective, holder) => {
      const { threshold } = objective.spec;
      return threshold ? [{ labels: { ...id(holder, objective), op: threshold.op }, value: threshold.value }] : [];
    })
  ),
  row(
    METRICS.sloSliceTarget,
    each((objective, holder) => {
      const { sliceTarget } = objective.spec;
      return sliceTarget === undefined ? [] : [{ labels: id(holder, objective), value: sliceTarget }];
    })
  ),
  row(
    METRICS.sloBurnRateThreshold,
    each((objective, holder) => tiersOf(objective, holder, 'burnRate'))
  ),
  row(
    METRICS.sloBurnMinEvents,
    each((objective, holder) => tiersOf(objective, holder, 'minEvents'))
  ),
];

function tiersOf(objective: Objective, holder: SloHolder, value: 'burnRate' | 'minEvents') {
  return objective.tiers.tiers.map((tier) => {
    const { severity, long, short } = tier;
    return { labels: { ...id(holder, objective), severity, long, short }, value: tier[value] };
  });
}

/** One text for each family of the group. */
export function renderSlos(holder: SloHolder): string[] {
  return sloRows.map((each) => each.render(holder));
}
