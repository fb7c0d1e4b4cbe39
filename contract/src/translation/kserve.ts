/**
 * KServe's Python server (facts recorded from 0.21.0): sklearn, xgboost, lightgbm, paddle, pmml, Hugging Face and custom
 * models. It has no counter of requests or errors: it times the steps of a request. `predict` and `explain` end with an
 * observation also when they fail, and `postprocess` follows only on success, so it counts the successes, and what it
 * lacks are the failures. Whose fault one was is not said. A failure in postprocess itself passes for a success, and
 * requests that fail before predict (malformed, refused by preprocess) are counted nowhere.
 *
 * `predict` is the model's own work: execution. A request takes its steps one after the other, so their sums together
 * are its duration; buckets of it cannot be had, since buckets of steps do not add up.
 *
 * The Hugging Face server may run vLLM inside; its metrics then stand on the same page.
 */
import type { FamilyTranslation, ServerTranslation } from './types';
import { VLLM_ENGINE } from './vllm';

/** The step in which the model works; a request has one of them. */
const work = (step: 'predict' | 'explain'): FamilyTranslation => ({
  family: `request_${step}_seconds`,
  type: 'histogram',
  to: [{ histogram: 'execution' }, { histogram: 'duration', part: 'sum' }, { histogram: 'duration', part: 'count' }],
});

export const KSERVE_TRANSLATION: ServerTranslation = {
  modelLabels: ['model_name'],
  versionLabels: [],
  families: [
    { family: 'request_preprocess_seconds', type: 'histogram', to: [{ histogram: 'duration', part: 'sum' }] },
    work('predict'),
    work('explain'),
    {
      family: 'request_postprocess_seconds',
      type: 'histogram',
      to: [{ requests: 'success' }, { histogram: 'duration', part: 'sum' }],
    },
  ],
  differences: [
    {
      of: ['request_predict_seconds_count', 'request_explain_seconds_count'],
      less: ['request_postprocess_seconds_count'],
      inFlight: true,
      to: { requests: 'unknown' },
    },
  ],
  engines: [VLLM_ENGINE],
  capabilities: ['requests', 'outcomes', 'duration', 'execution'],
};
