/** What alert rules on an objective ask of Prometheus. */
import { exactMatchers, inOneOf, RECORDED_SLO, SLO_LABELS, type AlertCondition } from '@modelwatch/contract';
import type { Slo } from './types';

/** Share of the budget below which somebody plans. */
const LITTLE_BUDGET = 0.25;

function ofSlo({ cluster, namespace, name, isPipeline, slo }: Slo): string[] {
  return exactMatchers({ cluster, namespace, [isPipeline ? 'pipeline' : 'model']: name, slo });
}

/** It burns as fast as its page says, over both windows, or nobody counts its events any more. */
export function burnCondition(one: Slo): AlertCondition {
  const { namespace, name, slo } = one;
  const series = (more: readonly string[]) => `${RECORDED_SLO.sloState.name}{${[...ofSlo(one), ...more].join(', ')}}`;
  return {
    title: `${name} burns the budget of ${slo}`,
    expr: inOneOf(SLO_LABELS, series, 'state', ['page', 'stale']),
    ...{ fires: 'above', threshold: 0, holdsFor: '1m', severity: 'critical' },
    summary: `${namespace}/${name}: ${slo} burns its budget fast enough to page, or its events are not counted any more`,
  };
}

/** Little of its budget is left. Without a verdict on the budget there is no number, and the rule says so. */
export function budgetCondition(one: Slo): AlertCondition {
  const { namespace, name, slo } = one;
  return {
    title: `${name} has little budget left of ${slo}`,
    expr: `min by (${SLO_LABELS}) (${RECORDED_SLO.sloBudgetLeft.name}{${ofSlo(one).join(', ')}})`,
    ...{ fires: 'below', threshold: LITTLE_BUDGET, holdsFor: '15m', severity: 'warning' },
    summary: `${namespace}/${name}: less than ${LITTLE_BUDGET * 100} % of the budget of ${slo} is left`,
  };
}
