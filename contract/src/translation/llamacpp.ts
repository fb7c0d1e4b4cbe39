/**
 * llama.cpp server (facts recorded from 2026-10, build 11549; `kv_cache_usage_ratio` is of older builds). Its series have
 * no labels: they are of its only model. It counts tokens, not requests and not errors.
 *
 * `prompt_tokens_total` leaves out what came from the cache, which is counted apart. `n_tokens_max` is a maximum typed as
 * a counter, and `prompt_tokens_seconds` and `predicted_tokens_seconds` are tokens per second: neither is used. Its total
 * seconds have no count of requests beside them, so no duration comes of them.
 */
import type { ServerTranslation } from './types';

export const LLAMACPP_TRANSLATION: ServerTranslation = {
  modelLabels: [],
  versionLabels: [],
  modelNames: 'path',
  families: [
    {
      family: 'llamacpp:prompt_tokens_total',
      type: 'counter',
      to: [{ tokens: 'prompt' }, { number: 'prefixCacheQueries', combine: 'add' }],
    },
    {
      family: 'llamacpp:prompt_tokens_cached_total',
      type: 'counter',
      to: [
        { tokens: 'prompt' },
        { number: 'prefixCacheQueries', combine: 'add' },
        { number: 'prefixCacheHits', combine: 'add' },
      ],
    },
    { family: 'llamacpp:tokens_predicted_total', type: 'counter', to: [{ tokens: 'generated' }] },
    { family: 'llamacpp:requests_processing', type: 'gauge', to: [{ number: 'running', combine: 'add' }] },
    { family: 'llamacpp:requests_deferred', type: 'gauge', to: [{ number: 'waiting', combine: 'add' }] },
    { family: 'llamacpp:kv_cache_usage_ratio', type: 'gauge', to: [{ number: 'kvCacheUsage', combine: 'highest' }] },
  ],
  capabilities: ['running_requests', 'waiting_requests', 'tokens', 'prefix_cache'],
};
