import { METRICS } from '@modelwatch/contract';
import type { PipelineView } from '../domain/views';
import { entityRows, identity } from './entity';
import { shownRows } from './shown';
import type { Row } from './row';
import { histogramRow, known, row } from './text';

const id = (view: PipelineView) => identity('pipeline', view);

export const pipelineRows: readonly Row<PipelineView>[] = [
  row(METRICS.pipelineInfo, (view: PipelineView) => [{ labels: { ...id(view), platform: view.platform }, value: 1 }]),
  ...entityRows<'pipeline', PipelineView>('pipeline', {
    serving: METRICS.pipelineServing,
    servingReason: METRICS.pipelineServingReason,
    condition: METRICS.pipelineCondition,
    created: METRICS.pipelineCreated,
    lastTransition: METRICS.pipelineLastTransition,
  }),
  row(METRICS.pipelineStep, (view: PipelineView) =>
    [...new Set(view.steps)].map((model) => ({ labels: { ...id(view), ...stepLabels(view, model) }, value: 1 }))
  ),
  row(METRICS.pipelineSpecInfo, (view: PipelineView) =>
    view.graph ? [{ labels: { ...id(view), ...graphLabels(view.graph) }, value: 1 }] : []
  ),
  row(METRICS.pipelineEdge, (view: PipelineView) =>
    (view.graph?.edges ?? []).map((edge) => ({ labels: { ...id(view), ...edge }, value: 1 }))
  ),
  row(METRICS.pipelineStepBatchSize, (view: PipelineView) =>
    (view.graph?.steps ?? []).flatMap(({ name, batchSize }) => known({ ...id(view), model: name }, batchSize))
  ),
  row(METRICS.pipelineRequests, (view: PipelineView) =>
    (view.calls ?? []).flatMap(({ replica, method, requests }) =>
      Object.entries(requests).map(([outcome, value]) => ({ labels: { ...id(view), replica, method, outcome }, value }))
    )
  ),
  row(METRICS.pipelineResponses, (view: PipelineView) =>
    (view.calls ?? []).flatMap(({ replica, method, responses }) =>
      Object.entries(responses).map(([code, value]) => ({ labels: { ...id(view), replica, method, code }, value }))
    )
  ),
  histogramRow(METRICS.pipelineDuration, (view: PipelineView) =>
    (view.calls ?? []).flatMap(({ replica, method, duration }) =>
      duration ? [{ labels: { ...id(view), replica, method }, ...duration }] : []
    )
  ),
  ...shownRows('pipeline', { labels: METRICS.pipelineLabels, annotations: METRICS.pipelineAnnotations }),
];

function stepLabels({ graph }: PipelineView, model: string) {
  const step = graph?.steps.find(({ name }) => name === model);
  return {
    model,
    inputs_join: step?.inputsJoin ?? '',
    triggers_join: step?.triggersJoin ?? '',
    asynchronous: step ? String(step.asynchronous) : '',
  };
}

function graphLabels({ cyclic, inputsJoin, outputJoin }: NonNullable<PipelineView['graph']>) {
  return { cyclic: String(cyclic), inputs_join: inputsJoin ?? '', output_join: outputJoin ?? '' };
}
