/**
 * What pods of model servers use, from the series of cAdvisor (in the kubelet), kube-state-metrics and DCGM, and the part
 * of it that is each model's. Where an exporter is missing there is nothing, never 0.
 *
 * A pod that serves several models is divided by one rule, and adds up to what was measured:
 * - CPU, GPUs in use, network and disk by the time that its requests took there over the last 5 minutes; a model without
 *   known requests gets nothing while others on the pod have some; where none has, equal parts.
 * - Memory, of the GPU too, by the memory that the models declare; equal parts where one of the pod's declares none.
 */
import { METRICS, RECORDED, type RecordedSeries } from '@modelwatch/contract';
import type { Measures } from './measures';
import { ID, trusted } from './promql';
import type { RecordingRule } from './types';

const POD = 'cluster, namespace, pod';
const MODEL_POD = `${POD}, model`;
const POD_INFO = RECORDED.podInfo.name;
const MODEL_POD_INFO = RECORDED.modelPodInfo.name;
const SHARE = RECORDED.modelPodShare.name;

type Basis = 'equal' | 'requests' | 'memory';
const share = (basis: Basis) => `${SHARE}{basis="${basis}"}`;

/** Pause containers have no name, or this one; totals of pods have none either. */
const CONTAINERS = '{container!="", container!="POD"}';

function rule(series: RecordedSeries, expr: string, labels?: Readonly<Record<string, string>>): RecordingRule {
  return { record: series.name, expr, ...(labels ? { labels } : {}) };
}

/**
 * A pod that was made again under its name has two for a while, and two exporters may not agree at once. A join with two
 * would fail for every pod.
 */
function podInfo(): string {
  return `topk by (${POD}) (1, group by (${POD}, server, node) (${METRICS.podInfo.name}))`;
}

function equalShare(): string {
  const equal = `(${MODEL_POD_INFO} / on (${POD}) group_left () count by (${POD}) (${MODEL_POD_INFO}))`;
  const divided = `(${equal} < 1)`;
  // One word for all pods of a model, so that each of its figures is one series.
  return `label_replace(${equal} and on (${ID}) ${divided}, "apportioned", "true", "", "")
or
label_replace(${equal} unless on (${ID}) ${divided}, "apportioned", "false", "", "")`;
}

/** The labels of the equal share, with 0 for models of which nothing is known. */
function requestShare(measures: Measures): string {
  const spent = measures.rate({ family: METRICS.inferenceDuration, part: 'sum' });
  const onPods = `sum by (${MODEL_POD}) (label_replace(${spent}, "pod", "$1", "replica", "(.+)"))`;
  const weight = `((0 * ${share('equal')} + on (${MODEL_POD}) group_left () ${onPods}) or 0 * ${share('equal')})`;
  return `${weight}
/ on (${POD}) group_left ()
(sum by (${POD}) (${weight}) > 0)
or
${share('equal')}`;
}

function memoryShare(): string {
  const declared = `max by (${ID}) (${METRICS.modelMemoryDeclared.name})`;
  const weight = `(0 * ${share('equal')} + on (${ID}) group_left () ${declared})`;
  const all = `(count by (${POD}) (${weight}) == on (${POD}) count by (${POD}) (${share('equal')}))`;
  return `${weight}
/ on (${POD}) group_left ()
((sum by (${POD}) (${weight}) and on (${POD}) ${all}) > 0)
or
${share('equal')}`;
}

/**
 * One value for each container that ran in the window. The kubelet may be scraped by two jobs: the same container is known
 * by its cgroup. The parts of a container before and after a restart add up.
 */
function containerRate(metric: string, ...apart: readonly string[]): string {
  return `max by (${[POD, 'container', 'id', ...apart].join(', ')}) (rate(${metric}${CONTAINERS}[5m]))`;
}

/** Of a container that was just restarted cAdvisor may still tell what it used before: never both. */
const WORKING_SET = `max by (${POD}, container) (container_memory_working_set_bytes${CONTAINERS})`;

