/** One batch of events against what is known of their ids: read at once, joined one after the other, written at once. */
import type { ActualOutcome } from '@modelwatch/contract';
import {
  joinStep,
  type JoinEvent,
  type JoinStep,
  type JoinTimes,
  type Meeting,
  type Pair,
} from '../domain/accuracy/join';
import { decodeRecord, encodeRecord, type JoinRecord } from '../domain/accuracy/record';
import { encodeTotals, endKey, isEmpty, modelOf, NO_TOTALS, recordKey, totalsKey, type Totals } from './layout';
import type { Change } from './store';

export interface KeyedEvent {
  readonly key: string;
  readonly event: JoinEvent;
}

/** What became of an event: `kept` of a prediction or an answer of a challenger, `waiting` of an actual without one yet. */
export type JoinResult = ActualOutcome | 'waiting' | 'kept';

/** What is to be counted once the batch is written. */
export type Effect = { readonly namespace: string; readonly model: string } & (
  | { readonly kind: 'pair'; readonly key: string; readonly pair: Pair }
  | { readonly kind: 'actual'; readonly outcome: ActualOutcome }
  | { readonly kind: 'expired' }
  | { readonly kind: 'meeting'; readonly meeting: Meeting }
  /** A prediction that challengers may answer. */
  | { readonly kind: 'expected' }
  /** A challenger's answer that did not meet its champion's, or said what is known. */
  | { readonly kind: 'challenger'; readonly challenger: string; readonly outcome: 'alone' | 'duplicate' }
);
type WithoutModel<Each> = Each extends unknown ? Omit<Each, 'namespace' | 'model'> : never;

interface Known {
  readonly before: JoinRecord | undefined;
  after: JoinRecord | undefined;
}

export interface BatchOptions extends JoinTimes {
  readonly nowSeconds: number;
  /** Actuals that may wait for their prediction, all models together. */
  readonly mostWaiting: number;
}

/** Pure: what was read goes in, what is to be written and counted comes out. */
export class JoinBatch {
  readonly #known = new Map<string, Known>();
  readonly #totals = new Map<string, Totals>();
  readonly effects: Effect[] = [];
  /** All models together. */
  #waiting = 0;
  #records = 0;
  #bytes = 0;
  /** The first end among those that are new. */
  firstEnd = Infinity;

  /** @param totals before the batch, by their key */
  constructor(
    private readonly options: BatchOptions,
    private readonly totals: ReadonlyMap<string, Totals>
  ) {
    for (const each of totals.values()) this.#sum(each, 1);
  }

  /** What is known of an id, as the store has it. What has ended, ends here. */
  know(key: string, text: string | undefined): void {
    const record = text === undefined ? undefined : decodeRecord(text);
    this.#known.set(key, { before: record, after: record });
    if (record && record.expiresSeconds <= this.options.nowSeconds) this.end(key);
  }

  knows(key: string): boolean {
    return this.#known.has(key);
  }

  apply({ key, event }: KeyedEvent): JoinResult {
    const step = joinStep(this.#known.get(key)?.after, event, this.options.nowSeconds, this.options);
    const { after, outcome } = step;
    const waits = after !== undefined && !after.prediction;
    if (waits && !this.#isWaiting(key) && this.#waiting >= this.options.mostWaiting) {
      this.#tellUnmatched(key, after);
      return event.kind === 'actual' ? 'unknown' : 'kept';
    }
    this.#tellOf(key, event, step);
    this.#set(key, after);
    return event.kind === 'actual' ? (outcome ?? 'waiting') : 'kept';
  }

  #tellOf(key: string, event: JoinEvent, { pair, outcome, meetings, isExpected, isRepeated }: JoinStep): void {
    if (pair) this.#tell(key, { kind: 'pair', key, pair });
    else if (outcome) this.#tell(key, { kind: 'actual', outcome });
    if (isExpected) this.#tell(key, { kind: 'expected' });
    if (meetings) for (const meeting of meetings) this.#tell(key, { kind: 'meeting', meeting });
    if (isRepeated && event.kind === 'challenger') {
      this.#tell(key, { kind: 'challenger', challenger: event.name, outcome: 'duplicate' });
    }
  }

