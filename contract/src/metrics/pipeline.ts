/** Pipelines and inference graphs. */
import { family, openFamily, PIPELINE } from './family';

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
    [...PIPELINE, 'model', 'inputs_join', 'triggers_join', 'asynchronous'],
    'Models that are steps of the pipeline; the value is always 1. Joins and asynchronous only where they are known.'
  ),
  pipelineSpecInfo: family(
    'pipeline_spec_info',
    'gauge',
    [...PIPELINE, 'cyclic', 'inputs_join', 'output_join'],
    'What the specification of a Seldon pipeline asks for; the value is always 1.'
  ),
  pipelineEdge: family(
    'pipeline_edge_info',
    'gauge',
    [...PIPELINE, 'from', 'to', 'edge'],
    'Edges between the steps of the pipeline. An empty end is the pipeline; from is a pipeline for an external edge.'
  ),
  pipelineStepBatchSize: family(
    'pipeline_step_batch_size',
    'gauge',
    [...PIPELINE, 'model'],
    'Requests that are gathered before the step gets them.'
  ),
  pipelineLabels: openFamily(
    'pipeline_labels',
    PIPELINE,
    'label_',
    'Labels of the pipeline that the configuration allows, as labels of the series; the value is always 1.'
  ),
  pipelineAnnotations: openFamily(
    'pipeline_annotations',
    PIPELINE,
    'annotation_',
    'Annotations of the pipeline that the configuration allows, as labels of the series; the value is always 1.'
  ),
  pipelineRequests: family(
    'pipeline_requests_total',
    'counter',
    [...PIPELINE, 'replica', 'method', 'outcome'],
    'Requests to the pipeline, as its gateway counted them, by how they came in and by outcome.'
  ),
  pipelineResponses: family(
    'pipeline_responses_total',
    'counter',
    [...PIPELINE, 'replica', 'method', 'code'],
    'Answers to requests to the pipeline by status, as far as it refuses who asks: 401, 403, 429, and other.'
  ),
  pipelineDuration: family(
    'pipeline_duration_seconds',
    'histogram',
    [...PIPELINE, 'replica', 'method'],
    'Duration of requests to the pipeline at its gateway. A gateway without buckets gives only le="+Inf".'
  ),
} as const;
