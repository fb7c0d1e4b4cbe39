/** The rules that the vectors of fairness need, and no more. */
import { buildAccuracyRules, renderGroups } from '../../../exporter/src/rules';
import { groupsNamed } from '../../support/promtool';
import { FAIRNESS_INTERVAL_SECONDS } from './fairness';

export function fairnessRules(): string {
  const seconds = FAIRNESS_INTERVAL_SECONDS;
  const options = { intervalSeconds: 30, driftIntervalSeconds: seconds, slowIntervalSeconds: seconds };
  const all = renderGroups('prometheus', buildAccuracyRules(options, ['1h']), options);
  return groupsNamed(all, 'modelwatch-fairness', 'modelwatch-fairness-verdicts');
}
