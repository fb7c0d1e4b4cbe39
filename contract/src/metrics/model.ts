/** Models. */
import { family, MODEL } from './family';

export const MODEL_METRICS = {
  modelInfo: family(
    'model_info',
    'gauge',
    [...MODEL, 'platform', 'server', 'runtime', 'version', 'owner'],
    'A deployed model; the value is always 1.'
  ),
  modelServing: family(
    'model_serving',
    'gauge',
    [...MODEL, 'state'],
    'Serving state of the model: 1 for the state that holds, 0 for each other.'
  ),
  modelServingReason: family(
    'model_serving_reason',
    'gauge',
    [...MODEL, 'reason'],
    'Reasons of the serving state of the model; only those that hold, with value 1.'
  ),
  modelLastObserved: family(
    'model_last_observed_timestamp_seconds',
    'gauge',
    MODEL,
    'When the state of the model was last confirmed by a live watch or by a probe that was answered.'
  ),
  modelCondition: family(
    'model_condition',
    'gauge',
    [...MODEL, 'condition', 'status'],
    'Conditions in the status of the resource, as its controller wrote them; 1 for the status that holds.'
  ),
  modelReplicasDesired: family('model_replicas_desired', 'gauge', MODEL, 'Replicas that the model should have.'),
  modelReplicasAvailable: family('model_replicas_available', 'gauge', MODEL, 'Replicas of the model that can serve.'),
  modelCreated: family(
    'model_created_timestamp_seconds',
    'gauge',
    MODEL,
    'When the resource of the model was created.'
  ),
  modelLastTransition: family(
    'model_last_transition_timestamp_seconds',
    'gauge',
    MODEL,
    'When the serving state of the model last changed.'
  ),
  modelTrafficRatio: family(
    'model_traffic_ratio',
    'gauge',
    [...MODEL, 'candidate'],
    'Share of the traffic of the model that a candidate should get (latest, previous, stable, or a canary), 0 to 1.'
  ),
  modelPodInfo: family(
    'model_pod_info',
    'gauge',
    [...MODEL, 'pod', 'node', 'server', 'component'],
    'Pods that serve the model; joins the series of cAdvisor, kube-state-metrics and DCGM by namespace and pod.'
  ),
  modelSpecInfo: family(
    'model_spec_info',
    'gauge',
    [
      ...MODEL,
      'purpose',
      'model_type',
      'artifact_version',
      'storage_scheme',
      'pinned_server',
      'preloaded',
      'dedicated',
      'logged',
    ],
    'What the specification of a Seldon model asks for; the value is always 1.'
  ),
  modelRequirement: family(
    'model_requirement_info',
    'gauge',
    [...MODEL, 'requirement'],
    'Capabilities that the model requires of its server; the value is always 1.'
  ),
  modelDependency: family(
    'model_dependency_info',
    'gauge',
    [...MODEL, 'dependency', 'dependency_kind', 'role'],
    'Models and pipelines that the model rests on (explains, or calls); the value is always 1.'
  ),
  modelMemoryDeclared: family(
    'model_memory_declared_bytes',
    'gauge',
    MODEL,
    'Memory that one replica of the model declares; not what it uses.'
  ),
  modelReplicasMin: family('model_replicas_min', 'gauge', MODEL, 'Replicas below which the model is not scaled.'),
  modelReplicasMax: family('model_replicas_max', 'gauge', MODEL, 'Replicas above which the model is not scaled.'),
  modelReplicasUnavailable: family(
    'model_replicas_unavailable',
    'gauge',
    MODEL,
    'Replicas of the model that the scheduler placed and that cannot serve.'
  ),
} as const;
