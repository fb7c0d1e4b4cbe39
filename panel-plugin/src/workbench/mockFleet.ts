/** A believable fleet of 24 models in 4 namespaces, as of one fixed moment, and a large one grown from a seed. */
import type { ChannelStatus, HealthState } from '@modelwatch/contract';

/** 21 November 2025, 03:18:20 UTC: the clock of every fixture. */
export const FIXTURE_NOW_MS = Date.UTC(2025, 10, 21, 3, 18, 20);
export const FIXTURE_RANGE_MS = 6 * 3_600_000;

export interface MockModel {
  readonly namespace: string;
  readonly name: string;
  readonly health: HealthState;
  readonly sinceMinutes?: number;
  readonly reason?: string;
  readonly replicas: readonly [available: number, desired: number];
  readonly ageSeconds: number;
  readonly channels?: Readonly<Record<string, ChannelStatus>>;
  /** Stretches of trouble as shares of the range. */
  readonly history?: ReadonlyArray<readonly [from: number, to: number, health: HealthState]>;
  /** `end`: no traffic from then on; `zero`: none at all. */
  readonly traffic?: 'day' | 'drop' | 'end' | 'few' | 'zero';
}

type Rest = Partial<Omit<MockModel, 'namespace' | 'name' | 'health'>>;

function model(namespace: string, name: string, health: HealthState, rest: Rest = {}): MockModel {
  return { namespace, name, health, replicas: [2, 2], ageSeconds: 9, ...rest };
}

const DAY = 24 * 60;
const OK = { serving: 'ok', freshness: 'ok' } as const;

export const MOCK_FLEET: readonly MockModel[] = [
  model('payments', 'fraud-scorer', 'failed', {
    sinceMinutes: 37,
    reason: 'Out of memory: 0 of 3 replicas ready',
    replicas: [0, 3],
    channels: { serving: 'critical', freshness: 'ok' },
    history: [[0.9, 1, 'failed']],
    traffic: 'drop',
  }),
  model('payments', 'chargeback-risk', 'degraded', {
    sinceMinutes: 6 * DAY,
    reason: 'merchant_country drifted: PSI 0.31 over 24 h, threshold 0.25',
    ageSeconds: 11,
    channels: { serving: 'ok', latency: 'warning', drift: 'warning', accuracy: 'too_little_data', freshness: 'ok' },
    history: [[0, 1, 'degraded']],
  }),
  model('payments', 'aml-triage', 'healthy', { ageSeconds: 8 }),
  model('payments', 'card-limit', 'healthy', { replicas: [3, 3], ageSeconds: 12, history: [[0.3, 0.36, 'degraded']] }),
  model('payments', 'iban-match', 'healthy', { replicas: [1, 1], ageSeconds: 6 }),
  model('payments', 'kyc-documents', 'healthy', { ageSeconds: 10 }),
  model('payments', 'payout-timing', 'healthy', { replicas: [1, 1], ageSeconds: 13 }),
  model('logistics', 'eta-courier', 'failed', {
    sinceMinutes: 52,
    reason: '9.2 % of requests fail over 5 min (503), objective 0.5 %',
    replicas: [4, 4],
    ageSeconds: 7,
    channels: { serving: 'ok', errors: 'critical', freshness: 'ok' },
    history: [
      [0.74, 0.8, 'degraded'],
      [0.8, 1, 'failed'],
    ],
  }),
  model('logistics', 'demand-forecast', 'stale', {
    sinceMinutes: 26,
    reason: 'No sample since 02:52. Last state: healthy',
    ageSeconds: 26 * 60,
    channels: { freshness: 'stale' },
    history: [[0.93, 1, 'stale']],
    traffic: 'end',
  }),
  model('logistics', 'damage-vision', 'healthy'),
  model('logistics', 'parcel-dims', 'healthy', { replicas: [1, 1], ageSeconds: 12 }),
  model('logistics', 'returns-reason', 'healthy', { replicas: [1, 1], ageSeconds: 5 }),
  model('logistics', 'route-cost', 'healthy', { replicas: [3, 3], ageSeconds: 8, history: [[0.52, 0.57, 'degraded']] }),
  model('support', 'summary-llm', 'degraded', {
    sinceMinutes: 18,
    reason: 'First token p95 2.9 s over 5 min, objective 2 s',
    ageSeconds: 12,
    channels: { serving: 'ok', latency: 'warning', freshness: 'ok' },
    history: [
      [0.2, 0.24, 'degraded'],
      [0.95, 1, 'degraded'],
    ],
  }),
  model('support', 'translate-batch', 'idle', {
    sinceMinutes: 300,
    reason: 'Scaled to zero on purpose',
    replicas: [0, 0],
    history: [[0, 1, 'idle']],
    traffic: 'zero',
  }),
  model('support', 'intent-router', 'healthy', { replicas: [3, 3], ageSeconds: 8 }),
  model('support', 'ticket-priority', 'healthy', { replicas: [1, 1], ageSeconds: 10 }),
  model('support', 'toxicity-filter', 'healthy', { ageSeconds: 6 }),
  model('growth', 'churn-v2', 'degraded', {
    sinceMinutes: DAY + 120,
    reason: 'Latency budget burns 3.4× over 1 h: gone in 5 d 3 h',
    replicas: [3, 3],
    ageSeconds: 10,
    channels: { serving: 'ok', latency: 'warning', freshness: 'ok' },
    history: [[0, 1, 'degraded']],
  }),
  model('growth', 'ltv-forecast', 'unknown', {
    sinceMinutes: 3 * DAY,
    reason: 'Too little data for drift: 41 of 390 rows in 24 h',
    replicas: [1, 1],
    ageSeconds: 14,
    channels: { serving: 'ok', drift: 'too_little_data', freshness: 'ok' },
    history: [[0, 1, 'unknown']],
    traffic: 'few',
  }),
  model('growth', 'next-best-offer', 'progressing', {
    sinceMinutes: 4,
    reason: 'Rolling out: 2 of 4 replicas ready',
    replicas: [2, 4],
    ageSeconds: 6,
    history: [[0.985, 1, 'progressing']],
  }),
  model('growth', 'email-ranker', 'healthy'),
  model('growth', 'lead-score', 'healthy', { replicas: [1, 1], ageSeconds: 11 }),
  model('growth', 'upsell-propensity', 'healthy', { ageSeconds: 7 }),
].map((one) => ({ ...one, channels: one.channels ?? OK }));

