/** What a demo sends, as the one that it is sent to receives it. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDemo } from '../start';
import type { Demo, ScenarioName } from '../types';
import { CUSTOM_METRICS } from './reviews';
import type { Actual } from './wire';

/** Rows of one request, whatever it looks like. */
interface Sent {
  readonly model: string;
  readonly rows: number;
  readonly ids: readonly unknown[];
  readonly features: readonly string[];
  readonly actuals?: readonly Actual[];
  /** Of the challenger. */
  readonly candidates?: readonly Prediction[];
  readonly metrics?: readonly Sample[];
  readonly batch?: string | undefined;
  readonly state?: string;
  /** Rows of the batch, as its end says. */
  readonly declared?: number;
}

interface Sample {
  readonly metric: string;
  readonly value: number;
}

interface Prediction {
  readonly id: string;
  readonly features: object | string;
  readonly candidate?: string;
}

interface Body {
  readonly model?: string;
  readonly id?: string;
  readonly predictions?: readonly Prediction[];
  readonly instances?: readonly object[];
  readonly actuals?: readonly Actual[];
  readonly metrics?: readonly Sample[];
  readonly batch?: string;
  readonly state?: string;
  readonly rows?: number;
  readonly request?: { readonly inputs: readonly { readonly name: string; readonly shape: readonly [number] }[] };
}

function isBatchNews(body: Body): body is Body & { readonly state: string; readonly rows: number } {
  return body.state !== undefined && body.rows !== undefined;
}

/** Responses apart: their requests have told of the same rows. */
function read(headers: IncomingHttpHeaders, body: Body): Sent | undefined {
  const { model = String(headers['ce-inferenceservicename']), predictions, instances, request } = body;
  const { actuals, metrics, batch } = body;
  const type = headers['ce-type'];
  if (type === 'org.kubeflow.serving.inference.response') return undefined;
  if (actuals) return { model, rows: 0, ids: [], features: [], actuals };
  if (isBatchNews(body))
    return { model, rows: 0, ids: [], features: [], batch, state: body.state, declared: body.rows };
  if (metrics) return { model, rows: 0, ids: [], features: [], metrics };
  if (type !== undefined && instances) {
    const features = instances.flatMap((each) => Object.keys(each));
    return { model, rows: instances.length, ids: [headers['ce-id']], features };
  }
  if (request) {
    const { inputs } = request;
    return { model, rows: inputs[0]?.shape[0] ?? 0, ids: [body.id], features: inputs.map(({ name }) => name) };
  }
  const events = (predictions ?? []).filter(({ candidate }) => candidate === undefined);
  const candidates = (predictions ?? []).filter(({ candidate }) => candidate !== undefined);
  return {
    ...{ model, rows: events.length, ids: events.map(({ id }) => id) },
    features: events.flatMap(({ features }) => (typeof features === 'string' ? [] : Object.keys(features))),
    candidates,
    batch,
  };
}

let receiver: Server;
let demo: Demo | undefined;
let now = Date.UTC(2026, 10, 21, 9);
let sent: Sent[] = [];
let received: () => void = () => undefined;

