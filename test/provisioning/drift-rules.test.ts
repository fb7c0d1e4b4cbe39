/** Rules of drift in promtool, against numbers of scipy. */
import { DRIFT_METHODS, type DriftWindow } from '@modelwatch/contract';
import { buildDriftRules, renderGroups } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { DRIFT_INTERVAL_SECONDS, DRIFT_VECTORS } from './vectors/drift';
import { DRIFT_VERDICT_VECTORS, DRIFT_WINDOW_VECTORS } from './vectors/drift-verdicts';

const OPTIONS = {
  intervalSeconds: 30,
  driftIntervalSeconds: DRIFT_INTERVAL_SECONDS,
  slowIntervalSeconds: DRIFT_INTERVAL_SECONDS,
  driftMethods: DRIFT_METHODS,
};
const rulesOf = (...windows: DriftWindow[]) => renderGroups('prometheus', buildDriftRules(OPTIONS, windows), OPTIONS);
/** Those of a day cost the vectors of an hour time. */
const OF_AN_HOUR = rulesOf('1h');

it.each([...DRIFT_VECTORS, ...DRIFT_VERDICT_VECTORS].map((vector) => [vector.name, vector] as const))(
  '%s',
  (_name, vector) => {
    expect(testRules(OF_AN_HOUR, [vector], DRIFT_INTERVAL_SECONDS).output).toContain('SUCCESS');
  },
  60_000
);

it.each(DRIFT_WINDOW_VECTORS.map((vector) => [vector.name, vector] as const))(
  '%s',
  (_name, vector) => {
    expect(testRules(rulesOf('10m', '1h', '1d', '7d'), [vector], DRIFT_INTERVAL_SECONDS).output).toContain('SUCCESS');
  },
  60_000
);
