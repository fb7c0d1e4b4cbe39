/** The last batches of one model: their life, and what is counted in each. */
import { BATCH_REFUSALS, type BatchLife, type BatchRefusal } from '@modelwatch/contract';
import type { ClassPair, NumberPair } from '../accuracy/compare';
import { layoutOf } from '../accuracy/counts';
import type { AccuracyPlan } from '../accuracy/settings';
import { cutPlan, type WatchPlan } from '../events/plan';
import { carryOver, countRow, type BinCounts, type SeriesRoom } from '../events/slot';
import { addPair, pairWidth } from '../segments/counts';
import type { BatchPlan } from './settings';

/** Of the series of a model, the share that its batches may have. */
export const BATCH_SHARE = 0.5;
/** An open batch without a row for so long makes room for a new one: many senders never close theirs. */
const IDLE_SECONDS = 3_600;
/** Ids of batches that are gone, so that a late row does not begin them again. */
const MOST_GONE = 200;

export interface Batch {
  readonly id: string;
  life: BatchLife;
  name?: string;
  openedSeconds: number;
  closedSeconds?: number;
  /** As whoever closed it says. */
  expectedRows?: number;
  /** Of its last row, or of what was said of it last. */
  lastSeconds: number;
  rows: number;
  /** Against the reference of its first row. */
  bins?: BinCounts;
  /** Sums over pairs; only where predictions are joined with their actuals. */
  pairs?: Float64Array;
  /** Was in a scrape, with 0 at first: from then on its counts are shown. */
  seen: boolean;
}

export interface BatchBasis {
  /** Absent: batches are not told apart. */
  readonly plan: BatchPlan | undefined;
  readonly plans: readonly WatchPlan[];
  /** Only where predictions are joined with their actuals. */
  readonly accuracy: AccuracyPlan | undefined;
  /** Series that another version of the model would need. */
  readonly reserve: number;
}

/** What is said of a batch. */
export interface BatchNews {
  readonly batch: string;
  readonly name?: string | undefined;
  readonly timeSeconds?: number | undefined;
  readonly rows?: number | undefined;
}

/** A row, and the reference that it is compared with. */
export interface BatchRow {
  readonly batch: string;
  readonly features: Readonly<Record<string, unknown>>;
  readonly prediction: unknown;
  readonly plan: WatchPlan | undefined;
}

export class BatchesOfModel {
  plan: BatchPlan | undefined;
  accuracy: AccuracyPlan | undefined;
  /** Series of each batch that there is no room for. */
  seriesRefused = 0;
  evicted = 0;
  readonly rowsRefused = Object.fromEntries(BATCH_REFUSALS.map((reason) => [reason, 0])) as Record<
    BatchRefusal,
    number
  >;
  /** Was in a scrape, with its counters at 0. */
  seen = false;
  #plans: readonly WatchPlan[] = [];
  #series = 0;
  /** Of one batch. */
  #binRoom = 0;
  readonly #batches = new Map<string, Batch>();
  readonly #gone = new Set<string>();

  constructor(private readonly room: SeriesRoom) {}

  get all(): Iterable<Batch> {
    return this.#batches.values();
  }

  /** Whether there is anything to show. */
  get isTold(): boolean {
    return this.plan !== undefined || BATCH_REFUSALS.some((reason) => this.rowsRefused[reason] > 0);
  }

  /** Whether rows are counted in the batch. */
  isOpen(id: string): boolean {
    return this.#batches.get(id)?.life === 'open';
  }

