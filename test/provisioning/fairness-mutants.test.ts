/** The vectors of fairness and of estimated accuracy are worth what they catch: each change of a rule below must make one fail. */
import { testRules, type RuleVector } from '../support/promtool';
import { ESTIMATE_INTERVAL_SECONDS, ESTIMATE_VECTORS, estimateRules } from './vectors/estimates';
import { FAIRNESS_INTERVAL_SECONDS, FAIRNESS_VECTORS } from './vectors/fairness';
import { fairnessRules } from './vectors/fairness-rules';

const FAIRNESS = { rules: fairnessRules(), vectors: FAIRNESS_VECTORS, seconds: FAIRNESS_INTERVAL_SECONDS };
const ESTIMATES = { rules: estimateRules(), vectors: ESTIMATE_VECTORS, seconds: ESTIMATE_INTERVAL_SECONDS };

interface Subject {
  readonly rules: string;
  readonly vectors: readonly RuleVector[];
  readonly seconds: number;
}

/** What a rule could be and must not: noticed by the vector whose name begins so. */
const MUTANTS: readonly (readonly [
  what: string,
  noticedBy: string,
  from: string | RegExp,
  to: string,
  subject: Subject,
])[] = [
  [
    'take the larger exporter for all',
    'two exporters',
    /sum by (\([a-z, ]+\)) \(increase/g,
    'max by $1 (increase',
    FAIRNESS,
  ],
  ['take a ratio for a difference', 'figures of numpy and scipy: the most', /"nearer_1_/, '"nearer_0_', FAIRNESS],
  ['be sure too soon', 'figures of numpy and scipy: the most', /2\.5758293035489004/g, '1.96', FAIRNESS],
  [
    'judge what chance can make',
    'figures of numpy and scipy: what chance',
    / > on (\([a-z, ]+\)) modelwatch:fairness_margin/g,
    ' >= on $1 0 * modelwatch:fairness_margin',
    FAIRNESS,
  ],
  [
    'count rows without a value',
    'figures of numpy and scipy: the most',
    /value!="missing", window/g,
    'value!="", window',
    FAIRNESS,
  ],
  [
    'compare with the worst group',
    'figures of numpy and scipy: the most',
    /topk by \(cluster, namespace, model, segment, rate\)/g,
    'bottomk by (cluster, namespace, model, segment, rate)',
    FAIRNESS,
  ],
  [
    'forget the named group',
    'figures of numpy and scipy: a named',
    /\{reference_group!=""\}/g,
    '{reference_group="?"}',
    FAIRNESS,
  ],
  [
    'take a ratio above 1 for fair',
    'figures of numpy and scipy: a named',
    / <= 1 or 1 \/ /g,
    ' <= 1 or 0 + ',
    FAIRNESS,
  ],
  [
    'take all classes for the favourable one',
    'figures of numpy and scipy: the most',
    /, class\) label_replace/g,
    ') label_replace',
    FAIRNESS,
  ],
  ['calibrate with the last day', 'figures of numpy: the past', / offset 1d/g, '', ESTIMATES],
  [
    'believe scores whatever the past says',
    'figures of numpy: the past',
    /modelwatch:score_calibration_pairs\{actual="1"\}/g,
    'modelwatch:score_calibration_pairs{actual="?"}',
    ESTIMATES,
  ],
  [
    'estimate from few',
    'fewer predictions',
    /group_left \(\) modelwatch:accuracy_rows_needed/g,
    'group_left () (0 * modelwatch:accuracy_rows_needed)',
    ESTIMATES,
  ],
  ['compare with what is not joined yet', 'figures of numpy: the past', /stage="joined"/g, 'stage="made"', ESTIMATES],
];

it.each(MUTANTS)(
  'vectors notice rules that %s: %s',
  (_what, noticedBy, from, to, { rules, vectors, seconds }) => {
    const vector = vectors.find(({ name }) => name.startsWith(noticedBy));
    if (!vector) throw new Error(`${noticedBy}: expected the beginning of the name of a vector`);
    const mutant = rules.replace(from, to);
    expect(mutant).not.toBe(rules);
    const { output } = testRules(mutant, [vector], seconds);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  150_000
);
