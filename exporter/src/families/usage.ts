import { METRICS, type MetricFamily } from '@modelwatch/contract';
import type { UsageView } from '../domain/views';
import type { Row } from './row';
import { row } from './text';

type UsageRow = UsageView['rows'][number];

function total(family: MetricFamily<'namespace' | 'platform'>, value: (usage: UsageRow) => number): Row<UsageView> {
  return row(family, (view: UsageView) =>
    view.rows.map((usage) => ({
      labels: { namespace: usage.namespace, platform: usage.platform },
      value: value(usage),
    }))
  );
}

export const usageRows: readonly Row<UsageView>[] = [
  total(METRICS.usageModels, ({ models }) => models),
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
];
