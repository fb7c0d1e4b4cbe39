/** Experiments. */
import { family, EXPERIMENT } from './family';

export const EXPERIMENT_METRICS = {
  experimentInfo: family(
    'experiment_info',
    'gauge',
    [...EXPERIMENT, 'platform', 'resource_kind'],
    'An experiment over models or pipelines; the value is always 1.'
  ),
  experimentServing: family(
    'experiment_serving',
    'gauge',
    [...EXPERIMENT, 'state'],
    'Serving state of the experiment: 1 for the state that holds.'
  ),
  experimentServingReason: family(
    'experiment_serving_reason',
    'gauge',
    [...EXPERIMENT, 'reason'],
    'Reasons of the serving state of the experiment; only those that hold.'
  ),
  experimentLastObserved: family(
    'experiment_last_observed_timestamp_seconds',
    'gauge',
    EXPERIMENT,
    'When the state of the experiment was last confirmed.'
  ),
  experimentCondition: family(
    'experiment_condition',
    'gauge',
    [...EXPERIMENT, 'condition', 'status'],
    'Conditions in the status of the experiment; 1 for the status that holds.'
  ),
  experimentCreated: family(
    'experiment_created_timestamp_seconds',
    'gauge',
    EXPERIMENT,
    'When the resource of the experiment was created.'
  ),
  experimentLastTransition: family(
    'experiment_last_transition_timestamp_seconds',
    'gauge',
    EXPERIMENT,
    'When the serving state of the experiment last changed.'
  ),
  experimentCandidateRatio: family(
    'experiment_candidate_weight_ratio',
    'gauge',
    [...EXPERIMENT, 'candidate'],
    'Share of the traffic that a candidate of the experiment should get, 0 to 1.'
  ),
  experimentMirrorRatio: family(
    'experiment_mirror_ratio',
    'gauge',
    [...EXPERIMENT, 'candidate'],
    'Share of the traffic that is mirrored to a challenger whose answers are discarded, 0 to 1.'
  ),
  experimentCandidate: family(
    'experiment_candidate_info',
    'gauge',
    [...EXPERIMENT, 'candidate', 'role'],
    'Models or pipelines in the experiment, each with its part: default, candidate, mirror; the value is always 1.'
  ),
} as const;
