/** The vectors of signals are worth what they catch: each change of a rule below must make the one named fail. */
import { testRules } from '../support/promtool';
import { SIGNAL_SETS } from './vectors/signal-sets';

type Mutant = readonly [what: string, noticedBy: string, from: string | RegExp, to: string];

const OF_SIGNALS: readonly Mutant[] = [
  ['take more memory', 'memory near its limit', />= 0\.9/, '> 0.9'],
  ['see no kills', 'one that was killed', /or modelwatch:model_oom_kills:1h > 0/, ''],
  ['wait for a fourth restart', 'three restarts', />= 3 or/, '> 3 or'],
  ['hold back longer', 'CPU that is held back', />= 0\.25/, '> 0.25'],
  ['call few requests traffic', 'no requests where there were few', />= 25\) and/, '>= 1) and'],
  ['wait for what is idle', 'no requests to a model that is idle', /state!~"idle\|progressing"/, 'state!~"none"'],
  ['compare with an hour ago', 'no requests where there were some', /\[1h\] offset 1d/, '[1h]'],
  ['count GPUs that nobody has', 'no GPUs and no request', /gpus_requested\) > 0/, 'gpus_requested) >= 0'],
  ['be patient with GPUs', 'GPUs without a request', /> 86400/, '> 90001'],
  [
    'call twice a spike',
    'more than three times',
    /> on \(cluster, namespace, model\) 3 \*/,
    '> on (cluster, namespace, model) 2 *',
  ],
  ['call little a spike', 'three times next to nothing', /(offset 1h\) and [^\n]*) >= 25/, '$1 >= 1'],
  ['measure a spike by itself', 'a rate that the last hour had', /\[1d\] offset 1h/, '[1d]'],
  [
    'add up exporters',
    'a consumer more',
    /max by \(cluster, namespace, model\) \(modelwatch_consumers/,
    'min by (cluster) (modelwatch_consumers',
  ],
  ['trust estimates', 'an estimate that is no more', /1\.1\d* \*/, '1 *'],
  ['take a level for a burst', 'many values out of range as', /> 5 \*/, '> 0 *'],
  ['judge few predictions', 'values out of range of few', />= 100/, '>= 1'],
  ['leave out values below', 'values out of range all at once', /bin=~"below\|above"/, 'bin=~"below"'],
  [
    'count one reason',
    'twenty logins',
    /web_auth_failures_total\[10m\]/,
    'web_auth_failures_total{reason="wrong_password"}[10m]',
  ],
  ['miss the first failure', 'a response that fails', /or modelwatch_responder_decisions_total[^)]*/, ''],
];

const OF_REFUSALS: readonly Mutant[] = [
  ['call a quota no refusal', 'one answer in ten', /\{code!="other"\}/, '{code!~"other|429"}'],
  ['add up exporters', 'one answer in ten', /max( by \([^)]*, code\) \(rate\(modelwatch_inference_responses)/, 'sum$1'],
  [
    'believe the servers alone',
    'what the proxy refuses',
    /unless on \(cluster, namespace, model, replica\)/,
    'and on (cluster, namespace, model, replica)',
  ],
  ['call two many', 'two refusals', /(inference_responses_rate:5m\)) >= 25/, '$1 >= 1'],
  ['leave out pipelines', 'a pipeline, by one', /pipeline_refused_ratio:5m >= 0.1/, 'pipeline_refused_ratio:5m > 1'],
];

const OF_REPLACEMENTS: readonly Mutant[] = [
  [
    'call a rollout a change',
    'another image, which',
    / and on \(cluster, namespace, server, container_name, image\) group by \([^)]*\) \(last_over_time\([^)]*\)\)/,
    '',
  ],
  ['look back ten minutes', 'one digest of two', /\[1h\] offset 1m/g, '[10m] offset 1m'],
  ['forget it within an hour', 'another digest under', /> time\(\) - 86400/, '> time() - 3600'],
  [
    'call a deployment a change',
    'a deployment, which',
    / <= on \(cluster, namespace, model\) group_left \(\) max by \([^)]*\) \(max_over_time\([^)]*\)\)/,
    '',
  ],
];

it.each([
  ['signals', OF_SIGNALS],
  ['refusals', OF_REFUSALS],
  ['replacements', OF_REPLACEMENTS],
] as const)(
  'are each needed: without one a vector of %s fails',
  (name, mutants) => {
    const { rules, vectors, seconds } = SIGNAL_SETS[name];
    const unnoticed = mutants.filter(([what, noticedBy, from, to]) => {
      const mutant = rules.replace(from, to);
      if (mutant === rules) throw new Error(`${what}: expected a rule that it changes`);
      const named = vectors.filter((vector) => vector.name.startsWith(noticedBy));
      if (named.length !== 1) throw new Error(`${noticedBy}: expected the beginning of the name of one vector`);
      const { output } = testRules(mutant, named, seconds);
      return output.includes('parse error') || !output.includes('FAILED');
    });
    expect(unnoticed.map(([what]) => what)).toEqual([]);
  },
  120_000
);
