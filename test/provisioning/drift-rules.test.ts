/** Rules of drift in promtool, against numbers of scipy. */
import { DRIFT_METHODS, type DriftMethod, type DriftWindow } from '@modelwatch/contract';
import { buildDriftRules, renderGroups } from '../../exporter/src/rules';
import { testRules, type RuleVector } from '../support/promtool';
import { DRIFT_INTERVAL_SECONDS, DRIFT_VECTORS } from './vectors/drift';
import { STATISTICS_VECTORS } from './vectors/drift-statistics';
import { DETECTOR_VECTORS } from './vectors/detectors';
import { DRIFT_VERDICT_VECTORS, DRIFT_WINDOW_VECTORS } from './vectors/drift-verdicts';

const OPTIONS = {
  intervalSeconds: 30,
  driftIntervalSeconds: DRIFT_INTERVAL_SECONDS,
  slowIntervalSeconds: DRIFT_INTERVAL_SECONDS,
};
function rulesOf(windows: DriftWindow[], driftMethods: readonly DriftMethod[]): string {
  const options = { ...OPTIONS, driftMethods };
  // Batches have vectors of their own.
  const groups = buildDriftRules(options, windows).filter(({ name }) => name !== 'modelwatch-batches');
  return renderGroups('prometheus', groups, options);
}

/** Rules that a vector does not need cost it time. */
const SUITES: readonly (readonly [readonly RuleVector[], rules: string])[] = [
  [[...DRIFT_VECTORS, ...STATISTICS_VECTORS], rulesOf(['1h'], DRIFT_METHODS)],
  [[...DRIFT_VERDICT_VECTORS, ...DETECTOR_VECTORS], rulesOf(['1h'], ['tvd'])],
  [DRIFT_WINDOW_VECTORS, rulesOf(['10m', '1h', '1d', '7d'], ['tvd'])],
];
const CASES = SUITES.flatMap(([vectors, rules]) => vectors.map((vector) => [vector.name, vector, rules] as const));

it.each(CASES)(
  '%s',
  (_name, vector, rules) => {
    expect(testRules(rules, [vector], DRIFT_INTERVAL_SECONDS).output).toContain('SUCCESS');
  },
  60_000
);
