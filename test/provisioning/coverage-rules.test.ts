/** Rules of coverage in promtool. */
import { buildRules, OPTIONAL_PARTS, renderGroups } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { COVERAGE_INTERVAL_SECONDS, COVERAGE_VECTORS } from './vectors/coverage';

const OPTIONS = { intervalSeconds: COVERAGE_INTERVAL_SECONDS, driftIntervalSeconds: COVERAGE_INTERVAL_SECONDS };
const GROUPS = buildRules({ ...OPTIONS, without: OPTIONAL_PARTS }).filter(({ name }) =>
  ['modelwatch-events', 'modelwatch-coverage'].includes(name)
);

it.each(COVERAGE_VECTORS.map((vector) => [vector.name, vector] as const))(
  '%s',
  (_name, vector) => {
    const { output } = testRules(renderGroups('prometheus', GROUPS, OPTIONS), [vector], COVERAGE_INTERVAL_SECONDS);
    expect(output).toContain('SUCCESS');
  },
  60_000
);
