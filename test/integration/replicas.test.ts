/**
 * Three exporters, each a process of its own, that share the events of one model: whatever arrives where, what belongs
 * together meets, once. Needs `npm run build`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestReport } from '@modelwatch/contract';
import { stringify } from 'yaml';
import { neighbourPorts, startProgram, until, type Program } from '../support/processes';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-replicas-'));
const REPLICAS = [0, 1, 2] as const;
type Replica = (typeof REPLICAS)[number];
const OF = 'namespace="shop",model="demand"';
const JSON_TYPE = { 'content-type': 'application/json' };
const programs: Program[] = [];
let base: string;
// On a busy machine programs take their time to start.
jest.setTimeout(60_000);

const urlOf = (replica: Replica) => `http://127.0.0.1:${base}${replica}`;

async function start(replica: Replica): Promise<void> {
  const directory = join(folder, String(replica));
  mkdirSync(directory, { recursive: true });
  const config = join(directory, 'modelwatch.yml');
  const text = stringify({
    web: { listenAddress: '127.0.0.1', port: Number(`${base}${replica}`) },
    log: { level: 'warn' },
    kubernetes: { enabled: false },
    monitoring: {
      models: [{ namespace: 'shop', model: 'demand', accuracy: { task: 'regression' }, batches: { last: 5 } }],
    },
    events: {
      joins: { directory },
      ...{ replicas: 3, replica },
      peers: { url: `http://127.0.0.1:${base}{replica}`, tokenFile: join(folder, 'token') },
    },
  });
  writeFileSync(config, text);
  programs[replica] = startProgram(process.execPath, [MODELWATCH, 'exporter', '--config.file', config]);
  await until(
    'open predictions',
    () => metrics(replica),
    (shown) => shown.includes('modelwatch_exporter_join_store_up 1')
  );
}

async function metrics(replica: Replica): Promise<string> {
  return (await fetch(`${urlOf(replica)}/metrics`)).text();
}

/** Of one series, at each replica. */
async function values(series: string): Promise<number[]> {
  return Promise.all(
    REPLICAS.map(async (replica) => {
      const line = (await metrics(replica)).split('\n').find((each) => each.startsWith(`modelwatch_${series} `));
      return Number(line?.split(' ').at(-1) ?? 0);
    })
  );
}
const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0);
const total = async (series: string) => sum(await values(series));
const joined = () => total(`actuals_total{${OF},outcome="joined"}`);

