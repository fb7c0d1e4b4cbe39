/** The vectors are worth what they catch: each change of a rule below must make them fail. */
import { OPTIONAL_PARTS, renderRules } from '../../exporter/src/rules';
import { testRules, type RuleVector } from '../support/promtool';
import { INTERVAL_SECONDS, RULE_VECTORS } from './vectors';

/** What these vectors do not read costs them time. */
const RULES = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS, without: OPTIONAL_PARTS });

const MUTANTS: readonly (readonly [what: string, noticedBy: string, from: string | RegExp, to: string])[] = [
  [
    'believe exporters that are not synced',
    'the state of an exporter that is not synced',
    /\(modelwatch_exporter_synced == 1\)/g,
    '(modelwatch_exporter_synced >= 0)',
  ],
  [
    'prefer the better opinion',
    'of a pair that disagrees',
    'label_replace(vector(7), "state"',
    'label_replace(vector(0.1), "state"',
  ],
  [
    'let another cluster answer for ghosts',
    'the exporter of another cluster',
    /on \(cluster, shard, total_shards\) \(max by \(cluster, shard/g,
    'on (shard, total_shards) (max by (shard',
  ],
  [
    'keep deleted models',
    'a live shard says of its own',
    /\(modelwatch:namespace_shard and on \(cluster, shard, total_shards\) \(max by [^)]+\) \(modelwatch_exporter_synced\) == 1\)\)/g,
    '(modelwatch:namespace_shard < 0)',
  ],
  [
    'let any shard answer for ghosts',
    'models of a dead shard hold',
    /and on \(cluster, shard, total_shards\) \(max by \(cluster, shard, total_shards\) \(modelwatch/g,
    'and on (cluster) (max by (cluster) (modelwatch',
  ],
  [
    'take a shard of another division for the same',
    'a namespace that moves to a new shard',
    /and on \(cluster, shard, total_shards\) \(max by \(cluster, shard, total_shards\) \(modelwatch/g,
    'and on (cluster, shard) (max by (cluster, shard) (modelwatch',
  ],
  [
    'forget which shard had a namespace',
    'models of a dead shard hold',
    /or\n\s+\(\(modelwatch:namespace_shard unless[^\n]+/,
    '',
  ],
  [
    'take two shards of three for the whole',
    'models of a dead shard hold',
    />= on \(cluster\) max by/g,
    '>= on (cluster) 0.5 * max by',
  ],
  [
    'keep what an abolished shard had',
    'what was deleted while its shard was abolished',
    />= on \(cluster\) max by/g,
    '> on (cluster) max by',
  ],
  [
    'miss no shard',
    'a shard that does not answer pages',
    'count by (cluster) (group by (cluster, shard) (modelwatch_exporter_synced)) < bool',
    '2 * $&',
  ],
  [
    'take each replica for a shard',
    'a shard that does not answer pages',
    'group by (cluster, shard) (modelwatch_exporter_synced)',
    'modelwatch_exporter_synced',
  ],
  [
    'call a sender green without a fresh event',
    'a model of which only events are known may be silent',
    / or time\(\) - modelwatch:model_last_prediction_timestamp_seconds > /g,
    ' or 0 * time() - modelwatch:model_last_prediction_timestamp_seconds > ',
  ],
  [
    'forget with the exporter when the last event came',
    'a model of which only events are known is stale when they are overdue',
    / or last_over_time\(modelwatch:model_last_prediction_timestamp_seconds\[1d\]\)/g,
    '',
  ],
  [
    'take a sender for what it is deployed with',
    'who watches the server of a model',
    /modelwatch_model_info\{platform!="events"\}/g,
    'modelwatch_model_info{platform="events"}',
  ],
  [
    'call a frozen model up',
    'a serving model of old data is neither',
    ' and on (cluster, namespace, model) modelwatch:model_channel{channel="freshness", status="ok"})',
    ')',
  ],
  [
    'call a rollout without replicas up',
    'a progressing model is',
    '(modelwatch:model_replicas_available > 0)',
    'modelwatch:model_serving',
  ],
  [
    'forget outages',
    'uptime is of the time',
    '0 * group by (cluster, namespace, model) (modelwatch:model_serving{state="failed"} == 1)',
    'vector(1) < 0',
  ],
  ['keep ghosts serving', 'when the only exporter goes', '[75s]', '[1h]'],
  ['grey everything at one lost scrape', 'when the only exporter goes', '[75s]', '[1s]'],
  ['call old data fresh', 'a serving model of old data is stale', '> 210', '> 100000'],
  ['call unconfirmed models healthy', 'one exporter says serving', '0.5 * group', '1.5 * group'],
  [
    'healthy without freshness',
    'a serving model that nobody confirmed',
    'and on (cluster, namespace, model) group by (cluster, namespace, model) (modelwatch:model_channel{channel="freshness", status="ok"})',
    '',
  ],
  ['put stale above failed', 'a failed model stays failed', 'label_replace(5 * group', 'label_replace(8 * group'],
  [
    'count a replica once per exporter',
    'a replica that two exporters polled',
    /max by \(cluster, namespace, model, replica, version, outcome\)/g,
    'sum by (cluster, namespace, model, replica, version, outcome)',
  ],
  [
    'no zero for models that never failed',
    'no failure is a ratio of 0',
    / or 0 \* sum by \(cluster, namespace, model\) \(modelwatch:inference_requests_rate:5m\)/,
    '',
  ],
  [
    'divide by no requests',
    'no failure is a ratio of 0',
    '(sum by (cluster, namespace, model) (modelwatch:inference_requests_rate:5m) > 0)',
    '(sum by (cluster, namespace, model) (modelwatch:inference_requests_rate:5m))',
  ],
  ['record quantiles that are not numbers', 'a model without requests has a rate of 0', /\) >= 0$/gm, ')'],
  [
    'forget the last request',
    'no failure is a ratio of 0',
    /or\n\s+\(modelwatch:inference_last_request_timestamp_seconds and [^\n]+\)/,
    '',
  ],
  ['judge by too few requests', 'errors: a verdict only from enough', / >= 25/g, ' >= 0'],
  [
    'blame the model for errors of the client',
    'errors of the client are none',
    /server_error\|unknown/g,
    'server_error|unknown|client_error',
  ],
  [
    'overlook failures of unknown side',
    'errors of the client are none',
    /outcome=~"server_error\|unknown"/g,
    'outcome="server_error"',
  ],
  [
    'guess errors where none are counted',
    'a server that does not count failures',
    /and on \(cluster, namespace, model\) \(modelwatch:inference_capability\{capability="\w+"\} == 1\)/g,
    '',
  ],
  [
    'let one replica speak for all',
    'a server that does not count failures',
    /avg by \(cluster, namespace, model\) \(group/g,
    'max by (cluster, namespace, model) (group',
  ],
  [
    'wait for ever for errors that nobody tells any more',
    'a model that moved to a server',
    /or modelwatch:inference_capability\{capability="outcomes"\} == 0/g,
    '',
  ],
  [
    'forget who went silent',
    'a model whose metrics go silent',
    /or\n\s+label_replace\(group by \([a-z, ]+\) \(modelwatch:model_channel[^\n]+/g,
    '',
  ],
  [
    'call one lost scrape silence',
    'a model whose metrics go silent',
    /(modelwatch_inference_capability\{[^}]+\})\[75s\]/g,
    '$1[1s]',
  ],
  [
    'let the scraped replicas speak for one that is not',
    'errors: a replica that Prometheus should scrape',
    /\(modelwatch_endpoint_scrape_target\[75s\]\)/g,
    '(modelwatch_endpoint_scrape_target[75s]) < 0',
  ],
  [
    'miss a replica before Prometheus can know of it',
    'errors: a replica that is new under /sd',
    /\[75s\] offset 150s/g,
    '[75s]',
  ],
  [
    'take a failed scrape for one',
    'errors: a replica that Prometheus should scrape',
    /\(max_over_time\(up\{modelwatch_server!=""\}\[75s\]\) == 1\)/g,
    '(max_over_time(up{modelwatch_server!=""}[75s]) >= 0)',
  ],
  ['ask idle models', 'nothing is asked of a model', /state!~"idle\|progressing"/g, 'state!=""'],
  [
    'call a restarted server silent',
    'a restarted server that was not asked',
    /or present_over_time\(modelwatch_endpoint_model_ready\[75s\]\)/g,
    '',
  ],
  ['call quiet models unknown', 'errors: a verdict only from enough', /, channel!~"errors[^"]+"/, ''],
  [
    'take requests of unknown duration for fast',
    'latency: the share over the threshold',
    /and on \(cluster, namespace, model, replica, version\) modelwatch:inference_replica_fast/g,
    'or on (cluster, namespace, model, replica, version) modelwatch:inference_replica_fast',
  ],
  [
    'count slow requests at any bound',
    'latency: the share over the threshold',
    /and on \(cluster, namespace, model, le\)/g,
    'and on (cluster, namespace, model)',
  ],
  [
    'forget the threshold with its exporter',
    'latency: warning from one in twenty',
    /\{le!=""\}\[150s\]/g,
    '{le!=""}[1s]',
  ],
  ['have a channel of latency without buckets', 'latency is absent without', /\{le!=""\}\[150s\]/g, '[150s]'],
  [
    'add up shares of KV caches',
    'language models: tokens',
    /max by \(([a-z, ]+)\) \((max by [^\n]+kv_cache_usage_ratio)/g,
    'sum by ($1) ($2',
  ],
  [
    'add up buckets that only some replicas have',
    'quantiles are of the bounds that all replicas have',
    /== on \(cluster, namespace, model, version\) group_left \(\)/g,
    '<= on (cluster, namespace, model, version) group_left ()',
  ],
  [
    'count a replica twice where two exporters polled it, so that no bound is one of all',
    'quantiles are of the bounds that all replicas have',
    /count by \(cluster, namespace, model, version\) \(max by \(cluster, namespace, model, replica, version\) /g,
    'count by (cluster, namespace, model, version) (',
  ],
  [
    'add up queues by buckets that only some replicas have',
    'quantiles are of the bounds that all replicas have',
    /== on \(cluster, namespace, model\) group_left \(\)/g,
    '<= on (cluster, namespace, model) group_left ()',
  ],
  [
    'add up buckets that only some versions have',
    'quantiles of a model are of the bounds',
    /unless on \(cluster, namespace, model, le\) modelwatch:inference_partial\w+/g,
    '',
  ],
  [
    'forget versions without bounds',
    'quantiles of a model are of the bounds',
    'and on (cluster, namespace, model) modelwatch:inference_version_duration_bucket_rate:5m{seen_by="server"',
    'and on (cluster, namespace, model, version) modelwatch:inference_version_duration_bucket_rate:5m{seen_by="server"',
  ],
  ['take pipelines for models of an experiment', 'versions apart', /\{resource_kind="model"\}/g, ''],
  ['forget the peak of the day', 'the peak of the load', '[23h]', '[1h]'],
  [
    'mix versions',
    'versions apart',
    /sum by \(cluster, namespace, model, version\)/g,
    'sum by (cluster, namespace, model)',
  ],
  [
    'page at a warning',
    'errors: a verdict only from enough',
    /channel="errors", status="critical"/g,
    'channel="errors", status=~"warning|critical"',
  ],
  ['drop the owner', 'an owner without an importance', /group_left \(owner, importance/g, 'group_left (importance'],
  ['drop the importance', 'an owner without an importance', /group_left \(owner, importance/g, 'group_left (owner'],
  [
    'alert only with an owner',
    'a model without information still alerts',
    /or on \(cluster, namespace, model\)\n\s+\(sum without \(health\) \(modelwatch:model_health\{health="stale"\}\)\n[^\n]+(?=\) > 0)/,
    '',
  ],
  [
    'say no news of silent data',
    'no news is said of what nobody confirms',
    /\(modelwatch:model_channel\{status="stale", channel=~"drift/g,
    '(modelwatch:model_channel{status="none", channel=~"drift',
  ],
  [
    'warn of failed models twice',
    'a missing replica warns',
    / - on \(cluster, namespace, model\) sum without \(state\) \(modelwatch:model_serving\{state="failed"\}\)/g,
    '',
  ],
  [
    'never miss an exporter',
    'an installation that never had',
    'or absent_over_time(modelwatch_exporter_synced[1d])',
    '',
  ],
  [
    'choose information anew each time',
    'two exporters that disagree on the labels',
    / \+ on \(cluster, namespace, model, platform, server, runtime, version, owner, importance\)[^\n]+/,
    ')',
  ],
  ['fire at once', 'a model that cannot serve pages', /(?<=alert: ModelwatchModelCannotServe\s[^]*?for: )30s/, '0s'],
];

/** The one vector that is made for this: all of them for each mutant would take many minutes. */
function vectorNamed(start: string): RuleVector {
  const [vector, ...more] = RULE_VECTORS.filter(({ name }) => name.startsWith(start));
  if (!vector || more.length > 0) throw new Error(`${start}: expected the beginning of the name of one vector`);
  return vector;
}

describe('vectors', () => {
  it.each(MUTANTS)(
    'notice rules that %s: %s',
    (_what, noticedBy, from, to) => {
      const mutant = RULES.replace(from, to);
      expect(mutant).not.toBe(RULES);
      const { output } = testRules(mutant, [vectorNamed(noticedBy)], INTERVAL_SECONDS);
      // A mutant that is no rule at all would prove nothing.
      expect(output).not.toContain('parse error');
      expect(output).toContain('FAILED');
    },
    30_000
  );
});
