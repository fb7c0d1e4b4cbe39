/** Rules of drift in promtool, against numbers of scipy. */
import { DRIFT_METHODS } from '@modelwatch/contract';
import { renderRules } from '../../exporter/src/rules';
import { groupsNamed, testRules } from '../support/promtool';
import { DRIFT_INTERVAL_SECONDS, DRIFT_VECTORS } from './vectors/drift';

const OPTIONS = { intervalSeconds: 30, driftIntervalSeconds: DRIFT_INTERVAL_SECONDS, driftMethods: DRIFT_METHODS };
const RULES = groupsNamed(renderRules('prometheus', OPTIONS), 'modelwatch-drift', 'modelwatch-drift-verdicts');

it.each(DRIFT_VECTORS.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  expect(testRules(RULES, [vector], DRIFT_INTERVAL_SECONDS).output).toContain('SUCCESS');
});
