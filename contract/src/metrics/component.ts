/** Components of the serving platforms that models wait for, dependencies that are declared, and the settings of Seldon Core 2. */
import { family } from './family';

const COMPONENT = ['namespace', 'component'] as const;
const RUNTIME = ['namespace', 'runtime'] as const;

export const COMPONENT_METRICS = {
  platformComponentInfo: family(
    'component_info',
    'gauge',
    [...COMPONENT, 'platform', 'role', 'version'],
    'A component of a serving platform, or a dependency that the configuration declares (platform standalone); the value is always 1. The version is the tag of its image.'
  ),
  platformComponentUp: family(
    'component_up',
    'gauge',
    COMPONENT,
    '1 if a replica of the component is ready, 0 if none is; of a declared dependency, whether it answers as it should. Absent while nothing is heard of it.'
  ),
  platformComponentReplicasDesired: family(
    'component_replicas_desired',
    'gauge',
    COMPONENT,
    'Replicas that the workload of the component should have.'
  ),
  platformComponentReplicasAvailable: family(
    'component_replicas_available',
    'gauge',
    COMPONENT,
    'Replicas of the component that are ready.'
  ),
  platformComponentContainerRestarts: family(
    'component_container_restarts',
    'gauge',
    COMPONENT,
    'Restarts of the containers of the pods that the component has now; it falls when a pod is replaced.'
  ),
  platformComponentLastObserved: family(
    'component_last_observed_timestamp_seconds',
    'gauge',
    COMPONENT,
    'When the state of the component was last confirmed.'
  ),
  platformComponentProbes: family(
    'component_probes_total',
    'counter',
    [...COMPONENT, 'outcome'],
    'Probes of a declared dependency, counted by the exporter. A success is an answer as it was expected.'
  ),
  platformComponentProbeFailures: family(
    'component_probe_failures_total',
    'counter',
    [...COMPONENT, 'cause'],
    'Failed probes of the dependency by cause; only causes that occurred.'
  ),
  platformComponentProbeTime: family(
    'component_probe_time_seconds_total',
    'counter',
    [...COMPONENT, 'outcome'],
    'Time that probes of the dependency took, all together; by their number it is the mean.'
  ),
  seldonRuntimeInfo: family(
    'seldon_runtime_info',
    'gauge',
    [...RUNTIME, 'seldon_config'],
    'A SeldonRuntime and the SeldonConfig that it uses; the value is always 1.'
  ),
  seldonRuntimeCondition: family(
    'seldon_runtime_condition',
    'gauge',
    [...RUNTIME, 'condition', 'status'],
    'Conditions of a SeldonRuntime, as its controller wrote them; it also calls a component ready that has no replica.'
  ),
  seldonRuntimeComponentDisabled: family(
    'seldon_runtime_component_disabled',
    'gauge',
    [...RUNTIME, 'component'],
    '1 if the SeldonRuntime switches the component off; absent for components that it does not override.'
  ),
  seldonRuntimeComponentReplicas: family(
    'seldon_runtime_component_replicas_desired',
    'gauge',
    [...RUNTIME, 'component'],
    'Replicas of the component that the SeldonRuntime asks for; absent where it leaves them as they are.'
  ),
  seldonConfigInfo: family(
    'seldon_config_info',
    'gauge',
    ['namespace', 'seldon_config', 'topic_prefix', 'model_autoscaling', 'server_autoscaling', 'tracing'],
    'A SeldonConfig; the value is always 1. Addresses and credentials are left out.'
  ),
  seldonServerConfigInfo: family(
    'seldon_server_config_info',
    'gauge',
    ['namespace', 'server_config'],
    'A ServerConfig that Seldon servers can use; the value is always 1.'
  ),
  seldonServerConfigContainer: family(
    'seldon_server_config_container_info',
    'gauge',
    ['namespace', 'server_config', 'container_name', 'image'],
    'Containers of the ServerConfig, with their images; the value is always 1.'
  ),
  seldonServerConfigServers: family(
    'seldon_server_config_servers',
    'gauge',
    ['namespace', 'server_config'],
    'Seldon servers that name the ServerConfig, in all namespaces.'
  ),
} as const;
