/**
 * What happened to the pods of a server while the exporter looked on: Kubernetes keeps only the last end of each container,
 * and nothing of a pod that is gone. Counts begin at 0 with the exporter; ends that it did not see are not in them.
 */
import type { ContainerState, Pod } from './resources';
import type { RefId } from './ref';

export interface Incidents {
  readonly oomKills: number;
  readonly evictions: number;
}

const NONE: Incidents = { oomKills: 0, evictions: 0 };

export class IncidentBook {
  /** Only servers to which something happened; kept when the server goes, since it may come back under its name. */
  private readonly counts = new Map<RefId, Incidents>();

  of(server: RefId): Incidents {
    return this.counts.get(server) ?? NONE;
  }

  /**
   * Goes on from what an earlier fleet of the same process counted. While both look on, both count the same: what this one
   * counted already is in the other's count too.
   */
  adopt(server: RefId, earlier: Incidents): void {
    if (earlier.oomKills + earlier.evictions === 0) return;
    const { oomKills, evictions } = this.of(server);
    this.counts.set(server, {
      oomKills: Math.max(oomKills, earlier.oomKills),
      evictions: Math.max(evictions, earlier.evictions),
    });
  }

  /** One pod of the server before and after an event. */
  saw(server: RefId, before: Pod, after: Pod): void {
    if (before.meta.uid !== after.meta.uid) return;
    const oomKills = after.containerStates.filter((state) => wasKilled(stateOf(before, state.name), state)).length;
    const evictions = after.evicted && !before.evicted ? 1 : 0;
    if (oomKills + evictions === 0) return;
    const sum = this.of(server);
    this.counts.set(server, { oomKills: sum.oomKills + oomKills, evictions: sum.evictions + evictions });
  }
}

function stateOf(pod: Pod, container: string): ContainerState | undefined {
  return pod.containerStates.find((state) => state.name === container);
}

/** A kill shows twice, as the end of the container and as what came before its restart; it is counted once. */
function wasKilled(before: ContainerState | undefined, after: ContainerState): boolean {
  return after.lastTerminatedReason === 'OOMKilled' && ends(after) > ends(before);
}

function ends(state: ContainerState | undefined): number {
  return (state?.restarts ?? 0) + (state?.ended ? 1 : 0);
}
