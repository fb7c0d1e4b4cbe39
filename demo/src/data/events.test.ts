/** What a demo sends, as the one that it is sent to receives it. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDemo } from '../start';
import type { Demo, ScenarioName } from '../types';

/** Rows of one request, whatever it looks like. */
interface Sent {
  readonly model: string;
  readonly rows: number;
  readonly ids: readonly unknown[];
  readonly features: readonly string[];
}

interface Body {
  readonly model?: string;
  readonly id?: string;
  readonly predictions?: readonly { readonly id: string; readonly features: object }[];
  readonly instances?: readonly object[];
  readonly request?: { readonly inputs: readonly { readonly name: string; readonly shape: readonly [number] }[] };
}

/** Responses apart: their requests have told of the same rows. */
function read(headers: IncomingHttpHeaders, body: Body): Sent | undefined {
  const { model = String(headers['ce-inferenceservicename']), predictions, instances, request } = body;
  const type = headers['ce-type'];
  if (type === 'org.kubeflow.serving.inference.response') return undefined;
  if (type !== undefined && instances) {
    const features = instances.flatMap((each) => Object.keys(each));
    return { model, rows: instances.length, ids: [headers['ce-id']], features };
  }
  if (request) {
    const { inputs } = request;
    return { model, rows: inputs[0]?.shape[0] ?? 0, ids: [body.id], features: inputs.map(({ name }) => name) };
  }
  const events = predictions ?? [];
  return {
    ...{ model, rows: events.length, ids: events.map(({ id }) => id) },
    features: events.flatMap(({ features }) => Object.keys(features)),
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
  demo = await startDemo({ nowMs: () => now, eventsUrl: `http://127.0.0.1:${port}` });
  return demo;
}

/** Lets time pass; resolves when something of each of these models has come. */
async function after(seconds: number, ...models: readonly string[]): Promise<readonly Sent[]> {
  sent = [];
  now += seconds * 1_000;
  while (models.some((model) => !sent.some((each) => each.model === model))) {
    await new Promise<void>((resolve) => (received = resolve));
  }
  return sent;
}

const rowsOf = (all: readonly Sent[], name: string) =>
  all.filter(({ model }) => model === name).reduce((sum, { rows }) => sum + rows, 0);

it('sends as many rows as the time that has passed asks for, each under an id of its own', async () => {
  await start();
  const rows = await after(60, 'chargeback-risk', 'churn-v2', 'demand-forecast');
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
    return after(30, 'demand-forecast');
  };
  expect(temperatures(await after(30, 'demand-forecast'))).toBe(240);
  expect(temperatures(await switched('missing-column', true))).toBe(0);
  expect(temperatures(await switched('missing-column', false))).toBe(240);
});

it('too-little-traffic: a row every twenty seconds', async () => {
  const running = await start();
  running.setScenario('too-little-traffic', true);
  expect(rowsOf(await after(60, 'demand-forecast'), 'demand-forecast')).toBe(3);
});
