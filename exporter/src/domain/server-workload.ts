/** What Kubernetes knows of the pods behind a server, put together. */
import type { PodPhase } from '@modelwatch/contract';
import { podTotals } from './amounts';
import { defined, joined } from './described';
import { isCurrent } from './pods';
import type { RefId } from './ref';
import type { Autoscaler, Pod, Workload } from './resources';
import type { AutoscalerView, ServerWorkload } from './workload-views';
import type { World } from './world';

export interface RolloutClock {
  readonly nowSeconds: number;
  /** False while the first lists are read: a rollout that is found then began at a time that nobody saw. */
  readonly sawBefore: boolean;
}

/** Undefined for a server that has neither pods nor workloads. */
export function serverWorkload(server: RefId, world: World, clock: RolloutClock): ServerWorkload | undefined {
  const workloads = world.workloadsOf(server);
  const all = world.allPodsOf(server);
  if (workloads.length === 0) world.rollouts.forget(server);
  if (workloads.length === 0 && all.length === 0) return undefined;
  const current = all.filter(isCurrent);
  const autoscaler = together(world.autoscalers.ofServer(server, workloads));
  const { requests, limits } = podTotals(current);
  const found = {
    requests,
    limits,
    phases: countPhases(all),
    images: imagesOf(current, workloads),
    digests: digestsOf(current),
    controllers: workloads.map(controllerOf),
    ...(workloads.length === 0 ? {} : { rollout: rolloutOf(server, workloads, world, clock) }),
    ...(autoscaler ? { autoscaler } : {}),
  };
  return joined(found, world.incidents.of(server));
}

function countPhases(pods: readonly Pod[]): Partial<Record<PodPhase, number>> {
  const phases: Partial<Record<PodPhase, number>> = {};
  for (const { phase } of pods) if (phase !== undefined) phases[phase] = (phases[phase] ?? 0) + 1;
  return phases;
}

/** What runs; before the first pod, what is to run. During a rollout a container has two. */
function imagesOf(pods: readonly Pod[], workloads: readonly Workload[]): ServerWorkload['images'] {
  const found = new Map<string, ServerWorkload['images'][number]>();
  const holders = pods.length > 0 ? pods : workloads;
  for (const specs of new Set(holders.map(({ containers }) => containers))) {
    for (const { name, image } of specs) {
      if (image !== undefined) found.set(`${name} ${image}`, { container: name, image });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, image]) => image);
}

/** More than one of an image while its pods differ. */
function digestsOf(pods: readonly Pod[]): ServerWorkload['digests'] {
  const found = new Map<string, ServerWorkload['digests'][number]>();
  for (const { containers, containerStates } of pods) {
    for (const { name: container, imageDigest: digest } of containerStates) {
      const image = digest && containers.find(({ name }) => name === container)?.image;
      if (digest && image) found.set(`${container} ${image} ${digest}`, { container, image, digest });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, digest]) => digest);
}

function controllerOf({ kind, meta, status }: Workload): ServerWorkload['controllers'][number] {
  const { generation } = meta;
  const { observedGeneration } = status ?? {};
  return {
    kind,
    name: meta.name,
    ...(generation === undefined ? {} : { generation }),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  };
}

function rolloutOf(
  server: RefId,
  workloads: readonly Workload[],
  world: World,
  clock: RolloutClock
): NonNullable<ServerWorkload['rollout']> {
  const sum = (of: (workload: Workload) => number) => workloads.reduce((total, workload) => total + of(workload), 0);
  const desired = sum(({ desiredReplicas }) => desiredReplicas);
  const whole = sum(replicasInAll);
  const updated = sum((workload) => Math.min(workload.updatedReplicas, replicasInAll(workload)));
  const startedSeconds = world.rollouts.startOf(server, workloads.some(isRolling), clock);
  const paused = workloads.some((workload) => workload.paused);
  return defined({
    updatedRatio: desired > 0 ? updated / whole : undefined,
    paused: workloads.some((workload) => workload.paused !== undefined) ? paused : undefined,
    startedSeconds,
  });
}

/** Those that are missing, and those of older versions that a new one has come beside. */
function replicasInAll({ desiredReplicas, totalReplicas }: Workload): number {
  return Math.max(desiredReplicas, totalReplicas);
}

/** Replicas of the old version are left, or the controller has not seen the new version yet. */
function isRolling(workload: Workload): boolean {
  const { updatedReplicas, meta, status } = workload;
  const unseen = (status?.observedGeneration ?? Infinity) < (meta.generation ?? 0);
  return unseen || updatedReplicas < replicasInAll(workload);
}

/** When rollouts began, as far as the exporter saw: the API does not say. */
export class RolloutBook {
  private readonly began = new Map<RefId, number | undefined>();

  startOf(server: RefId, rolling: boolean, { nowSeconds, sawBefore }: RolloutClock): number | undefined {
    if (!rolling) {
      this.began.delete(server);
      return undefined;
    }
    if (!this.began.has(server)) this.began.set(server, sawBefore ? nowSeconds : undefined);
    return this.began.get(server);
  }

  /** Goes on from what an earlier fleet of the same process saw. */
  adopt(server: RefId, startedSeconds: number | undefined): void {
    if (startedSeconds !== undefined && this.began.get(server) === undefined) this.began.set(server, startedSeconds);
  }

  forget(server: RefId): void {
    this.began.delete(server);
  }
}

/** Bounds and counts add up over the workloads of a server; one that is limited limits it, one that is unable hinders it. */
export function together(autoscalers: readonly Autoscaler[]): AutoscalerView | undefined {
  if (autoscalers.length === 0) return undefined;
  const all = <T>(of: (one: Autoscaler) => T | undefined): T[] => autoscalers.flatMap((one) => of(one) ?? []);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const known = <T, Out>(values: readonly T[], fold: (values: readonly T[]) => Out) =>
    values.length === 0 ? undefined : fold(values);
  const view = {
    minReplicas: sum(autoscalers.map(({ minReplicas }) => minReplicas)),
    maxReplicas: sum(autoscalers.map(({ maxReplicas }) => maxReplicas)),
    currentReplicas: known(
      all(({ currentReplicas }) => currentReplicas),
      sum
    ),
    desiredReplicas: known(
      all(({ desiredReplicas }) => desiredReplicas),
      sum
    ),
    limited: known(
      all(({ limited }) => limited),
      (values) => values.includes(true)
    ),
    able: known(
      all(({ able }) => able),
      (values) => !values.includes(false)
    ),
    active: known(
      all(({ active }) => active),
      (values) => !values.includes(false)
    ),
    loadRatio: known(
      all(({ loadRatio }) => loadRatio),
      (values) => Math.max(...values)
    ),
  };
  return defined(view);
}
