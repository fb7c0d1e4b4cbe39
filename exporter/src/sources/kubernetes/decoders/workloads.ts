/** The built-in kinds behind the servers: Deployments, StatefulSets and Pods. */
import type { ContainerSpec, ObjectMeta, Pod, Workload } from '../../../domain/resources';
import type { Fields } from './fields';
import { present } from './fields';
import { decodeStatus } from './meta';

export function decodeDeployment(object: Fields, meta: ObjectMeta): Workload {
  return decodeWorkload('Deployment', object, meta);
}

export function decodeStatefulSet(object: Fields, meta: ObjectMeta): Workload {
  return decodeWorkload('StatefulSet', object, meta);
}

/** The API server sets `spec.replicas` to 1 where the user did not; counts of the status are left out when they are 0. */
function decodeWorkload(kind: Workload['kind'], object: Fields, meta: ObjectMeta): Workload {
  const spec = object.child('spec');
  const status = object.child('status');
  return {
    kind,
    meta,
    ...decodeStatus(object),
    desiredReplicas: spec.count('replicas') ?? 1,
    readyReplicas: status.count('readyReplicas') ?? 0,
    updatedReplicas: status.count('updatedReplicas') ?? 0,
    containers: decodeContainers(spec.child('template').child('spec')),
  };
}

export function decodePod(object: Fields, meta: ObjectMeta): Pod {
  const spec = object.child('spec');
  const status = object.child('status');
  const base = decodeStatus(object);
  const scheduled = base.status?.conditions.find((condition) => condition.type === 'PodScheduled');
  return {
    kind: 'Pod',
    meta,
    ...base,
    ready: base.status?.conditions.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false,
    containers: decodeContainers(spec),
    containerStates: [
      // An init container that has done its work is "ready" and says nothing more.
      ...status
        .children('initContainerStatuses')
        .map(decodeContainerState)
        .filter((state) => !state.ready),
      ...status.children('containerStatuses').map(decodeContainerState),
    ],
    ...present({
      phase: status.text('phase'),
      ip: status.text('podIP'),
      node: spec.text('nodeName'),
      unschedulable:
        scheduled?.status === 'False' ? (scheduled.message ?? scheduled.reason ?? 'not scheduled') : undefined,
    }),
  };
}

function decodeContainerState(state: Fields): Pod['containerStates'][number] {
  const waiting = state.child('state').child('waiting');
  const terminated = state.child('state').child('terminated');
  const last = state.child('lastState').child('terminated');
  return {
    name: state.text('name') ?? '',
    ready: state.bool('ready') ?? false,
    restarts: state.count('restartCount') ?? 0,
    ...present({
      waitingReason: waiting.text('reason') ?? terminated.text('reason'),
      lastTerminatedReason: last.text('reason') ?? terminated.text('reason'),
      message: waiting.text('message') ?? terminated.text('message') ?? last.text('message'),
    }),
  };
}

/** Environment may hold secrets: only what says how the server is set up is kept, by name. */
const USEFUL_ENVIRONMENT =
  /^(SELDON_OVERCOMMIT_PERCENTAGE|SELDON_SERVER_CAPABILITIES|MEMORY_REQUEST|(SELDON|MLSERVER|TRITON)_[A-Z_]*PORT)$/;
const GPU = /^(.+\/gpu|nvidia\.com\/mig-.+)$/;

function decodeContainers(podSpec: Fields): ContainerSpec[] {
  return podSpec.children('containers').map((container) => {
    const requests = container.child('resources').child('requests');
    return {
      name: container.text('name') ?? '',
      env: decodeEnvironment(container),
      ports: container.children('ports').flatMap((port) => {
        const number = port.count('containerPort');
        return number === undefined ? [] : [{ port: number, ...present({ name: port.text('name') }) }];
      }),
      ...present({
        image: container.text('image'),
        cpuCores: requests.quantity('cpu'),
        memoryBytes: requests.quantity('memory'),
        // For extended resources request and limit are equal, and one of them is enough.
        gpus: sumGpus(requests) ?? sumGpus(container.child('resources').child('limits')),
      }),
    };
  });
}

function decodeEnvironment(container: Fields): Record<string, string> {
  const out: Record<string, string> = {};
  for (const variable of container.children('env')) {
    const name = variable.text('name');
    if (name === undefined || !USEFUL_ENVIRONMENT.test(name)) continue;
    const value = variable.text('value');
    if (value !== undefined) out[name] = value;
  }
  return out;
}

function sumGpus(resources: Fields): number | undefined {
  const counts = resources
    .keys()
    .filter((key) => GPU.test(key))
    .flatMap((key) => resources.quantity(key) ?? []);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
