/** The vectors of challengers are worth what they catch: each change of a rule below must make one of them fail. */
import { testRules } from '../support/promtool';
import { challengerRules } from './vectors/challenger-rules';
import { CHALLENGER_INTERVAL_SECONDS, CHALLENGER_VECTORS } from './vectors/challengers';

const RULES = challengerRules();

/** What a rule could be and must not: noticed by the vector whose name begins so. */
const MUTANTS: readonly (readonly [what: string, noticedBy: string, from: string | RegExp, to: string])[] = [
  ['take the larger exporter for all', 'two exporters', /sum by (\([a-z, ]+\)) \(increase/g, 'max by $1 (increase'],
  [
    'count both who say it',
    'two exporters',
    /max by (\([a-z, ]+\)) \(modelwatch_accuracy_rows/g,
    'sum by $1 (modelwatch_accuracy_rows',
  ],
  [
    'judge by few pairs',
    'fewer pairs',
    />= on (\([a-z, ]+\)) group_left \(\) modelwatch:accuracy_rows_needed/g,
    '>= on $1 group_left () 0 * modelwatch:accuracy_rows_needed',
  ],
  ['count what did not meet', 'figures of scikit-learn and numpy: regression', /\{outcome="paired"\}/g, ''],
  [
    'take other for a class that agrees',
    'figures of scikit-learn and numpy: several',
    /challenger_classes\{champion!="other", /g,
    'challenger_classes{',
  ],
  [
    'take every class for the positive one',
    'figures of scikit-learn and numpy: binary',
    /\{positive_class!=""\}/g,
    '{positive_class="no"}',
  ],
  [
    'take lower errors for worse',
    'figures of scikit-learn and numpy: regression',
    /metric=~"log_loss[^"]+"/g,
    'metric=~"none"',
  ],
  ['swap the two', 'nine alone', /champion="right", window="1h"/g, 'champion="wrong", window="1h"'],
  ['leave out the correction', 'eight alone', /\+ 1\) \//g, '+ 0) /'],
  ['ask for too much', 'nine alone', /\+ 1\) \//g, '+ 2) /'],
  ['divide by all pairs', 'figures of scikit-learn and numpy: regression', / - 1\) \* on/g, ') * on'],
  ['be sure too soon', 'figures of scikit-learn and numpy: binary', /2\.5758293035489004/g, '1.96'],
  ['judge without a task', 'a champion without a task', /\{task="classification"\}/g, ''],
  [
    'forget a challenger whose exporter is gone',
    'when the exporter goes',
    /\(\(modelwatch:challenger_state\{window="1h"\} unless on/,
    '((modelwatch:challenger_state{window="no"} unless on',
  ],
];

it.each(MUTANTS)(
  'vectors notice rules that %s: %s',
  (_what, noticedBy, from, to) => {
    const vector = CHALLENGER_VECTORS.find(({ name }) => name.startsWith(noticedBy));
    if (!vector) throw new Error(`${noticedBy}: expected the beginning of the name of a vector`);
    const mutant = RULES.replace(from, to);
    expect(mutant).not.toBe(RULES);
    const { output } = testRules(mutant, [vector], CHALLENGER_INTERVAL_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  150_000
);
