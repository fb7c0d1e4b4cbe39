/** The vectors of objectives are worth what they catch: each change of a rule below must make the one named fail. */
import { testRules } from '../support/promtool';
import { SLO_INTERVAL_SECONDS, SLO_RULES, SLO_VECTORS } from './vectors/slo';

const REFERENCE = 'the vectors of the reference';
const LIFE = 'what is declared, counted and seen';
const KINDS = 'every kind of indicator';
const BUDGETS = 'budgets burn';
const BY = '\\(cluster, namespace, model, pipeline, slo\\)';

const MUTANTS: readonly (readonly [what: string, noticedBy: string, from: string | RegExp, to: string])[] = [
  [
    'page by any number of events',
    REFERENCE,
    /modelwatch:slo_burn_min_events <= on/g,
    '0 * modelwatch:slo_burn_min_events <= on',
  ],
  [
    'page by the long window alone',
    REFERENCE,
    /\(modelwatch:slo_burn_rate_threshold < on/,
    '(modelwatch:slo_burn_rate_threshold != on',
  ],
  [
    'page by the short window alone',
    REFERENCE,
    /"long", "\$1", "window", "\(\.\+\)"\) > on/,
    '"long", "$$1", "window", "(.+)") != on',
  ],
  ['divide by nothing', REFERENCE, /\(modelwatch:slo_events_rate > 0\)/g, 'modelwatch:slo_events_rate'],
  [
    'divide by nothing in an hour',
    REFERENCE,
    '(modelwatch:slo_events{window="1h"} > 0)',
    'modelwatch:slo_events{window="1h"}',
  ],
  [
    'divide by nothing in a budget',
    REFERENCE,
    '(modelwatch:slo_events{window="30d"} > 0)',
    'modelwatch:slo_events{window="30d"}',
  ],
  [
    'forget who never failed',
    REFERENCE,
    /"server_error\|unknown"}\) or 0 \* sum/g,
    '"server_error|unknown"}) or 0 < sum',
  ],
  ['alert at once', REFERENCE, /for: 2m/g, 'for: 0s'],
  [
    'average ratios',
    REFERENCE,
    /60 \* sum_over_time\(modelwatch:slo_bad_events_rate\[3599999ms\]\)/,
    '0 * modelwatch:slo_bad_events_rate + 60 * sum_over_time((modelwatch:slo_bad_events_rate / (modelwatch:slo_events_rate > 0))[1h:1m])',
  ],
  [
    'judge slices by any failure',
    REFERENCE,
    /\(1 - max by [^\n]+slo_slice_target_ratio\)\)/,
    '(0 * max by (cluster, namespace, model, pipeline, slo) (modelwatch_slo_slice_target_ratio) - 1)',
  ],
  ['call met what had no events', REFERENCE, / >= 1\)\) or \(modelwatch:slo_info/, ' >= 0)) or (modelwatch:slo_info'],

  [
    'end a page in silence',
    LIFE,
    /modelwatch:slo_state\{state="page"\} unless on/,
    'modelwatch:slo_state{state="none"} unless on',
  ],
  [
    'keep what a synced exporter does not say',
    LIFE,
    /unless on \(cluster, namespace\) \(modelwatch:namespace_shard[\s\S]*?modelwatch_exporter_total_shards\)\)\)\)/,
    ')',
  ],
  ['forget objectives with their exporter', LIFE, /\(\(modelwatch:slo_info unless on/, '((modelwatch:slo_info and on'],
  [
    'forget objectives but not their names',
    LIFE,
    /\(modelwatch:slo_objective_ratio unless on/,
    '(modelwatch:slo_objective_ratio and on',
  ],
  ['choose two of what exporters say', LIFE, /topk by (\([^)]+\)) \(1,/, 'topk by $1 (2,'],
  [
    'notice no silence',
    LIFE,
    /present_over_time\(modelwatch:slo_events_rate\[150s\]\)/,
    'present_over_time(modelwatch:slo_events_rate[1d])',
  ],
  ['say at once that nobody knows', LIFE, /for: 10m/, 'for: 9m'],
  ['count for objectives that are gone', LIFE, /(slo_events_rate\[3599999ms\]\))\n +and on [^\n]+slo_info/, '$1'],
  ['call nothing spent by two failures', LIFE, /> 1\.5/, '> 1500'],

  ['blame servers for errors of clients', KINDS, /"server_error\|unknown"/g, '"server_error|unknown|client_error"'],
  [
    'judge by servers that tell nothing',
    KINDS,
    /and on \(cluster, namespace, model\) \(modelwatch:inference_capability\{capability="outcomes"\} == 1\)\)\)/g,
    '))',
  ],
  [
    'judge a pipeline by half its requests',
    KINDS,
    /unless on \(cluster, namespace, pipeline\) \(sum/g,
    'unless on (cluster, namespace, pipeline) (0 * sum',
  ],
  [
    'blame replicas without the bound',
    KINDS,
    /\(0 \* modelwatch:slo_replica_fast_rate:5m\{indicator="latency", seen_by="server"\} \+ on (\([^)]+\)) group_left \(\) max/g,
    '(0 * modelwatch:slo_replica_fast_rate:5m{indicator="latency", seen_by="server"} + on $1 group_left () 2 * max',
  ],
  [
    'add proxies to servers that have the bound',
    KINDS,
    /\n +unless on \(cluster, namespace, model, le\) modelwatch:slo_replica_fast_rate:5m[^\n]+/,
    '',
  ],
  [
    'wait for data of a model that is asleep',
    KINDS,
    new RegExp(`unless on ${BY} \\(modelwatch:slo_info\\{model!=""\\} and on [^\\n]+"idle"\\} == 1\\)\\)\\)`, 'g'),
    ')',
  ],
  [
    'judge drift without rows',
    KINDS,
    /0 \* \((group by [^\n]+"drift", model!=""\}\)[^\n]+too_little_data"\}\))\)/g,
    '1 * ($1)',
  ],
  [
    'call met what nobody can judge any more',
    KINDS,
    /modelwatch:slo_events\{window="1h"\} == 0\)\)\), "state", "too_little_data"/,
    'modelwatch:slo_events{window="1h"} < 0))), "state", "too_little_data"',
  ],
  ['lose who has too few rows', KINDS, /status=~"too_little_data"/g, 'status=~"none"'],
  [
    'score in any window',
    KINDS,
    / and on \(cluster, namespace, model, window\) modelwatch:accuracy_settings_info/g,
    '',
  ],
  ['mix currencies', KINDS, /\(cluster, namespace, model, currency\) \(rate/g, '(cluster, namespace, model) (rate'],
  ['forget predictions that cost nothing', KINDS, /\[5m\]\)\) == 0\)/g, '[5m])) == 1)'],

  ['say fine of the worse of two', BUDGETS, /state=~"spent\|ticket"/, 'state=~"none"'],
  [
    'end a ticket when the budget is spent',
    BUDGETS,
    /modelwatch:slo_state\{state="spent"\} and on/g,
    'modelwatch:slo_state{state="none"} and on',
  ],
  [
    'count nothing of an outage',
    LIFE,
    /modelwatch:model_serving\{state="failed"\} == 1/g,
    'modelwatch:model_serving{state="failed"} == 2',
  ],
  ['take the owner of the model', BUDGETS, /modelwatch:slo_info\{owner!=""\}/g, 'modelwatch:slo_info{owner="none"}'],
  [
    'promise time while nothing burns',
    BUDGETS,
    /\(modelwatch:slo_burn_rate\{window="1h"\} > 0\)/g,
    '(modelwatch:slo_burn_rate{window="1h"} >= 0)',
  ],
];

it.each(MUTANTS)(
  'vectors notice rules that %s: %s',
  (_what, noticedBy, from, to) => {
    const mutant = SLO_RULES.replace(from, to);
    expect(mutant).not.toBe(SLO_RULES);
    const [vector, ...more] = SLO_VECTORS.filter(({ name }) => name.startsWith(noticedBy));
    if (!vector || more.length > 0) throw new Error(`${noticedBy}: expected the beginning of the name of one vector`);
    const { output } = testRules(mutant, [vector], SLO_INTERVAL_SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  60_000
);
