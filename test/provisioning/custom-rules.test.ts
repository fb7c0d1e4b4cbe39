/** Rules of custom metrics in promtool. */
import { buildQueriedRules, buildRules, renderGroups } from '../../exporter/src/rules';
import { RECORDED } from '@modelwatch/contract';
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

it('custom metrics are valued and judged by the same rules, whatever their source', () => {
  expect(testRules(RULES, CUSTOM_VECTORS, CUSTOM_INTERVAL_SECONDS).output).toContain('SUCCESS');
}, 150_000);

it('a query has the labels of its metric and one value for each cluster, or none', () => {
  const queries = {
    ratio: 'sum by (cluster) (misses) / sum by (cluster) (asked) # in words',
    several: 'misses',
    nothing: 'absent_here',
  };
  const metrics = Object.entries(queries).map(([name, promql]) => ({ namespace: 'ns', model: 'm', name, promql }));
  const rules = renderGroups('prometheus', buildQueriedRules(OPTIONS, metrics), OPTIONS);
  const found = (cluster: string) =>
    `${RECORDED.customMetricQueried.name}{cluster="${cluster}", namespace="ns", model="m", metric="ratio"}`;
  const vector = {
    name: 'queries',
    input: {
      'misses{cluster="a", namespace="other", pod="1"}': '2x10',
      'misses{cluster="a", namespace="other", pod="2"}': '1x10',
      'misses{cluster="b", metric="x"}': '1x10',
      'misses{cluster="b", metric="y"}': '1x10',
      'asked{cluster="a"}': '12x10',
      'asked{cluster="b"}': '8x10',
    },
    expect: [
      { expr: RECORDED.customMetricQueried.name, at: '5m', samples: { [found('a')]: 0.25, [found('b')]: 0.25 } },
    ],
  };
  expect(testRules(rules, [vector], CUSTOM_INTERVAL_SECONDS).output).toContain('SUCCESS');
}, 150_000);
