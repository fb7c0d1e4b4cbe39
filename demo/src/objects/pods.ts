/** A Pod with the status that the kubelet writes, healthy or killed for memory again and again. */
import { createHash } from 'node:crypto';
import { share } from '../random';
import type { KubernetesObject } from '../types';
import { meta, time } from './meta';

export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name?: string; readonly port: number }[];
  readonly requests: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface PodPlan {
  readonly seed: number;
  readonly namespace: string;
  readonly name: string;
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly nodes: number;
  readonly containers: readonly ContainerPlan[];
  /** The tags of its images were pushed again, and it has what they stand for now. */
  readonly pushedAgain?: boolean;
  /** The container that was killed for memory, how often, since when, and whether it still is down. */
  readonly killed?: {
    readonly container: string;
    readonly restarts: number;
    readonly atMs: number;
    readonly down: boolean;
  };
}

export function nodeName(index: number): string {
  return `node-${String(index + 1).padStart(3, '0')}`;
}

export function podObject(plan: PodPlan): KubernetesObject {
  const { seed, namespace, name, createdMs, killed } = plan;
  const down = killed?.down ?? false;
  const place = share(seed, namespace, name, 'place');
  const ip = `10.${64 + Math.floor(place * 60)}.${Math.floor(share(seed, name, namespace) * 255)}.${
    2 + Math.floor(share(namespace, name, seed) * 250)
  }`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta({
      seed,
      kind: 'Pod',
      namespace,
      name,
      createdMs,
      labels: plan.labels,
      ...(plan.annotations === undefined ? {} : { annotations: plan.annotations }),
      owner: plan.owner,
    }),
    spec: {
      nodeName: nodeName(Math.floor(place * plan.nodes)),
      restartPolicy: 'Always',
      containers: plan.containers.map(containerSpec),
    },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      qosClass: 'Burstable',
      startTime: time(createdMs + 1_000),
      conditions: podConditions(createdMs, killed),
      containerStatuses: plan.containers.map((container) =>
        containerStatus(
          container,
          createdMs,
          digestOf(container.image, plan.pushedAgain ?? false),
          killed?.container === container.name ? killed : undefined
        )
      ),
      ...(down ? {} : { hostIP: `192.168.${Math.floor(place * 4)}.${10 + Math.floor(place * 200)}` }),
    },
  };
}

/** A container as it stands in the spec of a pod or in the template of a workload. */
export function containerSpec(container: ContainerPlan): unknown {
  const { name, image, env = {}, ports, requests, limits } = container;
  return {
    name,
    image,
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    ports: ports.map((port) => ({
      ...(port.name === undefined ? {} : { name: port.name }),
      containerPort: port.port,
      protocol: 'TCP',
    })),
    resources: { requests, ...(limits === undefined ? {} : { limits }) },
  };
}

function podConditions(createdMs: number, killed: PodPlan['killed']): readonly Record<string, unknown>[] {
  const readySinceMs = killed?.atMs ?? createdMs + 40_000;
  const ready =
    killed?.down === true
      ? {
          status: 'False',
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${killed.container}]`,
        }
      : { status: 'True' };
  const at = (ms: number) => ({ lastProbeTime: null, lastTransitionTime: time(ms) });
  return [
    { type: 'Initialized', status: 'True', ...at(createdMs + 1_000) },
    { type: 'Ready', ...ready, ...at(readySinceMs) },
    { type: 'ContainersReady', ...ready, ...at(readySinceMs) },
    { type: 'PodScheduled', status: 'True', ...at(createdMs) },
  ];
}

/** As containerd tells it: repository and digest. */
function digestOf(image: string, pushedAgain: boolean): string {
  const digest = createHash('sha256')
    .update(`${image}${pushedAgain ? ' again' : ''}`)
    .digest('hex');
  return `${image.replace(/:[^:/]*$/, '')}@sha256:${digest}`;
}

function containerStatus(
  container: ContainerPlan,
  createdMs: number,
  imageID: string,
  killed: PodPlan['killed']
): unknown {
  const base = { name: container.name, image: container.image, imageID };
  const running = (ms: number) => ({ running: { startedAt: time(ms) } });
  if (killed === undefined) {
    return {
      ...base,
      ready: true,
      started: true,
      restartCount: 0,
      state: running(createdMs + 20_000),
      lastState: {},
    };
  }
  const lastState = {
    terminated: {
      exitCode: 137,
      reason: 'OOMKilled',
      startedAt: time(killed.atMs - 30_000),
      finishedAt: time(killed.atMs),
    },
  };
  const restartCount = killed.restarts;
  if (!killed.down) {
    return { ...base, ready: true, started: true, restartCount, state: running(killed.atMs), lastState };
  }
  const message = `back-off 5m0s restarting failed container=${container.name}`;
  const state = { waiting: { reason: 'CrashLoopBackOff', message } };
  return { ...base, ready: false, started: false, restartCount, state, lastState };
}
