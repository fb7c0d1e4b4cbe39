/** Rules of custom metrics in promtool. */
import { buildRules, renderGroups } from '../../exporter/src/rules';
import { groupsNamed, testRules } from '../support/promtool';
import { CUSTOM_INTERVAL_SECONDS, CUSTOM_VECTORS } from './vectors/custom';

const OPTIONS = {
  intervalSeconds: 60,
  driftIntervalSeconds: CUSTOM_INTERVAL_SECONDS,
  slowIntervalSeconds: CUSTOM_INTERVAL_SECONDS,
};
const RULES = groupsNamed(
  renderGroups('prometheus', buildRules(OPTIONS), OPTIONS),
  'modelwatch-custom',
  'modelwatch-custom-days'
);

it('custom metrics are valued and judged by the same rules, whatever their source', () => {
  expect(testRules(RULES, CUSTOM_VECTORS, CUSTOM_INTERVAL_SECONDS).output).toContain('SUCCESS');
}, 150_000);
