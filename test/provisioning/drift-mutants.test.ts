/** The vectors of drift are worth what they catch: each change of a rule below must make one of them fail. */
import type { DriftMethod } from '@modelwatch/contract';
import { buildDriftRules, renderGroups } from '../../exporter/src/rules';
import { testRules, type RuleVector } from '../support/promtool';
import { DRIFT_EVALUATION_SECONDS, DRIFT_INTERVAL_SECONDS, DRIFT_VECTORS } from './vectors/drift';
import { DRIFT_VERDICT_VECTORS } from './vectors/drift-verdicts';

const VECTORS: readonly RuleVector[] = [...DRIFT_VECTORS, ...DRIFT_VERDICT_VECTORS];
const MUTANTS: readonly (readonly [what: string, noticedBy: string, from: string | RegExp, to: string])[] = [
  [
    'count the reference once per exporter',
    'two exporters that say the same',
    /max by \(cluster, namespace, model, reference, feature, bin\)/,
    'sum by (cluster, namespace, model, reference, feature, bin)',
  ],
  ['say of a score that higher is better', 'psi of vector D', /"lower_is_better"/, '"higher_is_better"'],
  ['leave empty bins empty', 'psi of vector D', /\+ 0\.5\)/g, '+ 0)'],
  ['take the larger replica for all', 'psi of vector D', /sum by \(([a-z, ]+)\) \(increase/g, 'max by ($1) (increase'],
  [
    'smooth the counts of chi-square',
    'chi2 of vector D',
    /\(modelwatch:bin_rows:1h \/ on/,
    '((modelwatch:bin_rows:1h + 0.5) / on',
  ],
  [
    'judge by few rows',
    'few rows are no verdict',
    />= on (\([a-z, ]+\)) modelwatch:drift_rows_needed/g,
    '>= on $1 0 * modelwatch:drift_rows_needed',
  ],
  [
    'call no traffic no drift',
    'no traffic is no verdict',
    />= on (\([a-z, ]+\)) modelwatch:drift_rows_needed/g,
    '>= on $1 0 * modelwatch:drift_rows_needed',
  ],
  ['take the bins that are counted for all', 'where a bin is not counted', / == on \([a-z, ]+\) count by .*:1h\)/, ''],
  ['mix references', 'another reference at once', /reference, /g, ''],
  ['leave a state at its threshold', 'a state is left only when', /0\.9 \*/g, '1 *'],
  ['stay in a state for long', 'a state is left only when', /0\.9 \*/g, '0.8 *'],
  [
    'enter a state early',
    'a state is left only when',
    /state=~"warning\|critical"\}\)\), "state"/,
    'state=~".+"})), "state"',
  ],
  [
    'resolve an alert by silence',
    'an alert on drift stays when',
    /or on \(cluster, namespace, model\)\n\s+\(topk by .*last_over_time.*\)/,
    '',
  ],
  ['let an old verdict stand for ever', 'an alert on drift stays when', /> time\(\) - 3600/g, '> time() - 36000'],
  ['say nothing when a verdict is old', 'an alert on drift stays when', /<= time\(\) - 3600/g, '<= 0'],
  [
    'forget models whose exporter is gone',
    'when the exporter goes',
    /\(\(modelwatch:drift_state\{window="1h"\} unless on/,
    '((modelwatch:drift_state{window="no"} unless on',
  ],
  [
    'keep what an exporter took away',
    'when its settings are taken away',
    /modelwatch_exporter_synced == 1/g,
    'modelwatch_exporter_synced == 2',
  ],
  ['take lost counters for few rows', 'counters that go while', /present_over_time/g, '0 < absent_over_time'],
  [
    'never miss predictions',
    'a model of which no prediction',
    /time\(\) - max by \(cluster, namespace, model\) \(modelwatch_prediction_exp/g,
    '-1e9 - max by (cluster, namespace, model) (modelwatch_prediction_exp',
  ],
  [
    'miss predictions at weekends',
    'a model of which nobody said',
    /max by \(cluster, namespace, model\) \(modelwatch_prediction_expected_interval_seconds\)/g,
    '86400 * group by (cluster, namespace, model) (modelwatch:drift_settings_info)',
  ],
  [
    'name what hardly matters',
    'of what drifted that is named first',
    /max by \(([a-z, ]+)\) \(label_replace\(modelwatch_feature_importance_ratio/g,
    'group by ($1) (label_replace(modelwatch_feature_importance_ratio',
  ],
  ['name a feature of low weight first', 'features of low weight', /1000000 \*/g, '0 *'],
  ['say a held score is over', 'a state is left only when', /if ge \$score \$limit/g, 'if ge $limit $score'],
  [
    'take every feature for an important one',
    'features of low weight',
    / unless on \([a-z, ]+\) max by \([a-z, ]+\) \(modelwatch_drift_subject_info[^)]+\)/,
    '',
  ],
  [
    'fail where two exporters disagree',
    'two exporters that disagree',
    /group by \(([a-z, ]+)\) \(topk by \(cluster, namespace, model\) \(1,/,
    'group by ($1) (topk by (cluster, namespace, model) (2,',
  ],
  [
    'choose settings anew each time',
    'two exporters that disagree',
    / \+ on \(cluster, namespace, model, method, window\) group by/,
    ' - on (cluster, namespace, model, method, window) group by',
  ],
  ['alert on few missing values', 'missing values are told apart', / > 0\.05/g, ' > 0.045'],
  ['overlook values below the range', 'values below and above', /bin=~"below\|above"/g, 'bin="above"'],
  [
    'judge quality by few rows',
    'few rows say nothing of their quality',
    /and on \([a-z, ]+\) \(modelwatch:drift_rows\{window="1h"\} >= on \([a-z, ]+\) modelwatch:drift_rows_needed\)/g,
    '',
  ],
];

/** Those that the vector needs: the others would cost it time. */
function rulesFor({ name }: RuleVector): string {
  const method: DriftMethod = DRIFT_VERDICT_VECTORS.some((one) => one.name === name)
    ? 'tvd'
    : name.startsWith('chi2')
      ? 'chi2'
      : 'psi';
  const seconds = DRIFT_EVALUATION_SECONDS;
  const options = { intervalSeconds: 30, driftIntervalSeconds: seconds, slowIntervalSeconds: seconds };
  return renderGroups('prometheus', buildDriftRules({ ...options, driftMethods: [method] }, ['1h']), options);
}

it.each(MUTANTS)(
  'vectors of drift notice rules that %s: %s',
  (_what, noticedBy, from, to) => {
    const vector = VECTORS.find(({ name }) => name.startsWith(noticedBy));
    if (!vector) throw new Error(`${noticedBy}: expected the beginning of the name of a vector`);
    const rules = rulesFor(vector);
    const mutant = rules.replace(from, to);
    expect(mutant).not.toBe(rules);
    const { output } = testRules(mutant, [vector], DRIFT_INTERVAL_SECONDS, DRIFT_EVALUATION_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  60_000
);
