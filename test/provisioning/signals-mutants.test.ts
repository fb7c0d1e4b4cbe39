/** The vectors of signals are worth what they catch: each change of a rule below must make the one named fail. */
import { buildRules, renderGroups } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { SIGNALS_INTERVAL_SECONDS, SIGNALS_VECTORS } from './vectors/signals';

const OPTIONS = { intervalSeconds: 30, driftIntervalSeconds: 240 };
const GROUPS = buildRules(OPTIONS).filter(({ name }) => name.startsWith('modelwatch-signals'));
/** As seldom as there are samples: the rules look back hours, and days. */
const RULES = renderGroups(
  'prometheus',
  GROUPS.map((group) => ({ ...group, intervalSeconds: SIGNALS_INTERVAL_SECONDS })),
  OPTIONS
  // Fixed texts, which say nothing of whether it fires.
).replace(/^ +annotations:\n( +\w+: .*\n)+/gm, '');

const MUTANTS: readonly (readonly [what: string, noticedBy: string, from: string | RegExp, to: string])[] = [
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

it('are each needed: without one a vector fails', () => {
  const unnoticed = MUTANTS.filter(([what, noticedBy, from, to]) => {
    const mutant = RULES.replace(from, to);
    if (mutant === RULES) throw new Error(`${what}: expected a rule that it changes`);
    const vectors = SIGNALS_VECTORS.filter(({ name }) => name.startsWith(noticedBy));
    if (vectors.length !== 1) throw new Error(`${noticedBy}: expected the beginning of the name of one vector`);
    const { output } = testRules(mutant, vectors, SIGNALS_INTERVAL_SECONDS);
    return output.includes('parse error') || !output.includes('FAILED');
  });
  expect(unnoticed.map(([what]) => what)).toEqual([]);
}, 120_000);
