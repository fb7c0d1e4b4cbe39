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
  accuracy: 'ModelwatchModelAccuracy',
  actualsStale: 'ModelwatchActualsStale',
  customMetric: 'ModelwatchCustomMetric',
  customMetricStale: 'ModelwatchCustomMetricStale',
  eventsDropped: 'ModelwatchEventsDropped',
  componentDown: 'ModelwatchComponentDown',
  exporterNotSynced: 'ModelwatchExporterNotSynced',
  exporterAbsent: 'ModelwatchExporterAbsent',
  serverNotScraped: 'ModelwatchServerNotScraped',
  shardMissing: 'ModelwatchShardMissing',
  shardMismatch: 'ModelwatchShardMismatch',
} as const;
export type AlertName = (typeof ALERTS)[keyof typeof ALERTS];
