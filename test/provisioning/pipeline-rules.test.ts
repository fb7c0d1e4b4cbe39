/** The rules on pipelines in promtool. */
import { OPTIONAL_PARTS, renderRules } from '../../exporter/src/rules';
import { groupsRead, testRules } from '../support/promtool';
import { INTERVAL_SECONDS, PIPELINE_VECTORS } from './vectors';

const RULES = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS, without: OPTIONAL_PARTS });

it.each(PIPELINE_VECTORS.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  expect(testRules(groupsRead(RULES, [vector]), [vector], INTERVAL_SECONDS).output).toContain('SUCCESS');
});
