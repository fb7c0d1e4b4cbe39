/**
 * One connection to the scheduler. It subscribes to its four streams, which begin with all that there is and never mark where
 * that ends, and beside them asks for the four lists, which do end: then all is known, and what is on no list is gone.
 */
import { encodeTexts } from '../servers/protobuf';
import type { StreamChannel } from '../servers/grpc-stream';
import { ProbeError, type Drop } from '../servers/probe';
import { SCHEDULER_SUBJECTS, type SchedulerSubject, type SchedulerWord } from '../../domain/scheduler/words';
import { sleep, type Clock } from '../clock';
import { decode } from './decode';

const SERVICE = 'seldon.mlops.scheduler.Scheduler';
const CALLS: Record<SchedulerSubject, { readonly subscribe: string; readonly list: string }> = {
  server: { subscribe: 'SubscribeServerStatus', list: 'ServerStatus' },
  model: { subscribe: 'SubscribeModelStatus', list: 'ModelStatus' },
  pipeline: { subscribe: 'SubscribePipelineStatus', list: 'PipelineStatus' },
  experiment: { subscribe: 'SubscribeExperimentStatus', list: 'ExperimentStatus' },
};
/** Field 1 of every request is the name of the subscriber. */
const REQUEST = encodeTexts({ 1: 'modelwatch' });

const LIST_SECONDS = 30;
const PING_SECONDS = 10;
/** Of one subject; what is beyond is dropped and counted. */
const MAX_NAMES = 100_000;

export interface SessionOptions {
  readonly url: string;
  readonly channel: StreamChannel;
  readonly namespace: string;
  /** Between two signs of life that are asked for. */
  readonly checkIntervalSeconds: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly drop: Drop;
  readonly told: (word: SchedulerWord) => void;
  readonly gone: (of: SchedulerSubject, name: string) => void;
  /** After each message, and each answer to a check. */
  readonly heard: (messages: number) => void;
  /** All is known. */
  readonly synced: () => void;
  /** What is known, from sessions before this one too: of which it is found out what is gone. */
  readonly known: Record<SchedulerSubject, Set<string>>;
}

/** Runs until the connection, or one of its streams, ends. @throws ProbeError always */
export async function runSession(options: SessionOptions): Promise<never> {
  const session = new Session(options);
  return Promise.race([...SCHEDULER_SUBJECTS.map((of) => session.follow(of)), session.check()]);
}

class Session {
  /** Names that a stream told of since the list was asked for that is under way: the list may be older. */
  private readonly since = new Map<SchedulerSubject, Set<string>>();

  constructor(private readonly options: SessionOptions) {}

  async follow(of: SchedulerSubject): Promise<never> {
    const method = CALLS[of].subscribe;
    for await (const message of this.options.channel.stream(`${SERVICE}/${method}`, REQUEST)) {
      const name = this.take(of, message, method);
      if (name !== undefined) this.since.get(of)?.add(name);
    }
    throw new ProbeError('closed', `${method} ${this.options.url}: the scheduler ended the stream`);
  }

  async check(): Promise<never> {
    const { channel, clock, signal, checkIntervalSeconds, synced, heard } = this.options;
    await Promise.all(SCHEDULER_SUBJECTS.map((of) => this.list(of)));
    synced();
    for (;;) {
      await sleep(clock, checkIntervalSeconds, signal);
      signal.throwIfAborted();
      await channel.ping(PING_SECONDS);
      // No stream tells that a replica came or went that has no model.
      await this.list('server');
      heard(0);
    }
  }

  private async list(of: SchedulerSubject): Promise<void> {
    const { channel, url, known, gone } = this.options;
    const method = CALLS[of].list;
    const told = new Set<string>();
    const since = new Set<string>();
    this.since.set(of, since);
    const read = async () => {
      for await (const message of channel.stream(`${SERVICE}/${method}`, REQUEST)) {
        const name = this.take(of, message, method, since);
        if (name !== undefined) told.add(name);
      }
    };
    try {
      await within(LIST_SECONDS, `${method} ${url}`, read());
    } finally {
      this.since.delete(of);
    }
    for (const name of known[of]) {
      if (told.has(name) || since.has(name)) continue;
      known[of].delete(name);
      gone(of, name);
    }
  }

  /** @param newer names of which something newer is known @returns the name that the message is about */
  private take(of: SchedulerSubject, message: Buffer, method: string, newer?: ReadonlySet<string>): string | undefined {
    const { url, namespace, drop, known, told, gone, heard } = this.options;
    heard(1);
    const decoded = decode(of, message, { place: `${method} ${url}:`, namespace, drop });
    if (!decoded || newer?.has(decoded.name)) return decoded?.name;
    const { name } = decoded;
    if ('gone' in decoded) {
      if (known[of].delete(name)) gone(of, name);
    } else if (known[of].size < MAX_NAMES || known[of].has(name)) {
      known[of].add(name);
      told(decoded);
    } else drop('over_limit', `${method} ${url}: expected at most ${MAX_NAMES} of ${of}, got ${name}`);
    return name;
  }
}

/** Who is late is not called off: the end of the connection, which follows, does that. */
async function within(seconds: number, place: string, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const give = () => reject(new ProbeError('timeout', `${place}: no whole answer within ${seconds} s`));
    timer = setTimeout(give, seconds * 1_000).unref();
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
