/** What pods and models use, in promtool. */
import { renderRules } from '../../exporter/src/rules';
import { groupsNamed, testRules } from '../support/promtool';
import { INTERVAL_SECONDS, RESOURCE_VECTORS } from './vectors';

const RULES = groupsNamed(
  renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS }),
  'modelwatch-resources',
  'modelwatch-resources-models'
);

it.each(RESOURCE_VECTORS.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  expect(testRules(RULES, [vector], INTERVAL_SECONDS).output).toContain('SUCCESS');
});
