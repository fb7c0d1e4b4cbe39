import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { neighbourPorts, startProgram, until, type Program } from '../support/processes';
import { eventOf, inParallel, reference, ticks } from './events.bench';
import type { Suite } from './figures';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const FEATURES = 20;
const PER_BATCH = 500;
const BATCHES = 120;
const SENDERS = 6;
const EVENTS = BATCHES * PER_BATCH;
const TO_100_000 = 100_000 / EVENTS;

/** What it costs that ids have owners: processor time of all exporters together, and how long the senders took. */
export const replicas: Suite = {
  name: 'replicas',
  run: async () => {
    const one = await measure(1);
    const three = await measure(3);
    const row = (name: string, pick: (of: Cost) => number) => ({
      name,
      value: pick(three) * TO_100_000,
      unit: 'ms' as const,
      yardstick: { name: 'one replica', value: pick(one) * TO_100_000 },
    });
    return [
      row('100,000 predictions kept, three replicas, processor time', ({ predictions }) => predictions.cpuMs),
      row('100,000 predictions kept, three replicas, elapsed', ({ predictions }) => predictions.elapsedMs),
      row('100,000 actuals joined, three replicas, processor time', ({ actuals }) => actuals.cpuMs),
      row('100,000 actuals joined, three replicas, elapsed', ({ actuals }) => actuals.elapsedMs),
    ];
  },
};

interface Spent {
  readonly cpuMs: number;
  readonly elapsedMs: number;
}
type Cost = Readonly<Record<'predictions' | 'actuals', Spent>>;

async function measure(count: number): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-bench-replicas-'));
  const base = await neighbourPorts(count);
  const urls = Array.from({ length: count }, (_, replica) => `http://127.0.0.1:${base}${replica}`);
  const programs: Program[] = [];
  try {
    const file = join(folder, 'reference.json');
    writeFileSync(file, JSON.stringify(reference('m0', FEATURES, 10)));
    urls.forEach((url, replica) => programs.push(start({ folder, url, replica, count, base, file })));
    for (const url of urls) {
      const isReady = (text: string) =>
        text.includes('join_store_up 1') && (text.match(/peer_up\{.*\} 1$/gm) ?? []).length === count - 1;
      await until('the replicas', async () => (await fetch(`${url}/metrics`)).text(), isReady);
    }
    const bodies = (path: string, event: (id: string) => object, from: number, batches: number) =>
      Array.from({ length: batches }, (_, batch) => ({
        url: `${urls[batch % count]}/ingest/${path}`,
        body: JSON.stringify({
          [path]: Array.from({ length: PER_BATCH }, (_, index) => event(`order ${from + batch} ${index}`)),
        }),
      }));
    const prediction = (id: string) => eventOf('m0', FEATURES, id);
    const actual = (id: string) => ({ namespace: 'shop', model: 'm0', id, actual: 'yes' });
    const spend = async (requests: ReturnType<typeof bodies>) => {
      const [before, started] = [cpu(programs), performance.now()];
      await inParallel(requests, SENDERS, post);
      return { cpuMs: cpu(programs) - before, elapsedMs: performance.now() - started };
    };
    await spend(bodies('predictions', prediction, -1_000, 30));
    const predictions = await spend(bodies('predictions', prediction, 0, BATCHES));
    // Each to another replica than its prediction, where there is one.
    const actuals = await spend(bodies('actuals', actual, 0, BATCHES).reverse());
    return { predictions, actuals };
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    rmSync(folder, { recursive: true });
  }
}

function start(of: {
  folder: string;
  url: string;
  replica: number;
  count: number;
  base: string;
  file: string;
}): Program {
  const directory = join(of.folder, String(of.replica));
  mkdirSync(directory);
  const config = join(directory, 'modelwatch.yml');
  const text = stringify({
    web: { listenAddress: '127.0.0.1', port: Number(new URL(of.url).port) },
    log: { level: 'warn' },
    kubernetes: { enabled: false },
    monitoring: { references: [{ file: of.file }] },
    events: {
      joins: { directory },
      ...{ replicas: of.count, replica: of.replica, peers: { url: `http://127.0.0.1:${of.base}{replica}` } },
    },
  });
  writeFileSync(config, text);
  return startProgram(process.execPath, [MODELWATCH, 'exporter', '--config.file', config]);
}

async function post({ url, body }: { url: string; body: string }): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { accepted } = (await answer.json()) as { accepted: number };
  if (accepted !== PER_BATCH) throw new Error(`expected ${PER_BATCH} to be accepted, got ${accepted}`);
}

function cpu(programs: readonly Program[]): number {
  return programs.reduce((sum, { pid }) => sum + ticks(pid) * 10, 0);
}
