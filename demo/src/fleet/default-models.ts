/** The 28 models that everybody sees first. The first six are those that the scenarios happen to. */
import type { SlowModel } from '../types';
import type { Platform } from './plan';

export interface Seat {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly platform: Platform;
  readonly server: string;
  readonly version?: number;
  readonly framework?: string;
  readonly knative?: boolean;
  readonly llm?: boolean;
  readonly transformer?: boolean;
  readonly canary?: { readonly name: string; readonly percent: number };
  readonly requestsPerSecond?: number;
  readonly medianSeconds?: number;
}

function seldon(namespace: string, name: string, replicas: number, more: Partial<Seat> = {}): Seat {
  return { namespace, name, replicas, platform: 'seldon', server: 'mlserver', ...more };
}

function kserve(namespace: string, name: string, replicas: number, more: Partial<Seat> & { server: string }): Seat {
  return { namespace, name, replicas, platform: 'kserve', ...more };
}

function standalone(namespace: string, name: string, server: string, more: Partial<Seat> = {}): Seat {
  return { namespace, name, replicas: 1, platform: 'standalone', server, ...more };
}

/**
 * What their owners call slow, as only the configuration of an exporter can say. Envoy has buckets for the first two,
 * TensorFlow Serving for the third, vLLM for the last: a whole answer, not its first token.
 */
export const SLOW_MODELS: readonly SlowModel[] = [
  { namespace: 'growth', name: 'churn-v2', slowSeconds: 0.1 },
  { namespace: 'payments', name: 'kyc-documents', slowSeconds: 1 },
  { namespace: 'growth', name: 'image-tags', slowSeconds: 0.1 },
  { namespace: 'support', name: 'toxicity-filter', slowSeconds: 5 },
];

export const DEFAULT_MODELS: readonly Seat[] = [
  // Its own server: what kills it kills nothing else.
  seldon('payments', 'fraud-scorer', 3, { server: 'fraud-mlserver', version: 14, requestsPerSecond: 46 }),
  seldon('payments', 'chargeback-risk', 2, { version: 6, requestsPerSecond: 5.4 }),
  seldon('growth', 'churn-v2', 3, { server: 'triton', version: 2, requestsPerSecond: 12, medianSeconds: 0.021 }),
  kserve('logistics', 'demand-forecast', 2, { server: 'kserve-sklearnserver', framework: 'sklearn' }),
  // Its own server: one model that loads makes the whole server answer "not ready".
  seldon('growth', 'next-best-offer', 4, { server: 'offers-mlserver', version: 7, requestsPerSecond: 21 }),
  seldon('support', 'translate-batch', 1, { version: 3, requestsPerSecond: 0.6, medianSeconds: 0.35 }),

  seldon('payments', 'aml-triage', 2),
  seldon('payments', 'card-limit', 3, { requestsPerSecond: 31 }),
  seldon('payments', 'iban-match', 1),
  seldon('payments', 'kyc-documents', 2, { server: 'triton', medianSeconds: 0.18, requestsPerSecond: 5.2 }),
  seldon('payments', 'payout-timing', 1),
  seldon('logistics', 'eta-courier', 4, { requestsPerSecond: 38 }),
  kserve('logistics', 'damage-vision', 2, {
    server: 'kserve-mlserver',
    framework: 'mlflow',
    transformer: true,
    canary: { name: 'distilled', percent: 20 },
  }),
  seldon('logistics', 'parcel-dims', 1),
  seldon('logistics', 'returns-reason', 1),
  seldon('logistics', 'route-cost', 3),
  standalone('support', 'summary-llm', 'llm-triton', { requestsPerSecond: 0.9, medianSeconds: 0.8 }),
  seldon('support', 'intent-router', 3, { requestsPerSecond: 17 }),
  seldon('support', 'ticket-priority', 1),
  kserve('support', 'toxicity-filter', 1, {
    server: 'llm',
    framework: 'vllm',
    llm: true,
    requestsPerSecond: 3.2,
    medianSeconds: 0.9,
  }),
  seldon('growth', 'ltv-forecast', 1, { requestsPerSecond: 0.02 }),
  kserve('growth', 'email-ranker', 2, { server: 'kserve-xgbserver', framework: 'xgboost', knative: true }),
  standalone('growth', 'lead-score', 'crm-mlserver', { requestsPerSecond: 2.2 }),
  seldon('growth', 'upsell-propensity', 2),
  kserve('logistics', 'label-reader', 2, {
    server: 'kserve-torchserve',
    framework: 'pytorch',
    requestsPerSecond: 4.5,
    medianSeconds: 0.06,
  }),
  kserve('growth', 'image-tags', 2, {
    server: 'kserve-tensorflow-serving',
    framework: 'tensorflow',
    requestsPerSecond: 9,
    medianSeconds: 0.03,
  }),
  standalone('support', 'reply-draft', 'draft-llamacpp', { requestsPerSecond: 0.35, medianSeconds: 1.9 }),
  standalone('support', 'kb-answers', 'kb-tgi', { requestsPerSecond: 0.8, medianSeconds: 1.4 }),
];
