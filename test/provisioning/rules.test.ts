import { OPTIONAL_PARTS, renderRules } from '../../exporter/src/rules';
import { groupsRead, runOnFiles, testRules } from '../support/promtool';
import { INTERVAL_SECONDS, RULE_VECTORS } from './vectors';

const RULES = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS });
/** What these vectors do not read costs them time. */
const BASIC = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS, without: OPTIONAL_PARTS });

describe('rules in promtool', () => {
  it('are accepted', () => {
    const checked = runOnFiles('promtool', ['check', 'rules', 'rules.yml'], { 'rules.yml': RULES });
    expect(checked.output).toContain('SUCCESS');
    expect(checked.ok).toBe(true);
  });

  it.each(RULE_VECTORS.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const { evaluationSeconds } = vector;
    expect(testRules(groupsRead(BASIC, [vector]), [vector], INTERVAL_SECONDS, evaluationSeconds).output).toContain(
      'SUCCESS'
    );
  });
});
