/** The groups of rules for custom metrics. */
import type { ResolvedOptions, RuleGroup } from '../types';
import { settingsRules, sumRules, valueRule } from './values';
import { customAlerts, verdictRules } from './verdicts';

export { queriedGroups, type QueriedMetric } from './queried';

/** All that is declared alike is judged by the same rules: a new metric needs none of its own. */
export function customGroups({ driftIntervalSeconds, slowIntervalSeconds }: ResolvedOptions): RuleGroup[] {
  return [
    {
      name: 'modelwatch-custom',
      intervalSeconds: driftIntervalSeconds,
      recordings: [...settingsRules(), ...sumRules('10m'), ...sumRules('1h'), valueRule(), ...verdictRules()],
      alerts: customAlerts(),
    },
    {
      name: 'modelwatch-custom-days',
      intervalSeconds: Math.max(driftIntervalSeconds, slowIntervalSeconds),
      recordings: [...sumRules('1d'), ...sumRules('7d')],
      alerts: [],
    },
  ];
}
