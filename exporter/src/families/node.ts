import { METRICS } from '@modelwatch/contract';
import type { NodeView } from '../domain/node-book';
import type { Row } from './row';
import { known, row } from './text';
import { gpuSamples } from './workload';

const id = ({ node }: NodeView) => ({ node });

function shares(view: NodeView) {
  return view.requested.map(({ namespace, ...share }) => ({ ...share, labels: { namespace, ...id(view) } }));
}

export const nodeRows: readonly Row<NodeView>[] = [
  row(METRICS.nodeReady, (view: NodeView) =>
    known(id(view), view.state?.ready === undefined ? undefined : Number(view.state.ready))
  ),
  row(METRICS.nodeUnschedulable, (view: NodeView) => known(id(view), view.state && Number(view.state.unschedulable))),
  row(METRICS.nodeCpuAllocatable, (view: NodeView) => known(id(view), view.state?.allocatable.cpuCores)),
  row(METRICS.nodeMemoryAllocatable, (view: NodeView) => known(id(view), view.state?.allocatable.memoryBytes)),
  row(METRICS.nodeGpusAllocatable, (view: NodeView) => gpuSamples(id(view), view.state?.allocatable.gpus)),
];

/** What pods ask of a node: known from the pods, not from the node. */
export const nodeShareRows: readonly Row<NodeView>[] = [
  row(METRICS.nodePods, (view: NodeView) => shares(view).map(({ labels, pods }) => ({ labels, value: pods }))),
  row(METRICS.nodeCpuRequested, (view: NodeView) =>
    shares(view).flatMap(({ labels, requests }) => known(labels, requests.cpuCores))
  ),
  row(METRICS.nodeMemoryRequested, (view: NodeView) =>
    shares(view).flatMap(({ labels, requests }) => known(labels, requests.memoryBytes))
  ),
  row(METRICS.nodeGpusRequested, (view: NodeView) =>
    shares(view).flatMap(({ labels, requests }) => gpuSamples(labels, requests.gpus))
  ),
];