beforeEach(async () => {
  sent = [];
  now = Date.UTC(2026, 10, 21, 9);
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = read(request.headers, JSON.parse(Buffer.concat(parts).toString()) as Body);
      if (one) sent.push(one);
      response.end('{}');
      received();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterEach(async () => {
  await demo?.stop();
  receiver.closeAllConnections();
  receiver.close();
});

async function start(): Promise<Demo> {
  const { port } = receiver.address() as AddressInfo;
  demo = await startDemo({ nowMs: () => now, eventsIntervalMs: 20, eventsUrl: `http://127.0.0.1:${port}` });
  return demo;
}

/** Lets time pass; what has come when there are rows of the last of the models, and so of all, or as the test asks. */
async function after(
  seconds: number,
  isEnough = (all: readonly Sent[]) => rowsOf(all, LAST_MODEL) > 0
): Promise<readonly Sent[]> {
  sent = [];
  now += seconds * 1_000;
  while (!isEnough(sent)) await new Promise<void>((resolve) => (received = resolve));
  return sent;
}

const LAST_MODEL = 'demand-forecast';
const actualsIn = (all: readonly Sent[], name: string) =>
  all.flatMap(({ model, actuals }) => (model === name ? (actuals ?? []) : []));
const rowsOf = (all: readonly Sent[], name: string) =>
  all.filter(({ model }) => model === name).reduce((sum, { rows }) => sum + rows, 0);

it('sends as many rows as the time that has passed asks for, each under an id of its own', async () => {
  await start();
  const rows = await after(60);
  const counts = ['chargeback-risk', 'churn-v2', 'demand-forecast'].map((model) => rowsOf(rows, model));
  expect(counts).toEqual([1_200, 720, 480]);
  const ids = rows.flatMap((each) => each.ids);
  expect(new Set(ids).size).toBe(ids.length);
});

const temperatures = (rows: readonly Sent[]) =>
  rows.flatMap(({ features }) => features).filter((name) => name === 'temperature_c').length;

it('missing-column: from its begin to its end', async () => {
  const running = await start();
  const switched = async (name: ScenarioName, on: boolean) => {
    running.setScenario(name, on);
    return after(30);
  };
  expect(temperatures(await after(30))).toBe(240);
  expect(temperatures(await switched('missing-column', true))).toBe(0);
  expect(temperatures(await switched('missing-column', false))).toBe(240);
});

it('malformed-events: every other row has text for features', async () => {
  const running = await start();
  const readable = (rows: readonly Sent[]) =>
    rows.flatMap(({ features }) => features).filter((name) => name === 'merchant_country').length;
  running.setScenario('malformed-events', true);
  const rows = await after(30);
  expect([rowsOf(rows, 'chargeback-risk'), readable(rows)]).toEqual([600, 300]);
  running.setScenario('malformed-events', false);
  expect(readable(await after(30))).toBe(600);
});

it('sends a batch at once, under its own name, and closes it with its rows', async () => {
  await start();
  const closed = (seen: readonly Sent[]) => seen.find(({ state }) => state === 'closed');
  const isClosed = (seen: readonly Sent[]) => closed(seen) !== undefined;
  const first = await after(1, isClosed);
  const [rows] = first.filter(({ batch, state }) => batch === '2026-11-21T09:00Z' && state === undefined);
  expect(rows).toMatchObject({ model: 'next-best-offer', rows: 605 });
  await after(60);
  const next = await after(60, isClosed);
  expect(closed(next)).toMatchObject({ batch: '2026-11-21T09:02Z', declared: 600 });
});

it('too-little-traffic: a row every twenty seconds', async () => {
  const running = await start();
  running.setScenario('too-little-traffic', true);
  expect(rowsOf(await after(60), LAST_MODEL)).toBe(3);
});

it('sends what came true half a minute later, under the ids of the predictions', async () => {
  await start();
  const rows = await after(1);
  const idsIn = (model: string) => rows.flatMap((each) => (each.model === model ? each.ids : []));
  const known = await after(30, (all) => actualsIn(all, LAST_MODEL).length > 0);
  const idsOf = (model: string) => actualsIn(known, model).map(({ id }) => id);
  expect(idsOf('chargeback-risk')).toEqual(idsIn('chargeback-risk'));
  const [shared] = idsIn('churn-v2');
  expect(idsOf('churn-v2')).toEqual(Array.from({ length: 12 }, (_, index) => `${String(shared)}/${index}`));
});

it('sends what the challenger answered under the same ids', async () => {
  await start();
  const rows = await after(2);
  const own = rows.flatMap(({ model, ids }) => (model === 'chargeback-risk' ? ids : []));
  const candidates = rows.flatMap((each) => each.candidates ?? []);
  expect(candidates.map(({ id }) => id)).toEqual(own);
  expect(new Set(candidates.map(({ candidate }) => candidate))).toEqual(new Set(['fewer-features']));
});

it('late-actuals: for a quarter of an hour none', async () => {
  const running = await start();
  running.setScenario('late-actuals', true);
  await after(1);
  expect(actualsIn(await after(60), 'churn-v2')).toEqual([]);
  const late = await after(840, (all) => actualsIn(all, 'churn-v2').length > 0);
  expect(actualsIn(late, 'churn-v2')).toHaveLength(12);
});

it('review-backlog: over its limits within a minute, and worked off within one', async () => {
  const running = await start();
  const [declared] = CUSTOM_METRICS;
  const waiting = async (seconds: number) => {
    const samples = (all: readonly Sent[]) => all.flatMap((each) => each.metrics ?? []);
    const [sample] = samples(await after(seconds, (all) => samples(all).length > 0));
    return sample?.metric === declared.name ? sample.value : NaN;
  };
  const isCalm = (value: number) => Math.abs(value - declared.baseline) < 10;
  expect(isCalm(await waiting(60))).toBe(true);
  running.setScenario('review-backlog', true);
  expect(await waiting(40)).toBeGreaterThan(declared.warning.above);
  expect(await waiting(30)).toBeGreaterThan(declared.critical.above);
  running.setScenario('review-backlog', false);
  expect(isCalm(await waiting(60))).toBe(true);
});
