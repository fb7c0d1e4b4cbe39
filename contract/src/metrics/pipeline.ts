/** Pipelines and inference graphs. */
import { family, PIPELINE } from './family';

export const PIPELINE_METRICS = {
  pipelineInfo: family(
    'pipeline_info',
    'gauge',
    [...PIPELINE, 'platform'],
    'A pipeline or inference graph; the value is always 1.'
  ),
  pipelineServing: family(
    'pipeline_serving',
    'gauge',
    [...PIPELINE, 'state'],
    'Serving state of the pipeline: 1 for the state that holds.'
  ),
  pipelineServingReason: family(
    'pipeline_serving_reason',
    'gauge',
    [...PIPELINE, 'reason'],
    'Reasons of the serving state of the pipeline; only those that hold.'
  ),
  pipelineLastObserved: family(
    'pipeline_last_observed_timestamp_seconds',
    'gauge',
    PIPELINE,
    'When the state of the pipeline was last confirmed.'
  ),
  pipelineCondition: family(
    'pipeline_condition',
    'gauge',
    [...PIPELINE, 'condition', 'status'],
    'Conditions in the status of the pipeline; 1 for the status that holds.'
  ),
  pipelineCreated: family(
    'pipeline_created_timestamp_seconds',
    'gauge',
    PIPELINE,
    'When the resource of the pipeline was created.'
  ),
  pipelineLastTransition: family(
    'pipeline_last_transition_timestamp_seconds',
    'gauge',
    PIPELINE,
    'When the serving state of the pipeline last changed.'
  ),
  pipelineStep: family(
    'pipeline_step_info',
    'gauge',
    [...PIPELINE, 'model'],
    'Models that are steps of the pipeline; the value is always 1.'
  ),
} as const;
