/** Whatever exporters say, each model has one health, and green is only what a synced exporter called serving. */
import { SERVING_STATES, type ServingState } from '@modelwatch/contract';
import { renderRules } from '../../exporter/src/rules';
import { groupsNamed, testRules, type RuleVector } from '../support/promtool';
import { INTERVAL_SECONDS, tell, type Story } from './vectors';

const RULES = groupsNamed(renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS }), 'modelwatch-health');
const STEPS = 30;

/** Numbers from 0 to below 1, the same for the same seed (a linear congruential generator). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Exporter {
  readonly instance: string;
  readonly namespace: string;
  readonly shard?: Story['shard'];
}

const PAIR: readonly Exporter[] = ['a', 'b'].map((instance) => ({ instance, namespace: 'ns' }));
/** Shard N has the namespace N. */
const shards = (replicas: readonly string[]): Exporter[] =>
  [0, 1, 2].flatMap((shard) =>
    replicas.map((replica) => ({
      instance: `${replica}${shard}`,
      namespace: String(shard),
      shard: [shard, 3] as const,
    }))
  );
const WAYS: readonly (readonly [string, readonly Exporter[]])[] = [
  ['one exporter', PAIR.slice(0, 1)],
  ['a pair', PAIR],
  ['three shards', shards(['a'])],
  ['three shards of two replicas', shards(['a', 'b'])],
];

/** Exporters that lose models, sync and each other at random. */
function randomVector(seed: number, exporters: readonly Exporter[]): RuleVector {
  const next = chance(seed);
  const input: Record<string, string> = {};
  for (const { instance, namespace, shard } of exporters) {
    const synced = Array.from({ length: STEPS }, () => (next() < 0.15 ? ('stale' as const) : next() < 0.3 ? 0 : 1));
    for (const model of ['m', 'n', 'o']) {
      const states: [ServingState | 'gone', number][] = synced.map((up) => {
        const state = SERVING_STATES[Math.floor(next() * SERVING_STATES.length)];
        return [up === 'stale' || next() < 0.1 || !state ? 'gone' : state, 1];
      });
      const story: Story = {
        target: `job="modelwatch", instance="${instance}"`,
        ...(shard ? { shard } : {}),
        namespace,
        model,
        states,
        synced: synced.map((value) => [value, 1] as const),
        observedAge: next() < 0.2 ? 500 : 10,
      };
      Object.assign(input, tell(story));
    }
  }
  const times = Array.from({ length: STEPS }, (_, step) => `${step * INTERVAL_SECONDS}s`);
  const ID = 'cluster, namespace, model';
  const never = [
    `count by (${ID}) (modelwatch:model_health == 1) != 1`,
    `count by (${ID}) (modelwatch:model_health) != 7`,
    `count by (${ID}) (modelwatch:model_serving == 1) != 1`,
    `modelwatch_model_serving unless on (${ID}) modelwatch:model_health`,
    `count by (${ID}, channel) (modelwatch:model_channel) != 1`,
    `(modelwatch:model_health{health="healthy"} == 1) unless on (${ID}) (modelwatch:model_serving{state="serving"} == 1)`,
    `(modelwatch:model_health{health="healthy"} == 1) and on (${ID}) (time() - modelwatch:model_last_observed_timestamp_seconds > 210)`,
    ...(exporters[0]?.shard ? ofShards() : []),
  ];
  return {
    name: `seed ${seed}`,
    input,
    expect: times.flatMap((at) => never.map((expr) => ({ expr, at, samples: {} }))),
  };
}

/** What a shard does not show is only gone when it says so itself, and never healthy when nobody asked it for long. */
function ofShards(): string[] {
  const withShard = (expr: string) => `label_replace(${expr}, "shard", "$1", "namespace", "(.)")`;
  const synced = 'modelwatch_exporter_synced';
  return [
    `(${withShard('modelwatch:model_health offset 30s')} unless on (shard) (${synced} == 1)) unless on (namespace, model) modelwatch:model_health`,
    `${withShard('(modelwatch:model_health{health="healthy"} == 1)')} unless on (shard) max_over_time(${synced}[75s])`,
  ];
}

const SEEDS = [1, 2, 3, 4];
it.each(WAYS.flatMap(([what, exporters]) => SEEDS.map((seed) => [what, seed, exporters] as const)))(
  'one health per model at every evaluation, from %s, seed %d',
  (_what, seed, exporters) => {
    expect(testRules(RULES, [randomVector(seed, exporters)], INTERVAL_SECONDS).output).toContain('SUCCESS');
  }
);
