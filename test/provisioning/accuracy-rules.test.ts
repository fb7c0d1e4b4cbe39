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

const [MINUTE, FOUR] = [ACCURACY_INTERVAL_SECONDS, ACCURACY_DAY_INTERVAL_SECONDS];
const SUITES: readonly (readonly [readonly RuleVector[], rules: string, seconds: number])[] = [
  [ACCURACY_VECTORS, rulesOf(['1h'], MINUTE), MINUTE],
  [ACCURACY_DAY_VECTORS, rulesOf(['1h'], FOUR), FOUR],
  [ACCURACY_WINDOW_VECTORS, rulesOf(['10m', '1h', '1d'], FOUR), FOUR],
];
const CASES = SUITES.flatMap(([vectors, rules, seconds]) =>
  vectors.map((vector) => [vector.name, vector, rules, seconds] as const)
);

it.each(CASES)(
  '%s',
  (_name, vector, rules, seconds) => {
    expect(testRules(rules, [vector], seconds).output).toContain('SUCCESS');
  },
  150_000
);
