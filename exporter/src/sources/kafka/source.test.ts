import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventBook } from '../../domain/events/book';
import { NO_TELEMETRY } from '../../domain/telemetry';
import { SYSTEM_CLOCK } from '../clock';
import { createEventIntake } from '../events';
import { createKafkaSources, type KafkaSourceOptions } from '.';
import type { KafkaClient, KafkaRecord, Position, SessionHooks } from './client';

/** A group with one member, in memory; what a broker really does is in test/extra/kafka.test.ts. */
class FakeKafka {
  readonly log: KafkaRecord[] = [];
  committed = 0n;
  down = false;
  opened = 0;
  hooks: SessionHooks | undefined;
  private wake: (() => void) | undefined;
  private lost = false;

  constructor(readonly topic = 'predictions') {}

  put(value: string | undefined): void {
    const { topic } = this;
    const offset = BigInt(this.log.length);
    const content = value === undefined ? undefined : Buffer.from(value);
    this.log.push({ topic, partition: 0, offset, key: undefined, value: content, headers: {} });
    this.wake?.();
  }

  lose(): void {
    this.down = this.lost = true;
    this.wake?.();
  }

  readonly open = (): Promise<KafkaClient> => {
    this.opened += 1;
    if (this.down) return Promise.reject(new Error('Connection failed.'));
    let stopped = false;
    this.lost = false;
    const position = () => ({ topic: this.topic, partition: 0, offset: this.committed });
    return Promise.resolve({
      topics: () => Promise.resolve([this.topic]),
      join: (_topics, _together, hooks) => {
        this.hooks = hooks;
        hooks.onPositions([position()]);
        return Promise.resolve({
          records: this.records(Number(this.committed), () => stopped),
          owns: () => true,
          commit: (all: readonly Position[]) => {
            if (this.down) return Promise.reject(new Error('Connection closed'));
            this.committed = all.at(-1)?.offset ?? this.committed;
            return Promise.resolve();
          },
          partitions: () => Promise.resolve([{ ...position(), end: BigInt(this.log.length) }]),
          stop: () => {
            stopped = true;
            this.wake?.();
          },
        });
      },
      close: () => Promise.resolve(),
    });
  };

