/** Inference graphs of KServe: pipelines whose nodes route requests. */
import { family, PIPELINE } from './family';

const STEP = [...PIPELINE, 'node', 'step'] as const;

export const GRAPH_METRICS = {
  pipelineNode: family(
    'pipeline_node_info',
    'gauge',
    [...PIPELINE, 'node', 'router_type'],
    'Nodes of the inference graph and how each routes; the value is always 1. Requests enter at root.'
  ),
  pipelineNodeStep: family(
    'pipeline_node_step_info',
    'gauge',
    [...STEP, 'target', 'name', 'dependency'],
    'Steps of a node: what it calls, and whether its failure fails the node; the value is always 1.'
  ),
  pipelineStepRatio: family(
    'pipeline_node_step_ratio',
    'gauge',
    STEP,
    'Share of the requests of a Splitter node that go to the step, 0 to 1.'
  ),
  pipelineReplicasDesired: family(
    'pipeline_replicas_desired',
    'gauge',
    PIPELINE,
    'Replicas that the router of the inference graph should have.'
  ),
  pipelineReplicasAvailable: family(
    'pipeline_replicas_available',
    'gauge',
    PIPELINE,
    'Ready replicas of the router of the inference graph.'
  ),
  pipelineReplicasMin: family(
    'pipeline_replicas_min',
    'gauge',
    PIPELINE,
    'Fewest replicas that the router of the inference graph may be scaled to.'
  ),
  pipelineReplicasMax: family(
    'pipeline_replicas_max',
    'gauge',
    PIPELINE,
    'Most replicas that the router of the inference graph may be scaled to.'
  ),
} as const;
