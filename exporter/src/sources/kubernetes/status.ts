/** The watches of one kind as one source. */
import type { Observation, Tell } from '../../domain/observation';
import type { Clock } from '../clock';
import type { Condition } from './condition';
import { resourceName, sourceName, type Kind } from './kinds';

type SourceStatus = Extract<Observation, { kind: 'source-status' }>;

/** Signs of life come with every event; they are told at most this often. */
const TELL_EVERY_SECONDS = 5;

const WORST_FIRST: readonly Condition['state'][] = ['failing', 'silent', 'syncing', 'forbidden', 'synced'];

/** All watches together: the worst state, its message, and the oldest sign of life. */
export function combine(conditions: readonly Condition[]): Condition {
  const worst = WORST_FIRST.map((state) => conditions.find((one) => one.state === state)).find(Boolean);
  let oldest: number | undefined = Infinity;
  for (const { contactMonotonicSeconds } of conditions) {
    oldest = contactMonotonicSeconds === undefined ? undefined : Math.min(oldest ?? -Infinity, contactMonotonicSeconds);
    if (oldest === undefined) break;
  }
  return {
    // Nothing to watch, because other shards own every namespace: there is nothing left to read.
    state: worst?.state ?? 'synced',
    ...(worst?.message === undefined ? {} : { message: worst.message }),
    ...(oldest === undefined || !Number.isFinite(oldest) ? {} : { contactMonotonicSeconds: oldest }),
  };
}

/** Of a kind: as of its watches, or that there are none. */
export type KindCondition = Omit<Condition, 'state'> & { readonly state: Condition['state'] | 'absent' };

/** A source that nobody can or need read: it keeps nobody from being synced. */
const NOT_READ: readonly string[] = ['absent', 'forbidden'];

/**
 * Tells a change of state at once, everything else now and then. When a sign of life came is kept by the clock that never
 * jumps, and told as the time of day that it has now: after a jump it is told anew, before anybody asks how old it is.
 */
export class StatusReporter {
  private toldAt = -Infinity;
  private last: { readonly state: string; readonly message?: string | undefined } | undefined;
  private current: { readonly condition: KindCondition; readonly objects: number } | undefined;
  private cancel: (() => void) | undefined;
  private readonly endJumps: () => void;

  constructor(
    private readonly kind: Kind,
    private readonly tell: Tell,
    private readonly clock: Clock
  ) {
    this.endJumps = clock.onJump(() => this.flush());
  }

  update(condition: KindCondition, objects: number): void {
    this.current = { condition, objects };
    const { state, message } = condition;
    const now = this.clock.monotonicSeconds();
    const changed = state !== this.last?.state || message !== this.last.message;
    if (changed || now - this.toldAt >= TELL_EVERY_SECONDS) this.flush();
    else this.cancel ??= this.clock.after(this.toldAt + TELL_EVERY_SECONDS - now, () => this.flush());
  }

  stop(): void {
    this.endJumps();
    this.cancel?.();
    this.current = undefined;
  }

  private flush(): void {
    this.cancel?.();
    this.cancel = undefined;
    if (!this.current) return;
    const status = this.status(this.current.condition, this.current.objects);
    this.last = status;
    this.toldAt = this.clock.monotonicSeconds();
    this.tell(status);
  }

  private status(condition: KindCondition, objects: number): SourceStatus {
    const { state, message, contactMonotonicSeconds: contact } = condition;
    // Asked first: if the time of day jumped, this is the moment when it is noticed.
    const now = this.clock.nowSeconds();
    return {
      kind: 'source-status',
      source: sourceName(this.kind),
      title: `Kubernetes, ${resourceName(this.kind)}`,
      resources: [this.kind.resource],
      required: this.kind.required && !NOT_READ.includes(state),
      objects,
      state,
      ...(contact === undefined ? {} : { lastContactSeconds: now - (this.clock.monotonicSeconds() - contact) }),
      ...(message === undefined ? {} : { message }),
    };
  }
}
