/** One record after the other into counters: what it amounts to, and which records were counted. */
import { DecodeError, type IngestReport, type KafkaRecordResult } from '@modelwatch/contract';
import type { EventRequest } from '../events/format';
import { UnreadableRequest } from '../events/format';
import type { KafkaRecord, PartitionState, Position } from './client';
import type { Route } from './routes';
import { requestOf } from './record';

export type Take = (request: EventRequest, pause: () => Promise<void> | undefined) => Promise<IngestReport>;

export interface Counted {
  readonly result: KafkaRecordResult;
  /** Why it, or a part of it, cannot be read. */
  readonly problem?: string;
}

export interface CountDeps {
  readonly take: Take;
  readonly maxBytes: () => number;
  readonly pause: () => Promise<void> | undefined;
  readonly nowSeconds: () => number;
}

/** Never throws: one record must not keep those after it from being counted. */
export async function countRecord(record: KafkaRecord, route: Route, deps: CountDeps): Promise<Counted> {
  const bytes = record.value?.length ?? 0;
  if (bytes > deps.maxBytes()) {
    return { result: 'too_large', problem: `value: expected at most ${deps.maxBytes()} bytes, got ${bytes}` };
  }
  try {
    const request = requestOf(record, route, deps.nowSeconds());
    if (!request) return { result: 'skipped' };
    return outcomeOf(await deps.take(request, deps.pause));
  } catch (error) {
    const known = error instanceof DecodeError || error instanceof UnreadableRequest;
    // Whatever it is that a decoder stumbled over, it is in this record and will be there again.
    return { result: 'malformed', problem: known ? error.message : `it cannot be decoded: ${String(error)}` };
  }
}

function outcomeOf({ accepted, duplicates, waiting, refused, problems }: IngestReport): Counted {
  if (refused === 0) return { result: 'accepted' };
  const problem = problems.find(({ reason }) => reason === 'malformed')?.message;
  return {
    result: accepted + duplicates + waiting > 0 ? 'partial' : 'refused',
    ...(problem === undefined ? {} : { problem }),
  };
}

/**
 * Up to where each partition was counted. It outlives connections: after a lost one, records are read again from the last
 * commit, and those that were counted since are passed over, with or without an id of theirs.
 */
export class Progress {
  readonly #next = new Map<string, bigint>();
  #uncommitted = new Map<string, Position>();

  isCounted({ topic, partition, offset }: Position): boolean {
    const next = this.#next.get(keyOf(topic, partition));
    return next !== undefined && offset < next;
  }

  counted({ topic, partition, offset }: Position): void {
    this.#note({ topic, partition, offset: offset + 1n });
  }

  /**
   * Where reading begins of partitions that were just assigned. That is to be committed too, or a new group would begin
   * elsewhere after a lost connection. Further on than here: somebody else of the group counted in between.
   */
  begins(positions: readonly Position[]): void {
    for (const each of positions) {
      const next = this.#next.get(keyOf(each.topic, each.partition));
      if (next === undefined || each.offset > next) this.#note(each);
    }
  }

  /** Records of the partition that are still to be counted. */
  lagOf({ topic, partition, end, offset }: PartitionState): number {
    const next = this.#next.get(keyOf(topic, partition)) ?? offset;
    return Math.max(0, Number(end - next));
  }

  /** A partition that ends before what was counted is another one: its topic was deleted and made anew. */
  forgetRecreated(partitions: readonly PartitionState[]): void {
    for (const { topic, partition, end } of partitions) {
      const key = keyOf(topic, partition);
      if ((this.#next.get(key) ?? 0n) > end) this.#next.delete(key);
    }
  }

  /** Hands what is not committed yet, of partitions that are still ours; those of others are theirs to commit. */
  async commit(
    owns: (topic: string, partition: number) => boolean,
    commit: (all: readonly Position[]) => Promise<void>
  ): Promise<void> {
    const taken = this.#uncommitted;
    this.#uncommitted = new Map();
    const own = [...taken.values()].filter(({ topic, partition }) => owns(topic, partition));
    if (own.length === 0) return;
    try {
      await commit(own);
    } catch (error) {
      for (const each of own) {
        const key = keyOf(each.topic, each.partition);
        if (!this.#uncommitted.has(key)) this.#uncommitted.set(key, each);
      }
      throw error;
    }
  }

  #note(position: Position): void {
    const key = keyOf(position.topic, position.partition);
    this.#next.set(key, position.offset);
    this.#uncommitted.set(key, position);
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}
