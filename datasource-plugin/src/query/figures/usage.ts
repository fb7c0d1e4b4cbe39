/** What is deployed, and what it takes. */
import { RECORDED } from '@modelwatch/contract';
import { highest, recordedFigure, type Figure, type FigureKindTable } from './figure';

const BY = ['cluster', 'namespace', 'platform'] as const;
const BY_TYPE = [...BY, 'server_type'] as const;

const total = (series: { name: string; help: string }, label: string, unit = 'short') =>
  recordedFigure(series, BY, label, unit);

/** Recorded in hours at each evaluation, so the sum over the time range is in hours as well. */
function hours(series: { readonly name: string; readonly help: string }, label: string, unit = 'short'): Figure {
  return {
    label,
    unit,
    by: BY_TYPE,
    description: series.help,
    expr: (select) => highest(BY_TYPE, `sum_over_time(${select(series.name, { over: 'time range' })})`),
  };
}

const FIGURES = {
  models: total(RECORDED.usageModels, 'Models'),
  versions: total(RECORDED.usageModelVersions, 'Versions with traffic'),
  servers: total(RECORDED.usageServers, 'Servers'),
  pipelines: total(RECORDED.usagePipelines, 'Pipelines'),
  experiments: total(RECORDED.usageExperiments, 'Experiments'),
  model_replicas: total(RECORDED.usageModelReplicas, 'Replicas of models'),
  server_replicas: total(RECORDED.usageServerReplicas, 'Replicas of servers'),
  cpu: total(RECORDED.usageCpuCores, 'Requested CPU cores'),
  memory: total(RECORDED.usageMemoryBytes, 'Requested memory', 'bytes'),
  gpus: total(RECORDED.usageGpus, 'Requested GPUs'),
  multi_model_servers: total(RECORDED.usageMultiModelServers, 'Servers with several models'),
  overcommit_servers: total(RECORDED.usageOvercommitServers, 'Servers that may be overcommitted'),
  model_hours: hours(RECORDED.usageModelHours, 'Model-hours of the time range'),
  model_replica_hours: hours(RECORDED.usageModelReplicaHours, 'Replica-hours of models in the time range'),
  server_replica_hours: hours(RECORDED.usageServerReplicaHours, 'Replica-hours of servers in the time range'),
  cpu_hours: hours(RECORDED.usageCpuCoreHours, 'Core-hours of the time range'),
  gpu_hours: hours(RECORDED.usageGpuHours, 'GPU-hours of the time range'),
} as const satisfies Record<string, Figure>;

export const USAGE: FigureKindTable<keyof typeof FIGURES> = {
  label: 'Usage',
  description: 'Models, servers, replicas, cores, memory and GPUs, now and in hours of the time range',
  figures: FIGURES,
  fallback: 'models',
  filters: ['cluster', 'namespace', 'platform'],
  ofModels: false,
};
