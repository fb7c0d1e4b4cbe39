/** Inference graphs: what a pipeline of KServe says beyond a pipeline. */
import { METRICS } from '@modelwatch/contract';
import type { PipelineView } from '../domain/views';
import { identity } from './entity';
import type { Row } from './row';
import { known, row } from './text';

const id = (view: PipelineView) => identity('pipeline', view);

/** Names of steps need not be unique in a node; a series is written once. */
function steps(view: PipelineView) {
  return (view.inferenceGraph?.nodes ?? []).flatMap((node) => {
    const names = new Set<string>();
    return node.steps.map((step, index) => {
      const name = names.has(step.name) ? `${step.name}#${index}` : step.name;
      names.add(name);
      return { ...step, labels: { ...id(view), node: node.name, step: name } };
    });
  });
}

export const graphRows: readonly Row<PipelineView>[] = [
  row(METRICS.pipelineNode, (view: PipelineView) =>
    (view.inferenceGraph?.nodes ?? []).map(({ name, routerType }) => ({
      labels: { ...id(view), node: name, router_type: routerType },
      value: 1,
    }))
  ),
  row(METRICS.pipelineNodeStep, (view: PipelineView) =>
    steps(view).map(({ labels, target, calls, dependency }) => ({
      labels: { ...labels, target, name: calls ?? '', dependency },
      value: 1,
    }))
  ),
  row(METRICS.pipelineStepRatio, (view: PipelineView) =>
    steps(view).flatMap(({ labels, ratio }) => known(labels, ratio))
  ),
  row(METRICS.pipelineReplicasDesired, (view: PipelineView) => known(id(view), view.inferenceGraph?.replicas.desired)),
  row(METRICS.pipelineReplicasAvailable, (view: PipelineView) =>
    known(id(view), view.inferenceGraph?.replicas.available)
  ),
  row(METRICS.pipelineReplicasMin, (view: PipelineView) => known(id(view), view.inferenceGraph?.minReplicas)),
  row(METRICS.pipelineReplicasMax, (view: PipelineView) => known(id(view), view.inferenceGraph?.maxReplicas)),
];
