/** Pods of model servers, one by one. */
import { family, POD } from './family';

const CONTAINER = [...POD, 'container_name'] as const;

export const POD_METRICS = {
  podInfo: family(
    'pod_info',
    'gauge',
    [...POD, 'node', 'uid'],
    'A pod of a model server; the value is always 1. Joins series of other exporters by namespace and pod, or by uid.'
  ),
  podPhase: family(
    'pod_phase',
    'gauge',
    [...POD, 'phase'],
    'Phase of the pod; only the one that holds, with value 1. A pod that is done is counted in modelwatch_server_pods.'
  ),
  podReady: family('pod_ready', 'gauge', POD, '1 if Kubernetes calls the pod ready.'),
  podScheduled: family('pod_scheduled', 'gauge', POD, '1 if the pod has been given a node.'),
  podStart: family(
    'pod_start_timestamp_seconds',
    'gauge',
    POD,
    'When the kubelet took the pod on; its age is the time since then.'
  ),
  podRestarts: family(
    'pod_container_restarts_total',
    'counter',
    CONTAINER,
    'Restarts of the container in this pod, as Kubernetes counts them; the count ends with the pod.'
  ),
  podWaitingReason: family(
    'pod_container_waiting_reason',
    'gauge',
    [...CONTAINER, 'reason'],
    'Why the container waits to be started; only while it does, with value 1.'
  ),
  podLastTerminationReason: family(
    'pod_container_last_termination_reason',
    'gauge',
    [...CONTAINER, 'reason'],
    'How the container ended the last time; only if it ever did, with value 1.'
  ),
  podLastTerminationExitCode: family(
    'pod_container_last_termination_exit_code',
    'gauge',
    CONTAINER,
    'Exit code with which the container ended the last time; 137 is a kill, mostly for memory.'
  ),
} as const;
