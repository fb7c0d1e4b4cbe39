/**
 * What synthetic inference says of models. A model that fails it twice in a row answers, and not as it should: that
 * degrades it. One failure can be chance.
 */
import type { ProbeOutcome, SyntheticFailureCause } from '@modelwatch/contract';
import { cause, type Cause } from './facts';
import type { HistogramSample } from './observation';
import { plainKey } from './ref';

/** One declared probe of one model. */
export interface SyntheticRef {
  readonly namespace: string;
  readonly model: string;
  readonly probe: string;
  readonly intervalSeconds: number;
}

export interface SyntheticResult {
  readonly durationSeconds: number;
  /** Absent when it succeeded. */
  readonly error?: { readonly cause: SyntheticFailureCause; readonly text: string };
}

export interface SyntheticView extends Omit<SyntheticRef, 'intervalSeconds'> {
  /** `namespace/model/probe`. */
  readonly key: string;
  readonly probes: Readonly<Record<ProbeOutcome, number>>;
  readonly failures: Readonly<Partial<Record<SyntheticFailureCause, number>>>;
  readonly duration: HistogramSample;
  readonly lastProbeSeconds: number;
  /** Of the last probe; absent when it is too long ago. */
  readonly success?: boolean;
}

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
const FAILURES_THAT_COUNT = 2;
const SILENT_INTERVALS = 4;
/** Answers that came; how long anything else took says nothing of the model. */
const ANSWERED: readonly SyntheticFailureCause[] = ['http_status', 'unexpected_answer'];

interface SyntheticRecord {
  readonly ref: SyntheticRef;
  readonly probes: Record<ProbeOutcome, number>;
  readonly failures: Partial<Record<SyntheticFailureCause, number>>;
  readonly within: number[];
  answered: number;
  sum: number;
  lastProbeSeconds: number;
  last: SyntheticResult;
  failuresInARow: number;
  silent: boolean;
}

export class SyntheticBook {
  private readonly records = new Map<string, SyntheticRecord>();
  /** By namespace/model: every judgement of a model asks. */
  private readonly ofModel = new Map<string, SyntheticRecord[]>();
  private readonly dirty = new Set<string>();

  /** @returns whether the verdict on the model may be another one now */
  probed(ref: SyntheticRef, atSeconds: number, result: SyntheticResult): boolean {
    const key = keyOf(ref);
    const record = this.records.get(key) ?? this.add(key, newRecord(ref, result));
    const before = complaintOf(record);
    this.dirty.add(key);
    count(record, result);
    record.last = result;
    record.lastProbeSeconds = atSeconds;
    record.silent = false;
    record.failuresInARow = result.error ? record.failuresInARow + 1 : 0;
    return before !== complaintOf(record);
  }

  /** Those that were not probed for too long; nothing is said of their models any more. */
  expire(nowSeconds: number): readonly SyntheticRef[] {
    const expired: SyntheticRef[] = [];
    for (const [key, record] of this.records) {
      if (record.silent || nowSeconds <= record.lastProbeSeconds + SILENT_INTERVALS * record.ref.intervalSeconds)
        continue;
      record.silent = true;
      this.dirty.add(key);
      expired.push(record.ref);
    }
    return expired;
  }

  /** What is wrong with the model, as its probes found. */
  causesOf(namespace: string, model: string): readonly Cause[] {
    return (this.ofModel.get(plainKey(namespace, model)) ?? []).flatMap((record) => {
      const complaint = complaintOf(record);
      return complaint === undefined ? [] : [cause('synthetic_failed', complaint)];
    });
  }

  private add(key: string, record: SyntheticRecord): SyntheticRecord {
    const of = plainKey(record.ref.namespace, record.ref.model);
    this.records.set(key, record);
    this.ofModel.set(of, [...(this.ofModel.get(of) ?? []), record]);
    return record;
  }

  publish(): ReadonlyMap<string, SyntheticView> {
    const views = new Map<string, SyntheticView>();
    for (const key of this.dirty) {
      const record = this.records.get(key);
      if (record) views.set(key, viewOf(key, record));
    }
    this.dirty.clear();
    return views;
  }
}

function keyOf({ namespace, model, probe }: SyntheticRef): string {
  return `${namespace}/${model}/${probe}`;
}

function newRecord(ref: SyntheticRef, last: SyntheticResult): SyntheticRecord {
  return {
    ref,
    probes: { success: 0, failure: 0 },
    failures: {},
    within: BOUNDS.map(() => 0),
    answered: 0,
    sum: 0,
    lastProbeSeconds: 0,
    last,
    failuresInARow: 0,
    silent: false,
  };
}

function count(record: SyntheticRecord, { durationSeconds, error }: SyntheticResult): void {
  record.probes[error ? 'failure' : 'success'] += 1;
  if (error) record.failures[error.cause] = (record.failures[error.cause] ?? 0) + 1;
  if (error && !ANSWERED.includes(error.cause)) return;
  record.answered += 1;
  record.sum += durationSeconds;
  BOUNDS.forEach((bound, index) => {
    if (durationSeconds <= bound) record.within[index] = (record.within[index] ?? 0) + 1;
  });
}

function complaintOf({ ref, failuresInARow, last, silent }: SyntheticRecord): string | undefined {
  if (silent || failuresInARow < FAILURES_THAT_COUNT) return undefined;
  return `${ref.probe}: ${last.error?.text ?? 'failed'}`;
}

function viewOf(key: string, record: SyntheticRecord): SyntheticView {
  const { namespace, model, probe } = record.ref;
  const { within, sum, answered, probes, failures, last, lastProbeSeconds, silent } = record;
  return {
    key,
    namespace,
    model,
    probe,
    probes: { ...probes },
    failures: { ...failures },
    duration: { buckets: BOUNDS.map((le, index) => ({ le, count: within[index] ?? 0 })), sum, count: answered },
    lastProbeSeconds,
    ...(silent ? {} : { success: last.error === undefined }),
  };
}
