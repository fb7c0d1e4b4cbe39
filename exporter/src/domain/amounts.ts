/** Adding of what pods request. Inside in whole thousandths of a core and whole bytes, so that sums never drift. */
import { defined } from './described';
import type { Amounts } from './resources';
import type { PodTotals } from './workload-views';

/** Sums that can be taken back; cores in thousandths. */
export class AmountSums {
  private millicores = 0;
  private bytes = 0;
  private readonly gpus = new Map<string, number>();

  add({ cpuCores, memoryBytes, gpus }: Amounts, sign: 1 | -1): void {
    this.millicores += sign * Math.round((cpuCores ?? 0) * 1000);
    this.bytes += sign * Math.round(memoryBytes ?? 0);
    for (const [resource, count] of Object.entries(gpus ?? {})) {
      const sum = (this.gpus.get(resource) ?? 0) + sign * Math.round(count);
      if (sum === 0) this.gpus.delete(resource);
      else this.gpus.set(resource, sum);
    }
  }

  /** What nobody requests is absent. */
  get amounts(): Amounts {
    const gpus = [...this.gpus].sort(([a], [b]) => (a < b ? -1 : 1));
    return defined({
      cpuCores: this.millicores === 0 ? undefined : this.millicores / 1000,
      memoryBytes: this.bytes === 0 ? undefined : this.bytes,
      gpus: gpus.length === 0 ? undefined : Object.fromEntries(gpus),
    });
  }
}

function totalOf(parts: readonly Amounts[]): Amounts {
  const sums = new AmountSums();
  for (const part of parts) sums.add(part, 1);
  return sums.amounts;
}

/** A limit that one of them does not have is no limit, so then there is none for them together. */
export function podTotals(pods: readonly { readonly requests: Amounts; readonly limits: Amounts }[]): PodTotals {
  const { cpuCores, memoryBytes } = totalOf(pods.map((pod) => pod.limits));
  const all = (bound: 'cpuCores' | 'memoryBytes') => pods.every((pod) => pod.limits[bound] !== undefined);
  return {
    requests: totalOf(pods.map((pod) => pod.requests)),
    limits: defined({
      cpuCores: all('cpuCores') ? cpuCores : undefined,
      memoryBytes: all('memoryBytes') ? memoryBytes : undefined,
    }),
  };
}

export function gpuCount({ gpus }: Amounts): number {
  return Object.values(gpus ?? {}).reduce((sum, count) => sum + count, 0);
}
