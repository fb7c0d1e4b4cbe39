/** The rules that the vectors of challengers need, and no more. */
import { buildAccuracyRules, renderGroups } from '../../../exporter/src/rules';
import { groupsNamed } from '../../support/promtool';
import { CHALLENGER_INTERVAL_SECONDS } from './challengers';

export function challengerRules(): string {
  const seconds = CHALLENGER_INTERVAL_SECONDS;
  const options = { intervalSeconds: 30, driftIntervalSeconds: seconds, slowIntervalSeconds: seconds };
  const all = renderGroups('prometheus', buildAccuracyRules(options, ['1h']), options);
  return groupsNamed(all, 'modelwatch-accuracy', 'modelwatch-challengers-1h', 'modelwatch-challengers-judged-1h');
}
