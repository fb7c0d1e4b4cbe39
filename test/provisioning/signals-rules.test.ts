/** Alerts that no channel rests on, in promtool. */
import { buildRules } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { SIGNAL_SETS, SIGNALS_OPTIONS } from './vectors/signal-sets';

it.each(Object.entries(SIGNAL_SETS))(
  'hold in every vector of %s',
  (_, { rules, vectors, seconds }) => {
    expect(testRules(rules, vectors, seconds).output).toContain('SUCCESS');
  },
  60_000
);

it('have no alerts on resources where these are not recorded', () => {
  const named = (without: 'resources'[]) =>
    buildRules({ ...SIGNALS_OPTIONS, without }).flatMap(({ alerts }) => alerts.map(({ alert }) => alert));
  expect(named([]).filter((alert) => !named(['resources']).includes(alert))).toEqual([
    'ModelwatchModelMemory',
    'ModelwatchModelRestarts',
    'ModelwatchModelThrottled',
  ]);
});
