import { METRICS, type MetricFamily } from '@modelwatch/contract';
import type { UsageView } from '../domain/usage';
import type { Row } from './row';
import { row } from './text';

type UsageRow = UsageView['rows'][number];
type ServerTypeRow = UsageView['byServerType'][number];

function total(family: MetricFamily<'namespace' | 'platform'>, value: (usage: UsageRow) => number): Row<UsageView> {
  return row(family, (view: UsageView) =>
    view.rows.map((usage) => ({
      labels: { namespace: usage.namespace, platform: usage.platform },
      value: value(usage),
    }))
  );
}

function byServerType(
  family: MetricFamily<'namespace' | 'platform' | 'server_type'>,
  value: (usage: ServerTypeRow) => number
): Row<UsageView> {
  return row(family, (view: UsageView) =>
    view.byServerType.map((usage) => ({
      labels: { namespace: usage.namespace, platform: usage.platform, server_type: usage.serverType },
      value: value(usage),
    }))
  );
}

export const usageRows: readonly Row<UsageView>[] = [
  total(METRICS.usageModels, ({ models }) => models),
  total(METRICS.usageModelVersions, ({ modelVersions }) => modelVersions),
  total(METRICS.usageServers, ({ servers }) => servers),
  total(METRICS.usagePipelines, ({ pipelines }) => pipelines),
  total(METRICS.usageExperiments, ({ experiments }) => experiments),
  total(METRICS.usageModelReplicas, ({ modelReplicas }) => modelReplicas),
  total(METRICS.usageServerReplicas, ({ serverReplicas }) => serverReplicas),
  total(METRICS.usageCpuCores, ({ cpuCores }) => cpuCores),
  total(METRICS.usageMemoryBytes, ({ memoryBytes }) => memoryBytes),
  total(METRICS.usageGpus, ({ gpus }) => gpus),
  total(METRICS.usageMultiModelServers, ({ multiModelServers }) => multiModelServers),
  total(METRICS.usageOvercommitServers, ({ overcommitServers }) => overcommitServers),
  total(METRICS.usageNodes, ({ nodes }) => nodes),
  byServerType(METRICS.usageServerTypeModels, ({ models }) => models),
  byServerType(METRICS.usageServerTypeServers, ({ servers }) => servers),
  byServerType(METRICS.usageServerTypeModelReplicas, ({ modelReplicas }) => modelReplicas),
  byServerType(METRICS.usageServerTypeServerReplicas, ({ serverReplicas }) => serverReplicas),
  byServerType(METRICS.usageServerTypeCpuCores, ({ cpuCores }) => cpuCores),
  byServerType(METRICS.usageServerTypeMemoryBytes, ({ memoryBytes }) => memoryBytes),
  byServerType(METRICS.usageServerTypeGpus, ({ gpus }) => gpus),
];
