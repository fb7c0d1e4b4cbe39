/** Predictions from a real broker of Kafka (scripts/test-kafka.mjs), whose records Kafka's own producer writes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { MESSAGES } from '../../exporter/src/sources/kafka/testing';
import { freePort, startProgram, until, type Program } from '../support/processes';
import { createBroker, type Broker, type Sent } from './kafka/broker';

const MODELWATCH = join(__dirname, '../../exporter/dist/main.js');
const PATIENCE_MS = 60_000;

interface Exporter {
  readonly program: Program;
  /** Sum of the values of the series whose text has all of these. */
  sum(family: string, ...labels: readonly string[]): Promise<number>;
  ready(): Promise<string>;
}

describe('predictions from Kafka', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-kafka-'));
  const deadLetters = join(folder, 'dead.jsonl');
  const running: Program[] = [];
  let broker: Broker;
  let first: Exporter;

  async function startOne(topics: readonly object[], groupId = 'modelwatch'): Promise<Exporter> {
    const port = await freePort();
    const file = join(folder, `${port}.yaml`);
    const kafka = {
      name: 'main',
      brokers: [broker.address],
      groupId,
      startFrom: 'earliest',
      deadLetterFile: deadLetters,
    };
    const config = {
      web: { listenAddress: '127.0.0.1', port },
      kubernetes: { enabled: false },
      monitoring: { references: [{ file: join(folder, 'reference.json'), namespace: 'shop', model: 'risk' }] },
      events: { kafka: [{ ...kafka, topics }] },
    };
    writeFileSync(file, stringify(config));
    const program = startProgram(process.execPath, [MODELWATCH, 'exporter', `--config.file=${file}`]);
    running.push(program);
    const url = `http://127.0.0.1:${port}`;
    const text = async (path: string) => (await fetch(`${url}${path}`)).text();
    return {
      program,
      ready: () => text('/readyz'),
      sum: async (family, ...labels) =>
        (await text('/metrics'))
          .split('\n')
          .filter((line) => line.startsWith(`modelwatch_${family}{`) && labels.every((label) => line.includes(label)))
          .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0),
    };
  }

  const becomes = (what: string, ask: () => Promise<number>, wanted: number) =>
    until(what, ask, (value) => value === wanted, PATIENCE_MS);
  const events = (from: number, to: number): Sent[] =>
    Array.from({ length: to - from }, (_, index) => {
      const id = `e${from + index}`;
      const value = JSON.stringify({ id, features: { amount: (index * 7) % 100 }, prediction: 'yes' });
      return { topic: 'predictions', key: id, value };
    });
  const TOPICS = [
    { topic: 'predictions', namespace: 'shop', model: 'risk' },
    { topic: 'seldon.shop.model.*', format: 'seldon' },
    { topic: 'logged', format: 'cloudevents' },
  ];

  beforeAll(async () => {
    writeFileSync(
      join(folder, 'train.csv'),
      `amount\n${Array.from({ length: 1_000 }, (_, index) => (index % 100) + (index % 7) / 10).join('\n')}\n`
    );
    const profile = ['profile', join(folder, 'train.csv'), '--output', join(folder, 'reference.json')];
    const profiled = spawnSync(process.execPath, [MODELWATCH, ...profile], { encoding: 'utf8' });
    if (profiled.status !== 0) throw new Error(profiled.stderr);
    broker = await createBroker(folder);
    await broker.start();
    broker.send(events(0, 100), 'snappy');
    first = await startOne(TOPICS);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(running.map((each) => each.stop()));
    await broker.kill();
    rmSync(folder, { recursive: true });
  }, 30_000);

  it('are counted by the bins of the reference, whatever the compression', async () => {
    await becomes('100 events', () => first.sum('predictions_total', 'model="risk"'), 100);
    broker.send(events(100, 200), 'lz4');
    broker.send(events(200, 300), 'gzip');
    await becomes('all rows', () => first.sum('feature_observations_total', 'feature="amount"'), 300);
    expect(await first.ready()).toContain('ready');
    await becomes('no lag', () => first.sum('exporter_kafka_lag_records', 'topic="predictions"'), 0);
  }, 120_000);

  it('are counted once when they come twice', async () => {
    broker.send(events(290, 310));
    await becomes('the new ones', () => first.sum('predictions_total', 'model="risk"'), 310);
    expect(await first.sum('events_dropped_total', 'model="risk"', 'reason="duplicate"')).toBe(10);
  }, 120_000);

  it('go on after a record that cannot be read, which is put away', async () => {
    broker.send([{ topic: 'predictions', key: 'p', value: '{"poison' }, ...events(310, 320)]);
    await becomes('those after it', () => first.sum('predictions_total', 'model="risk"'), 320);
    expect(await first.sum('exporter_kafka_records_total', 'result="malformed"')).toBe(1);
    const [line = '', ...more] = readFileSync(deadLetters, 'utf8').trim().split('\n');
    const letter = JSON.parse(line) as Record<string, unknown>;
    expect(letter).toMatchObject({ topic: 'predictions', problem: expect.stringContaining('expected JSON') as string });
    expect(Buffer.from(String(letter['value']), 'base64').toString()).toBe('{"poison');
    expect(more).toEqual([]);
  }, 120_000);

  it('come from the topics of Seldon, and are joined with their responses by the key', async () => {
    broker.send([
      { topic: 'seldon.shop.model.iris.inputs', key: 'iris.r1', value: MESSAGES.typed },
      { topic: 'seldon.shop.model.iris.outputs', key: 'iris.r2', value: MESSAGES.rawResponse },
      { topic: 'seldon.shop.model.iris.inputs', key: 'iris.r2', value: MESSAGES.raw },
      { topic: 'seldon.shop.model.iris.outputs', key: 'iris.r1', value: MESSAGES.response },
      { topic: 'logged', value: '{"instances": [[1], [2]]}', headers: cloudEvent('request') },
      { topic: 'logged', value: '{"predictions": ["a", "b"]}', headers: cloudEvent('response') },
    ]);
    // The topics are new: they are found within a minute.
    await until(
      'rows of Seldon',
      () => first.sum('predictions_total', 'model="iris"', 'version="4"'),
      (rows) => rows === 4,
      90_000
    );
    await becomes('rows of KServe', () => first.sum('predictions_total', 'model="flowers"'), 2);
  }, 180_000);

  it('go on when the broker is killed and comes back, and none is counted twice', async () => {
    await broker.kill();
    await until('the state', first.ready, (text) => text.includes('kafka/main: failing'), PATIENCE_MS);
    expect(await first.ready()).toMatch(/^ready/);
    expect(await first.sum('predictions_total', 'model="risk"')).toBe(320);
    await broker.start();
    broker.send(events(320, 400));
    await becomes('those since', () => first.sum('predictions_total', 'model="risk"'), 400);
    expect(await first.sum('events_dropped_total', 'model="risk"', 'reason="duplicate"')).toBe(10);
  }, 180_000);

  it('are shared by two exporters of a group, whose counts add up', async () => {
    const second = await startOne(TOPICS);
    await until(
      'the second',
      () => second.sum('exporter_source_synced', 'kafka/main'),
      (value) => value === 1,
      PATIENCE_MS
    );
    const rows = (one: Exporter) => one.sum('feature_observations_total', 'feature="amount"');
    await until(
      'a rebalance',
      () => first.sum('exporter_kafka_rebalances_total'),
      (value) => value > 0,
      PATIENCE_MS
    );
    broker.send(events(1_000, 1_400));
    await becomes('all rows', async () => (await rows(first)) + (await rows(second)), 800);
    expect(await rows(second)).toBeGreaterThan(0);
    // One that ends hands over without a gap.
    await second.program.stop();
    const before = await rows(first);
    broker.send(events(2_000, 2_100));
    await becomes('all rows again', () => rows(first), before + 100);
  }, 180_000);

  it('are read on from where the exporter was when it ends and comes back', async () => {
    await first.program.stop();
    broker.send(events(3_000, 3_050));
    const again = await startOne(TOPICS);
    await becomes('those since', () => again.sum('predictions_total', 'model="risk"'), 50);
    expect(existsSync(deadLetters)).toBe(true);
  }, 120_000);

  it('are lost by kill -9 as far as they were committed, at most a second before, and the others come again', async () => {
    const killed = (from: number, to: number) =>
      broker.send(events(from, to).map((each) => ({ ...each, topic: 'killed' })));
    const topics = [{ topic: 'killed', namespace: 'shop', model: 'killed' }];
    const counted = (one: Exporter) => one.sum('predictions_total', 'model="killed"');
    killed(0, 100);
    const before = await startOne(topics, 'killed');
    await becomes('the first', () => counted(before), 100);
    // Nothing outside shows when it commits, which it does once a second.
    await pause(3_000);
    killed(100, 150);
    await becomes('those before the end', () => counted(before), 150);
    before.program.signal('SIGKILL');
    expect(await before.program.ended).toBe('SIGKILL');
    killed(150, 200);
    const after = await startOne(topics, 'killed');
    // The broker waits for the one that was killed until its session is over.
    const rows = await until(
      'those since',
      () => counted(after),
      (found) => found >= 50,
      2 * PATIENCE_MS
    );
    // Its counters begin at 0, with the 50 of just before when they were not committed.
    expect(rows).toBeLessThanOrEqual(100);
  }, 180_000);
});

function cloudEvent(kind: 'request' | 'response'): Record<string, string> {
  return {
    ce_type: `org.kubeflow.serving.inference.${kind}`,
    ce_id: 'one',
    ce_namespace: 'shop',
    ce_inferenceservicename: 'flowers',
  };
}
