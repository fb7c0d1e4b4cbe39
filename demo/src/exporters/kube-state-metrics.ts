/** kube-state-metrics, as far as the resources of models are concerned. */
import type { Labels } from '../servers/exposition';
import type { KubernetesObject } from '../types';
import { quantity, type ContainerUse, type PodJson } from './containers';
import { family, type Sample } from './go-text';

/** Kubernetes' names of resources, in Prometheus's letters, and their units. */
function resourceLabels(resource: string): Labels {
  const units: Readonly<Record<string, string>> = { cpu: 'core', memory: 'byte' };
  return { resource: resource.replace(/[^a-zA-Z0-9_]/g, '_'), unit: units[resource] ?? 'integer' };
}

function podLabels(pod: PodJson): Labels {
  const { namespace, name, uid } = pod.metadata;
  return { namespace, pod: name, uid };
}

export function kubeStateText(uses: readonly ContainerUse[], nodes: readonly KubernetesObject[]): string {
  const container = ({ pod, spec }: ContainerUse): Labels => ({ ...podLabels(pod), container: spec.name });
  const resources = (of: 'requests' | 'limits'): readonly Sample[] =>
    uses.flatMap((use) =>
      Object.entries(use.spec.resources[of] ?? {}).map(([resource, text]): Sample => [
        { ...container(use), node: use.pod.spec.nodeName, ...resourceLabels(resource) },
        quantity(text),
      ])
    );
  const terminated = uses.flatMap((use): readonly Sample[] => {
    const status = use.pod.status.containerStatuses.find((each) => each.name === use.spec.name);
    const reason = status?.lastState.terminated?.reason;
    return reason === undefined ? [] : [[{ ...container(use), reason }, 1]];
  });
  return (
    podText([...new Set(uses.map((use) => use.pod))]) +
    family('kube_pod_container_info', 'gauge', 'Information about a container in a pod.', [
      ...uses.map((use): Sample => [{ ...container(use), image: use.spec.image, image_spec: use.spec.image }, 1]),
    ]) +
    family(
      'kube_pod_container_resource_requests',
      'gauge',
      'The number of requested request resource by a container.',
      resources('requests')
    ) +
    family(
      'kube_pod_container_resource_limits',
      'gauge',
      'The number of requested limit resource by a container.',
      resources('limits')
    ) +
    family(
      'kube_pod_container_status_restarts_total',
      'counter',
      'The number of container restarts per container.',
      uses.map((use): Sample => [container(use), use.restarts])
    ) +
    family(
      'kube_pod_container_status_last_terminated_reason',
      'gauge',
      'Describes the last reason the container was in terminated state.',
      terminated
    ) +
    nodeText(nodes)
  );
}

function podText(pods: readonly PodJson[]): string {
  const info = pods.map((pod): Sample => {
    const [owner] = pod.metadata.ownerReferences;
    return [
      {
        ...podLabels(pod),
        host_ip: pod.status.hostIP ?? '',
        pod_ip: pod.status.podIP,
        node: pod.spec.nodeName,
        created_by_kind: owner?.kind ?? '<none>',
        created_by_name: owner?.name ?? '<none>',
        priority_class: '',
        host_network: 'false',
      },
      1,
    ];
  });
  const phases = ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running'];
  return (
    family('kube_pod_info', 'gauge', 'Information about pod.', info) +
    family(
      'kube_pod_status_phase',
      'gauge',
      'The pods current phase.',
      pods.flatMap((pod) => phases.map((phase): Sample => [{ ...podLabels(pod), phase }, phase === 'Running' ? 1 : 0]))
    )
  );
}

function nodeText(nodes: readonly KubernetesObject[]): string {
  const allocatable = nodes.flatMap(({ metadata, status }): readonly Sample[] => {
    // Made by this program itself.
    const { allocatable: resources } = status as { readonly allocatable: Readonly<Record<string, string>> };
    return Object.entries(resources).map(([resource, text]) => [
      { node: metadata.name, ...resourceLabels(resource) },
      quantity(text),
    ]);
  });
  return family(
    'kube_node_status_allocatable',
    'gauge',
    'The allocatable for different resources of a node that are available for scheduling.',
    allocatable
  );
}
