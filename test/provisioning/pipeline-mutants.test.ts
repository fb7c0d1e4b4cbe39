/** The vectors of pipelines are worth what they catch: with each of these changes of a rule one of them must fail. */
import { OPTIONAL_PARTS, renderRules } from '../../exporter/src/rules';
import { groupsRead, testRules } from '../support/promtool';
import { INTERVAL_SECONDS, PIPELINE_VECTORS } from './vectors';

const RULES = groupsRead(
  renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS, without: OPTIONAL_PARTS }),
  PIPELINE_VECTORS
);

const MUTANTS: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    'exporters add up',
    'max by (cluster, namespace, pipeline, method, outcome, replica)',
    'sum by (cluster, namespace, pipeline, method, outcome, replica)',
  ],
  [
    'only one gateway counts',
    'sum by (cluster, namespace, pipeline, method, le)',
    'max by (cluster, namespace, pipeline, method, le)',
  ],
  [
    'blindness reads as no errors',
    'modelwatch:pipeline_requests_rate:5m{outcome="unknown"}',
    'modelwatch:pipeline_requests_rate:5m',
  ],
  ['misses are hits', 'clamp_min(-1 * (', 'clamp_min(1 * ('],
  ['a proxy has no buckets', 'rate(modelwatch_inference_route_duration_seconds_bucket', 'rate(modelwatch_nothing'],
  [
    'a proxy counts beside the server',
    'unless on (cluster, namespace, model) modelwatch:inference_replica_fast_requests_rate:5m{seen_by="server"}',
    '',
  ],
];

it.each(MUTANTS)('notice that %s', (_name, before, after) => {
  expect(RULES).toContain(before);
  expect(testRules(RULES.replaceAll(before, after), PIPELINE_VECTORS, INTERVAL_SECONDS).ok).toBe(false);
});
