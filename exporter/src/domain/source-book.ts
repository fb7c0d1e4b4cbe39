/**
 * How fresh the sources are. A source is fresh while it is synced, or was heard within `staleAfterSeconds`; a kind that
 * is not installed has nothing to be stale about. Contact counts in steps, so that bookmarks do not renew every view.
 */
import type { Observation } from './observation';
import type { ResourceKind } from './resources';
import type { SourceFreshness } from './described';
import type { SourceState } from '@modelwatch/contract';

export interface SourceView {
  readonly source: string;
  readonly title: string;
  readonly state: SourceState;
  readonly required: boolean;
  readonly objects: number;
  readonly lastContactSeconds?: number;
  readonly message?: string;
  /** Of a mapped custom resource: paths of the mapping that led nowhere in any object so far, each with its place. */
  readonly unmatchedPaths?: readonly string[];
}

type SourceStatus = Extract<Observation, { kind: 'source-status' }>;

/** Views follow the contact of their source in steps of a tenth of the time after which it is stale, 5 s at least. */
const STEPS_PER_STALENESS = 10;
const LEAST_STEP_SECONDS = 5;
const UNKNOWN: SourceFreshness = { fresh: false };

interface Entry {
  status: SourceStatus;
  /** As the views were told last. */
  fresh: boolean;
  shownContactSeconds?: number;
}

export interface SourceMoves {
  /** Some source fell silent, or is heard again. */
  readonly anyFreshness: boolean;
  readonly freshness: ReadonlySet<ResourceKind>;
  readonly contact: ReadonlySet<ResourceKind>;
}

export class SourceBook {
  private readonly entries = new Map<string, Entry>();
  private readonly ofKind = new Map<ResourceKind, Entry>();
  private synced = false;
  private everSyncedOnce = false;
  private readonly stepSeconds: number;

  constructor(private readonly staleAfterSeconds: number) {
    this.stepSeconds = Math.max(LEAST_STEP_SECONDS, staleAfterSeconds / STEPS_PER_STALENESS);
  }

  told(status: SourceStatus): void {
    const entry = this.entries.get(status.source) ?? { status, fresh: false };
    entry.status = status;
    this.entries.set(status.source, entry);
    for (const kind of status.resources) this.ofKind.set(kind, entry);
  }

  /** Kinds of resource whose freshness, or whose contact, moved since the last call. */
  refresh(nowSeconds: number): SourceMoves {
    const moves = { anyFreshness: false, freshness: new Set<ResourceKind>(), contact: new Set<ResourceKind>() };
    for (const entry of this.entries.values()) {
      const { status } = entry;
      const fresh = this.isFresh(status, nowSeconds);
      const contact = status.lastContactSeconds;
      const stepped =
        contact !== undefined &&
        (entry.shownContactSeconds === undefined || contact - entry.shownContactSeconds >= this.stepSeconds);
      for (const kind of status.resources) {
        if (fresh !== entry.fresh) moves.freshness.add(kind);
        if (stepped) moves.contact.add(kind);
      }
      if (fresh !== entry.fresh) moves.anyFreshness = true;
      entry.fresh = fresh;
      if (stepped) entry.shownContactSeconds = contact;
    }
    const required = [...this.entries.values()].filter((entry) => entry.status.required);
    const settled = (entry: Entry) => entry.status.state === 'synced' || isNotRead(entry.status);
    this.synced = this.entries.size > 0 && required.every((entry) => settled(entry) && entry.fresh);
    this.everSyncedOnce ||= this.synced;
    return moves;
  }

  /** Freshness of the source of a kind; never told of means not fresh. */
  of(kind: ResourceKind): SourceFreshness {
    const entry = this.ofKind.get(kind);
    if (!entry) return UNKNOWN;
    const { shownContactSeconds } = entry;
    return {
      fresh: entry.fresh,
      ...(shownContactSeconds === undefined ? {} : { lastContactSeconds: shownContactSeconds }),
    };
  }

  /** Freshness of a source by its name. */
  hears(source: string): boolean {
    return this.entries.get(source)?.fresh ?? false;
  }

  /** Of several kinds together: fresh when each that was told of is, with the contact of the one that is behind. */
  ofAll(main: ResourceKind, others: readonly ResourceKind[]): SourceFreshness {
    const known = others.filter((kind) => this.reads(kind)).map((kind) => this.of(kind));
    return known.reduce((worst, other) => (worst.fresh && !other.fresh ? other : worst), this.of(main));
  }

  /** Whether objects of the kind are being read at all. */
  reads(kind: ResourceKind): boolean {
    const entry = this.ofKind.get(kind);
    return entry !== undefined && !isNotRead(entry.status) && entry.shownContactSeconds !== undefined;
  }

  /** Whether what is known of the kind may be shown as it is now. */
  trusts(kind: ResourceKind): boolean {
    return this.reads(kind) && this.of(kind).fresh;
  }

  /** Whether all objects of the kind are known: then one that is not among them does not exist. */
  knowsAll(kind: ResourceKind): boolean {
    return this.ofKind.get(kind)?.status.state === 'synced';
  }

  get isSynced(): boolean {
    return this.synced;
  }

  /** The first lists are under way. */
  get isReading(): boolean {
    if (this.everSyncedOnce) return false;
    for (const { status } of this.entries.values()) if (status.required && status.state === 'syncing') return true;
    return false;
  }

  get everSynced(): boolean {
    return this.everSyncedOnce;
  }

  views(): readonly SourceView[] {
    return [...this.entries.values()].map(({ status }) => ({
      source: status.source,
      title: status.title,
      state: status.state,
      required: status.required,
      objects: status.objects,
      ...(status.lastContactSeconds === undefined ? {} : { lastContactSeconds: status.lastContactSeconds }),
      ...(status.message === undefined ? {} : { message: status.message }),
    }));
  }

  private isFresh(status: SourceStatus, nowSeconds: number): boolean {
    if (status.state === 'silent') return false;
    if (isNotRead(status)) return true;
    const { lastContactSeconds } = status;
    if (lastContactSeconds === undefined) return status.state === 'synced';
    return nowSeconds - lastContactSeconds <= this.staleAfterSeconds;
  }
}

/** Not installed, or not allowed and not needed: there is nothing to be stale about. */
function isNotRead({ state }: SourceStatus): boolean {
  return state === 'absent' || state === 'forbidden';
}
