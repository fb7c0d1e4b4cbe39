import { fork } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { Agent } from 'undici';
import { createConnection } from '../../sources/servers/connection';
import { failureOf } from '../../sources/servers/failures';
import { createBulkSink, type BulkSinkOptions } from './bulk';
import { openDiskQueue } from './disk-queue';
import { startReceiver, type Receiver } from './receiver.fixture';
import { counted, line, write } from './sinks.fixture';

let folder: string;
const toStop: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelwatch-sinks-'));
});
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function bulk(receiver: Pick<Receiver, 'url'>, more: Partial<BulkSinkOptions> = {}) {
  const told = counted();
  const dispatcher = new Agent();
  const sink = await createBulkSink({
    url: receiver.url,
    index: 'audit',
    predictionIndex: 'predictions',
    queueDirectory: join(folder, 'queue'),
    queueMaxBytes: 1_048_576,
    timeoutSeconds: 5,
    access: () => Promise.resolve({ dispatcher, headers: { authorization: 'ApiKey hunter2' } }),
    close: () => dispatcher.destroy(),
    wordsOf: (error) => failureOf(error).words,
    telemetry: told.telemetry,
    retryMs: { first: 5, most: 20 },
    ...more,
  });
  let stopped: Promise<void> | undefined;
  const stop = (graceMs = 0) => (stopped ??= sink.stop(graceMs));
  toStop.push(() => stop());
  return { ...told, sink, stop };
}

async function receiver(port?: number) {
  const started = await startReceiver(port);
  toStop.push(started.stop);
  return started;
}

