/** Serving runtimes and the InferenceServices that use them. Keys are `namespace/name`, `-/name` for the whole cluster. */
import type { RuntimeScope, RuntimeState } from '@modelwatch/contract';
import { MultiMap, parseRefId, plainKey, type RefId } from './ref';
import type { RuntimeFields } from './kserve-resources';
import type { ClusterServingRuntime, InferenceService, ServingRuntime } from './resources';

/** A serving runtime of KServe. */
export interface RuntimeView extends RuntimeFields {
  /** Empty for a runtime of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
  readonly scope: RuntimeScope;
  readonly createdSeconds?: number;
  /** Absent where nobody can tell: of a runtime of the whole cluster each shard sees a part of the models only. */
  readonly models?: number;
}

/** Namespace under which the sources keep objects of cluster scope. */
const CLUSTER = '-';

export class RuntimeIndex {
  readonly all = new Map<string, ServingRuntime | ClusterServingRuntime>();
  /** By the status, which says the runtime in use. */
  private readonly users = new MultiMap();
  /** By the spec alone: the scope is not known, so under both keys. */
  private readonly askers = new MultiMap();

  /** Returns the models whose runtime came, went or changed. */
  set(key: string, next: ServingRuntime | ClusterServingRuntime | undefined): readonly RefId[] {
    const previous = this.all.get(key);
    if (next) this.all.set(key, next);
    else this.all.delete(key);
    if (previous && next && previous.disabled === next.disabled) return [];
    return [...this.users.get(key), ...this.askers.get(key)];
  }

  /** Returns the keys of the runtimes whose number of users changed. */
  use(id: RefId, previous: InferenceService | undefined, next: InferenceService | undefined): readonly string[] {
    const { namespace } = parseRefId(id);
    const before = previous ? keysOf(namespace, previous) : [];
    const after = next ? keysOf(namespace, next) : [];
    if (previous?.runtimeScope === next?.runtimeScope && before.join() === after.join()) return [];
    for (const key of before) (previous?.runtimeScope ? this.users : this.askers).remove(key, id);
    for (const key of after) (next?.runtimeScope ? this.users : this.askers).add(key, id);
    return [...before, ...after];
  }

  usersOf(key: string): number {
    return this.users.size(key);
  }

  /** A runtime of the namespace goes before one of the cluster that has its name. */
  stateFor(service: InferenceService): RuntimeState | undefined {
    if (service.runtime === undefined) return undefined;
    const found = keysOf(service.meta.namespace, service).flatMap((key) => this.all.get(key) ?? [])[0];
    if (!found) return 'missing';
    return found.disabled ? 'disabled' : 'available';
  }
}

function keysOf(namespace: string, { runtime, runtimeScope }: InferenceService): readonly string[] {
  if (runtime === undefined) return [];
  const own = plainKey(namespace, runtime);
  const shared = plainKey(CLUSTER, runtime);
  if (runtimeScope === undefined) return [own, shared];
  return [runtimeScope === 'namespace' ? own : shared];
}

export function runtimeView(index: RuntimeIndex, key: string): RuntimeView | undefined {
  const runtime = index.all.get(key);
  if (!runtime) return undefined;
  const { meta, disabled, multiModel, multiNode, formats, protocols, containers } = runtime;
  const shared = runtime.kind === 'ClusterServingRuntime';
  return {
    namespace: shared ? '' : meta.namespace,
    name: meta.name,
    scope: shared ? 'cluster' : 'namespace',
    disabled,
    multiModel,
    multiNode,
    formats,
    protocols,
    containers,
    ...(meta.createdSeconds === undefined ? {} : { createdSeconds: meta.createdSeconds }),
    models: index.usersOf(key),
  };
}
