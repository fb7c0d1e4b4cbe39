/** Alerts that no channel rests on, in promtool. */
import { buildRules, renderGroups } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { REFUSED_INTERVAL_SECONDS, REFUSED_VECTORS } from './vectors/refused';
import { SIGNALS_INTERVAL_SECONDS, SIGNALS_VECTORS } from './vectors/signals';

const OPTIONS = { intervalSeconds: 30, driftIntervalSeconds: 240 };
const GROUPS = buildRules(OPTIONS).filter(({ name }) => name.startsWith('modelwatch-signals'));
/** As seldom as there are samples: the rules look back hours, and days. */
const rulesEach = (intervalSeconds: number) =>
  renderGroups(
    'prometheus',
    GROUPS.map((group) => ({ ...group, intervalSeconds })),
    OPTIONS
    // Fixed texts, which say nothing of whether it fires.
  ).replace(/^ +annotations:\n( +\w+: .*\n)+/gm, '');

it.each([
  ['signals', SIGNALS_VECTORS, SIGNALS_INTERVAL_SECONDS],
  ['refusals', REFUSED_VECTORS, REFUSED_INTERVAL_SECONDS],
])(
  'hold in every vector of %s',
  (_, vectors, seconds) => {
    expect(testRules(rulesEach(seconds), vectors, seconds).output).toContain('SUCCESS');
  },
  60_000
);

it('have no alerts on resources where these are not recorded', () => {
  const named = (without: 'resources'[]) =>
    buildRules({ ...OPTIONS, without }).flatMap(({ alerts }) => alerts.map(({ alert }) => alert));
  expect(named([]).filter((alert) => !named(['resources']).includes(alert))).toEqual([
    'ModelwatchModelMemory',
    'ModelwatchModelRestarts',
    'ModelwatchModelThrottled',
  ]);
});
