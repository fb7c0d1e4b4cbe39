/** What language models have beside the rest: tokens, and a cache that can be full. */
import { RECORDED } from '@modelwatch/contract';
import { MODEL_BY, recordedFigure, type Figure, type FigureKindTable } from './figure';

const SECONDS = 's';
const RATIO = 'percentunit';
const TOKENS_PER_SECOND = 'tokens/s';

const ofModel = (
  series: { name: string; help: string },
  label: string,
  unit: string,
  thresholds?: Figure['thresholds']
) => recordedFigure(series, MODEL_BY, label, unit, thresholds);

const FIGURES = {
  tokens: recordedFigure(
    RECORDED.inferenceTokensRate,
    [...MODEL_BY, 'direction'],
    'Tokens per second',
    TOKENS_PER_SECOND
  ),
  first_token_mean: ofModel(RECORDED.inferenceTimeToFirstTokenMean, 'Time to first token, mean', SECONDS),
  first_token_p50: ofModel(RECORDED.inferenceTimeToFirstTokenP50, 'Time to first token, median', SECONDS),
  first_token_p95: ofModel(RECORDED.inferenceTimeToFirstTokenP95, 'Time to first token, 95th percentile', SECONDS),
  first_token_p99: ofModel(RECORDED.inferenceTimeToFirstTokenP99, 'Time to first token, 99th percentile', SECONDS),
  inter_token_mean: ofModel(RECORDED.inferenceInterTokenMean, 'Time between tokens, mean', SECONDS),
  inter_token_p50: ofModel(RECORDED.inferenceInterTokenP50, 'Time between tokens, median', SECONDS),
  inter_token_p95: ofModel(RECORDED.inferenceInterTokenP95, 'Time between tokens, 95th percentile', SECONDS),
  // Above nine tenths a server begins to put requests aside.
  kv_cache: ofModel(RECORDED.inferenceKvCacheUsage, 'KV cache in use', RATIO, { warning: 0.9, critical: 0.98 }),
  prefix_cache_hits: ofModel(RECORDED.inferencePrefixCacheHitRatio, 'Prefix cache hit rate', RATIO),
  preemptions: ofModel(RECORDED.inferencePreemptionsRate, 'Requests put aside per second', 'reqps'),
  finished: recordedFigure(
    RECORDED.inferenceFinishedRate,
    [...MODEL_BY, 'reason'],
    'Ended answers per second by reason',
    'reqps'
  ),
  running: ofModel(RECORDED.inferenceRunning, 'Requests being worked on', 'short'),
  waiting: ofModel(RECORDED.inferenceWaiting, 'Requests waiting', 'short'),
} as const satisfies Record<string, Figure>;

export const LANGUAGE_MODELS: FigureKindTable<keyof typeof FIGURES> = {
  label: 'Language models',
  description: 'Tokens, time to first token, caches and waiting requests of language models',
  figures: FIGURES,
  fallback: 'tokens',
  filters: ['cluster', 'namespace', 'model', 'platform', 'health', 'server'],
  ofModels: true,
};
