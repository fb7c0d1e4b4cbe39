/** Our port to Kafka over @platformatic/kafka: docs/decisions/019 says why this one. It is loaded when it is needed. */
import { setTimeout as pause } from 'node:timers/promises';
import type * as Client from '@platformatic/kafka';
import type { Consumer, GroupPartitionsAssigner, MessagesStream } from '@platformatic/kafka';
import { readSecret } from '../kubernetes/disk';
import { tlsOptions } from '../servers/connection';
import { assignPartitions } from './assign';
import type { KafkaClient, KafkaOptions, KafkaRecord, KafkaSession, Position, SessionHooks } from './client';
import { expandSnappy } from './snappy-blocks';

/** Whoever is gone without a word is found out after this, before those who wait to join give up: see TIMES. */
const SESSION_MS = 15_000;
const HEARTBEAT_MS = 3_000;
/** From all partitions of a broker, and of one, in one request: that much is held and not more. */
const MAX_BYTES = 8_388_608;
const MAX_PARTITION_BYTES = 1_048_576;
const TIMES = { connectTimeout: 5_000, requestTimeout: 20_000, timeout: 20_000, retries: 1, retryDelay: 250 };
const CLOSE_MS = 1_000;

/** Once: the client knows Snappy as one block only, which is not what Java writes. */
let loaded: Promise<typeof Client> | undefined;
function load(): Promise<typeof Client> {
  loaded ??= import('@platformatic/kafka').then((client) => {
    const { snappy } = client.compressionsAlgorithms;
    const expand = snappy.decompressSync;
    snappy.decompressSync = (data) => expandSnappy(Buffer.isBuffer(data) ? data : data.buffer, expand);
    return client;
  });
  return loaded;
}

export async function openPlatformatic(options: KafkaOptions): Promise<KafkaClient> {
  const { Admin, Consumer: ConsumerClass } = await load();
  const base = {
    clientId: 'modelwatch',
    bootstrapBrokers: [...options.brokers],
    autocreateTopics: false,
    ...TIMES,
    ...(await security(options)),
  };
  const admin = new Admin(base);
  let consumer: Consumer | undefined;
  return {
    topics: () => admin.listTopics({}),
    async join(topics, togetherOf, hooks) {
      consumer = new ConsumerClass({
        ...base,
        groupId: options.groupId,
        autocommit: false,
        sessionTimeout: SESSION_MS,
        rebalanceTimeout: SESSION_MS,
        heartbeatInterval: HEARTBEAT_MS,
        protocols: [{ name: 'modelwatch', version: 1 }],
        partitionAssigner: assigner(togetherOf),
        maxWaitTime: 1_000,
        maxBytes: MAX_BYTES,
        maxBytesPerPartition: MAX_PARTITION_BYTES,
        // Records of one fetch are held, however many; the next is asked for when they are read.
        highWaterMark: 1,
      });
      return openSession(consumer, topics, options, hooks);
    },
    async close() {
      const closing = Promise.all([admin.close(), consumer?.close(true)]).catch(() => undefined);
      await Promise.race([closing, pause(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

async function openSession(
  consumer: Consumer,
  topics: readonly string[],
  { startFrom }: Pick<KafkaOptions, 'startFrom'>,
  hooks: SessionHooks
): Promise<KafkaSession> {
  consumer.on('consumer:group:rebalance', hooks.onRebalance);
  const stream = await consumer.consume({ topics: [...topics], mode: 'committed', fallbackMode: startFrom });
  const positions = (): Position[] => [...stream.offsetsToFetch].map(([key, offset]) => ({ ...placeOf(key), offset }));
  const owns = (topic: string, partition: number): boolean =>
    consumer.assignments?.some((each) => each.topic === topic && each.partitions.includes(partition)) ?? false;
  const own = () => positions().filter(({ topic, partition }) => owns(topic, partition));
  stream.on('offsets', () => hooks.onPositions(own()));
  return {
    records: recordsOf(stream),
    owns,
    commit: async (all) => {
      if (all.length > 0) await consumer.commit({ offsets: all.map((each) => ({ ...each, leaderEpoch: -1 })) });
    },
    async partitions() {
      const ends = await consumer.listOffsets({ topics: [...topics] });
      return own().map((each) => ({ ...each, end: ends.get(each.topic)?.[each.partition] ?? each.offset }));
    },
    stop: () => void stream.close().catch(() => undefined),
  };
}

async function* recordsOf(stream: MessagesStream): AsyncGenerator<KafkaRecord> {
  for await (const { topic, partition, offset, key, value, headers } of stream) {
    yield {
      topic,
      partition,
      offset,
      key,
      value,
      headers: Object.fromEntries([...headers].map(([name, text]) => [String(name).toLowerCase(), String(text)])),
    };
  }
}

/** `topic:partition`; a topic has no colon. */
function placeOf(key: string): Omit<Position, 'offset'> {
  const at = key.lastIndexOf(':');
  return { topic: key.slice(0, at), partition: Number(key.slice(at + 1)) };
}

function assigner(togetherOf: (topic: string) => string | undefined): GroupPartitionsAssigner {
  return (_current, members, topics, metadata) => {
    const assigned = assignPartitions(
      [...members.values()].map(({ memberId, topics: own }) => ({ id: memberId, topics: new Set(own ?? topics) })),
      [...topics].map((topic) => ({ topic, partitions: metadata.topics.get(topic)?.partitionsCount ?? 0 })),
      togetherOf
    );
    return [...members.keys()].map((memberId) => {
      const assignments = new Map<string, { topic: string; partitions: number[] }>();
      for (const { topic, partition } of assigned.get(memberId) ?? []) {
        const one = assignments.get(topic) ?? { topic, partitions: [] };
        one.partitions.push(partition);
        assignments.set(topic, one);
      }
      return { memberId, assignments };
    });
  };
}

/** Files are read for each connection to the cluster: what was renewed counts from then on. */
async function security({ tlsConfig, sasl }: KafkaOptions) {
  return {
    ...(tlsConfig ? { tls: await tlsOptions({ tlsConfig }), tlsServerName: tlsConfig.serverName ?? true } : {}),
    ...(sasl
      ? {
          sasl: {
            mechanism: sasl.mechanism,
            username: sasl.username,
            password: (await readSecret(sasl.passwordFile, 'password')).trim(),
          },
        }
      : {}),
  };
}
