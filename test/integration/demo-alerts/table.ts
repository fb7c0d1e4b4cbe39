/** Every alert that we ship, and what of the demo makes it fire. */
import { ALERTS, type AlertName } from '@modelwatch/contract';
import type { DataScenarioName, ScenarioName } from '../../../demo/src/types';

/** A scenario that happens to servers and requests. */
export interface ByServing {
  readonly scenario: Exclude<ScenarioName, DataScenarioName>;
}
/** A scenario that happens to data; `demo-stories-slow.test.ts` switches it on and off. */
export interface ByData {
  readonly data: DataScenarioName;
}
/** None: a vector for promtool is its proof, for this reason. */
export interface ByVector {
  readonly vector: string;
}

const LONG = 'compares with a day or a week before';

export const FIRED_BY: Readonly<Record<AlertName, ByServing | ByData | ByVector>> = {
  [ALERTS.cannotServe]: { scenario: 'outage' },
  [ALERTS.stale]: { scenario: 'stale' },
  [ALERTS.replicaDown]: { scenario: 'degraded' },
  [ALERTS.errors]: { scenario: 'errors' },
  [ALERTS.slow]: { scenario: 'slow' },
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
  [ALERTS.sloFastBurn]: { scenario: 'outage' },
  [ALERTS.sloSlowBurn]: { scenario: 'slow-burn' },
  [ALERTS.sloNoData]: { scenario: 'metrics-blocked' },
  [ALERTS.eventsDropped]: { data: 'malformed-events' },
  [ALERTS.memory]: { scenario: 'kv-cache-full' },
  [ALERTS.restarts]: { scenario: 'oom-restarts' },
  [ALERTS.throttled]: { scenario: 'cpu-throttled' },
  [ALERTS.trafficStopped]: { vector: LONG },
  [ALERTS.gpusUnused]: { vector: 'waits for a day without requests' },
  [ALERTS.trafficSpike]: { vector: LONG },
  [ALERTS.newConsumers]: { vector: LONG },
  [ALERTS.outOfRangeBurst]: { vector: LONG },
  [ALERTS.refused]: { scenario: 'refused-callers' },
  [ALERTS.imageChanged]: { scenario: 'swapped-artifacts' },
  [ALERTS.storageChanged]: { scenario: 'swapped-artifacts' },
  [ALERTS.loginFailures]: { vector: 'the exporter of the demo asks nobody for a password' },
  [ALERTS.responderFailing]: { vector: 'the demo starts no responder' },
  [ALERTS.serverDown]: { scenario: 'outage' },
  [ALERTS.componentDown]: { scenario: 'dependency-down' },
  [ALERTS.exporterNotSynced]: { scenario: 'stale' },
  [ALERTS.exporterAbsent]: { vector: 'end the exporter of the demo to see it' },
  [ALERTS.serverNotScraped]: { vector: 'the exporter of the demo polls all servers itself' },
  [ALERTS.shardMissing]: { vector: 'the demo has one exporter' },
  [ALERTS.shardMismatch]: { vector: 'the demo has one exporter' },
};