/** Names and reasons as nobody would choose them: long, without a place to break, with signs of markup. */
export const AWKWARD: readonly MockModel[] = [
  model('a-namespace-with-a-name-that-is-much-too-long', `model-${'very-long-'.repeat(12)}name`, 'failed', {
    sinceMinutes: 3,
    reason: 'x'.repeat(10_000),
    replicas: [0, 1200],
  }),
  model('emoji', '🙂 "quoted" <b>bold</b>', 'degraded', {
    sinceMinutes: 700 * DAY,
    reason: 'A reason\nwith "quotes", <script>alert(1)</script> and\nthree lines',
  }),
  model('emoji', 'no-reason', 'unknown'),
  model('emoji', 'from-the-future', 'healthy', { ageSeconds: -30 }),
];

/** Numbers between 0 and 1 that are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const NAMESPACES: ReadonlyArray<readonly [string, number]> = [
  ['payments', 148],
  ['logistics', 131],
  ['search', 117],
  ['growth', 96],
  ['pricing', 88],
  ['catalogue', 84],
  ['ads', 79],
  ['support', 62],
  ['credit', 54],
  ['content', 47],
  ['identity', 38],
  ['warehouse', 33],
  ['insurance', 21],
  ['finance', 18],
];

const MORE_PROBLEMS: readonly MockModel[] = [
  model('pricing', 'price-elasticity-eu', 'degraded', {
    sinceMinutes: 19 * 60,
    reason: 'Accuracy fell: MAPE 18 % over 7 d, limit 12 %',
  }),
  model('search', 'query-rewriter', 'degraded', {
    sinceMinutes: 8,
    reason: 'Image pull fails: 5 of 6 replicas ready',
    replicas: [5, 6],
  }),
];

function softState(chance: number): HealthState {
  if (chance < 0.004) return 'stale';
  if (chance < 0.008) return 'unknown';
  if (chance < 0.013) return 'progressing';
  return chance < 0.034 ? 'idle' : 'healthy';
}

/** 1,016 models in 14 namespaces, with the problems of the small fleet and two more. */
export function largeFleet(): MockModel[] {
  const random = seeded(7);
  const problems = [...MOCK_FLEET, ...MORE_PROBLEMS].filter(
    ({ health }) => health === 'failed' || health === 'degraded'
  );
  return NAMESPACES.flatMap(([namespace, count]) => {
    const named = problems.filter((one) => one.namespace === namespace);
    const others = Array.from({ length: count - named.length }, (_, index) =>
      model(namespace, `${namespace}-model-${index + 1}`, softState(random()), {
        sinceMinutes: Math.floor(random() * 600),
        ageSeconds: 5 + Math.floor(random() * 20),
        channels: OK,
      })
    );
    return [...named, ...others];
  });
}
