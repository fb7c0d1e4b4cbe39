/** The vectors of custom metrics are worth what they catch: each change of a rule below must make the one named fail. */
import { buildRules, renderGroups } from '../../exporter/src/rules';
import { groupsNamed, testRules } from '../support/promtool';
import { CUSTOM_INTERVAL_SECONDS, CUSTOM_VECTORS } from './vectors/custom';

const OPTIONS = {
  intervalSeconds: 60,
  driftIntervalSeconds: CUSTOM_INTERVAL_SECONDS,
  slowIntervalSeconds: CUSTOM_INTERVAL_SECONDS,
};
const RULES = groupsNamed(
  renderGroups('prometheus', buildRules(OPTIONS), OPTIONS),
  'modelwatch-custom',
  'modelwatch-custom-days'
);

const MUTANTS: readonly (readonly [what: string, noticedBy: string, from: string | RegExp, to: string])[] = [
  [
    'count one exporter alone',
    'a share breaks its limit',
    /sum by \((cluster, namespace, model, metric)\) \(increase/g,
    'max by ($1) (increase',
  ],
  [
    'leave a state at its limit',
    'sums may be below 0',
    /modelwatch_custom_metric_recovery/g,
    'modelwatch:custom_metric_limit',
  ],
  ['forget what is below 0', 'sums may be below 0', /\{sign="under"\}/g, '{sign="none"}'],
  ['know no lower limits', 'sums may be below 0', /side="below"/g, 'side="none"'],
  [
    'value few samples',
    'few samples are no value',
    />= on \(cluster, namespace, model, metric\) max by/g,
    '>= on (cluster, namespace, model, metric) 0 * max by',
  ],
  [
    'resolve by silence',
    'few samples are no value',
    /last_over_time\(modelwatch:custom_metric_last_verdict_timestamp_seconds\[1d\]\)/g,
    'last_over_time(modelwatch:custom_metric_last_verdict_timestamp_seconds[1s])',
  ],
  [
    'take the oldest gauge',
    'of a gauge the latest sample',
    />= on \(cluster, namespace, model, metric\) group_left/g,
    '<= on (cluster, namespace, model, metric) group_left',
  ],
  ['believe gauges for ever', 'of a gauge the latest sample', /\* 600\b/g, '* 600000'],
  [
    'forget a gauge with its exporter',
    'of a gauge the latest sample',
    /last_over_time\((modelwatch_custom_metric_last_\w+)\[1d\]\)/g,
    '$1',
  ],
  [
    'take NaN for a value',
    'a query is a value like others',
    /abs\(modelwatch:custom_metric_queried\) < Inf/g,
    'modelwatch:custom_metric_queried',
  ],
  ['add days up from ten minutes', 'an average is of all samples', /\[1d:1h\]/g, '[1d:10m]'],
];

it.each(MUTANTS)(
  'vectors notice rules that %s: %s',
  (_what, noticedBy, from, to) => {
    const mutant = RULES.replace(from, to);
    expect(mutant).not.toBe(RULES);
    const [vector, ...more] = CUSTOM_VECTORS.filter(({ name }) => name.startsWith(noticedBy));
    if (!vector || more.length > 0) throw new Error(`${noticedBy}: expected the beginning of the name of one vector`);
    const { output } = testRules(mutant, [vector], CUSTOM_INTERVAL_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  60_000
);
