/**
 * Figures by namespace, server and platform. Sums of what is recorded of each model, and of each pod; ratios, means and
 * quantiles are of the sums.
 */
import {
  METRICS,
  RECORDED,
  type AggregateFigure,
  type AggregateLevel,
  type RecordedSeries,
} from '@modelwatch/contract';
import { commonBuckets, quotient, total, type Measures } from './measures';
import { ID, labelled } from './promql';
import { DURATION_BUCKETS } from './quantiles';
import type { RecordingRule } from './types';

const SERVER = 'cluster, namespace, server';
const MODEL_INFO = RECORDED.modelInfo.name;
const SERVER_INFO = RECORDED.serverInfo.name;
const RATE = RECORDED.inferenceRequestsRate.name;
const ERRORS_RATIO = RECORDED.inferenceErrorsRatio.name;
const BUCKETS = RECORDED.namespaceDurationBuckets.name;
const BUCKET_MODELS = RECORDED.namespaceDurationBucketModels.name;

const LEVELS = ['namespace', 'server', 'platform'] as const satisfies readonly AggregateLevel[];
const BY: Record<AggregateLevel, string> = {
  namespace: 'cluster, namespace',
  server: SERVER,
  platform: 'cluster, platform',
};
/** Gives a figure of models the label of the level. */
const OF_MODELS: Record<AggregateLevel, string> = {
  namespace: '',
  server: ` * on (${ID}) group_left (server) ${MODEL_INFO}{server!=""}`,
  platform: ` * on (${ID}) group_left (platform) ${MODEL_INFO}`,
};
/** The same for figures of pods, which have their server. */
const OF_PODS: Record<AggregateLevel, string> = {
  namespace: '',
  server: '',
  platform: ` * on (${SERVER}) group_left (platform) ${SERVER_INFO}`,
};

function rule(level: AggregateLevel, figure: AggregateFigure, expr: string): RecordingRule {
  return { record: RECORDED[`${level}${figure}`].name, expr };
}

/** @param expr one series for each model and label in `keep` */
function ofModels(level: AggregateLevel, expr: string, keep: readonly string[] = []): string {
  return `sum by (${[BY[level], ...keep].join(', ')}) (${expr}${OF_MODELS[level]})`;
}

/** Of the models whose servers count failures: their failures, and their requests. */
function errorsRatio(level: AggregateLevel): string {
  const requests = `sum by (${ID}) (${RATE})`;
  const failed = ofModels(level, `(${ERRORS_RATIO} * on (${ID}) ${requests})`);
  return quotient(failed, ofModels(level, `(${requests} and on (${ID}) ${ERRORS_RATIO})`));
}

function durationMean(measures: Measures, level: AggregateLevel): string {
  const part = (name: 'sum' | 'count') =>
    ofModels(level, total(measures, { family: METRICS.inferenceDuration, part: name }));
  return quotient(part('sum'), part('count'));
}

/** Models with buckets that have requests: the bounds of one that is idle say nothing. */
const HAS_REQUESTS = RECORDED.inferenceDurationP95.name;
const MODEL_BUCKETS = `(${DURATION_BUCKETS} and on (${ID}) ${HAS_REQUESTS})`;

/**
 * Kinds of server have bounds of their own. A bucket that only some have would count their requests and no other's, and the
 * quantile would be made up; so those that all have are taken.
 */
function durationP95(level: AggregateLevel): string {
  const by = BY[level];
  if (level === 'server') {
    const placed = (ofModel: string) => `(${ofModel}${OF_MODELS[level]})`;
    return `histogram_quantile(0.95, ${commonBuckets(by, placed(MODEL_BUCKETS), placed(HAS_REQUESTS))}) >= 0`;
  }
  const models = `sum by (${by}, le) (${BUCKET_MODELS})`;
  return `histogram_quantile(0.95,
  sum by (${by}, le) (${BUCKETS})
  and on (${by}, le)
  (${models} == on (${by}) group_left () max by (${by}) (${models}))
) >= 0`;
}

/** The buckets of all models are read once for namespaces and platforms together. */
function bucketRules(): RecordingRule[] {
  const by = 'cluster, namespace, platform, le';
  const placed = `${MODEL_BUCKETS}${OF_MODELS.platform}`;
  return [
    { record: BUCKETS, expr: `sum by (${by}) (${placed})` },
    { record: BUCKET_MODELS, expr: `count by (${by}) (${placed})` },
  ];
}

function each(figure: AggregateFigure, expr: (level: AggregateLevel) => string): RecordingRule[] {
  return LEVELS.map((level) => rule(level, figure, expr(level)));
}

/** They read every bucket of every model four times: 150,000 series at 10,000 models. */
export function quantileAggregateRules(): RecordingRule[] {
  return [...bucketRules(), ...each('DurationP95', durationP95)];
}

export function inferenceAggregateRules(measures: Measures): RecordingRule[] {
  return [
    ...each('RequestsRate', (level) => ofModels(level, RATE, ['outcome'])),
    ...each('ErrorsRatio', errorsRatio),
    ...each('DurationMean', (level) => durationMean(measures, level)),
    ...each('Running', (level) => ofModels(level, RECORDED.inferenceRunning.name)),
    ...each('Waiting', (level) => ofModels(level, RECORDED.inferenceWaiting.name)),
  ];
}

/** Transformers and explainers are servers of pods, but not of models; their platform is that of their model. */
function serverInfo(): string {
  const shown = `group by (${SERVER}, platform, server_type) (${METRICS.serverInfo.name})`;
  const beside = `group by (${SERVER}, platform) (
    group by (${ID}, server) (${METRICS.modelPodInfo.name}) * on (${ID}) group_left (platform) ${MODEL_INFO}
  )`;
  return `topk by (${SERVER}) (1,
  ${shown}
  or on (${SERVER})
  ${labelled(beside, 'server_type', 'other')}
)`;
}

const POD_FIGURES: readonly (readonly [AggregateFigure, RecordedSeries])[] = [
  ['Cpu', RECORDED.podCpu],
  ['Memory', RECORDED.podMemory],
  ['GpusBusy', RECORDED.podGpusBusy],
  ['GpuMemoryUsed', RECORDED.podGpuMemoryUsed],
];

export function resourceAggregateRules(): RecordingRule[] {
  return [
    { record: SERVER_INFO, expr: serverInfo() },
    ...POD_FIGURES.flatMap(([figure, { name }]) =>
      LEVELS.map((level) => rule(level, figure, `sum by (${BY[level]}) (${name}${OF_PODS[level]})`))
    ),
  ];
}
