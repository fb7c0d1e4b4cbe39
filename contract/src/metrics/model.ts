/** Models. */
import { family, MODEL, openFamily } from './family';

export const MODEL_METRICS = {
  modelInfo: family(
    'model_info',
    'gauge',
    [...MODEL, 'platform', 'server', 'runtime', 'version', 'owner', 'importance'],
    'A deployed model; the value is always 1.'
  ),
  modelServing: family(
    'model_serving',
    'gauge',
    [...MODEL, 'state'],
    'Serving state of the model: 1 for the state that holds, 0 for each other; 0 for all where nobody watches a server of it (platform events).'
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
  modelReplicasUpdated: family(
    'model_replicas_updated',
    'gauge',
    MODEL,
    'Replicas of the newest version of the model; only where the model has workloads of its own.'
  ),
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
  modelStorage: family(
    'model_storage_generation',
    'gauge',
    [...MODEL, 'storage'],
    'Generation of the resource of the model, with the place that it says to load the model from: the first 12 digits of the SHA-256 of the URI without credentials and query.'
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
  modelSlowThreshold: family(
    'model_slow_threshold_seconds',
    'gauge',
    [...MODEL, 'le'],
    'Duration from which the configuration calls a request of the model slow; le is the bound at which slow requests are counted: the lowest from there that all replicas have, or all proxies before servers without buckets; empty where there is none.'
  ),
  modelMemoryDeclared: family(
    'model_memory_declared_bytes',
    'gauge',
    MODEL,
    'Memory that one replica of the model declares; not what it uses.'
  ),
  modelMemoryReserved: family(
    'model_memory_reserved_bytes',
    'gauge',
    MODEL,
    "Memory that Seldon's scheduler keeps for the model on each of its replicas: what it declares, times the workers or instances that its server makes of it."
  ),
  modelReplicaState: family(
    'model_replica_state',
    'gauge',
    [...MODEL, 'server', 'replica', 'version', 'state'],
    "State of the model on a replica of a server, as Seldon's scheduler holds it: only the one that holds, with value 1."
  ),
  modelReplicaLastTransition: family(
    'model_replica_last_transition_timestamp_seconds',
    'gauge',
    [...MODEL, 'server', 'replica'],
    "When the state of the model on the replica last changed, as Seldon's scheduler says."
  ),
  modelReplicasMin: family('model_replicas_min', 'gauge', MODEL, 'Replicas below which the model is not scaled.'),
  modelReplicasMax: family('model_replicas_max', 'gauge', MODEL, 'Replicas above which the model is not scaled.'),
  modelReplicasUnavailable: family(
    'model_replicas_unavailable',
    'gauge',
    MODEL,
    'Replicas that cannot serve: as the platform counts them, else those that the model lacks.'
  ),
  modelLabels: openFamily(
    'model_labels',
    MODEL,
    'label_',
    'Labels of the model that the configuration allows, as labels of the series; the value is always 1.'
  ),
  modelAnnotations: openFamily(
    'model_annotations',
    MODEL,
    'annotation_',
    'Annotations of the model that the configuration allows, as labels of the series; the value is always 1.'
  ),
  modelCpuRequested: family(
    'model_cpu_requested_cores',
    'gauge',
    MODEL,
    'CPU cores that the pods of the model alone request.'
  ),
  modelMemoryRequested: family(
    'model_memory_requested_bytes',
    'gauge',
    MODEL,
    'Memory that the pods of the model alone request.'
  ),
  modelGpusRequested: family(
    'model_gpus_requested',
    'gauge',
    [...MODEL, 'resource'],
    'GPUs that the pods of the model alone request, by the name of their resource.'
  ),
  modelCpuLimit: family(
    'model_cpu_limit_cores',
    'gauge',
    MODEL,
    'CPU cores that the pods of the model alone can use at most; absent where a container has no limit.'
  ),
  modelMemoryLimit: family(
    'model_memory_limit_bytes',
    'gauge',
    MODEL,
    'Memory that the pods of the model alone can use at most; absent where a container has no limit.'
  ),
  modelAutoscalerReplicasMin: family(
    'model_autoscaler_replicas_min',
    'gauge',
    MODEL,
    'Fewest replicas that the autoscaler of the model asks for.'
  ),
  modelAutoscalerReplicasMax: family(
    'model_autoscaler_replicas_max',
    'gauge',
    MODEL,
    'Most replicas that the autoscaler of the model asks for.'
  ),
  modelAutoscalerReplicasCurrent: family(
    'model_autoscaler_replicas_current',
    'gauge',
    MODEL,
    'Replicas that the autoscaler of the model last saw.'
  ),
  modelAutoscalerReplicasDesired: family(
    'model_autoscaler_replicas_desired',
    'gauge',
    MODEL,
    'Replicas that the autoscaler of the model asks for now.'
  ),
  modelAutoscalerLimited: family(
    'model_autoscaler_limited',
    'gauge',
    MODEL,
    '1 if the autoscaler of the model wants more or fewer replicas than its bounds allow.'
  ),
  modelAutoscalerAble: family(
    'model_autoscaler_able',
    'gauge',
    MODEL,
    '1 if the autoscaler of the model can read and change the number of replicas.'
  ),
  modelAutoscalerActive: family(
    'model_autoscaler_active',
    'gauge',
    MODEL,
    '1 if the autoscaler of the model can read its metrics; absent while it has no replica to scale.'
  ),
  modelAutoscalerLoadRatio: family(
    'model_autoscaler_load_ratio',
    'gauge',
    MODEL,
    'Highest of the metrics of the autoscaler of the model, as a share of its target; above 1 it adds replicas.'
  ),
} as const;
