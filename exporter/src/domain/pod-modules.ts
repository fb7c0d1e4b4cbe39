/** Which pods are asked as a module of the configuration says: those that name it, and those of no known kind that fit. */
import type { InferenceService, ContainerSpec, Pod } from './resources';
import { predictorName } from './kserve-parts';
import { inferenceContainer } from './pods';
import { baseUrl, httpPort } from './targets';
import type { ProbeTarget } from './probe-target';

/** What a module says of pods. */
export interface PodModule {
  readonly name: string;
  /** Of the requests, where the container names none. */
  readonly port: number;
  /** Absent: it reads no metrics. */
  readonly metrics?: { readonly port?: number; readonly path: string };
  /** Whether a pod is of this kind without saying so. */
  readonly fits: (container: ContainerSpec, labels: Readonly<Record<string, string>>) => boolean;
}

const ANNOTATION = 'modelwatch.io/module';

/** @param known targets of the pods whose kind is known; a pod that names a module is asked by that */
export function withModules(
  service: InferenceService,
  pods: readonly Pod[],
  known: readonly ProbeTarget[],
  modules: readonly PodModule[]
): readonly ProbeTarget[] {
  const named = (pod: Pod) => pod.meta.annotations[ANNOTATION] ?? service.meta.annotations[ANNOTATION];
  if (modules.length === 0 && !pods.some(named)) return known;
  const byReplica = new Map(known.map((target) => [target.endpoint.replica, target]));
  return pods.flatMap((pod) => {
    const { ip } = pod;
    const target = byReplica.get(pod.meta.name);
    const container = inferenceContainer(pod.containers);
    const name = named(pod) ?? (target ? undefined : fitting(container, pod, modules)?.name);
    if (name === undefined || ip === undefined) return target ?? [];
    // One that is not in the configuration is asked for all the same: the probe says that there is none.
    const module = modules.find((each) => each.name === name);
    const port = httpPort(container) ?? module?.port ?? 8080;
    const { metrics } = module ?? {};
    return [
      {
        ...target,
        endpoint: { namespace: pod.meta.namespace, server: predictorName(service.meta.name), replica: pod.meta.name },
        url: baseUrl(ip, port),
        metricsUrl: `${baseUrl(ip, metrics?.port ?? port)}${metrics?.path ?? '/metrics'}`,
        pod: { namespace: pod.meta.namespace, name: pod.meta.name },
        kindHint: 'generic' as const,
        module: name,
        models: [service.meta.name],
        versionSuffix: false,
      },
    ];
  });
}

function fitting(container: ContainerSpec | undefined, pod: Pod, modules: readonly PodModule[]): PodModule | undefined {
  return container && modules.find(({ fits }) => fits(container, pod.meta.labels));
}
