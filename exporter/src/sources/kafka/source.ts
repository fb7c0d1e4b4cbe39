/**
 * One Kafka cluster. A record is counted first and committed within a second: after a lost connection, or in another
 * exporter of the group, what was counted and not committed comes again. Whatever a broker or a record does, this goes on.
 */
import type { DeadLetterResult, KafkaRecordResult } from '@modelwatch/contract';
import type { SourceView } from '../../domain/source-book';
import type { Telemetry } from '../../domain/telemetry';
import { sleep, type Clock } from '../clock';
import { Backoff } from '../kubernetes/backoff';
import { ProxyError } from '../servers/probe';
import type { KafkaClient, KafkaOptions, KafkaRecord, KafkaSession, OpenKafka } from './client';
import { countRecord, type Progress, type Take } from './counting';
import { createDeadLetters, type DeadLetters } from './dead-letters';
import { routesOf, withoutTopic, type Route, type TopicOptions } from './routes';

export interface KafkaSourceOptions extends KafkaOptions {
  readonly name: string;
  readonly topics: readonly TopicOptions[];
  readonly deadLetterFile?: string | undefined;
  readonly deadLetterBytes: number;
}

export interface KafkaMetrics {
  record(source: string, topic: string, result: KafkaRecordResult): void;
  /** By topic; replaces what was told before. */
  lag(source: string, byTopic: ReadonlyMap<string, number>): void;
  rebalance(source: string): void;
  deadLetter(source: string, result: DeadLetterResult): void;
}

export interface KafkaDeps {
  readonly take: Take;
  /** Resolves when what was taken so far need not be read again. */
  readonly kept: () => Promise<unknown>;
  /** Of one record. */
  readonly maxBytes: () => number;
  /** Lets other work of the process run, when it is due. */
  readonly pause: () => Promise<void> | undefined;
  readonly metrics: KafkaMetrics;
  readonly telemetry: Pick<Telemetry, 'error' | 'dropped'>;
  readonly clock: Clock;
  readonly open: OpenKafka;
}

const COMMIT_SECONDS = 1;
/** Brokers are asked for the ends of partitions this often: a sign of life, and the lag. */
const LAG_SECONDS = 5;
/** Topics come and go. */
const TOPICS_SECONDS = 60;

/** Of those that were asked for, or none is there. */
class NoTopic extends Error {}

export class KafkaSource {
  private readonly source: string;
  private readonly ended = new AbortController();
  private readonly letters: DeadLetters | undefined;
  private readonly running: Promise<void>;
  private readonly backoff: Backoff;
  private state: 'syncing' | 'synced' | 'failing' = 'syncing';
  private problem: string | undefined;
  private contactSeconds: number | undefined;
  private topicCount = 0;

  constructor(
    private readonly options: KafkaSourceOptions,
    private readonly progress: Progress,
    private readonly deps: KafkaDeps
  ) {
    this.source = `kafka/${options.name}`;
    this.backoff = new Backoff(deps.clock);
    const { deadLetterFile, deadLetterBytes } = options;
    this.letters = deadLetterFile === undefined ? undefined : createDeadLetters(deadLetterFile, deadLetterBytes);
    this.running = this.run();
  }

  view(): SourceView {
    const { source, state, contactSeconds, problem, topicCount } = this;
    return {
      ...{ source, state, title: `Kafka ${this.options.name}`, required: false, objects: topicCount },
      ...(contactSeconds === undefined ? {} : { lastContactSeconds: contactSeconds }),
      ...(problem === undefined ? {} : { message: problem }),
    };
  }

  /** Commits what was counted, and leaves the group. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.running;
    this.deps.metrics.lag(this.source, new Map());
  }

  private async run(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      let client: KafkaClient | undefined;
      try {
        client = await this.deps.open(this.options);
        await this.connected(client);
      } catch (error) {
        if (!signal.aborted) this.failed(error);
      } finally {
        await client?.close();
      }
      await sleep(this.deps.clock, this.backoff.next(), signal);
    }
  }

  /** Until the connection is lost, or other topics are there. @throws Error */
  private async connected(client: KafkaClient): Promise<void> {
    const { signal } = this.ended;
    const existing = await unlessEnded(client.topics(), signal);
    const routes = routesOf(this.options.topics, existing);
    if (routes.size === 0) {
      throw new NoTopic(`expected one of the topics ${this.options.topics.map(({ topic }) => topic).join(', ')}`);
    }
    const { metrics } = this.deps;
    const joined: { session?: KafkaSession } = {};
    const joining = client.join([...routes.keys()], (topic) => routes.get(topic)?.together, {
      onRebalance: () => {
        metrics.rebalance(this.source);
        if (joined.session) void this.commit(joined.session);
      },
      onPositions: (positions) => this.progress.begins(positions),
    });
    const opened = await unlessEnded(joining, signal);
    joined.session = opened;
    const left = new AbortController();
    const until = AbortSignal.any([signal, left.signal]);
    until.addEventListener('abort', () => opened.stop(), { once: true });
    if (until.aborted) return opened.stop();
    const watching = this.watch(client, opened, routes, existing, until).finally(() => left.abort());
    // Awaited at the end; until then it may fail without anybody waiting.
    watching.catch(() => undefined);
    try {
      await this.read(opened, routes, until);
    } finally {
      left.abort();
      await this.commit(opened);
    }
    await watching;
  }

