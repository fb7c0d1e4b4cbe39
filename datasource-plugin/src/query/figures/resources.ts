/**
 * What models use, as cAdvisor, kube-state-metrics and DCGM measured it. Nobody measures one model of a pod that several
 * share: what is divided says so in the label `apportioned`.
 */
import { RECORDED } from '@modelwatch/contract';
import { MODEL_BY, recordedFigure, type Figure, type FigureKindTable } from './figure';

const DIVIDED_BY = [...MODEL_BY, 'apportioned'] as const;
const RATIO = 'percentunit';
const BYTES = 'bytes';
const BYTES_PER_SECOND = 'binBps';

type Series = { readonly name: string; readonly help: string };
const divided = (series: Series, label: string, unit: string) => recordedFigure(series, DIVIDED_BY, label, unit);
const byDirection = (series: Series, label: string) =>
  recordedFigure(series, [...DIVIDED_BY, 'direction'], label, BYTES_PER_SECOND);
const measured = (series: Series, label: string, unit: string, thresholds?: Figure['thresholds']) =>
  recordedFigure(series, MODEL_BY, label, unit, thresholds);

const FIGURES = {
  cpu: divided(RECORDED.modelCpu, 'CPU cores in use', 'short'),
  cpu_throttled: measured(RECORDED.modelCpuThrottled, 'CPU held back by its limit', RATIO, {
    warning: 0.25,
    critical: 0.5,
  }),
  memory: divided(RECORDED.modelMemory, 'Memory in use', BYTES),
  memory_limit: measured(RECORDED.modelMemoryLimit, 'Memory, share of its limit', RATIO, {
    warning: 0.9,
    critical: 0.97,
  }),
  gpus_busy: divided(RECORDED.modelGpusBusy, 'GPUs in use', 'short'),
  gpu_utilisation: measured(RECORDED.modelGpuUtilisation, 'GPU utilisation', RATIO),
  // No thresholds: servers of language models take nine tenths of it at their start, and keep them.
  gpu_memory: measured(RECORDED.modelGpuMemory, 'GPU memory, share in use', RATIO),
  gpu_memory_used: divided(RECORDED.modelGpuMemoryUsed, 'GPU memory in use', BYTES),
  network: byDirection(RECORDED.modelNetwork, 'Network'),
  disk: byDirection(RECORDED.modelDisk, 'Disk'),
  restarts: measured(RECORDED.modelRestarts, 'Restarts of the last hour', 'short', { warning: 1, critical: 5 }),
  oom_kills: measured(RECORDED.modelOomKills, 'Kills for memory of the last hour', 'short', {
    warning: 1,
    critical: 3,
  }),
  measured: measured(RECORDED.modelPodsMeasured, 'Pods of which the figures know', RATIO),
} as const satisfies Record<string, Figure>;

export const RESOURCES: FigureKindTable<keyof typeof FIGURES> = {
  label: 'Resources',
  description: 'CPU, memory, GPU, network, disk and restarts of each model',
  figures: FIGURES,
  fallback: 'cpu',
  filters: ['cluster', 'namespace', 'model', 'platform', 'health', 'server'],
  ofModels: true,
};
