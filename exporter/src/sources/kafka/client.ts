/** What we need of a Kafka client: the rest of the source knows no other. */
import type { ConnectionOptions } from '../servers/connection';

export interface KafkaOptions extends Pick<ConnectionOptions, 'tlsConfig'> {
  readonly brokers: readonly string[];
  readonly groupId: string;
  readonly startFrom: 'latest' | 'earliest';
  readonly sasl?: { readonly mechanism: string; readonly username: string; readonly passwordFile: string } | undefined;
}

export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | undefined;
  /** Undefined: a tombstone of a compacted topic. */
  readonly value: Buffer | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `offset` is that of the next record. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** An own partition: where it ends, and from where it is read next. */
export interface PartitionState extends Position {
  readonly end: bigint;
}

export interface SessionHooks {
  /** Others come or go: what was counted should be committed now, while the partitions are still ours. */
  readonly onRebalance: () => void;
  /** Where the partitions are read from that were just assigned. */
  readonly onPositions: (positions: readonly Position[]) => void;
}

/** Membership in the group. */
export interface KafkaSession {
  /** Fetches no more than a few MiB ahead of whoever reads. Ends after `stop`, throws when the connection is lost. */
  readonly records: AsyncIterable<KafkaRecord>;
  /** Whether the partition is ours now: what was fetched before a rebalance may not be. */
  owns(topic: string, partition: number): boolean;
  /** @throws Error when the group did not take it */
  commit(positions: readonly Position[]): Promise<void>;
  /** Of all own partitions. @throws Error when no broker answers */
  partitions(): Promise<readonly PartitionState[]>;
  /** Ends `records`. */
  stop(): void;
}

export interface KafkaClient {
  /** Names of all topics that we may see. */
  topics(): Promise<readonly string[]>;
  /** @param togetherOf of topics whose records are joined with each other, what they have in common: one member gets all */
  join(
    topics: readonly string[],
    togetherOf: (topic: string) => string | undefined,
    hooks: SessionHooks
  ): Promise<KafkaSession>;
  /** Leaves the group. Resolves within a second or two, whatever the brokers do. */
  close(): Promise<void>;
}

/** @throws ProxyError with reason `credentials` when a file is missing */
export type OpenKafka = (options: KafkaOptions) => Promise<KafkaClient>;