  private async *records(from: number, stopped: () => boolean): AsyncGenerator<KafkaRecord> {
    for (let at = from; ;) {
      if (this.lost) throw new Error('Connection closed');
      if (stopped()) return;
      const record = this.log[at];
      if (record) {
        at += 1;
        yield record;
      } else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

const event = (id?: string) => JSON.stringify({ model: 'risk', ...(id ? { id } : {}), features: {}, prediction: 1 });
const options = (change: Partial<KafkaSourceOptions> = {}): KafkaSourceOptions => ({
  ...{ name: 'main', brokers: ['kafka:9092'], groupId: 'g', startFrom: 'earliest', deadLetterBytes: 10_000 },
  topics: [{ topic: 'predictions', format: 'json' }],
  ...change,
});

function start(kafka: FakeKafka, first: KafkaSourceOptions = options()) {
  const book = createEventBook({
    seriesPerModel: 0,
    series: 0,
    undeclaredModels: 10,
    rememberedIds: 100,
    joins: false,
  });
  const intake = createEventIntake(book, { onRefused: () => undefined, onPrediction: () => undefined });
  const results: string[] = [];
  const letters: string[] = [];
  const waiting: (() => void)[] = [];
  const told = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const sources = createKafkaSources({
    take: intake.take,
    kept: () => Promise.resolve(),
    maxBytes: () => 1_000,
    pause: () => undefined,
    telemetry: { ...NO_TELEMETRY, error: told },
    clock: SYSTEM_CLOCK,
    open: kafka.open,
    metrics: {
      record: (_source, _topic, result) => {
        results.push(result);
        told();
      },
      lag: told,
      rebalance: told,
      deadLetter: (_source, result) => letters.push(result),
    },
  });
  sources.change([first]);
  return {
    ...{ sources, results, letters },
    predictions: () => book.find('standalone', 'risk')?.predictions ?? 0,
    /** Resolves when something happened after which it is so. */
    async until(isSo: () => boolean): Promise<void> {
      while (!isSo()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

describe('a Kafka source', () => {
  it('commits what it counted when it ends', async () => {
    const kafka = new FakeKafka();
    kafka.put(event());
    kafka.put(event());
    const { sources, until, results, predictions } = start(kafka);
    await until(() => results.length === 2);
    await sources.stop();
    expect(predictions()).toBe(2);
    expect(kafka.committed).toBe(2n);
    expect(sources.views()).toEqual([]);
  });

  it('counts nothing twice when a connection was lost before the commit, not even without ids', async () => {
    const kafka = new FakeKafka();
    kafka.put(event());
    const { sources, until, results, predictions } = start(kafka);
    await until(() => results.length === 1);
    kafka.lose();
    kafka.committed = 0n;
    await until(() => sources.views()[0]?.state === 'failing');
    expect(sources.views()[0]).toMatchObject({
      required: false,
      message: expect.stringContaining('Connection') as string,
    });
    kafka.down = false;
    kafka.put(event());
    await until(() => results.length === 3);
    expect(results).toEqual(['accepted', 'skipped', 'accepted']);
    expect(predictions()).toBe(2);
    await sources.stop();
  });

  it('counts anew in a topic that was deleted and made again', async () => {
    const kafka = new FakeKafka();
    kafka.put(event());
    kafka.put(event());
    const { sources, until, results, predictions } = start(kafka);
    await until(() => results.length === 2);
    kafka.lose();
    await until(() => kafka.opened > 1);
    kafka.log.length = 0;
    kafka.committed = 0n;
    kafka.down = false;
    await until(() => sources.views()[0]?.state === 'synced');
    kafka.put(event());
    await until(() => results.length === 3);
    expect(predictions()).toBe(3);
    await sources.stop();
  });

  it('commits before partitions are shared out anew', async () => {
    const kafka = new FakeKafka();
    kafka.put(event());
    const { sources, until, results } = start(kafka);
    await until(() => results.length === 1);
    await new Promise(setImmediate);
    kafka.hooks?.onRebalance();
    await new Promise(setImmediate);
    expect(kafka.committed).toBe(1n);
    await sources.stop();
  });

  it('goes on after whatever cannot be read, and puts it away within the limit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-letters-'));
    const deadLetterFile = join(folder, 'dead.jsonl');
    const kafka = new FakeKafka();
    const broken = `{${'x'.repeat(400)}`;
    for (const bad of [broken, broken, broken, '3', 'x'.repeat(2_000), '{"features": 1, "model": "risk"}'])
      kafka.put(bad);
    kafka.put(undefined);
    kafka.put(event('last'));
    const { sources, until, results, letters } = start(kafka, options({ deadLetterFile, deadLetterBytes: 4_096 }));
    await until(() => results.length === 8);
    expect(results).toEqual([
      ...Array<string>(4).fill('malformed'),
      ...['too_large', 'refused', 'skipped', 'accepted'],
    ]);
    expect(letters).toEqual(Array(6).fill('written'));
    const lines = [`${deadLetterFile}.1`, deadLetterFile].flatMap((file) =>
      readFileSync(file, 'utf8').trim().split('\n')
    );
    const found = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(found.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
    // Too large for the file, too: only its place is kept.
    expect(found[4]).toMatchObject({ bytes: 2_000 });
    expect(found[4]).not.toHaveProperty('value');
    await sources.stop();
    rmSync(folder, { recursive: true });
  });

  it('counts the good events of a record with bad ones, and puts the record away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-letters-'));
    const deadLetterFile = join(folder, 'dead.jsonl');
    const kafka = new FakeKafka();
    kafka.put(`[${event('a')}, {"model": "risk", "features": 1}, 7, ${event('b')}]`);
    kafka.put(event('c'));
    const { sources, until, results, predictions } = start(kafka, options({ deadLetterFile }));
    await until(() => results.length === 2);
    expect([results, predictions()]).toEqual([['partial', 'accepted'], 3]);
    const letters = readFileSync(deadLetterFile, 'utf8').trim().split('\n');
    expect(letters.map((line) => (JSON.parse(line) as { problem: string }).problem)).toEqual([
      '[1].features: expected an object of feature name to value, got 1',
    ]);
    await sources.stop();
    rmSync(folder, { recursive: true });
  });

  // The second is a disk that is full, on Linux.
  it.each(['/no/such/folder/dead.jsonl', '/dev/full'])(
    'does not stop for a file that cannot be written: %s',
    async (deadLetterFile) => {
      const kafka = new FakeKafka();
      kafka.put('{');
      kafka.put(event());
      const { sources, until, results, letters } = start(kafka, options({ deadLetterFile }));
      await until(() => results.length === 2);
      expect([results, letters]).toEqual([['malformed', 'accepted'], ['failed']]);
      await sources.stop();
    }
  );

  it('is left alone by a configuration that keeps it, and takes the place of one that changed', async () => {
    const kafka = new FakeKafka();
    kafka.put(event());
    const { sources, until, results } = start(kafka);
    await until(() => results.length === 1);
    sources.change([options()]);
    sources.change([options()]);
    await new Promise(setImmediate);
    expect(kafka.opened).toBe(1);
    sources.change([options({ deadLetterBytes: 20_000 })]);
    await until(() => kafka.opened === 2);
    kafka.put(event());
    await until(() => results.length === 2);
    expect(kafka.committed).toBe(1n);
    expect(results).toEqual(['accepted', 'accepted']);
    await sources.stop();
    expect(kafka.committed).toBe(2n);
  });

  it('says which topic there is not', async () => {
    const kafka = new FakeKafka('other');
    const { sources, until } = start(kafka);
    await until(() => sources.views()[0]?.state === 'failing');
    expect(sources.views()[0]?.message).toBe('expected one of the topics predictions');
    await sources.stop();
  });
});
