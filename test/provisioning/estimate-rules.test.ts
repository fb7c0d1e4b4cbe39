/** Rules of estimated accuracy in promtool, against numbers of numpy and scikit-learn. */
import { testRules } from '../support/promtool';
import { ESTIMATE_INTERVAL_SECONDS, ESTIMATE_VECTORS, estimateRules } from './vectors/estimates';

it('promtool finds in the rules what the vectors say', () => {
  const { output } = testRules(estimateRules(), ESTIMATE_VECTORS, ESTIMATE_INTERVAL_SECONDS);
  expect(output).toContain('SUCCESS');
}, 150_000);
