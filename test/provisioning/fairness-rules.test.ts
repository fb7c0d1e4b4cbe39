/** Rules of fairness in promtool, against numbers of numpy and scipy. */
import { testRules } from '../support/promtool';
import { FAIRNESS_INTERVAL_SECONDS, FAIRNESS_VECTORS } from './vectors/fairness';
import { fairnessRules } from './vectors/fairness-rules';

it('promtool finds in the rules what the vectors say', () => {
  const { output } = testRules(fairnessRules(), FAIRNESS_VECTORS, FAIRNESS_INTERVAL_SECONDS);
  expect(output).toContain('SUCCESS');
}, 150_000);
