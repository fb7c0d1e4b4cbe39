/** Rules of challengers in promtool, against numbers of numpy and scikit-learn. */
import { testRules } from '../support/promtool';
import { CHALLENGER_INTERVAL_SECONDS, CHALLENGER_VECTORS } from './vectors/challengers';
import { challengerRules } from './vectors/challenger-rules';

it('promtool finds in the rules what the vectors say', () => {
  const { output } = testRules(challengerRules(), CHALLENGER_VECTORS, CHALLENGER_INTERVAL_SECONDS);
  expect(output).toContain('SUCCESS');
}, 150_000);