/** kube-prometheus-stack drops the limits of cAdvisor, since kube-state-metrics has them; 0 there is no limit. */
const MEMORY_LIMIT = `(
  max by (${POD}, container) (kube_pod_container_resource_limits{resource="memory"})
  or on (${POD}, container)
  (max by (${POD}, container) (container_spec_memory_limit_bytes${CONTAINERS}) > 0)
)`;

function throttled(): string {
  const periods = (which: string) =>
    `sum by (${POD}, container) (${containerRate(`container_cpu_cfs_${which}_total`)})`;
  return `max by (${POD}) (${periods('throttled_periods')} / (${periods('periods')} > 0))`;
}

/** The network is only there for the pod, under the name of the pause container or none. */
function network(direction: 'receive' | 'transmit'): string {
  return `sum by (${POD}) (max by (${POD}, interface) (rate(container_network_${direction}_bytes_total{interface!="lo"}[5m])))`;
}

const disk = (what: 'reads' | 'writes') =>
  `sum by (${POD}) (${containerRate(`container_fs_${what}_bytes_total`, 'device')})`;

/** Within a pod, which stands on one node, these tell GPUs and their MIG instances apart. */
const GPU = `${POD}, UUID, gpu, GPU_I_ID`;

/** Scraped without honor_labels, DCGM's own pod has the labels (it serves no model), and that of the workload others. */
function gpus(metric: string): string {
  const exported = (label: string, of: string) => `label_replace(${of}, "${label}", "$1", "exported_${label}", "(.+)")`;
  return `max by (${GPU}) (
  ${metric}{pod!=""}
  or
  ${exported('pod', exported('namespace', `${metric}{exported_pod!=""}`))}
)`;
}

/** DCGM cannot tell the utilisation of a MIG instance, but the share of time that its engine was active. */
const GPU_UTILISATION = `(
  ${gpus('DCGM_FI_DEV_GPU_UTIL')} / 100
  or on (${GPU})
  ${gpus('DCGM_FI_PROF_GR_ENGINE_ACTIVE')}
)`;
const MIB = 1_048_576;
const GPU_MEMORY_USED = gpus('DCGM_FI_DEV_FB_USED');

/** Of all the pods of the cluster those of model servers, with their server. */
function ofPods(series: RecordedSeries, expr: string, labels?: Readonly<Record<string, string>>): RecordingRule {
  return rule(series, `${expr}\n* on (${POD}) group_left (server)\n${POD_INFO}`, labels);
}

export function podResourceRules(measures: Measures): RecordingRule[] {
  return [
    rule(RECORDED.podInfo, podInfo()),
    // An exporter that has lost its watch shows models on pods that they have left.
    rule(RECORDED.modelPodInfo, trusted(METRICS.modelPodInfo, ['pod'])),
    rule(RECORDED.modelPodShare, equalShare(), { basis: 'equal' }),
    rule(RECORDED.modelPodShare, requestShare(measures), { basis: 'requests' }),
    rule(RECORDED.modelPodShare, memoryShare(), { basis: 'memory' }),
    ofPods(RECORDED.podCpu, `sum by (${POD}) (${containerRate('container_cpu_usage_seconds_total', 'cpu')})`),
    ofPods(RECORDED.podCpuThrottled, throttled()),
    ofPods(RECORDED.podMemory, `sum by (${POD}) (${WORKING_SET})`),
    ofPods(RECORDED.podMemoryLimit, `max by (${POD}) (${WORKING_SET} / on (${POD}, container) ${MEMORY_LIMIT})`),
    ofPods(RECORDED.podNetwork, network('receive'), { direction: 'receive' }),
    ofPods(RECORDED.podNetwork, network('transmit'), { direction: 'transmit' }),
    ofPods(RECORDED.podDisk, disk('reads'), { direction: 'read' }),
    ofPods(RECORDED.podDisk, disk('writes'), { direction: 'write' }),
    ofPods(RECORDED.podGpus, `count by (${POD}) (${GPU_UTILISATION})`),
    ofPods(RECORDED.podGpusBusy, `sum by (${POD}) (${GPU_UTILISATION})`),
    ofPods(RECORDED.podGpuMemoryUsed, `${MIB} * sum by (${POD}) (${GPU_MEMORY_USED})`),
    ofPods(
      RECORDED.podGpuMemory,
      `${MIB} * sum by (${POD}) (${GPU_MEMORY_USED} + on (${GPU}) ${gpus('DCGM_FI_DEV_FB_FREE')})`
    ),
  ];
}

