/** The built-in kinds behind the servers: Deployments, StatefulSets, their autoscalers, and the nodes under them. */
import type { Autoscaler, ContainerSpec, Node, ObjectMeta, Workload } from '../../../domain/resources';
import { allocatable, requestsOf } from './amounts';
import type { Fields } from './fields';
import { present } from './fields';
import { decodeStatus } from './meta';
import { isNamesake } from './owners';
import { share } from './share';

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
    totalReplicas: status.count('replicas') ?? 0,
    readyReplicas: status.count('readyReplicas') ?? 0,
    updatedReplicas: status.count('updatedReplicas') ?? 0,
    ...(kind === 'Deployment' ? { paused: spec.bool('paused') ?? false } : {}),
    containers: decodeContainers(spec.child('template').child('spec')),
  };
}

/** Environment may hold secrets: only what says how the server is set up is kept, by name. */
const USEFUL_ENVIRONMENT =
  /^(SELDON_OVERCOMMIT_PERCENTAGE|SELDON_SERVER_CAPABILITIES|MEMORY_REQUEST|(SELDON|MLSERVER|TRITON)_[A-Z_]*PORT)$/;

export function decodeContainers(podSpec: Fields): readonly ContainerSpec[] {
  const sidecars = podSpec.children('initContainers').filter((init) => init.text('restartPolicy') === 'Always');
  return share(
    [...podSpec.children('containers'), ...sidecars].map((container) => ({
      name: container.text('name') ?? '',
      env: decodeEnvironment(container),
      ports: container.children('ports').flatMap((port) => {
        const number = port.count('containerPort');
        return number === undefined ? [] : [{ port: number, ...present({ name: port.text('name') }) }];
      }),
      ...present({
        image: container.text('image'),
        memoryBytes: requestsOf(container).get('memory'),
        https: isHttps(container) ? (true as const) : undefined,
      }),
    }))
  );
}

/** What the kubelet asks by HTTPS is served so: a server has one way on its port. */
function isHttps(container: Fields): boolean {
  return ['readinessProbe', 'livenessProbe', 'startupProbe'].some(
    (probe) => container.child(probe).child('httpGet').text('scheme') === 'HTTPS'
  );
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

/** `minReplicas` is 1 where the user sets none; of the counts in the status Go leaves out `currentReplicas` when it is 0. */
export function decodeAutoscaler(object: Fields, meta: ObjectMeta): Autoscaler {
  const spec = object.child('spec');
  const status = object.child('status');
  const target = spec.child('scaleTargetRef');
  const conditions = new Map(status.children('conditions').map((one) => [one.text('type'), one]));
  const holds = (type: string) => {
    const condition = conditions.get(type);
    // With no replica the metrics are not looked at: that they cannot be read is not known.
    if (!condition || condition.text('reason') === 'ScalingDisabled') return undefined;
    return condition.text('status') === 'True';
  };
  return {
    kind: 'Autoscaler',
    meta,
    target: targetOf(target),
    minReplicas: spec.count('minReplicas') ?? 1,
    maxReplicas: spec.count('maxReplicas') ?? 0,
    ...present({
      currentReplicas: status.count('currentReplicas') ?? (status.has('desiredReplicas') ? 0 : undefined),
      desiredReplicas: status.count('desiredReplicas'),
      limited: holds('ScalingLimited'),
      able: holds('AbleToScale'),
      active: holds('ScalingActive'),
      loadRatio: loadRatio(spec.children('metrics'), status.children('currentMetrics')),
    }),
  };
}

/** A target of no group is taken by its kind, as the API server does where only one group has it. */
function targetOf(target: Fields): Autoscaler['target'] {
  const kind = target.needed('kind', 'a kind') ?? '';
  const name = target.needed('name') ?? '';
  return target.has('apiVersion') && isNamesake(kind, target.text('apiVersion')) ? { kind: '', name } : { kind, name };
}

/** The status lists the metrics in the order of the spec; one that could not be read is an empty entry there. */
function loadRatio(targets: readonly Fields[], currents: readonly Fields[]): number | undefined {
  const ratios = targets.flatMap((target, index) => {
    const type = target.text('type');
    const current = currents[index];
    if (type === undefined || current?.text('type') !== type) return [];
    const key = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
    return ratioOf(target.child(key).child('target'), current.child(key).child('current')) ?? [];
  });
  return ratios.length === 0 ? undefined : Math.max(...ratios);
}

const VALUES = ['averageUtilization', 'averageValue', 'value'] as const;

function ratioOf(target: Fields, current: Fields): number | undefined {
  for (const value of VALUES) {
    if (!target.has(value) || !current.has(value)) continue;
    const wanted = target.quantity(value);
    const seen = current.quantity(value);
    return wanted === undefined || wanted === 0 ? undefined : seen === undefined ? undefined : seen / wanted;
  }
  return undefined;
}

/** Labels, images, addresses and the rest of a Node are not kept: only what can be placed on it, and whether it works. */
export function decodeNode(object: Fields, meta: ObjectMeta): Node {
  const status = object.child('status');
  const ready = status.children('conditions').find((condition) => condition.text('type') === 'Ready');
  return {
    kind: 'Node',
    meta: { ...meta, labels: {}, annotations: {}, owners: [] },
    unschedulable: object.child('spec').bool('unschedulable') ?? false,
    allocatable: allocatable(status),
    ...present({ ready: ready && ready.text('status') === 'True' }),
  };
}
