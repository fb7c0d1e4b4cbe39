/** What pods and workloads say about the server that they belong to. Pure; labels as Seldon Core 2 and KServe set them. */
import { cause, type Cause } from './facts';
import type { ContainerSpec, ObjectMeta, Pod, Workload } from './resources';
import type { Replicas } from './views';
import type { PodView } from './workload-views';
import { kservePartOf, partId } from './kserve-parts';
import { refId, type RefId } from './ref';
import type { ModelComponent } from '@modelwatch/contract';

const SELDON_SERVER_LABEL = 'seldon-server-name';
/** Containers that stand beside the model server in its pod. */
const SIDECARS = [
  'agent',
  'rclone',
  'queue-proxy',
  'istio-proxy',
  'linkerd-proxy',
  'kserve-agent',
  'llm-d-routing-sidecar',
];

/** The server that a pod or workload belongs to, by label, then by owner; undefined: no model server's. */
export function serverOf(meta: ObjectMeta): RefId | undefined {
  const part = kservePartOf(meta);
  if (part) return partId(meta.namespace, part);
  const named = meta.labels[SELDON_SERVER_LABEL];
  if (named) return refId('seldon', meta.namespace, named);
  for (const owner of meta.owners) {
    if (owner.kind === 'Server') return refId('seldon', meta.namespace, owner.name);
    const ofSeldon = meta.labels['app.kubernetes.io/name'] === 'seldon-server';
    if (ofSeldon && (owner.kind === 'StatefulSet' || owner.kind === 'Deployment')) {
      return refId('seldon', meta.namespace, owner.name);
    }
  }
  return undefined;
}

/** Pods that are on their way out or done hold no replica. */
export function isCurrent(pod: Pod): boolean {
  return pod.meta.deletedSeconds === undefined && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';
}

/** The container that answers inference requests. */
export function inferenceContainer(containers: readonly ContainerSpec[]): ContainerSpec | undefined {
  const preferred = ['kserve-container', 'mlserver', 'triton', 'main'];
  return (
    containers.find((container) => preferred.includes(container.name)) ??
    containers.find((container) => !SIDECARS.includes(container.name))
  );
}

/** Views of pods that still are as they were: the models of a server share them. */
const views = new WeakMap<Pod, PodView>();

export function podView(pod: Pod, server: string, component: ModelComponent = 'server'): PodView {
  const known = views.get(pod);
  if (known?.server === server && known.component === component) return known;
  const restarts = pod.containerStates.reduce((sum, state) => sum + state.restarts, 0);
  const view: PodView = {
    pod: pod.meta.name,
    namespace: pod.meta.namespace,
    uid: pod.meta.uid,
    ...(pod.node === undefined ? {} : { node: pod.node }),
    server,
    component,
    ...(pod.phase === undefined ? {} : { phase: pod.phase }),
    ready: pod.ready,
    scheduled: pod.scheduled,
    ...(pod.startedSeconds === undefined ? {} : { startedSeconds: pod.startedSeconds }),
    restarts,
    containers: pod.containerStates,
    requests: pod.requests,
    limits: pod.limits,
  };
  views.set(pod, view);
  return view;
}

/** Desired and ready replicas of all workloads of a server together (Knative has one per revision). */
export function workloadReplicas(workloads: readonly Workload[]): Replicas & { readonly updated?: number } {
  if (workloads.length === 0) return {};
  const sum = (of: (workload: Workload) => number) => workloads.reduce((total, workload) => total + of(workload), 0);
  return {
    desired: sum((workload) => workload.desiredReplicas),
    available: sum((workload) => workload.readyReplicas),
    updated: sum((workload) => workload.updatedReplicas),
  };
}

type ContainerState = Pod['containerStates'][number];
const IMAGE_TROUBLE = ['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull'];
/** Between two back-offs a crashing container is just running and not ready; one restart is no loop yet. */
const RESTARTS_OF_A_LOOP = 2;
const CONFIG_TROUBLE = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];

/** Why pods are not ready. A container that is ready again has no cause: its last death is old news. */
export function podCauses(pods: readonly Pod[]): readonly Cause[] {
  return pods.filter((pod) => !pod.ready && pod.meta.deletedSeconds === undefined).flatMap(causesOfPod);
}

function causesOfPod(pod: Pod): readonly Cause[] {
  if (pod.unschedulable !== undefined) return [cause('unschedulable', pod.unschedulable)];
  return pod.containerStates.filter((state) => !state.ready).flatMap(causesOfContainer);
}

function causesOfContainer(state: ContainerState): readonly Cause[] {
  const { waitingReason, lastTerminatedReason } = state;
  // A crash loop tells how, the termination tells why: the why comes first.
  if (lastTerminatedReason === 'OOMKilled') return [cause('out_of_memory')];
  const keepsDying = lastTerminatedReason !== undefined && state.restarts >= RESTARTS_OF_A_LOOP;
  if (waitingReason === 'CrashLoopBackOff' || keepsDying) return [cause('crash_loop', state.message)];
  if (waitingReason !== undefined && IMAGE_TROUBLE.includes(waitingReason)) {
    return [cause('image_pull_failed', state.message)];
  }
  if (waitingReason !== undefined && CONFIG_TROUBLE.includes(waitingReason)) {
    return [cause('workload_failed', state.message ?? waitingReason)];
  }
  return [];
}
