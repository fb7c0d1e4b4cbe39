/** One of three replicas, the real exporter with a store on disk; the two others are played, to be away when they are to. */
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { configSchema } from './config/schema';
import { startExporter, type RunningExporter } from './exporter';
import { MOST_FORWARDED_BYTES } from './forwarding/items';
import { ownerOf } from './forwarding/owner';
import { createPost } from './forwarding/post';
import { keyOf } from './joins/layout';
import { openStore } from './joins/store';

interface Item {
  readonly key: string;
  readonly join?: { readonly kind: string };
  readonly forget?: true;
  readonly forgetBatch?: string;
  readonly half?: object;
}

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-forwarding-'));
const away = new Set<number>();
/** Bytes of one request that the others take. */
let mostTaken: number;
/** What each of the others says of a batch that is to be forgotten. */
let ofBatch: Record<number, string>;
let ofJoin: Record<number, string>;
/** Holds the answer to whoever reads a reference up, until it says `now`. */
const released = new EventEmitter();
/** What each of the others got, in its order. */
let got: Record<number, Item[]>;
let peers: Server;
let exporter: RunningExporter;
let number = 0;

/** On the disk that the test has. */
async function start(replicas: number, references: readonly object[] = []): Promise<void> {
  exporter = await startExporter(
    configSchema.parse({
      web: { listenAddress: '127.0.0.1', port: 0 },
      log: { level: 'fatal' },
      kubernetes: { enabled: false },
      monitoring: {
        references,
        models: [{ namespace: 'shop', model: 'demand', accuracy: { task: 'regression' }, batches: { last: 5 } }],
      },
      events: {
        ...{ maxBodyBytes: 65_536, maxBufferedBytes: 65_536 },
        joins: { directory: join(folder, String(number)) },
        ...{ replicas, replica: 0 },
        peers: { url: `http://127.0.0.1:${(peers.address() as AddressInfo).port}/{replica}` },
      },
    })
  );
}

