/** Figures of namespaces, servers and platforms, in promtool, and rules that would get them wrong. */
import { renderRules } from '../../exporter/src/rules';
import { groupsNamed, testRules } from '../support/promtool';
import { AGGREGATE_VECTORS, INTERVAL_SECONDS } from './vectors';

const RULES = groupsNamed(
  renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS }),
  'modelwatch-aggregates',
  'modelwatch-aggregates-latency',
  'modelwatch-aggregates-resources'
);

it.each(AGGREGATE_VECTORS.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  expect(testRules(RULES, [vector], INTERVAL_SECONDS).output).toContain('SUCCESS');
});

const MUTANTS: readonly (readonly [string, string | RegExp, string])[] = [
  [
    'take requests of models that cannot tell for successes',
    / and on \(cluster, namespace, model\) modelwatch:inference_errors_ratio:5m/g,
    '',
  ],
  [
    'count polls of two exporters',
    /max by \(cluster, namespace, model, replica, version/g,
    'sum by (cluster, namespace, model, replica, version',
  ],
  ['mix bounds of different servers', /\s+and on \(cluster, namespace, le\)\s+\([^\n]+\)\n/g, '\n'],
  [
    'count requests without bounds',
    / and on \(cluster, namespace, model\) modelwatch:inference_duration_p95_seconds:5m/g,
    '',
  ],
  ['make up a server without a name', /\{server!=""\}/g, ''],
  [
    'forget what stands beside a server',
    / or on \(cluster, namespace, server\)\n[^\n]+label_replace[\s\S]+?"", ""\)/,
    '',
  ],
  ['fail while two exporters disagree', 'topk by (cluster, namespace, server) (1,', 'sum without (none) ('],
  ['mix clusters', /by \(cluster, platform/g, 'by (platform'],
];

/** One vector after the other: the first to notice is enough. */
function notices(rules: string): boolean {
  return AGGREGATE_VECTORS.some((vector) => {
    const { ok, output } = testRules(rules, [vector], INTERVAL_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    return !ok && output.includes('FAILED');
  });
}

it.each(MUTANTS)(
  'vectors of aggregates notice rules that %s',
  (_what, from, to) => {
    const mutant = RULES.replace(from, to);
    expect(mutant).not.toBe(RULES);
    expect(notices(mutant)).toBe(true);
  },
  30_000
);
