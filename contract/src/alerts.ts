/** Names of the alerts that we ship, so that dashboards, docs and tests cannot spell one that does not exist. */
export const ALERTS = {
  cannotServe: 'ModelwatchModelCannotServe',
  stale: 'ModelwatchModelStale',
  replicaDown: 'ModelwatchModelReplicaDown',
  errors: 'ModelwatchModelErrors',
  slow: 'ModelwatchModelSlow',
  drift: 'ModelwatchModelDrift',
  dataQuality: 'ModelwatchDataQuality',
  driftStale: 'ModelwatchDriftStale',
  batches: 'ModelwatchModelBatches',
  accuracy: 'ModelwatchModelAccuracy',
  actualsStale: 'ModelwatchActualsStale',
  fairness: 'ModelwatchModelFairness',
  fairnessStale: 'ModelwatchFairnessStale',
  customMetric: 'ModelwatchCustomMetric',
  customMetricStale: 'ModelwatchCustomMetricStale',
  sloFastBurn: 'ModelwatchSLOFastBurn',
  sloSlowBurn: 'ModelwatchSLOSlowBurn',
  sloNoData: 'ModelwatchSLONoData',
  eventsDropped: 'ModelwatchEventsDropped',
  memory: 'ModelwatchModelMemory',
  restarts: 'ModelwatchModelRestarts',
  throttled: 'ModelwatchModelThrottled',
  trafficStopped: 'ModelwatchTrafficStopped',
  gpusUnused: 'ModelwatchGpusUnused',
  trafficSpike: 'ModelwatchTrafficSpike',
  newConsumers: 'ModelwatchNewConsumers',
  outOfRangeBurst: 'ModelwatchOutOfRangeBurst',
  refused: 'ModelwatchRequestsRefused',
  imageChanged: 'ModelwatchImageChanged',
  storageChanged: 'ModelwatchStorageChanged',
  loginFailures: 'ModelwatchLoginFailures',
  responderFailing: 'ModelwatchResponderFailing',
  serverDown: 'ModelwatchServerDown',
  componentDown: 'ModelwatchComponentDown',
  exporterNotSynced: 'ModelwatchExporterNotSynced',
  exporterAbsent: 'ModelwatchExporterAbsent',
  serverNotScraped: 'ModelwatchServerNotScraped',
  shardMissing: 'ModelwatchShardMissing',
  shardMismatch: 'ModelwatchShardMismatch',
} as const;
export type AlertName = (typeof ALERTS)[keyof typeof ALERTS];

/** Those that say that data are missing: they tell nothing of the model, and nothing may be done to it because of them. */
export const MISSING_DATA_ALERTS: readonly AlertName[] = [
  ALERTS.stale,
  ALERTS.driftStale,
  ALERTS.actualsStale,
  ALERTS.fairnessStale,
  ALERTS.customMetricStale,
  ALERTS.sloNoData,
  ALERTS.eventsDropped,
  ALERTS.exporterNotSynced,
  ALERTS.exporterAbsent,
  ALERTS.serverNotScraped,
  ALERTS.shardMissing,
  ALERTS.shardMismatch,
];

/**
 * Those of ours that tell how well a model predicts: only because of them a job may be started, which mostly is a
 * retraining. One that does not answer, is slow, or gets broken input is not made better by new weights.
 */
export const QUALITY_ALERTS: readonly AlertName[] = [
  ALERTS.drift,
  ALERTS.accuracy,
  ALERTS.fairness,
  ALERTS.customMetric,
];
