/** The vectors of coverage are worth what they catch: each change of a rule below must make the one named fail. */
import { buildRules, OPTIONAL_PARTS, renderGroups } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { COVERAGE_INTERVAL_SECONDS, COVERAGE_VECTORS } from './vectors/coverage';

const OPTIONS = { intervalSeconds: COVERAGE_INTERVAL_SECONDS, driftIntervalSeconds: COVERAGE_INTERVAL_SECONDS };
const GROUPS = buildRules({ ...OPTIONS, without: OPTIONAL_PARTS }).filter(({ name }) =>
  ['modelwatch-events', 'modelwatch-coverage'].includes(name)
);
const RULES = renderGroups('prometheus', GROUPS, OPTIONS);

const MUTANTS: readonly (readonly [what: string, noticedBy: string, from: string | RegExp, to: string])[] = [
  ['take repetitions for losses', 'rows that are all counted', /reason!="duplicate"/g, 'reason=~".+"'],
  ['warn only of more than a twentieth', 'one row in twenty', />= 0\.05/g, '> 0.05'],
  ['warn of any loss', 'less than that', />= 0\.05/g, '> 0'],
  [
    'see no series that were refused',
    'a view is partial, and nothing is dropped, of which much is refused',
    /event_series_refused > 0/g,
    'event_series_refused > 1e9',
  ],
  ['judge by few rows', 'few rows say nothing', />= 20/g, '>= 1'],
  ['call no reference partial', 'events without a reference', /"state", "no_reference"/g, '"state", "partial"'],
  [
    'forget the verdict with the rows',
    'the verdict stands',
    /\(max by \(cluster, namespace, model, state\)[^\n]+/g,
    'vector(0) > 1',
  ],
  ['hear of what was long ago', 'a model that sent nothing', /<= 86400/g, '<= 1e9'],
  [
    'leave out models that nobody knows',
    'events of models that nobody knows',
    /model="", reason="unknown_model"/g,
    'model="none", reason="unknown_model"',
  ],
  ['leave out requests', 'requests that are turned away', /over_capacity\|too_large\|failed/g, 'failed'],
];

it.each(MUTANTS)(
  'vectors notice rules that %s: %s',
  (_what, noticedBy, from, to) => {
    const mutant = RULES.replace(from, to);
    expect(mutant).not.toBe(RULES);
    const [vector, ...more] = COVERAGE_VECTORS.filter(({ name }) => name.startsWith(noticedBy));
    if (!vector || more.length > 0) throw new Error(`${noticedBy}: expected the beginning of the name of one vector`);
    const { output } = testRules(mutant, [vector], COVERAGE_INTERVAL_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  60_000
);
