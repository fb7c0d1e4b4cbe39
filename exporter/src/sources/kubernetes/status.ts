/** The watches of one kind as one source. */
import type { Observation, Tell } from '../../domain/observation';
import type { Clock } from '../clock';
import { resourceName, sourceName, type Kind } from './kinds';
import type { Condition } from './watcher';

type SourceStatus = Extract<Observation, { kind: 'source-status' }>;

/** Signs of life come with every event; they are told at most this often. */
const TELL_EVERY_SECONDS = 5;

const WORST_FIRST: readonly Condition['state'][] = ['failing', 'silent', 'syncing', 'synced'];

/** All watches together: the worst state, its message, and the oldest sign of life. */
export function combine(conditions: readonly Condition[]): Condition {
  const worst = WORST_FIRST.map((state) => conditions.find((one) => one.state === state)).find(Boolean);
  const contacts = conditions.map(({ lastContactSeconds }) => lastContactSeconds);
  const oldest = contacts.some((contact) => contact === undefined) ? undefined : Math.min(...(contacts as number[]));
  return {
    // Nothing to watch, because other shards own every namespace: there is nothing left to read.
    state: worst?.state ?? 'synced',
    ...(worst?.message === undefined ? {} : { message: worst.message }),
    ...(oldest === undefined || !Number.isFinite(oldest) ? {} : { lastContactSeconds: oldest }),
  };
}

/** Tells a change of state at once, everything else now and then. */
export class StatusReporter {
  private toldSeconds = -Infinity;
  private last: SourceStatus | undefined;
  private pending: SourceStatus | undefined;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly kind: Kind,
    private readonly tell: Tell,
    private readonly clock: Clock
  ) {}

  update(condition: Condition | { readonly state: 'absent' }, objects: number): void {
    const status: SourceStatus = {
      kind: 'source-status',
      source: sourceName(this.kind),
      title: `Kubernetes, ${resourceName(this.kind)}`,
      resources: [this.kind.resource],
      // A kind that is not installed keeps nobody from being synced.
      required: this.kind.required && condition.state !== 'absent',
      objects,
      ...condition,
    };
    const changed = status.state !== this.last?.state || status.message !== this.last.message;
    this.pending = status;
    const now = this.clock.nowSeconds();
    if (changed || now - this.toldSeconds >= TELL_EVERY_SECONDS) this.flush();
    else this.cancel ??= this.clock.after(this.toldSeconds + TELL_EVERY_SECONDS - now, () => this.flush());
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private flush(): void {
    this.stop();
    if (!this.pending) return;
    this.last = this.pending;
    this.pending = undefined;
    this.toldSeconds = this.clock.nowSeconds();
    this.tell(this.last);
  }
}
