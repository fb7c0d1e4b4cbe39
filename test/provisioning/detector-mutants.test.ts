/** The vectors of detectors of others and of long windows are worth what they catch: each change of a rule below must make one fail. */
import type { DriftWindow } from '@modelwatch/contract';
import { buildDriftRules, renderGroups } from '../../exporter/src/rules';
import { testRules, type RuleVector } from '../support/promtool';
import { DETECTOR_DAY_INTERVAL_SECONDS, DETECTOR_DAY_VECTORS, DETECTOR_VECTORS } from './vectors/detectors';
import { DRIFT_EVALUATION_SECONDS, DRIFT_INTERVAL_SECONDS } from './vectors/drift';
import { DRIFT_WINDOW_VECTORS } from './vectors/drift-verdicts';

interface Subject {
  readonly vectors: readonly RuleVector[];
  readonly windows: readonly DriftWindow[];
  readonly samples: number;
  readonly evaluation: number;
}

const OFTEN = { samples: DRIFT_INTERVAL_SECONDS, evaluation: DRIFT_EVALUATION_SECONDS };
const DETECTORS: Subject = { vectors: DETECTOR_VECTORS, windows: ['1h'], ...OFTEN };
const WINDOWS: Subject = { vectors: DRIFT_WINDOW_VECTORS, windows: ['1h', '1d'], ...OFTEN };
const DAY: Subject = {
  ...{ vectors: DETECTOR_DAY_VECTORS, windows: ['1h'] },
  ...{ samples: DETECTOR_DAY_INTERVAL_SECONDS, evaluation: DETECTOR_DAY_INTERVAL_SECONDS },
};

const MUTANTS: readonly (readonly [
  what: string,
  noticedBy: string,
  from: string | RegExp,
  to: string,
  subject: Subject,
])[] = [
  [
    'believe every exporter of a detector',
    'a detector of two exporters',
    /== on (\([a-z, ]+\)) group_left \(\) max by/g,
    '<= on $1 group_left () max by',
    DETECTORS,
  ],
  [
    'take the flagged results for all',
    'a detector of two exporters',
    /increase\(modelwatch_detector_results_total\[1h\]/,
    'increase(modelwatch_detector_results_total{outcome="flagged"}[1h]',
    DETECTORS,
  ],
  [
    'keep a detector fresh for long',
    'a detector that says drift',
    /< time\(\) - 86400/,
    '< time() - 864000',
    DETECTORS,
  ],
  [
    'forget a detector that is gone',
    'a detector that says drift',
    /present_over_time\(modelwatch:detector_state\{state!="stale"\}\[1d\]\)/,
    'modelwatch:detector_state{state="none"}',
    DETECTORS,
  ],
  [
    'take the calmest of several requests',
    "TrustyAI's tests are p-values",
    /min by \(cluster, namespace, model, method, feature\)/g,
    'max by (cluster, namespace, model, method, feature)',
    DETECTORS,
  ],
  [
    'be calm before there are rows',
    "TrustyAI's tests are p-values",
    /(\(trustyai_model_observations_total\{model!=""\}\)) > 0/,
    '$1 >= 0',
    DETECTORS,
  ],
  [
    'take the statistics of one service for p-values of the other',
    "TrustyAI's newer service",
    /trustyai_kstest\{model!=""\}/g,
    'label_replace(trustyai_kstest, "model", "$1", "modelId", "(.+)")',
    DETECTORS,
  ],
  [
    'take what was said last for fresh',
    "TrustyAI's tests are stale",
    /== 0 and on (\([a-z, ]+\)) trustyai/,
    '< 0 and on $1 trustyai',
    DAY,
  ],
  [
    'let any window decide',
    'the verdict on a model rests on the window',
    / and on \(cluster, namespace, model, method, window\) modelwatch:drift_settings_info/g,
    '',
    WINDOWS,
  ],
  [
    'count hours twice in a day',
    'the verdict on a model rests on the window',
    /drift_rows\{window="1h"\}\[1d:1h\]/g,
    'drift_rows{window="1h"}[1d:30m]',
    WINDOWS,
  ],
];

it.each(MUTANTS)(
  'vectors notice rules that %s: %s',
  (_what, noticedBy, from, to, { vectors, windows, samples, evaluation }) => {
    const vector = vectors.find(({ name }) => name.startsWith(noticedBy));
    if (!vector) throw new Error(`${noticedBy}: expected the beginning of the name of a vector`);
    const options = { intervalSeconds: 30, driftIntervalSeconds: evaluation, slowIntervalSeconds: evaluation };
    const groups = buildDriftRules({ ...options, driftMethods: ['tvd'] }, windows);
    const rules = renderGroups('prometheus', groups, options);
    const mutant = rules.replace(from, to);
    expect(mutant).not.toBe(rules);
    const { output } = testRules(mutant, [vector], samples, evaluation);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  60_000
);