beforeAll(async () => {
  peers = createServer((request, response) => {
    if (request.url === '/reference.json') return void once(released, 'now').then(() => response.writeHead(404).end());
    const replica = Number(request.url?.split('/')[1]);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (body.length > mostTaken) return response.writeHead(413).end();
      const { items } = JSON.parse(body.toString()) as { items: Item[] };
      if (away.has(replica)) return response.writeHead(503).end();
      got[replica]?.push(...items);
      const ofOthers = (item: Item) => (item.half ? 'waiting' : item.forgetBatch ? ofBatch[replica] : 'gone');
      const answerOf = (item: Item) => (item.join ? (ofJoin[replica] ?? 'kept') : ofOthers(item));
      return response.end(JSON.stringify({ answers: items.map(answerOf) }));
    });
  }).listen(0, '127.0.0.1');
  await once(peers, 'listening');
});
beforeEach(async () => {
  away.clear();
  got = { 1: [], 2: [] };
  [mostTaken, ofJoin] = [Infinity, {}];
  ofBatch = { 1: 'gone', 2: 'gone' };
  number++;
  await start(3);
});
afterEach(() => exporter.stop());
afterAll(() => {
  peers.close();
  peers.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const nameOf = (id: string) => keyOf({ namespace: 'shop', model: 'demand', id });
const idOf = (owner: number): string => {
  for (let index = 0; ; index++) if (ownerOf(nameOf(`order ${index}`), 3) === owner) return `order ${index}`;
};
const post = (path: string, body: object) =>
  fetch(`${exporter.url}/ingest/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const predict = (body: object) => post('predictions/shop/demand', { predictions: [body] });
const shown = async () => (await fetch(`${exporter.url}/metrics`)).text();
const passedOn = async (item: object) => {
  const answer = await post('forwarded', { from: 2, to: 0, replicas: 3, items: [item] });
  return (await answer.json()) as { answers?: string[] };
};

test('a deletion that another replica was asked for goes behind what waits here for the owner', async () => {
  const id = idOf(1);
  const key = nameOf(id);
  away.add(1);
  expect((await predict({ id, prediction: 1 })).status).toBe(200);
  expect(await passedOn({ key, forget: true })).toEqual({ answers: ['gone'] });
  away.clear();
  const until = Date.now() + 4_000;
  while (got[1]?.at(-1)?.join?.kind !== 'deletion' && Date.now() < until) await pause(20);
  expect(got[1]?.map((item) => item.join?.kind)).toEqual(['prediction', 'deletion']);
  // Where nothing waits the deletion of the replica that was asked is enough.
  expect(await passedOn({ key, forget: true })).toEqual({ answers: ['gone'] });
  expect(got[1]).toHaveLength(2);
});

describe('a batch is forgotten', () => {
  const open = () => post('batches', { namespace: 'shop', model: 'demand', batch: 'night' });
  const isKnown = async () => ((await (await open()).json()) as { duplicates: number }).duplicates === 1;
  const forget = () => fetch(`${exporter.url}/ingest/batches/shop/demand/night`, { method: 'DELETE' });
  const forgotten = async () => (await forget()).json();
  const refusal = async () => {
    const answer = await forget();
    const { error } = (await answer.json()) as { error?: { message: string } };
    return [answer.status, answer.headers.get('retry-after'), error?.message];
  };

  test('at all replicas, and known if one of them knew it', async () => {
    await open();
    expect(await forgotten()).toEqual({ deleted: true });
    expect(got[1]?.map((item) => item.forgetBatch)).toEqual(['night']);
    expect(got[2]).toEqual(got[1]);
    expect(await forgotten()).toEqual({ deleted: false });
    ofBatch[2] = 'known';
    expect(await forgotten()).toEqual({ deleted: true });
  });

  test.each([
    ['waiting', /^expected nothing on disk that may open the batch again, got replica 2 with events that wait$/],
    ['malformed', /^expected all replicas to forget batches, got replica 2 of a version that cannot$/],
  ])('nowhere for good while one answers %s', async (answer, message) => {
    await open();
    ofBatch[2] = answer;
    expect(await refusal()).toEqual([503, '5', expect.stringMatching(message)]);
    expect(await isKnown()).toBe(true);
  });

  test('nowhere for good while one is away, or has not got all that waits for it', async () => {
    const events = { predictions: [{ id: idOf(1), prediction: 1, batch: 'night' }] };
    away.add(1);
    expect((await post('predictions/shop/demand', events)).status).toBe(200);
    expect(await refusal()).toEqual([503, '5', expect.stringMatching(/got replica 0 with events that wait$/)]);
    // The same, as another replica asks.
    const key = JSON.stringify(['shop', 'demand', '']);
    expect(await passedOn({ key, forgetBatch: 'night' })).toEqual({ answers: ['waiting'] });
    expect(await isKnown()).toBe(true);
    away.clear();
    const until = Date.now() + 5_000;
    let answer = await refusal();
    while (answer[0] === 503 && Date.now() < until) {
      await pause(50);
      answer = await refusal();
    }
    expect(answer[0]).toBe(200);
    expect(got[1]?.map((item) => item.forgetBatch ?? item.join?.kind)).toEqual(['prediction', 'night']);
    expect(await isKnown()).toBe(false);
  });
});

describe('what is large', () => {
  const half = (id: string, values: number) =>
    fetch(`${exporter.url}/ingest/predictions`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'ce-type': 'org.kubeflow.serving.inference.request' },
        ...{ 'ce-id': id, 'ce-namespace': 'shop', 'ce-inferenceservicename': 'demand' },
      },
      body: JSON.stringify({ instances: Array.from({ length: values }, () => 1) }),
    });

  test('is taken from another replica though users may not post it, to a bound that its sender is told', async () => {
    const large = 'x'.repeat(300_000);
    const key = nameOf('order 1');
    expect((await predict({ id: 'order 1', prediction: large })).status).toBe(413);
    expect(await passedOn({ key, forget: true, large })).toEqual({ answers: ['gone'] });
    const post = createPost({ replica: 1, replicas: 3, address: { url: exporter.url } }, new AbortController().signal);
    const problem = await post.send(0, [`"${'x'.repeat(MOST_FORWARDED_BYTES)}"`]).catch((error: unknown) => error);
    await post.close();
    expect(problem).toMatchObject({
      reason: 'too_large',
      message: expect.stringContaining(`at most ${MOST_FORWARDED_BYTES}`),
    });
  });

  test('is refused where a replica cannot take half of an exchange, which is not away for that', async () => {
    mostTaken = 4_000;
    const answer = await half(idOf(1), 10_000);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringMatching(/another replica joins them/) },
    });
    expect((await half(idOf(1), 10)).status).toBe(200);
    expect(got[1]).toHaveLength(1);
    const text = await shown();
    expect(text).toContain('modelwatch_exporter_peer_up{peer="1"} 1');
    expect(text).toContain('modelwatch_exporter_forward_errors_total{peer="1",reason="too_large"} 1');
    expect(text).toContain('modelwatch_exporter_input_dropped_total{source="events",reason="too_large"} 1');
    expect(text).toContain('modelwatch_exporter_ingest_requests_total{result="too_large"} 1');
  });
});

test('actuals and feedback that their owner does not understand are refused, and its predictions count as expired', async () => {
  ofJoin[1] = 'malformed';
  const [id, other] = [idOf(1), idOf(2)];
  const report = async (path: string, body: object) => (await post(path, body)).json();
  const actuals = [other, id].map((each) => ({ id: each, actual: 2 }));
  expect(await report('actuals/shop/demand', { actuals })).toMatchObject({
    ...{ accepted: 1, refused: 1 },
    problems: [{ index: 1, reason: 'malformed', message: expect.stringMatching(/another version: come back/) }],
  });
  const before = await shown();
  await predict({ id, prediction: 1 });
  const expired = (text: string) => Number(/^modelwatch_.*expired.* (\d+)$/m.exec(text)?.[1] ?? 0);
  expect(expired(await shown()) - expired(before)).toBe(1);
  // That is what the one that is played says of all that is no join.
  const feedback = [{ id, verdict: 'positive' }];
  expect(await report('feedback/shop/demand', { feedback })).toMatchObject({ accepted: 0, refused: 1 });
});

test("with another number of replicas open predictions that are another one's now are not found there", async () => {
  const idFor = (owners: readonly [three: number, four: number]) => {
    for (let index = 0; ; index++) {
      const name = nameOf(`order ${index}`);
      if (ownerOf(name, 3) === owners[0] && ownerOf(name, 4) === owners[1]) return `order ${index}`;
    }
  };
  const ids = [idFor([0, 0]), idFor([0, 3])];
  await post('predictions/shop/demand', { predictions: ids.map((id) => ({ id, prediction: 1 })) });
  await exporter.stop();
  got[3] = [];
  ofJoin[3] = 'waiting';
  await start(4);
  const told = await post('actuals/shop/demand', { actuals: ids.map((id) => ({ id, actual: 3 })) });
  expect(await told.json()).toMatchObject({ accepted: 1, waiting: 1 });
  expect(got[3].map(({ key, join: sent }) => [key, sent?.kind])).toEqual([[nameOf(ids[1] ?? ''), 'actual']]);
});

test('where there is one replica from now on, what waited for the others is its own', async () => {
  away.add(1).add(2);
  const ids = [idOf(1), idOf(2)];
  await post('predictions/shop/demand', { predictions: ids.map((id) => ({ id, prediction: 1 })) });
  const told = await post('actuals/shop/demand', { actuals: ids.map((id) => ({ id, actual: 3 })) });
  expect(await told.json()).toMatchObject({ waiting: 2 });
  await exporter.stop();
  await start(1);
  const joined = async () => /^modelwatch_actuals_total\{.*outcome="joined"\} (\d+)$/m.exec(await shown())?.[1];
  const until = Date.now() + 5_000;
  while ((await joined()) !== '2' && Date.now() < until) await pause(50);
  expect(await joined()).toBe('2');
  const again = await post('actuals/shop/demand', { actuals: ids.map((id) => ({ id, actual: 3 })) });
  expect(await again.json()).toMatchObject({ duplicates: 2 });
  // Nothing of it is there a second time.
  await exporter.stop();
  const store = await openStore(join(folder, String(number)), 'outbox');
  expect(await store.keys({ from: '', before: '~' }, 10)).toEqual([]);
  await store.close();
});

test('what comes before it is known which models are watched waits where it is', async () => {
  await exporter.stop();
  await start(3, [{ url: `http://127.0.0.1:${(peers.address() as AddressInfo).port}/reference.json` }]);
  const item = { key: nameOf('order 1'), forget: true };
  expect(await passedOn(item)).toMatchObject({ error: { code: 'starting' } });
  released.emit('now');
});