async function post(replica: Replica, path: string, body: object, headers: object = JSON_TYPE): Promise<IngestReport> {
  const answer = await fetch(`${urlOf(replica)}${path}`, {
    method: 'POST',
    headers: { ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as IngestReport;
}
const predict = (replica: Replica, ids: readonly string[]) =>
  post(replica, '/ingest/predictions/shop/demand', { predictions: ids.map((id) => ({ id, prediction: 1 })) });
const tell = (replica: Replica, ids: readonly string[]) =>
  post(replica, '/ingest/actuals/shop/demand', { actuals: ids.map((id) => ({ id, actual: 3 })) });
const idsOf = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name} ${index}`);

const consumers = () => values(`consumers{${OF},window="1d"}`);
/** There were 400: each replica says so, within three standard errors. */
const isWhole = ([first = 0, ...others]: number[]) =>
  Math.abs(first - 400) < 40 && others.every((other) => other === first);

beforeAll(async () => {
  base = await neighbourPorts(3);
  writeFileSync(join(folder, 'token'), 'between replicas\n');
  await Promise.all(REPLICAS.map(start));
  const isSeen = (text: string) => (text.match(/^modelwatch_exporter_peer_up\{.*\} 1$/gm) ?? []).length === 2;
  for (const replica of REPLICAS) await until('the other replicas', () => metrics(replica), isSeen);
  // Counters show their counts from the second scrape on.
  await predict(0, ['first']);
  await tell(1, ['first']);
  await Promise.all(REPLICAS.map(metrics));
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  rmSync(folder, { recursive: true });
});

test('predictions at one replica meet their actuals from another, each once', async () => {
  const before = await joined();
  const ids = idsOf('calm', 600);
  expect(await predict(0, ids)).toMatchObject({ accepted: 600, refused: 0 });
  expect(await tell(1, ids)).toMatchObject({ accepted: 600, waiting: 0, duplicates: 0 });
  expect(await tell(2, ids)).toMatchObject({ accepted: 0, duplicates: 600 });
  expect((await joined()) - before).toBe(600);
  const shares = await values(`actuals_total{${OF},outcome="joined"}`);
  expect(Math.min(...shares)).toBeGreaterThan(150);
  expect(await total(`error_sum_total{${OF},version="",age="1h",sign="under"}`)).toBe(2 * (await joined()));
  // Where it arrived, and only there.
  expect(await values(`predictions_total{${OF},version=""}`)).toEqual([601, 0, 0]);
});

test('the same events at two replicas are counted at each, and joined once', async () => {
  const counted = () => values(`predictions_total{${OF},version=""}`);
  const [before, joinedBefore] = [await counted(), await joined()];
  const ids = idsOf('twice', 60);
  for (const replica of [1, 2] as const) expect(await predict(replica, ids)).toMatchObject({ accepted: 60 });
  expect(await tell(0, ids)).toMatchObject({ accepted: 60, waiting: 0, duplicates: 0 });
  await Promise.all(REPLICAS.map(metrics));
  expect((await counted()).map((count, replica) => count - (before[replica] ?? 0))).toEqual([0, 60, 60]);
  expect((await joined()) - joinedBefore).toBe(60);
});

test('pairs of a batch are counted in it, wherever its rows arrived', async () => {
  const ids = idsOf('nightly', 60);
  await post(0, '/ingest/predictions/shop/demand', {
    predictions: ids.map((id) => ({ id, prediction: 1, batch: 'night' })),
  });
  expect(await tell(2, ids)).toMatchObject({ accepted: 60 });
  await Promise.all(REPLICAS.map(metrics));
  expect(await total(`batch_accuracy_pairs_total{${OF},batch="night"}`)).toBe(60);
  expect(await total(`batch_predictions_total{${OF},batch="night"}`)).toBe(60);
});

test('a batch is forgotten at all replicas, whoever is asked', async () => {
  const forget = async () => (await fetch(`${urlOf(1)}/ingest/batches/shop/demand/night`, { method: 'DELETE' })).json();
  expect(await forget()).toEqual({ deleted: true });
  for (const shown of await Promise.all(REPLICAS.map(metrics))) {
    const lines = shown.split('\n').filter((line) => line.includes('batch="night"'));
    // Rules that hold what they recorded are told.
    expect(lines).toEqual([expect.stringMatching(/^modelwatch_batch_info\{.*state="forgotten"\} 1$/)]);
  }
  expect(await forget()).toEqual({ deleted: false });
});

test('consumers are told apart over all replicas', async () => {
  const use = (replica: Replica, from: number) =>
    post(replica, '/ingest/predictions/shop/demand', {
      predictions: Array.from({ length: 200 }, (_, index) => ({ prediction: 1, consumer: `user ${from + index}` })),
    });
  await Promise.all([use(0, 0), use(1, 100), use(2, 200)]);
  await until('all to know the same', consumers, isWhole);
});

test('an id is forgotten, whoever is asked', async () => {
  const ids = idsOf('person', 30);
  await predict(0, ids);
  const forget = async (id: string) =>
    (await fetch(`${urlOf(2)}/ingest/predictions/shop/demand/${encodeURIComponent(id)}`, { method: 'DELETE' })).json();
  for (const id of ids) expect(await forget(id)).toEqual({ deleted: true });
  expect(await forget('person 0')).toEqual({ deleted: false });
  expect(await tell(1, ids)).toMatchObject({ accepted: 0, waiting: 30 });
});

test('feedback on a prediction counts once, wherever it is given', async () => {
  const feedback = (replica: Replica) =>
    post(replica, '/ingest/feedback/shop/demand', {
      feedback: idsOf('liked', 60).map((id) => ({ id, verdict: 'positive' })),
    });
  expect(await feedback(0)).toMatchObject({ accepted: 60, duplicates: 0 });
  expect(await feedback(1)).toMatchObject({ accepted: 0, duplicates: 60 });
  await Promise.all(REPLICAS.map(metrics));
  expect(await total(`feedback_total{${OF},version="",verdict="positive"}`)).toBe(60);
});

test('a request at one replica and its response at another are one prediction', async () => {
  const counted = () => total(`predictions_total{${OF},version=""}`);
  const before = await counted();
  const half = (replica: Replica, kind: 'request' | 'response', id: string, data: object) =>
    post(replica, '/ingest/predictions', data, {
      ...JSON_TYPE,
      'ce-type': `org.kubeflow.serving.inference.${kind}`,
      ...{ 'ce-id': id, 'ce-namespace': 'shop', 'ce-inferenceservicename': 'demand' },
    });
  const ids = idsOf('logged', 40);
  await Promise.all(ids.map((id) => half(0, 'request', id, { instances: [[1]] })));
  await Promise.all(ids.map((id) => half(2, 'response', id, { predictions: [7] })));
  await Promise.all(REPLICAS.map(metrics));
  expect((await counted()) - before).toBe(40);
  // At its owner, which has the prediction for its actual.
  expect(await tell(1, ids)).toMatchObject({ accepted: 40, waiting: 0 });
});

test('only replicas may pass on, and only what belongs there', async () => {
  const send = (headers: object, batch: object) =>
    post(0, '/ingest/forwarded', { from: 1, to: 0, replicas: 3, items: [], ...batch }, { ...JSON_TYPE, ...headers });
  const token = { 'modelwatch-peer-token': 'between replicas' };
  await expect(send({}, {})).rejects.toThrow(/403 .*tokenFile/);
  await expect(send({ 'modelwatch-peer-token': 'guessed' }, {})).rejects.toThrow(/403/);
  await expect(send(token, { replicas: 4 })).rejects.toThrow(/409 .*replica 0 of 3, got replica 0 of 4/);
  await expect(send(token, { to: 2 })).rejects.toThrow(/409/);
  await expect(send(token, { items: 'none' })).rejects.toThrow(/400/);
  expect(await send(token, { items: [{ key: 'no key', join: {} }, null] })).toEqual({
    answers: ['malformed', 'malformed'],
  });
  expect(await total('exporter_input_dropped_total{source="events",reason="wrong_type"}')).toBeGreaterThanOrEqual(2);
});

test('while a replica is dead nothing that was acknowledged is lost, and all of it joins once when it is back', async () => {
  const series = `actuals_total{${OF},outcome="joined"}`;
  const [before0 = 0, , before2 = 0] = await values(series);
  const early = idsOf('early', 300);
  await predict(0, early);
  programs[1]?.signal('SIGKILL');
  await programs[1]?.ended;

  const late = idsOf('late', 300);
  expect(await predict(0, late)).toMatchObject({ accepted: 300 });
  const told = await tell(2, [...early, ...late]);
  expect(told.accepted + told.waiting).toBe(600);
  expect(told.waiting).toBeGreaterThan(150);
  const ready = async () => (await fetch(`${urlOf(0)}/readyz`)).text();
  expect(await ready()).toMatch(/replica\/1: failing \(not required\): POST .*\/ingest\/forwarded/);
  const shown = await metrics(2);
  expect(shown).toContain('modelwatch_exporter_peer_up{peer="1"} 0');
  expect(shown).toContain(`modelwatch_exporter_forwarded_events_total{peer="1",outcome="stored"} ${told.waiting}`);
  const joinedAt0 =
    Number(/^modelwatch_actuals_total\{.*outcome="joined"\} (\d+)$/m.exec(await metrics(0))?.[1]) - before0;

  // What the second one that is killed has acknowledged is on its disk, too. Counts of both begin anew.
  programs[0]?.signal('SIGKILL');
  await programs[0]?.ended;
  await start(0);
  await start(1);
  const all = async () => {
    const [now0 = 0, now1 = 0, now2 = 0] = await values(series);
    return joinedAt0 + now0 + now1 + now2 - before2;
  };
  await until('all to be joined', all, (count) => count >= 600);
  expect(await tell(0, [...early, ...late])).toMatchObject({ accepted: 0, waiting: 0, duplicates: 600 });
  expect(await all()).toBe(600);
  await until(
    'the disk of replica 2',
    () => metrics(2),
    (text) => text.includes('modelwatch_exporter_forward_queue_events{peer="1",place="disk"} 0')
  );
  await until('consumers that were seen before the two began anew', consumers, isWhole);
  await until('replica 1 to be seen', ready, (text) => !text.includes('replica/1'));
});
