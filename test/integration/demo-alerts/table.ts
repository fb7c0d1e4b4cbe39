/** Every alert that we ship, and what of the demo makes it fire. */
import { ALERTS, type AlertName } from '@modelwatch/contract';
import type { DataScenarioName, ScenarioName } from '../../../demo/src/types';

/** A scenario that happens to servers and requests; `demo-alerts-slow.test.ts` switches it on and off. */
export interface ByServing {
  readonly scenario: Exclude<ScenarioName, DataScenarioName>;
  /** Labels that the alert has. */
  readonly about: string;
  /** It stays for a day, by intent: that it ends is for a vector to show. */
  readonly stays?: true;
}
/** A scenario that happens to data; `demo-stories-slow.test.ts` switches it on and off. */
export interface ByData {
  readonly data: DataScenarioName;
}
/** None: a vector for promtool is its proof, for this reason. */
export interface ByVector {
  readonly vector: string;
}

const model = (namespace: string, name: string) => `namespace="${namespace}", model="${name}"`;
const LONG = 'compares with a day or a week before';

export const FIRED_BY: Readonly<Record<AlertName, ByServing | ByData | ByVector>> = {
  [ALERTS.cannotServe]: { scenario: 'outage', about: model('payments', 'fraud-scorer') },
  [ALERTS.stale]: { scenario: 'stale', about: model('logistics', 'demand-forecast') },
  [ALERTS.replicaDown]: { scenario: 'degraded', about: model('payments', 'chargeback-risk') },
  [ALERTS.errors]: { scenario: 'errors', about: model('payments', 'card-limit') },
  [ALERTS.slow]: { scenario: 'slow', about: model('growth', 'churn-v2') },
  [ALERTS.drift]: { data: 'sudden-shift' },
  [ALERTS.dataQuality]: { data: 'new-category' },
  [ALERTS.driftStale]: { data: 'events-stop' },
  [ALERTS.batches]: { data: 'bad-batch' },
  [ALERTS.accuracy]: { data: 'label-flip' },
  [ALERTS.actualsStale]: { vector: 'waits for a day without actuals' },
  [ALERTS.fairness]: { data: 'unfair-group' },
  [ALERTS.fairnessStale]: { vector: 'waits until a verdict is an hour old' },
  [ALERTS.customMetric]: { data: 'review-backlog' },
  [ALERTS.customMetricStale]: { vector: 'waits until a verdict is an hour old' },
  [ALERTS.sloFastBurn]: { scenario: 'outage', about: model('payments', 'fraud-scorer') },
  [ALERTS.sloSlowBurn]: { scenario: 'slow-burn', about: model('payments', 'payout-timing') },
  [ALERTS.sloNoData]: { vector: 'nothing of the demo stops to count requests' },
  [ALERTS.eventsDropped]: { vector: 'all that the demo sends can be read' },
  [ALERTS.memory]: { scenario: 'kv-cache-full', about: model('support', 'toxicity-filter') },
  [ALERTS.restarts]: { scenario: 'oom-restarts', about: model('logistics', 'label-reader') },
  [ALERTS.throttled]: { scenario: 'cpu-throttled', about: model('growth', 'image-tags') },
  [ALERTS.trafficStopped]: { vector: LONG },
  [ALERTS.gpusUnused]: { vector: 'waits for a day without requests' },
  [ALERTS.trafficSpike]: { vector: LONG },
  [ALERTS.newConsumers]: { vector: LONG },
  [ALERTS.outOfRangeBurst]: { vector: LONG },
  [ALERTS.refused]: { scenario: 'refused-callers', about: model('payments', 'iban-match') },
  [ALERTS.imageChanged]: { scenario: 'swapped-artifacts', about: 'namespace="growth", server=~".+"', stays: true },
  [ALERTS.storageChanged]: {
    scenario: 'swapped-artifacts',
    about: model('growth', 'email-ranker'),
    stays: true,
  },
  [ALERTS.loginFailures]: { vector: 'the exporter of the demo asks nobody for a password' },
  [ALERTS.responderFailing]: { vector: 'the demo starts no responder' },
  [ALERTS.serverDown]: { scenario: 'outage', about: 'namespace="payments", server="fraud-mlserver"' },
  [ALERTS.componentDown]: { scenario: 'dependency-down', about: 'component=~".+"' },
  [ALERTS.exporterNotSynced]: { scenario: 'stale', about: 'job="modelwatch"' },
  [ALERTS.exporterAbsent]: { vector: 'end the exporter of the demo to see it' },
  [ALERTS.serverNotScraped]: { vector: 'the exporter of the demo polls all servers itself' },
  [ALERTS.shardMissing]: { vector: 'the demo has one exporter' },
  [ALERTS.shardMismatch]: { vector: 'the demo has one exporter' },
};
