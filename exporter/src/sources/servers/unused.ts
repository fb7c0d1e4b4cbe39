/** Counts of what one endpoint said in vain. */
import type { DropReason, ProbeErrorCause } from '@modelwatch/contract';
import type { UnusedCounts } from '../../domain/observation';

export class Unused {
  /** Never changed, since it is told as it is. */
  private counts: UnusedCounts | undefined;

  drop(reason: DropReason): void {
    const { dropped, polls } = this.counts ?? { dropped: {}, polls: {} };
    this.counts = { dropped: { ...dropped, [reason]: (dropped[reason] ?? 0) + 1 }, polls };
  }

  pollFailed(cause: ProbeErrorCause): void {
    const { dropped, polls } = this.counts ?? { dropped: {}, polls: {} };
    this.counts = { dropped, polls: { ...polls, [cause]: (polls[cause] ?? 0) + 1 } };
  }

  /** As a part of an observation; empty while all could be used. */
  told(): { readonly unused?: UnusedCounts } {
    return this.counts ? { unused: this.counts } : {};
  }
}
