/** What the models on each server declare to need, kept by adding and taking away: a server may have thousands. */
import type { RefId } from './ref';
import type { SeldonModel } from './resources';

/** A model and its server, as far as there are any. */
type Placed = readonly [server: RefId | undefined, model: SeldonModel | undefined];

export class DeclaredMemory {
  private readonly sums = new Map<RefId, { bytes: number; models: number }>();

  /** A model changes, and maybe the server that it is on. One that declares nothing counts for nothing. */
  move(before: Placed, after: Placed): void {
    this.add(before, -1);
    this.add(after, 1);
  }

  private add([server, model]: Placed, sign: 1 | -1): void {
    if (!server || model?.memoryBytes === undefined) return;
    const sum = this.sums.get(server) ?? { bytes: 0, models: 0 };
    // Whole bytes, so that nothing is left over when all are taken away again.
    sum.bytes += sign * Math.round(model.memoryBytes) * (model.desiredReplicas ?? 1);
    sum.models += sign;
    if (sum.models > 0) this.sums.set(server, sum);
    else this.sums.delete(server);
  }

  /** Memory times replicas; undefined while no model on the server declares any. */
  bytesOn(server: RefId): number | undefined {
    return this.sums.get(server)?.bytes;
  }
}
