/** What a demo sends, as the one that it is sent to receives it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDemo } from '../start';
import type { Demo, ScenarioName } from '../types';

interface Sent {
  readonly id: string;
  readonly namespace: string;
  readonly model: string;
  readonly timeSeconds: number;
  readonly features: Readonly<Record<string, unknown>>;
  readonly prediction: number;
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
      const { predictions } = JSON.parse(Buffer.concat(parts).toString()) as { predictions: Sent[] };
      sent.push(...predictions);
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

const ofModel = (all: readonly Sent[], name: string) => all.filter(({ model }) => model === name);

it('sends as many rows as the time that has passed asks for, each under an id of its own', async () => {
  await start();
  const rows = await after(60, 'chargeback-risk', 'churn-v2', 'demand-forecast');
  expect(ofModel(rows, 'chargeback-risk')).toHaveLength(1_200);
  expect(ofModel(rows, 'churn-v2')).toHaveLength(720);
  expect(ofModel(rows, 'demand-forecast')).toHaveLength(480);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2_400);
  expect(rows[0]).toMatchObject({ namespace: 'payments', timeSeconds: now / 1_000, prediction: expect.any(Number) });
});

const temperatures = (rows: readonly Sent[]) =>
  ofModel(rows, 'demand-forecast').filter(({ features }) => 'temperature_c' in features).length;

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
  expect(ofModel(await after(60, 'demand-forecast'), 'demand-forecast')).toHaveLength(3);
});
