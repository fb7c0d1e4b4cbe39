/** Totals and hours of use, in promtool, with numbers from the hours that were put in. */
import { parse } from 'yaml';
import { renderRules } from '../../exporter/src/rules';
import { groupsNamed, testRules } from '../support/promtool';
import { INTERVAL_SECONDS, USAGE_INTERVAL_SECONDS, USAGE_VECTORS } from './vectors';

const RULES = groupsNamed(renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS }), 'modelwatch-usage');

it('hours are added up as often as each evaluation says', () => {
  const { groups } = parse(RULES) as { groups: { name: string; interval: string; rules: { expr: string }[] }[] };
  const group = groups.find(({ name }) => name === 'modelwatch-usage');
  expect(group?.interval).toBe(`${USAGE_INTERVAL_SECONDS / 60}m`);
  const hours = group?.rules.filter(({ expr }) => expr.endsWith(` * ${USAGE_INTERVAL_SECONDS} / 3600`));
  expect(hours).toHaveLength(7);
});

it.each(USAGE_VECTORS.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  expect(testRules(RULES, [vector], USAGE_INTERVAL_SECONDS).output).toContain('SUCCESS');
});

const MUTANTS: readonly (readonly [string, string | RegExp, string])[] = [
  [
    'count hours that no synced exporter confirms',
    /(usage_server_type_\w+) and on \(cluster, job, instance\) \(modelwatch_exporter_synced == 1\)/g,
    '$1',
  ],
  [
    'believe a replica that is not synced',
    /(usage_gpus_requested) and on \(cluster, job, instance\) \(modelwatch_exporter_synced == 1\)/g,
    '$1',
  ],
  ['count once per exporter', /max (by \(cluster, namespace, platform, server_type\))/g, 'sum $1'],
  ['mix clusters', /max by \(cluster, namespace, platform\)/g, 'max by (namespace, platform)'],
  [
    'count nodes once per namespace',
    'group by (cluster, node) (modelwatch_node',
    'group by (cluster, namespace, node) (modelwatch_node',
  ],
  ['call a fleet with a silent shard whole', />= on \(cluster\) max by/g, '>= on (cluster) 0.5 * max by'],
  ['take an evaluation for more than its time', /\* 240 \/ 3600/g, '* 300 / 3600'],
];

it.each(MUTANTS)('vectors of usage notice rules that %s', (_what, from, to) => {
  const mutant = RULES.replace(from, to);
  expect(mutant).not.toBe(RULES);
  const { ok, output } = testRules(mutant, USAGE_VECTORS, USAGE_INTERVAL_SECONDS);
  expect(output).not.toContain('parse error');
  expect([ok, output.includes('FAILED')]).toEqual([false, true]);
});