  private async read(session: KafkaSession, routes: ReadonlyMap<string, Route>, until: AbortSignal): Promise<void> {
    for await (const record of session.records) {
      // What was fetched and not counted comes again, to whoever has the partition then.
      if (until.aborted) return;
      const route = routes.get(record.topic);
      if (!route || !session.owns(record.topic, record.partition)) continue;
      await this.take(record, route);
    }
  }

  private async take(record: KafkaRecord, route: Route): Promise<void> {
    const { metrics, telemetry, clock } = this.deps;
    const { source, letters } = this;
    if (this.progress.isCounted(record)) return metrics.record(source, record.topic, 'skipped');
    const { result, problem } = await countRecord(record, route, {
      ...this.deps,
      nowSeconds: () => clock.nowSeconds(),
    });
    metrics.record(source, record.topic, result);
    if (problem !== undefined) {
      if (result === 'malformed' || result === 'too_large') {
        const what = problem.split(', got ')[0] ?? '';
        telemetry.dropped(
          source,
          result === 'too_large' ? 'too_large' : 'wrong_type',
          `${record.topic} ${record.partition}/${record.offset}: ${what}`
        );
      }
      if (letters) await this.putAway(letters, record, problem);
    }
    this.progress.counted(record);
    await this.deps.pause();
  }

  private async putAway(letters: DeadLetters, record: KafkaRecord, problem: string): Promise<void> {
    const { metrics, telemetry, clock } = this.deps;
    try {
      await letters.put(record, problem, clock.nowSeconds());
      metrics.deadLetter(this.source, 'written');
    } catch (error) {
      metrics.deadLetter(this.source, 'failed');
      telemetry.dropped(this.source, 'over_limit', `dead-letter file: ${(error as Error).message}`);
    }
  }

  private async watch(
    client: KafkaClient,
    session: KafkaSession,
    routes: ReadonlyMap<string, Route>,
    existing: readonly string[],
    until: AbortSignal
  ): Promise<void> {
    const { clock, metrics } = this.deps;
    const absent = withoutTopic(this.options.topics, existing);
    const topics = [...routes.keys()].join();
    for (let second = 0; !until.aborted; second += COMMIT_SECONDS) {
      if (second % LAG_SECONDS === 0) {
        const partitions = await session.partitions();
        this.progress.forgetRecreated(partitions);
        const lag = new Map<string, number>();
        for (const each of partitions) lag.set(each.topic, (lag.get(each.topic) ?? 0) + this.progress.lagOf(each));
        metrics.lag(this.source, lag);
        // Not at once: brokers may answer, and what they have may be unreadable.
        if (second > 0) this.backoff.reset();
        this.heard(routes.size, absent);
      }
      if (second > 0 && second % TOPICS_SECONDS === 0) {
        if ([...routesOf(this.options.topics, await client.topics()).keys()].join() !== topics) return;
      }
      await sleep(clock, COMMIT_SECONDS, until);
      if (!until.aborted) await this.commit(session);
    }
  }

  private heard(topicCount: number, absent: readonly string[]): void {
    this.state = 'synced';
    this.topicCount = topicCount;
    this.contactSeconds = this.deps.clock.nowSeconds();
    this.problem = absent.length === 0 ? undefined : `there is no topic ${absent.slice(0, 10).join(', ')}`;
  }

  /** What the group does not take now, it is told again; a connection that is lost shows elsewhere. */
  private async commit(session: KafkaSession): Promise<void> {
    try {
      await this.progress.commit(session.owns, async (all) => {
        await this.deps.kept();
        await session.commit(all);
      });
    } catch {
      this.deps.telemetry.error(this.source, 'commit');
    }
  }

  private failed(error: unknown): void {
    this.deps.telemetry.error(this.source, reasonOf(error));
    this.deps.metrics.lag(this.source, new Map());
    this.state = 'failing';
    this.problem = wordsOf(error);
  }
}

/** Who is asked may take its time; the end of this does not wait for it. */
function unlessEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = () => reject(new Error('ended'));
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}

const REASONS: Readonly<Record<string, string>> = {
  PLT_KFK_NETWORK: 'unreachable',
  PLT_KFK_TIMEOUT: 'timeout',
  PLT_KFK_AUTHENTICATION: 'credentials',
};

function reasonOf(error: unknown): string {
  if (error instanceof NoTopic) return 'no_topic';
  if (error instanceof ProxyError) return error.reason;
  return (
    all(error)
      .map(({ code }) => REASONS[code ?? ''])
      .find(Boolean) ?? 'protocol'
  );
}

/** The client says in the first error what it did, and in those within what went wrong. */
function wordsOf(error: unknown): string {
  return [...new Set(all(error).map(({ message }) => message))].slice(0, 3).join(' ');
}

interface Failure extends Error {
  readonly code?: string;
  readonly errors?: readonly Error[];
}

function all(error: unknown, depth = 0): Failure[] {
  if (!(error instanceof Error) || depth > 3) return [];
  const one = error as Failure;
  const within = [...(one.errors ?? []), ...(one.cause === undefined ? [] : [one.cause])];
  return [one, ...within.flatMap((each) => all(each, depth + 1))];
}
