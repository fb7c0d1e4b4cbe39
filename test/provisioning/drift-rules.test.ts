/** Rules of drift in promtool, against numbers of scipy. */
import { DRIFT_METHODS, type DriftMethod, type DriftWindow } from '@modelwatch/contract';
import { buildDriftRules, renderGroups } from '../../exporter/src/rules';
import { testRules, type RuleVector } from '../support/promtool';
import { DRIFT_EVALUATION_SECONDS, DRIFT_INTERVAL_SECONDS, DRIFT_VECTORS } from './vectors/drift';
import { STATISTICS_VECTORS } from './vectors/drift-statistics';
import { DETECTOR_DAY_INTERVAL_SECONDS, DETECTOR_DAY_VECTORS, DETECTOR_VECTORS } from './vectors/detectors';
import { DRIFT_VERDICT_VECTORS, DRIFT_WINDOW_VECTORS } from './vectors/drift-verdicts';

function rulesOf(windows: DriftWindow[], driftMethods: readonly DriftMethod[], seconds: number): string {
  const options = { intervalSeconds: 30, driftIntervalSeconds: seconds, slowIntervalSeconds: seconds, driftMethods };
  // Batches have vectors of their own.
  const groups = buildDriftRules(options, windows).filter(({ name }) => name !== 'modelwatch-batches');
  return renderGroups('prometheus', groups, options);
}

/** Seconds between evaluations. Rules that a vector does not need, and evaluations, cost it time. */
const [MINUTE, SHIPPED] = [DRIFT_INTERVAL_SECONDS, DRIFT_EVALUATION_SECONDS];
const DAY = DETECTOR_DAY_INTERVAL_SECONDS;
const SUITES: readonly (readonly [readonly RuleVector[], rules: string, evaluation: number, samples: number])[] = [
  [[...DRIFT_VECTORS, ...STATISTICS_VECTORS], rulesOf(['1h'], DRIFT_METHODS, SHIPPED), SHIPPED, MINUTE],
  [[...DRIFT_VERDICT_VECTORS, ...DETECTOR_VECTORS], rulesOf(['1h'], ['tvd'], SHIPPED), SHIPPED, MINUTE],
  [DRIFT_WINDOW_VECTORS, rulesOf(['10m', '1h', '1d', '7d'], ['tvd'], SHIPPED), SHIPPED, MINUTE],
  [DETECTOR_DAY_VECTORS, rulesOf(['1h'], ['tvd'], DAY), DAY, DAY],
];
const CASES = SUITES.flatMap(([vectors, rules, evaluation, samples]) =>
  vectors.map((vector) => [vector.name, vector, rules, evaluation, samples] as const)
);

it.each(CASES)(
  '%s',
  (_name, vector, rules, evaluation, samples) => {
    expect(testRules(rules, [vector], samples, evaluation).output).toContain('SUCCESS');
  },
  60_000
);