  /** Lets go of what is known, since its time is over or there is no more room. */
  end(key: string): void {
    const record = this.#known.get(key)?.after;
    if (!record) return;
    if (!record.prediction) this.#tellUnmatched(key, record);
    else if (record.actual === undefined) this.#tell(key, { kind: 'expired' });
    this.#set(key, undefined);
  }

  /** What was known of an id before the batch. */
  before(key: string): JoinRecord | undefined {
    return this.#known.get(key)?.before;
  }

  /** Whether more is kept than may be. */
  isOver(mostRecords: number, mostBytes: number): boolean {
    return this.#records > mostRecords || this.#bytes > mostBytes;
  }

  /** As they are after the batch: those of models that it touched. */
  get touched(): ReadonlyMap<string, Totals> {
    return this.#totals;
  }

  changes(): Change[] {
    const changes: Change[] = [];
    for (const [key, { before, after }] of this.#known) {
      if (before === after) continue;
      if (before && before.expiresSeconds !== after?.expiresSeconds) {
        changes.push({ type: 'del', key: endKey(before.expiresSeconds, key) });
      }
      if (!after) changes.push({ type: 'del', key: recordKey(key) });
      else {
        changes.push({ type: 'put', key: recordKey(key), value: encodeRecord(after) });
        if (before?.expiresSeconds !== after.expiresSeconds) {
          changes.push({ type: 'put', key: endKey(after.expiresSeconds, key), value: '' });
        }
      }
    }
    for (const [key, totals] of this.#totals) {
      changes.push(isEmpty(totals) ? { type: 'del', key } : { type: 'put', key, value: encodeTotals(totals) });
    }
    return changes;
  }

  #isWaiting(key: string): boolean {
    const record = this.#known.get(key)?.after;
    return record !== undefined && !record.prediction;
  }

  #set(key: string, after: JoinRecord | undefined): void {
    const known = this.#known.get(key) ?? { before: undefined, after: undefined };
    if (known.after === after) return;
    const place = totalsKey(modelOf(key));
    const totals = this.#totals.get(place) ?? this.totals.get(place) ?? NO_TOTALS;
    const next = plus(plus(totals, key, known.after, -1), key, after, 1);
    this.#sum(totals, -1);
    this.#sum(next, 1);
    this.#totals.set(place, next);
    if (after) this.firstEnd = Math.min(this.firstEnd, after.expiresSeconds);
    this.#known.set(key, { ...known, after });
  }

  #sum({ open, waiting, pairs, bytes }: Totals, sign: 1 | -1): void {
    this.#waiting += sign * waiting;
    this.#records += sign * (open + waiting + pairs);
    this.#bytes += sign * bytes;
  }

  /** Of what came first, and waited in vain. */
  #tellUnmatched(key: string, { actual, challengers }: JoinRecord): void {
    if (actual !== undefined) this.#tell(key, { kind: 'actual', outcome: 'unknown' });
    for (const challenger of challengers?.keys() ?? []) {
      this.#tell(key, { kind: 'challenger', challenger, outcome: 'alone' });
    }
  }

  #tell(key: string, effect: WithoutModel<Effect>): void {
    this.effects.push({ ...modelOf(key), ...effect });
  }
}

function plus(totals: Totals, key: string, record: JoinRecord | undefined, sign: 1 | -1): Totals {
  if (!record) return totals;
  const { prediction, actual } = record;
  const isOpen = prediction !== undefined && actual === undefined;
  return {
    open: totals.open + (isOpen ? sign : 0),
    waiting: totals.waiting + (prediction ? 0 : sign),
    pairs: totals.pairs + (prediction && actual !== undefined ? sign : 0),
    bytes: totals.bytes + sign * bytesOf(key, record),
  };
}

/** Its key stands twice, with the end and with the record. */
function bytesOf(key: string, record: JoinRecord): number {
  return 2 * key.length + encodeRecord(record).length;
}
