/** Rules of accuracy in promtool, against numbers of scikit-learn. */
import type { DriftWindow } from '@modelwatch/contract';
import { buildAccuracyRules, renderGroups } from '../../exporter/src/rules';
import { testRules, type RuleVector } from '../support/promtool';
import {
  ACCURACY_DAY_INTERVAL_SECONDS,
  ACCURACY_DAY_VECTORS,
  ACCURACY_INTERVAL_SECONDS,
  ACCURACY_VECTORS,
  ACCURACY_WINDOW_VECTORS,
} from './vectors/accuracy';

/** Without those that have vectors of their own: rules that a vector does not need cost it time. */
function rulesOf(windows: DriftWindow[], seconds: number): string {
  const options = { intervalSeconds: 30, driftIntervalSeconds: seconds, slowIntervalSeconds: seconds };
  const groups = buildAccuracyRules(options, windows).filter(
    ({ name }) => !/challengers|fairness|estimates/.test(name)
  );
  return renderGroups('prometheus', groups, options);
}

/** Evaluations are every four minutes, as those of the shipped rules. */
const [MINUTE, FOUR] = [ACCURACY_INTERVAL_SECONDS, ACCURACY_DAY_INTERVAL_SECONDS];
const HOUR = rulesOf(['1h'], FOUR);
const SUITES: readonly (readonly [readonly RuleVector[], rules: string, samples: number])[] = [
  [ACCURACY_VECTORS, HOUR, MINUTE],
  [ACCURACY_DAY_VECTORS, HOUR, FOUR],
  [ACCURACY_WINDOW_VECTORS, rulesOf(['10m', '1h', '1d'], FOUR), FOUR],
];
const CASES = SUITES.flatMap(([vectors, rules, samples]) =>
  vectors.map((vector) => [vector.name, vector, rules, samples] as const)
);

it.each(CASES)(
  '%s',
  (_name, vector, rules, samples) => {
    expect(testRules(rules, [vector], samples, FOUR).output).toContain('SUCCESS');
  },
  150_000
);
