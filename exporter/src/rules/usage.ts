/**
 * Totals of the fleet, and the hours that it was used. Only what a synced exporter shows counts: what nobody confirms is
 * not invented, neither as a total nor as hours.
 */
import { METRICS, RECORDED, type MetricFamily, type RecordedSeries } from '@modelwatch/contract';
import { fromSynced, WHOLE } from './promql';
import type { RecordingRule, ResolvedOptions } from './types';

/** Shards know their own namespaces, so each identity has one value, seen by one exporter or by all replicas of a shard. */
function once(family: MetricFamily): string {
  return `max by (${['cluster', ...family.labels].join(', ')}) ${fromSynced(family.name)}`;
}

const TOTALS: readonly (readonly [RecordedSeries, MetricFamily])[] = [
  [RECORDED.usageModels, METRICS.usageModels],
  [RECORDED.usageModelVersions, METRICS.usageModelVersions],
  [RECORDED.usageServers, METRICS.usageServers],
  [RECORDED.usagePipelines, METRICS.usagePipelines],
  [RECORDED.usageExperiments, METRICS.usageExperiments],
  [RECORDED.usageModelReplicas, METRICS.usageModelReplicas],
  [RECORDED.usageServerReplicas, METRICS.usageServerReplicas],
  [RECORDED.usageCpuCores, METRICS.usageCpuCores],
  [RECORDED.usageMemoryBytes, METRICS.usageMemoryBytes],
  [RECORDED.usageGpus, METRICS.usageGpus],
  [RECORDED.usageMultiModelServers, METRICS.usageMultiModelServers],
  [RECORDED.usageOvercommitServers, METRICS.usageOvercommitServers],
];

const HOURS: readonly (readonly [RecordedSeries, MetricFamily])[] = [
  [RECORDED.usageModelHours, METRICS.usageServerTypeModels],
  [RECORDED.usageModelReplicaHours, METRICS.usageServerTypeModelReplicas],
  [RECORDED.usageServerReplicaHours, METRICS.usageServerTypeServerReplicas],
  [RECORDED.usageCpuCoreHours, METRICS.usageServerTypeCpuCores],
  [RECORDED.usageMemoryByteHours, METRICS.usageServerTypeMemoryBytes],
  [RECORDED.usageGpuHours, METRICS.usageServerTypeGpus],
];

/** Namespaces share nodes, and so do shards. */
function nodes(): string {
  return `count by (cluster) (group by (cluster, node) ${fromSynced(METRICS.nodePods.name)})`;
}

/** To be evaluated every `slowIntervalSeconds`: each sample stands for so much time. */
export function usageRules({ slowIntervalSeconds }: ResolvedOptions): RecordingRule[] {
  const perEvaluation = `${slowIntervalSeconds} / 3600`;
  return [
    ...TOTALS.map(([{ name }, family]) => ({ record: name, expr: once(family) })),
    { record: RECORDED.usageNodes.name, expr: nodes() },
    ...HOURS.map(([{ name }, family]) => ({ record: name, expr: `${once(family)} * ${perEvaluation}` })),
    { record: RECORDED.usageObservedHours.name, expr: `group by (cluster) ${WHOLE} * ${perEvaluation}` },
  ];
}
