/** What the owner of payments/chargeback-risk counts beside its predictions, and sends: reviews that wait for a person. */
import { Draw } from './draw';
import { JSON_TYPE, type EventRequest } from './wire';

const MODEL = { namespace: 'payments', model: 'chargeback-risk' } as const;
const WAITING = 'reviews_waiting';
const EVERY_MS = 5_000;

const USUALLY_WAITING = 15;
const MOST_WAITING = 180;
/** With the scenario `review-backlog` on, and when it is over. */
const PILED_UP_PER_SECOND = 1.5;
const WORKED_OFF_PER_SECOND = 3;

/** As `monitoring.models` of the exporter has them: one that is sent, one of the predictions, one of Prometheus. */
export const CUSTOM_METRICS = [
  {
    name: WAITING,
    description: 'Payments that wait for a manual review',
    aggregation: 'gauge',
    direction: 'lower_is_better',
    baseline: USUALLY_WAITING,
    warning: { above: 60 },
    critical: { above: 100 },
    window: '10m',
  },
  {
    name: 'approved_amount',
    description: 'Mean amount of the payments that are let through',
    unit: 'currencyEUR',
    aggregation: 'average',
    direction: 'higher_is_better',
    expression: 'prediction < 0.5 ? features.amount_eur : null',
    baseline: 66.5,
    warning: { below: 55 },
    critical: { below: 45 },
    window: '10m',
  },
  {
    name: 'requests_per_core',
    description: 'Requests per second for each CPU core that the model uses',
    unit: 'reqps',
    aggregation: 'average',
    direction: 'higher_is_better',
    promql: `sum by (cluster) (modelwatch:inference_requests_rate:5m{namespace="${MODEL.namespace}", model="${MODEL.model}"})
/ sum by (cluster) (modelwatch:model_cpu_usage_cores:5m{namespace="${MODEL.namespace}", model="${MODEL.model}"})`,
  },
] as const;

export class Reviews {
  private readonly draw: Draw;
  private waiting = USUALLY_WAITING;
  private sentMs = -Infinity;

  constructor(
    seed: number,
    private readonly isPilingUp: () => boolean,
    private lastMs: number
  ) {
    this.draw = new Draw('reviews', seed);
  }

  /** What is to be sent now. */
  take(nowMs: number): EventRequest[] {
    const seconds = Math.max(0, nowMs - this.lastMs) / 1_000;
    this.lastMs = nowMs;
    this.waiting = this.isPilingUp()
      ? Math.min(MOST_WAITING, this.waiting + PILED_UP_PER_SECOND * seconds)
      : Math.max(USUALLY_WAITING, this.waiting - WORKED_OFF_PER_SECOND * seconds);
    if (nowMs - this.sentMs < EVERY_MS) return [];
    this.sentMs = nowMs;
    const value = Math.max(0, Math.round(this.waiting + this.draw.normal(0, 2)));
    const metrics = [{ metric: WAITING, value, timeSeconds: nowMs / 1_000 }];
    return [{ path: '/ingest/metrics', headers: JSON_TYPE, body: JSON.stringify({ ...MODEL, metrics }) }];
  }
}
