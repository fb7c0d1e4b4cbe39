/** Autoscalers by what they scale. Of a silent source none is shown: their series have no state that could turn stale. */
import { MultiMap, parseRefId, plainKey, type RefId } from './ref';
import type { Autoscaler, Workload } from './resources';

export class AutoscalerBook {
  private trusted = false;
  private readonly autoscalers = new Map<string, Autoscaler>();
  /** Keys of autoscalers by kind/namespace/name of what they scale. */
  private readonly ofTarget = new MultiMap();

  /** @param next undefined: it is gone. @returns it as it was and as it is: what they scale may show something else now */
  set(key: string, next: Autoscaler | undefined): readonly Autoscaler[] {
    const previous = this.autoscalers.get(key);
    if (previous) this.ofTarget.remove(targetOf(previous), key);
    if (next) {
      this.ofTarget.add(targetOf(next), key);
      this.autoscalers.set(key, next);
    } else this.autoscalers.delete(key);
    return [previous, next].filter((scaler) => scaler !== undefined);
  }

  /** @returns those that come to show or vanish by it */
  trust(trusted: boolean): Iterable<Autoscaler> {
    if (trusted === this.trusted) return [];
    this.trusted = trusted;
    return this.autoscalers.values();
  }

  /** Of the server itself (Seldon's scale subresource) or of its workloads; of two for one target only the first. */
  ofServer(server: RefId, workloads: readonly Workload[]): readonly Autoscaler[] {
    const { platform, namespace, name } = parseRefId(server);
    const targets = workloads.map((workload) => `${workload.kind}/${plainKey(namespace, workload.meta.name)}`);
    if (platform === 'seldon') targets.push(`Server/${plainKey(namespace, name)}`);
    return targets.flatMap((target) => this.of(target) ?? []);
  }

  /** A Seldon Model has replicas of its own to scale. */
  ofModel(model: RefId): readonly Autoscaler[] {
    const { platform, namespace, name } = parseRefId(model);
    const found = platform === 'seldon' ? this.of(`Model/${plainKey(namespace, name)}`) : undefined;
    return found ? [found] : [];
  }

  private of(target: string): Autoscaler | undefined {
    if (!this.trusted) return undefined;
    const first = [...this.ofTarget.get(target)].sort()[0];
    return first === undefined ? undefined : this.autoscalers.get(first);
  }
}

function targetOf({ target, meta }: Autoscaler): string {
  return `${target.kind}/${plainKey(meta.namespace, target.name)}`;
}
