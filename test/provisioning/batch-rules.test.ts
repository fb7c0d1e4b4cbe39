/** Rules of batches in promtool. */
import { DRIFT_METHODS, type DriftMethod } from '@modelwatch/contract';
import { buildDriftRules, renderGroups } from '../../exporter/src/rules';
import { groupsNamed, testRules, type RuleVector } from '../support/promtool';
import { BATCH_INTERVAL_SECONDS, BATCH_STATISTICS, BATCH_VECTORS, ONE_CAUSE } from './vectors/batches';

function outputOf(
  vectors: readonly RuleVector[],
  driftMethods: readonly DriftMethod[],
  ...more: readonly string[]
): string {
  const intervals = { intervalSeconds: BATCH_INTERVAL_SECONDS, driftIntervalSeconds: BATCH_INTERVAL_SECONDS };
  const options = { ...intervals, slowIntervalSeconds: BATCH_INTERVAL_SECONDS, driftMethods };
  const rules = renderGroups('prometheus', buildDriftRules(options), options);
  const groups = groupsNamed(rules, 'modelwatch-drift-references', 'modelwatch-drift', 'modelwatch-batches', ...more);
  return testRules(groups, vectors, BATCH_INTERVAL_SECONDS).output;
}

it('scores each batch as numpy and scipy do', () => {
  expect(outputOf([BATCH_STATISTICS], DRIFT_METHODS)).toContain('SUCCESS');
}, 60_000);

it('judges the last batches, holds what an exporter forgets, and is never calm without fresh ones', () => {
  expect(outputOf(BATCH_VECTORS, ['psi'])).toContain('SUCCESS');
}, 60_000);

it('leaves what drifted in batches to the alert on batches', () => {
  expect(outputOf(ONE_CAUSE, ['psi'], 'modelwatch-drift-verdicts')).toContain('SUCCESS');
}, 60_000);
