import { METRICS } from '@modelwatch/contract';
import type { PipelineView } from '../domain/views';
import { entityRows, identity } from './entity';
import type { Row } from './row';
import { row } from './text';

const id = (view: PipelineView) => identity('pipeline', view);

export const pipelineRows: readonly Row<PipelineView>[] = [
  row(METRICS.pipelineInfo, (view: PipelineView) => [{ labels: { ...id(view), platform: view.platform }, value: 1 }]),
  ...entityRows<'pipeline', PipelineView>('pipeline', {
    serving: METRICS.pipelineServing,
    servingReason: METRICS.pipelineServingReason,
    lastObserved: METRICS.pipelineLastObserved,
    condition: METRICS.pipelineCondition,
    created: METRICS.pipelineCreated,
    lastTransition: METRICS.pipelineLastTransition,
  }),
  row(METRICS.pipelineStep, (view: PipelineView) =>
    [...new Set(view.steps)].map((model) => ({ labels: { ...id(view), model }, value: 1 }))
  ),
];
