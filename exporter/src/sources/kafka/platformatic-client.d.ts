/** The part of @platformatic/kafka 1.x that we rely on, and no more: `npm run test:kafka` holds it against the package. */
declare module '@platformatic/kafka' {
  interface ClientOptions {
    readonly clientId: string;
    readonly bootstrapBrokers: string[];
    readonly autocreateTopics: boolean;
    readonly connectTimeout: number;
    readonly requestTimeout: number;
    readonly timeout: number;
    readonly retries: number;
    readonly retryDelay: number;
    readonly tls?: object;
    readonly tlsServerName?: string | boolean;
    readonly sasl?: { readonly mechanism: string; readonly username: string; readonly password: string };
  }

  interface ConsumerOptions extends ClientOptions {
    readonly groupId: string;
    readonly autocommit: false;
    readonly sessionTimeout: number;
    readonly rebalanceTimeout: number;
    readonly heartbeatInterval: number;
    readonly protocols: { readonly name: string; readonly version: number }[];
    readonly partitionAssigner: GroupPartitionsAssigner;
    readonly maxWaitTime: number;
    readonly maxBytes: number;
    readonly maxBytesPerPartition: number;
    readonly highWaterMark: number;
  }

  interface GroupAssignment {
    readonly topic: string;
    readonly partitions: number[];
  }

  type GroupPartitionsAssigner = (
    current: string,
    members: ReadonlyMap<string, { readonly memberId: string; readonly topics?: readonly string[] }>,
    topics: ReadonlySet<string>,
    metadata: { readonly topics: ReadonlyMap<string, { readonly partitionsCount: number }> }
  ) => { readonly memberId: string; readonly assignments: Map<string, GroupAssignment> }[];

  interface Message {
    readonly topic: string;
    readonly partition: number;
    readonly offset: bigint;
    readonly key: Buffer | undefined;
    readonly value: Buffer | undefined;
    readonly headers: ReadonlyMap<Buffer, Buffer>;
  }

  interface MessagesStream extends AsyncIterable<Message> {
    /** By `topic:partition`. */
    readonly offsetsToFetch: ReadonlyMap<string, bigint>;
    on(event: 'offsets', listener: () => void): void;
    close(): Promise<void>;
  }

  class Consumer {
    constructor(options: ConsumerOptions);
    readonly assignments: readonly GroupAssignment[] | null;
    on(event: 'consumer:group:rebalance', listener: () => void): void;
    consume(options: {
      readonly topics: string[];
      readonly mode: 'committed';
      readonly fallbackMode: 'latest' | 'earliest';
    }): Promise<MessagesStream>;
    commit(options: {
      readonly offsets: {
        readonly topic: string;
        readonly partition: number;
        readonly offset: bigint;
        readonly leaderEpoch: number;
      }[];
    }): Promise<void>;
    /** Of each partition of a topic the offset after its last record. */
    listOffsets(options: { readonly topics: string[] }): Promise<ReadonlyMap<string, readonly bigint[]>>;
    close(force: boolean): Promise<void>;
  }

  /** The client's own table: it is looked into for each batch. */
  const compressionsAlgorithms: {
    readonly snappy: { decompressSync: (data: Buffer | { readonly buffer: Buffer }) => Buffer };
  };

  class Admin {
    constructor(options: ClientOptions);
    listTopics(options: object): Promise<string[]>;
    close(): Promise<void>;
  }
}
