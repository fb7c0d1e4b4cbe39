/** Pods. Everything that the pods of a server have alike is one copy. */
import {
  POD_PHASES,
  TERMINATION_REASONS,
  WAITING_REASONS,
  type TerminationReason,
  type WaitingReason,
} from '@modelwatch/contract';
import type { ContainerState, ObjectMeta, Pod } from '../../../domain/resources';
import { podLimits, podRequests } from './amounts';
import { present, type Fields } from './fields';
import { share } from './share';
import { decodeContainers } from './workloads';

export function decodePod(object: Fields, meta: ObjectMeta): Pod {
  const spec = object.child('spec');
  const status = object.child('status');
  const conditions = new Map(status.children('conditions').map((condition) => [condition.text('type'), condition]));
  const scheduled = conditions.get('PodScheduled');
  const node = spec.text('nodeName');
  return {
    kind: 'Pod',
    meta,
    evicted: status.text('reason') === 'Evicted',
    ready: conditions.get('Ready')?.text('status') === 'True',
    // A pod that is bound by hand has a node and no such condition.
    scheduled: node !== undefined || scheduled?.text('status') === 'True',
    containers: decodeContainers(spec),
    requests: podRequests(spec),
    limits: podLimits(spec),
    containerStates: decodeStates(spec, status),
    ...present({
      phase: status.oneOf('phase', POD_PHASES),
      ip: status.text('podIP'),
      node,
      startedSeconds: status.time('startTime'),
      unschedulable:
        scheduled?.text('status') === 'False'
          ? (scheduled.text('message') ?? scheduled.text('reason') ?? 'not scheduled')
          : undefined,
    }),
  };
}

/** An init container that has done its work is "ready" and says nothing more; one that is a sidecar goes on. */
function decodeStates(spec: Fields, status: Fields): readonly ContainerState[] {
  const sidecars = new Set(
    spec
      .children('initContainers')
      .filter((init) => init.text('restartPolicy') === 'Always')
      .map((init) => init.text('name'))
  );
  const inits = status.children('initContainerStatuses').map(decodeState);
  return share([
    ...inits.filter((state) => !state.ready || sidecars.has(state.name)),
    ...status.children('containerStatuses').map(decodeState),
  ]);
}

function decodeState(container: Fields): ContainerState {
  const waiting = container.child('state').child('waiting');
  const terminated = container.child('state').child('terminated');
  const end = [terminated, container.child('lastState').child('terminated')].find((one) => one.keys().length > 0);
  // While it waits, its restarts are still those of the container that ended: the next one adds to them when it starts.
  const ended = end !== undefined && (end === terminated || waiting.keys().length > 0);
  return {
    name: container.text('name') ?? '',
    ready: container.bool('ready') ?? false,
    restarts: container.count('restartCount') ?? 0,
    ...present({
      waitingReason: waiting.keys().length > 0 ? waitingReason(waiting.text('reason')) : undefined,
      lastTerminatedReason: end && terminationReason(end.text('reason')),
      lastExitCode: end?.integer('exitCode'),
      ended: ended ? true : undefined,
      imageDigest: digestOf(container.text('imageID')),
      message: waiting.text('message') ?? end?.text('message'),
    }),
  };
}

/** Only that of a registry: what was built or loaded on a node has the id of its configuration there, which is another. */
function digestOf(imageId: string | undefined): string | undefined {
  return /@sha256:([0-9a-f]{12})[0-9a-f]{52}$/.exec(imageId ?? '')?.[1];
}

function terminationReason(reason: string | undefined): TerminationReason {
  return TERMINATION_REASONS.find((one) => one === reason) ?? 'other';
}

/** The kubelet always names one; where an old one does not, the container is being made. */
function waitingReason(reason: string | undefined): WaitingReason {
  return reason === undefined ? 'ContainerCreating' : (WAITING_REASONS.find((one) => one === reason) ?? 'other');
}
