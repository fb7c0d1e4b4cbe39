/** The vectors of accuracy are worth what they catch: each change of a rule below must make one of them fail. */
import { buildAccuracyRules, renderGroups } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { ACCURACY_DAY_INTERVAL_SECONDS, ACCURACY_INTERVAL_SECONDS, ACCURACY_VECTORS } from './vectors/accuracy';

const OPTIONS = {
  intervalSeconds: 30,
  driftIntervalSeconds: ACCURACY_DAY_INTERVAL_SECONDS,
  slowIntervalSeconds: ACCURACY_DAY_INTERVAL_SECONDS,
};
const RULES = renderGroups('prometheus', buildAccuracyRules(OPTIONS, ['1h']), OPTIONS);

/** What a rule could be and must not: noticed by the vector whose name begins so. */
const MUTANTS: readonly (readonly [what: string, noticedBy: string, from: string | RegExp, to: string])[] = [
  [
    'take the larger replica for all',
    'two exporters and versions',
    /sum by \(([a-z, ]+)\) \(increase/g,
    'max by ($1) (increase',
  ],
  [
    'count settings twice',
    'two exporters and versions',
    /max by (\([a-z, ]+\)) \(modelwatch_accuracy_(limit|rows)/g,
    'sum by $1 (modelwatch_accuracy_$2',
  ],
  ['give half of a bin to nobody', 'the area under the curve', /- on \(([a-z, ]+)\) 0\.5 \*/g, '- on ($1) 0 *'],
  ['rate a model of one class', 'no area under the curve', /> 0\) \* on/g, '>= 0) * on'],
  [
    'judge by few pairs',
    'few pairs are no verdict',
    />= on (\([a-z, ]+\)) modelwatch:accuracy_rows_needed/g,
    '>= on $1 0 * modelwatch:accuracy_rows_needed',
  ],
  [
    'believe a spread that there is not',
    'actuals that are all alike',
    /> on \(([a-z, ]+)\) 1e-9 \*/g,
    '>= on ($1) 0 *',
  ],
  ['take what is not told apart for right', 'classes that are not told apart', /predicted!="other", /g, ''],
  [
    'take every class for the positive one',
    'scores of scikit-learn: binary',
    /\{positive_class!=""\}/g,
    '{positive_class="no"}',
  ],
  [
    'leave out classes that are never predicted',
    'scores of scikit-learn: a class',
    / \+ on \([a-z, ]+\) modelwatch:class_pairs\{counted="actual", window="1h"\} > 0\)/g,
    ' > 0)',
  ],
  ['leave a state at its limit', 'a state is entered at its limit', /0\.05 \*/g, '0 *'],
  ['stay in a state for long', 'a state is entered at its limit', /0\.05 \*/g, '0.1 *'],
  ['leave a state of an error at its limit', 'of errors a lower one', /0\.98 \*/g, '1 *'],
  ['take higher errors for better', 'of errors a lower one', /metric=~"log_loss[^"]+"/g, 'metric=~"log_loss"'],
  [
    'forget models whose exporter is gone',
    'when the exporter goes',
    /\(\(modelwatch:accuracy_state\{window="1h"\} unless on/,
    '((modelwatch:accuracy_state{window="no"} unless on',
  ],
  [
    'keep what an exporter took away',
    'when its settings are taken away',
    /modelwatch_exporter_synced == 1/g,
    'modelwatch_exporter_synced == 2',
  ],
  ['take lost counters for few pairs', 'counters that go while', /present_over_time/g, '0 < absent_over_time'],
  ['resolve an alert by silence', 'when the exporter goes', /last_over_time\([^)]+\)/g, 'vector(0)'],
];

it.each(MUTANTS)(
  'vectors notice rules that %s: %s',
  (_what, noticedBy, from, to) => {
    const vector = ACCURACY_VECTORS.find(({ name }) => name.startsWith(noticedBy));
    if (!vector) throw new Error(`${noticedBy}: expected the beginning of the name of a vector`);
    const mutant = RULES.replace(from, to);
    expect(mutant).not.toBe(RULES);
    const { output } = testRules(mutant, [vector], ACCURACY_INTERVAL_SECONDS, ACCURACY_DAY_INTERVAL_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  150_000
);