  /** Makes room for what is declared before it; to be followed by `declare`. */
  giveBack(): void {
    this.room.take(-this.#series);
    this.#series = 0;
  }

  /** Room for all of the last batches is taken at once: so that each has the same features. */
  declare({ plan, plans, accuracy, reserve }: BatchBasis): void {
    this.giveBack();
    this.plan = plan;
    this.#plans = plans;
    const known = this.accuracy;
    this.accuracy = undefined;
    this.seriesRefused = 0;
    if (!plan) {
      this.#batches.clear();
      return;
    }
    const most = Math.max(0, Math.min(Math.floor(this.room.limit * BATCH_SHARE), this.room.free() - reserve));
    const perBatch = Math.floor(most / plan.last);
    const pairs = accuracy?.task === undefined ? 0 : pairWidth(accuracy);
    const wanted = Math.max(0, ...plans.map(({ series }) => series));
    if (1 + pairs <= perBatch) this.accuracy = accuracy;
    const rest = perBatch - 1 - (this.accuracy ? pairs : 0);
    this.#binRoom = Math.max(0, ...plans.map((each) => cutPlan(each, Math.max(0, rest)).series));
    this.seriesRefused = wanted - this.#binRoom + (this.accuracy ? 0 : pairs);
    this.#series = plan.last * (1 + (this.accuracy ? pairs : 0) + this.#binRoom);
    this.room.take(this.#series);
    const isSameLayout = known && this.accuracy && sameLayout(known, this.accuracy);
    for (const batch of this.#batches.values()) this.#redeclare(batch, isSameLayout === true);
    while (this.#live().length > plan.last) this.#evict(this.#live());
  }

  /** @returns why not, or that nothing is new */
  open({ batch: id, name, timeSeconds }: BatchNews, nowSeconds: number): BatchRefusal | 'duplicate' | undefined {
    const known = this.#batches.get(id);
    if (known?.life === 'closed' || this.#gone.has(id)) return 'closed_batch';
    const isNew = known?.life !== 'open';
    const batch = isNew ? this.#begin(id, timeSeconds, nowSeconds) : known;
    if (typeof batch === 'string') return batch;
    const isNamed = name !== undefined && name !== batch.name;
    if (isNamed) batch.name = name;
    batch.lastSeconds = nowSeconds;
    return isNew || isNamed ? undefined : 'duplicate';
  }

  /**
   * One that is not known is closed without rows: another exporter, or this one before it was started again, has them.
   * @returns why not, or that nothing is new
   */
  close({ batch: id, name, timeSeconds, rows }: BatchNews, nowSeconds: number): BatchRefusal | 'duplicate' | undefined {
    if (this.#gone.has(id)) return 'duplicate';
    const known = this.#batches.get(id);
    const batch = known && known.life !== 'forgotten' ? known : this.#begin(id, timeSeconds, nowSeconds);
    if (typeof batch === 'string') return batch;
    const isNew = batch.life !== 'closed' || (rows !== undefined && rows !== batch.expectedRows);
    batch.life = 'closed';
    batch.closedSeconds ??= notLater(timeSeconds, nowSeconds);
    if (name !== undefined) batch.name = name;
    if (rows !== undefined) batch.expectedRows = rows;
    return isNew ? undefined : 'duplicate';
  }

  /** Nothing of it is shown any more, and its id can be used again. @returns whether it was known */
  forget(id: string, nowSeconds: number): boolean {
    this.#gone.delete(id);
    const batch = this.#batches.get(id);
    if (!batch || batch.life === 'forgotten') return false;
    this.#batches.delete(id);
    // Rules that hold what they recorded are told.
    this.#batches.set(id, { ...empty(id, batch.openedSeconds, nowSeconds), life: 'forgotten', seen: true });
    for (const each of [...this.#batches.values()].filter(({ life }) => life === 'forgotten').slice(0, -this.last)) {
      this.#batches.delete(each.id);
    }
    return true;
  }

  /** A row that is counted for the model; of a batch that is not known it is the first. */
  count({ batch: id, features, prediction, plan }: BatchRow, nowSeconds: number): void {
    const refusal = this.open({ batch: id }, nowSeconds);
    if (refusal !== undefined && refusal !== 'duplicate') {
      this.rowsRefused[refusal] += 1;
      return;
    }
    const batch = this.#batches.get(id);
    if (!batch) return;
    batch.rows += 1;
    if (plan) batch.bins ??= this.#binsOf(plan);
    if (batch.bins && batch.bins.plan.reference.id === plan?.reference.id) countRow(batch.bins, features, prediction);
  }

  /** @param id of the batch that the prediction was of */
  pair(pair: ClassPair | NumberPair | undefined, id: string | undefined): void {
    const batch = id === undefined ? undefined : this.#batches.get(id);
    if (!pair || !batch || batch.life === 'forgotten' || !this.accuracy) return;
    batch.pairs ??= new Float64Array(pairWidth(this.accuracy));
    addPair(batch.pairs, 0, pair);
  }

  get last(): number {
    return this.plan?.last ?? 0;
  }

  #live(): Batch[] {
    return [...this.#batches.values()].filter(({ life }) => life !== 'forgotten');
  }

  #begin(id: string, timeSeconds: number | undefined, nowSeconds: number): Batch | BatchRefusal {
    if (!this.plan) return 'batches_not_enabled';
    const live = this.#live();
    if (live.length >= this.plan.last) {
      const idle = live.filter(
        ({ life, lastSeconds }) => life === 'closed' || nowSeconds - lastSeconds >= IDLE_SECONDS
      );
      if (idle.length === 0) return 'too_many_batches';
      this.#evict(idle);
    }
    const batch = empty(id, notLater(timeSeconds, nowSeconds), nowSeconds);
    // With one reference it is known before the first row, and all bins begin at 0.
    const [plan, ...others] = this.#plans;
    if (plan && others.length === 0) batch.bins = this.#binsOf(plan);
    if (this.accuracy) batch.pairs = new Float64Array(pairWidth(this.accuracy));
    this.#batches.set(id, batch);
    return batch;
  }

  #evict(among: readonly Batch[]): void {
    const oldest = among.reduce((a, b) => (b.openedSeconds < a.openedSeconds ? b : a));
    this.#batches.delete(oldest.id);
    this.evicted += 1;
    this.#gone.add(oldest.id);
    for (const id of this.#gone) {
      if (this.#gone.size <= MOST_GONE) break;
      this.#gone.delete(id);
    }
  }

  #binsOf(plan: WatchPlan): BinCounts {
    const cut = cutPlan(plan, this.#binRoom);
    return { plan: cut, counts: new Float64Array(cut.series), refused: plan.series - cut.series, seen: false };
  }

  #redeclare(batch: Batch, isSameLayout: boolean): void {
    const { bins } = batch;
    if (bins) {
      const plan = this.#plans.find(({ reference }) => reference.id === bins.plan.reference.id);
      delete batch.bins;
      if (plan) carryOver(bins, (batch.bins = this.#binsOf(plan)));
    }
    if (isSameLayout) return;
    if (this.accuracy) batch.pairs = new Float64Array(pairWidth(this.accuracy));
    else delete batch.pairs;
  }
}

function sameLayout(one: AccuracyPlan, other: AccuracyPlan): boolean {
  return layoutOf(one) === layoutOf(other);
}

function empty(id: string, openedSeconds: number, nowSeconds: number): Batch {
  return { id, life: 'open', openedSeconds, lastSeconds: nowSeconds, rows: 0, seen: false };
}

/** A batch of the future would be the last one for ever. */
function notLater(timeSeconds: number | undefined, nowSeconds: number): number {
  return Math.min(timeSeconds ?? nowSeconds, nowSeconds);
}
