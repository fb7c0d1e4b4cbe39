/**
 * What the shipped rules must make of what exporters say, in time. One sample every 30 s, so value N is at N * 30 s.
 * Data is stale after 210 s.
 */
import { HEALTH_STATES, SERVING_STATES, type HealthState, type ServingState } from '@modelwatch/contract';
import type { Expectation } from '../../support/promtool';

export const INTERVAL_SECONDS = 30;
/** Long enough for every alert to fire. */
export const STEPS = 50;

/** One series of promtool: each part is a value and how many samples it lasts; `_` is no sample, `stale` the mark. */
type Part = readonly [value: number | '_' | 'stale', samples: number];

export function values(parts: readonly Part[]): string {
  const all = parts.flatMap(([value, samples]) => Array.from({ length: samples }, () => String(value)));
  return all.join(' ');
}

export interface Story {
  /** Labels that scraping attaches. */
  readonly target?: string;
  readonly namespace?: string;
  readonly model?: string;
  /** State and how many samples it lasts; `gone`: the exporter does not show the model. */
  readonly states: readonly (readonly [ServingState | 'gone', number])[];
  readonly synced?: readonly Part[];
  /** Age of the confirmation in each sample; absent: no confirmation. */
  readonly observedAge?: number | undefined;
  readonly reason?: string;
  /** Which shard the exporter is, and of how many. */
  readonly shard?: readonly [shard: number, total: number];
}

const TARGET = 'job="modelwatch", instance="a:8780"';

/** Samples of a series that ends with a staleness mark whenever the model or exporter goes, as a real scrape writes it. */
function follow(story: Story, value: (state: ServingState, step: number) => number | undefined): string {
  const samples: string[] = [];
  let step = 0;
  let shown = false;
  for (const [state, count] of story.states) {
    for (let index = 0; index < count; index += 1, step += 1) {
      const sample = state === 'gone' ? undefined : value(state, step);
      samples.push(sample === undefined ? (shown ? 'stale' : '_') : String(sample));
      shown = sample !== undefined;
    }
  }
  return samples.join(' ');
}

/** The series that an exporter shows of one model. */
export function tell(story: Story): Record<string, string> {
  const target = story.target ?? TARGET;
  const id = `namespace="${story.namespace ?? 'ns'}", model="${story.model ?? 'm'}"`;
  const series: Record<string, string> = {};
  for (const state of SERVING_STATES) {
    series[`modelwatch_model_serving{${id}, state="${state}", ${target}}`] = follow(story, (now) =>
      now === state ? 1 : 0
    );
  }
  if (!('observedAge' in story) || story.observedAge !== undefined) {
    const age = story.observedAge ?? 5;
    series[`modelwatch_model_last_observed_timestamp_seconds{${id}, ${target}}`] = follow(
      story,
      (_state, step) => step * INTERVAL_SECONDS - age
    );
  }
  if (story.reason) {
    series[`modelwatch_model_serving_reason{${id}, reason="${story.reason}", ${target}}`] = follow(story, (state) =>
      state === 'serving' ? undefined : 1
    );
  }
  const untilGone: Part[] = story.states.map(([state, count]) => [state === 'gone' ? 'stale' : 1, count]);
  const synced = story.synced ?? untilGone;
  const [shard, total] = story.shard ?? [0, 1];
  const place = total === 1 ? '' : `shard="${shard}", total_shards="${total}", `;
  series[`modelwatch_exporter_synced{${place}${target}}`] = values(synced);
  series[`modelwatch_exporter_total_shards{${target}}`] = values(
    synced.map(([value, samples]) => [typeof value === 'number' ? total : value, samples])
  );
  return series;
}

/** At `at` exactly this health holds, of exactly seven. */
export function healthIs(at: string, health: HealthState, matchers = 'model="m"', cluster = ''): Expectation[] {
  const id = `${cluster ? `cluster="${cluster}", ` : ''}model="m", namespace="ns"`;
  return [
    {
      expr: `modelwatch:model_health{${matchers}} == 1`,
      at,
      samples: { [`modelwatch:model_health{${id}, health="${health}"}`]: 1 },
    },
    {
      expr: `count by (cluster, namespace, model) (modelwatch:model_health{${matchers}})`,
      at,
      samples: { [`{${id}}`]: HEALTH_STATES.length },
    },
  ];
}

export function noHealth(at: string): Expectation {
  return { expr: 'modelwatch:model_health', at, samples: {} };
}

/** Labels of one exporter, of a second, and as the Prometheus Operator attaches them. */
export const A = TARGET;
export const B = 'job="modelwatch", instance="b:8780"';
export const OPERATOR =
  'job="modelwatch", instance="10.0.0.7:8780", pod="modelwatch-0", service="modelwatch", endpoint="http", container="exporter"';

/** What the server of a replica can say of its requests, for as many samples as there are, or as `values` has it. */
export function says(
  replica: string,
  capabilities: readonly string[],
  target = A,
  shown: (value: number) => string = (value) => `${value}x${STEPS}`
): Record<string, string> {
  const all = ['outcomes', 'error_sides'].map((capability) => {
    const labels = `namespace="ns", server="s", replica="${replica}", capability="${capability}", ${target}`;
    return [`modelwatch_inference_capability{${labels}}`, shown(Number(capabilities.includes(capability)))];
  });
  return Object.fromEntries(all) as Record<string, string>;
}
export const EVERYTHING = ['outcomes', 'error_sides'];