/** The model's part of what its pods use. */
function partOf(model: RecordedSeries, pod: RecordedSeries, basis: Basis, direction?: string): RecordingRule {
  const measured = `${pod.name}${direction === undefined ? '' : `{direction="${direction}"}`}`;
  const expr = `sum by (${ID}, apportioned) (${share(basis)} * on (${POD}) group_left () ${measured})`;
  return rule(model, expr, direction === undefined ? undefined : { direction });
}

/** What happens on its pods, whoever causes it. */
function onPodsOf(fold: 'sum' | 'max', measured: string): string {
  return `${fold} by (${ID}) (${MODEL_POD_INFO} * on (${POD}) group_left () ${measured})`;
}

function oomKills(): string {
  const servers = `group by (${ID}, server) (${MODEL_POD_INFO} * on (${POD}) group_left (server) ${POD_INFO})`;
  const kills = `max by (cluster, namespace, server) (increase(${METRICS.serverOomKills.name}[1h]))`;
  return `sum by (${ID}) (${servers} * on (cluster, namespace, server) group_left () ${kills})`;
}

export function modelResourceRules(): RecordingRule[] {
  const { podCpu, podGpus, podGpusBusy, podGpuMemory, podGpuMemoryUsed } = RECORDED;
  const ratio = (used: RecordedSeries, of: RecordedSeries) =>
    `${onPodsOf('sum', used.name)}\n/\n(${onPodsOf('sum', of.name)} > 0)`;
  const restarts = `sum by (${POD}) (max by (${POD}, container_name) (increase(${METRICS.podRestarts.name}[1h])))`;
  return [
    partOf(RECORDED.modelCpu, podCpu, 'requests'),
    partOf(RECORDED.modelMemory, RECORDED.podMemory, 'memory'),
    partOf(RECORDED.modelNetwork, RECORDED.podNetwork, 'requests', 'receive'),
    partOf(RECORDED.modelNetwork, RECORDED.podNetwork, 'requests', 'transmit'),
    partOf(RECORDED.modelDisk, RECORDED.podDisk, 'requests', 'read'),
    partOf(RECORDED.modelDisk, RECORDED.podDisk, 'requests', 'write'),
    partOf(RECORDED.modelGpusBusy, podGpusBusy, 'requests'),
    partOf(RECORDED.modelGpuMemoryUsed, podGpuMemoryUsed, 'memory'),
    rule(RECORDED.modelGpuUtilisation, ratio(podGpusBusy, podGpus)),
    rule(RECORDED.modelGpuMemory, ratio(podGpuMemoryUsed, podGpuMemory)),
    rule(RECORDED.modelCpuThrottled, onPodsOf('max', RECORDED.podCpuThrottled.name)),
    rule(RECORDED.modelMemoryLimit, onPodsOf('max', RECORDED.podMemoryLimit.name)),
    rule(RECORDED.modelRestarts, onPodsOf('sum', restarts)),
    rule(RECORDED.modelOomKills, oomKills()),
    rule(
      RECORDED.modelPodsMeasured,
      `count by (${ID}) (${MODEL_POD_INFO} and on (${POD}) ${podCpu.name}) / count by (${ID}) (${MODEL_POD_INFO})`
    ),
  ];
}
