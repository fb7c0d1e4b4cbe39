/** The vectors are worth what they catch: each change of a rule below must make them fail. */
import { renderRules } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import {
  ALERT_VECTORS,
  HEALTH_VECTORS,
  INFERENCE_VECTORS,
  INTERVAL_SECONDS,
  SHARD_ALERT_VECTORS,
  SHARD_VECTORS,
  MEASURE_VECTORS,
  TRAFFIC_VECTORS,
  UPTIME_VECTORS,
} from './vectors';

const RULES = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS });
const ALL = [
  ...MEASURE_VECTORS,
  ...TRAFFIC_VECTORS,
  ...HEALTH_VECTORS,
  ...INFERENCE_VECTORS,
  ...ALERT_VECTORS,
  ...SHARD_VECTORS,
  ...SHARD_ALERT_VECTORS,
  ...UPTIME_VECTORS,
];

const MUTANTS: readonly (readonly [string, string | RegExp, string])[] = [
  [
    'believe exporters that are not synced',
    /\(modelwatch_exporter_synced == 1\)/g,
    '(modelwatch_exporter_synced >= 0)',
  ],
  ['prefer the better opinion', 'label_replace(vector(7), "state"', 'label_replace(vector(0.1), "state"'],
  [
    'let another cluster answer for ghosts',
    /on \(cluster, shard, total_shards\) \(max by \(cluster, shard/g,
    'on (shard, total_shards) (max by (shard',
  ],
  [
    'keep deleted models',
    /\(modelwatch:namespace_shard and on \(cluster, shard, total_shards\) \(max by [^)]+\) \(modelwatch_exporter_synced\) == 1\)\)/g,
    '(modelwatch:namespace_shard < 0)',
  ],
  [
    'let any shard answer for ghosts',
    /and on \(cluster, shard, total_shards\) \(max by \(cluster, shard, total_shards\) \(modelwatch/g,
    'and on (cluster) (max by (cluster) (modelwatch',
  ],
  [
    'take a shard of another division for the same',
    /and on \(cluster, shard, total_shards\) \(max by \(cluster, shard, total_shards\) \(modelwatch/g,
    'and on (cluster, shard) (max by (cluster, shard) (modelwatch',
  ],
  ['forget which shard had a namespace', /or\n\s+\(\(modelwatch:namespace_shard unless[^\n]+/, ''],
  ['take two shards of three for the whole', />= on \(cluster\) max by/g, '>= on (cluster) 0.5 * max by'],
  ['keep what an abolished shard had', />= on \(cluster\) max by/g, '> on (cluster) max by'],
  ['miss no shard', 'count by (cluster) (group by (cluster, shard) (modelwatch_exporter_synced)) < bool', '2 * $&'],
  [
    'take each replica for a shard',
    'group by (cluster, shard) (modelwatch_exporter_synced)',
    'modelwatch_exporter_synced',
  ],
  [
    'call a frozen model up',
    ' and on (cluster, namespace, model) modelwatch:model_channel{channel="freshness", status="ok"})',
    ')',
  ],
  ['call a rollout without replicas up', '(modelwatch:model_replicas_available > 0)', 'modelwatch:model_serving'],
  [
    'forget outages',
    '0 * group by (cluster, namespace, model) (modelwatch:model_serving{state="failed"} == 1)',
    'vector(1) < 0',
  ],
  ['keep ghosts serving', '[75s]', '[1h]'],
  ['grey everything at one lost scrape', '[75s]', '[1s]'],
  ['call old data fresh', '> 210', '> 100000'],
  ['call unconfirmed models healthy', '0.5 * group', '1.5 * group'],
  [
    'healthy without freshness',
    'and on (cluster, namespace, model) group by (cluster, namespace, model) (modelwatch:model_channel{channel="freshness", status="ok"})',
    '',
  ],
  ['put stale above failed', 'label_replace(5 * group', 'label_replace(8 * group'],
  [
    'count a replica once per exporter',
    /max by \(cluster, namespace, model, replica, version, outcome\)/g,
    'sum by (cluster, namespace, model, replica, version, outcome)',
  ],
  [
    'no zero for models that never failed',
    / or 0 \* sum by \(cluster, namespace, model\) \(modelwatch:inference_requests_rate:5m\)/,
    '',
  ],
  [
    'divide by no requests',
    '(sum by (cluster, namespace, model) (modelwatch:inference_requests_rate:5m) > 0)',
    '(sum by (cluster, namespace, model) (modelwatch:inference_requests_rate:5m))',
  ],
  ['record quantiles that are not numbers', /\) >= 0/g, ')'],
  ['forget the last request', /or\n\s+\(modelwatch:inference_last_request_timestamp_seconds and [^\n]+\)/, ''],
  ['judge by too few requests', / >= 25/g, ' >= 0'],
  ['blame the model for errors of the client', /server_error\|unknown/g, 'server_error|unknown|client_error'],
  ['overlook failures of unknown side', /outcome=~"server_error\|unknown"/g, 'outcome="server_error"'],
  [
    'guess errors where none are counted',
    /and on \(cluster, namespace, model\) \(modelwatch:inference_capability\{capability="\w+"\} == 1\)/g,
    '',
  ],
  [
    'let one replica speak for all',
    /min by \(cluster, namespace, model\) \(group/g,
    'max by (cluster, namespace, model) (group',
  ],
  ['forget who went silent', /or\n\s+label_replace\(group by \([a-z, ]+\) \(modelwatch:model_channel[^\n]+/g, ''],
  ['call one lost scrape silence', /(modelwatch_inference_capability\{[^}]+\})\[75s\]/g, '$1[1s]'],
  ['ask idle models', /state!~"idle\|progressing"/g, 'state!=""'],
  ['call a restarted server silent', /or present_over_time\(modelwatch_endpoint_model_ready\[75s\]\)/g, ''],
  ['call quiet models unknown', ', channel!~"errors|latency"', ''],
  [
    'take requests of unknown duration for fast',
    /and on \(cluster, namespace, model, replica, version\) modelwatch:inference_replica_fast/g,
    'or on (cluster, namespace, model, replica, version) modelwatch:inference_replica_fast',
  ],
  [
    'count slow requests at any bound',
    /and on \(cluster, namespace, model, le\)/g,
    'and on (cluster, namespace, model)',
  ],
  ['forget the threshold with its exporter', /\{le!=""\}\[150s\]/g, '{le!=""}[1s]'],
  ['have a channel of latency without buckets', /\{le!=""\}\[150s\]/g, '[150s]'],
  ['add up shares of KV caches', /max by \(([a-z, ]+)\) \((max by [^\n]+kv_cache_usage_ratio)/g, 'sum by ($1) ($2'],
  ['take pipelines for models of an experiment', /\{resource_kind="model"\}/g, ''],
  ['forget the peak of the day', '[23h]', '[1h]'],
  ['mix versions', /sum by \(cluster, namespace, model, version\)/g, 'sum by (cluster, namespace, model)'],
  ['page at a warning', /channel="errors", status="critical"/g, 'channel="errors", status=~"warning|critical"'],
  ['drop the owner', 'group_left (owner, importance)', 'group_left (importance)'],
  ['drop the importance', 'group_left (owner, importance)', 'group_left (owner)'],
  [
    'alert only with an owner',
    /or on \(cluster, namespace, model\)\n\s+\(sum without \(health\) \(modelwatch:model_health\{health="stale"\}\)\)/,
    '',
  ],
  ['page for failed models twice', /health=~"degraded\|unknown\|healthy"/g, 'health=~".+"'],
  ['never miss an exporter', 'or absent_over_time(modelwatch_exporter_synced[1d])', ''],
  [
    'choose information anew each time',
    / \+ on \(cluster, namespace, model, platform, server, runtime, version, owner, importance\)[^\n]+/,
    ')',
  ],
  ['fire at once', 'for: 30s', 'for: 0s'],
];

/** Asks the vectors a part at a time: most mutants are noticed early. */
function notices(rules: string): boolean {
  for (let from = 0; from < ALL.length; from += 8) {
    const { ok, output } = testRules(rules, ALL.slice(from, from + 8), INTERVAL_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    if (!ok) return output.includes('FAILED');
  }
  return false;
}

describe('vectors', () => {
  it.each(MUTANTS)(
    'notice rules that %s',
    (_what, from, to) => {
      const mutant = RULES.replace(from, to);
      expect(mutant).not.toBe(RULES);
      expect(notices(mutant)).toBe(true);
    },
    30_000
  );
});