/** What is in the queue now. */
function queued(): string {
  // One that is dropped meanwhile is as good as gone.
  const textOf = (name: string) => {
    try {
      return readFileSync(join(folder, 'queue', name), 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync(join(folder, 'queue')).map(textOf).join('');
}

/** Resolves when this line is in the queue, and so are those before it: lines are written in order. */
async function onDisk(index: number): Promise<void> {
  while (!queued().includes(line(index).id)) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('bulk sink', () => {
  it('creates documents by the id of the event, predictions in an index of their own', async () => {
    const there = await receiver();
    const { sink, reaches, counts, until } = await bulk(there);
    write(sink, 0, 3);
    sink.append({ ...line(3), isPrediction: true });
    await there.has(4);
    expect([...there.stored]).toEqual([
      [`audit ${line(0).id}`, line(0).text],
      [`audit ${line(1).id}`, line(1).text],
      [`audit ${line(2).id}`, line(2).text],
      [`predictions ${line(3).id}`, line(3).text],
    ]);
    expect(there.requests[0]?.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      authorization: 'ApiKey hunter2',
    });
    await reaches('written', 4);
    await until(() => counts['waiting'] === 0);
    expect(readdirSync(join(folder, 'queue'))).toEqual([]);
  });

  it('keeps what it cannot send, and sends it in order when the receiver is back', async () => {
    const gone = await startReceiver();
    await gone.stop();
    const { sink, problems, counts, until } = await bulk(gone);
    write(sink, 0, 10);
    await until(() => (counts['failed unreachable'] ?? 0) >= 2);
    expect(counts['waiting']).toBeGreaterThan(0);
    const back = await receiver(gone.port);
    await back.has(10);
    expect([...back.stored.keys()]).toEqual(Array.from({ length: 10 }, (_, index) => `audit ${line(index).id}`));
    await until(() => counts['waiting'] === 0);
    expect(problems[0]).toBe('connection refused');
    expect(problems.at(-1)).toBeUndefined();
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it.each([
    ['too many requests', { kind: 'status', status: 429 }, 'throttled'],
    ['a fault of the receiver', { kind: 'status', status: 503 }, 'server_error'],
    ['wrong credentials', { kind: 'status', status: 401 }, 'unauthorized'],
    ['an answer that is none', { kind: 'text', body: '<html>' }, 'invalid_response'],
    ['an answer about fewer items', { kind: 'text', body: '{"items":[]}' }, 'invalid_response'],
    ['an answer that was lost', { kind: 'hang-up-after' }, 'unreachable'],
    ['a receiver that is too slow', { kind: 'silent' }, 'timeout'],
  ] as const)('sends again after %s, and nothing is there twice', async (_, answer, failure) => {
    const there = await receiver();
    there.answers.push(answer, answer);
    const { sink, counts, reaches } = await bulk(there, failure === 'timeout' ? { timeoutSeconds: 0.3 } : {});
    write(sink, 0, 1);
    await reaches('written', 1);
    expect(counts).toMatchObject({ written: 1, [`failed ${failure}`]: 2 });
    expect(there.requests).toHaveLength(3);
    expect(there.stored.size).toBe(1);
  });

  it('reads what became of each item: sends again what may pass later, drops and counts what never will', async () => {
    const there = await receiver();
    const { sink, counts, reaches, problems } = await bulk(there);
    // The first request holds one line, those behind it come together.
    there.answers.push({ kind: 'take' }, { kind: 'items', statusOf: (index) => [201, 429, 400][index % 3] ?? 201 });
    write(sink, 0, 10);
    await reaches('written', 7);
    expect(counts).toMatchObject({ 'dropped refused': 3, 'failed throttled': 1 });
    expect(there.requests.map(({ ids }) => ids.length)).toEqual([1, 9, 3]);
    expect(problems).toContain(
      'lines were refused, the first with status 400 status_400_exception: as the test wants it'
    );
  });

  it('repeats nothing of a prediction that was refused: a reason quotes values', async () => {
    const there = await receiver();
    there.answers.push({ kind: 'items', statusOf: () => 400 });
    const { sink, reaches, problems } = await bulk(there);
    sink.append({ ...line(0), isPrediction: true });
    await reaches('dropped refused', 1);
    expect(problems).toEqual(['lines were refused, the first with status 400 status_400_exception']);
  });

  it('goes on when a file of its queue is gone, or cannot be read for a while', async () => {
    const gone = await startReceiver();
    await gone.stop();
    const { sink, counts, problems, until, reaches } = await bulk(gone);
    // Two lines fill a file; the first one is in memory, on its way.
    for (let index = 0; index < 8; index += 2) {
      write(sink, index, index + 2, 'x'.repeat(70_000));
      await onDisk(index + 1);
    }
    await until(() => (counts['failed unreachable'] ?? 0) > 0);
    const [, vanishes = '', breaks = '', ...whole] = readdirSync(join(folder, 'queue')).sort();
    expect(whole.length).toBeGreaterThan(0);
    const linesIn = (name: string) => readFileSync(join(folder, 'queue', name), 'utf8').split('\n').length - 1;
    const lost = linesIn(vanishes);
    rmSync(join(folder, 'queue', vanishes));
    renameSync(join(folder, 'queue', breaks), join(folder, 'aside'));
    mkdirSync(join(folder, 'queue', breaks));
    const back = await receiver(gone.port);
    await until(() => (counts['failed disk'] ?? 0) > 1);
    expect(problems.at(-1)).toBe('the disk gives nothing: EISDIR');
    rmSync(join(folder, 'queue', breaks), { recursive: true });
    renameSync(join(folder, 'aside'), join(folder, 'queue', breaks));
    await back.has(8 - lost);
    await reaches('waiting', 0);
    // Nobody knows how many were in what is gone.
    expect(counts['dropped disk']).toBe(1);
    expect(problems.at(-1)).toBeUndefined();
  });

  it('halves a request that is too large for the receiver', async () => {
    const there = await receiver();
    there.answers.push({ kind: 'take' }, { kind: 'status', status: 413 }, { kind: 'status', status: 413 });
    const { sink, reaches } = await bulk(there);
    write(sink, 0, 9);
    await reaches('written', 9);
    expect(there.requests.map(({ ids }) => ids.length)).toEqual([1, 8, 4, 2, 2, 4]);
  });

  it('drops the oldest and counts it when there is no room', async () => {
    const gone = await startReceiver();
    await gone.stop();
    const first = await bulk(gone, { queueMaxBytes: 8_192 });
    for (let index = 0; index < 100; index++) {
      first.sink.append(line(index, 'x'.repeat(200)));
      if (index % 3 === 0) await first.until(() => (first.counts['waiting'] ?? 0) >= 0);
    }
    await onDisk(99);
    await first.stop();
    const dropped = first.counts['dropped queue_full'] ?? 0;
    expect(dropped).toBeGreaterThan(50);
    expect(queued().length).toBeLessThanOrEqual(8_192);
    // The next process finds what is left, and nothing went unseen.
    const back = await receiver();
    const second = await bulk(back);
    await back.has(100 - dropped);
    await second.reaches('written', 100 - dropped);
    expect(back.stored.has(`audit ${line(99).id}`)).toBe(true);
  });

  it('tells over TLS whom it trusts, and neither a line nor a secret to another', async () => {
    const signed = async (name: string) => {
      const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }];
      const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
        keySize: 2048,
        extensions,
      });
      return { cert, key };
    };
    const [ours, others] = await Promise.all([signed('ours'), signed('others')]);
    const there = await startReceiver(0, ours);
    toStop.push(there.stop);
    writeFileSync(join(folder, 'key'), 'hunter2');
    const trusting = (name: string, { cert }: { cert: string }) => {
      writeFileSync(join(folder, name), cert);
      return createConnection({
        tlsConfig: { caFile: join(folder, name), insecureSkipVerify: false },
        authorization: { type: 'ApiKey', credentialsFile: join(folder, 'key') },
      });
    };
    const wrong = await bulk(there, trusting('others.crt', others));
    write(wrong.sink, 0, 2);
    await wrong.until(() => (wrong.counts['failed unreachable'] ?? 0) >= 2);
    await wrong.stop();
    expect(wrong.problems[0]).toBe('its certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)');
    expect(JSON.stringify(wrong.problems)).not.toContain('hunter2');
    expect(there.requests).toEqual([]);
    // What waited meanwhile is sent as soon as the right one is named.
    const right = await bulk(there, trusting('ours.crt', ours));
    await right.reaches('written', 2);
    expect(there.requests[0]?.headers.authorization).toBe('ApiKey hunter2');
  });

  it('loses nothing that is on disk when the process is killed between writing and sending', async () => {
    const there = await receiver();
    there.answers.push({ kind: 'silent' });
    const program = `
      const { createBulkSink } = require(${JSON.stringify(join(__dirname, '..', '..', '..', 'dist', 'log', 'events', 'bulk.js'))});
      const { Agent } = require('undici');
      const quiet = { written() {}, dropped() {}, failed() {}, waiting() {}, problem() {} };
      createBulkSink({
        ...JSON.parse(process.argv[2]), timeoutSeconds: 60, telemetry: quiet, close: () => Promise.resolve(), wordsOf: String,
        access: () => Promise.resolve({ dispatcher: new Agent(), headers: {} }),
      }).then((sink) => {
        for (let index = 0; index < 20; index++)
          sink.append({ id: String(index).padStart(32, '0'), text: JSON.stringify({ index }), isPrediction: false });
        setInterval(() => undefined, 1000);
      });`;
    const script = join(folder, 'killed.cjs');
    writeFileSync(script, program);
    const where = { url: there.url, index: 'audit', predictionIndex: 'p', queueDirectory: join(folder, 'queue') };
    const child = fork(script, [JSON.stringify({ ...where, queueMaxBytes: 1_048_576 })], {
      cwd: join(__dirname, '..', '..', '..'),
      env: { ...process.env, NODE_PATH: join(__dirname, '..', '..', '..', '..', 'node_modules') },
    });
    await there.asked(1);
    const onDisk = () =>
      readdirSync(join(folder, 'queue')).map((name) => readFileSync(join(folder, 'queue', name), 'utf8'));
    while (!onDisk().join('').includes(line(19).id)) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(there.stored.size).toBe(0);
    const { reaches, counts } = await bulk(there);
    await reaches('written', 20);
    expect(there.stored.size).toBe(20);
    expect(counts['dropped disk']).toBeUndefined();
  });
});

describe('disk queue', () => {
  it('skips half a line that a killed process left, and counts it', async () => {
    const queue = join(folder, 'queue');
    const first = await openDiskQueue({ directory: queue, maxBytes: 1_000_000, telemetry: counted().telemetry });
    await first.append([line(0), line(1)]);
    await first.close();
    appendFileSync(join(queue, readdirSync(queue)[0] ?? ''), `${line(2).id} a {"in`);
    const told = counted();
    const second = await openDiskQueue({ directory: queue, maxBytes: 1_000_000, telemetry: told.telemetry });
    await second.append([line(3)]);
    expect(await second.first(10, 10_000)).toEqual([line(0), line(1)]);
    await second.done(2);
    expect(await second.first(10, 10_000)).toEqual([line(3)]);
    expect(told.counts).toEqual({ 'dropped disk': 1 });
    await second.close();
  });
});
