import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Reference } from '@modelwatch/contract';
import { stringify } from 'yaml';
import { numericFeature, referenceOf } from '../../exporter/src/domain/testing/references';
import { freePort, startProgram, until, type Program } from '../support/processes';
import type { Figure, Suite } from './figures';

type Row = Omit<Figure, 'suite'>;

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const FEATURES = 20;
const PER_BATCH = 500;
const BATCHES = 200;
const SINGLES = 10_000;
/** Connections of those who post one prediction at a time. */
const SENDERS = 16;
const MANY = { models: 200, features: 50, bins: 20 };
const SPECIAL_BINS = 4;

/** A real exporter that predictions are posted to, from this process: what it costs is its own time on the processor. */
export const events: Suite = { name: 'events', run: async () => [...(await posting()), ...(await manySeries())] };

async function posting(): Promise<Row[]> {
  return withExporter([reference('m0', FEATURES, 10)], async ({ url, pid }) => {
    const batches = Array.from({ length: BATCHES }, (_, batch) => batchOf(batch));
    const agent = new Agent({ keepAlive: true });
    await inParallel(batches.slice(0, 20), 2, (body) =>
      post(url, body.toString().replaceAll('"id":"', '"id":"w'), agent)
    );
    const rows = (BATCHES * PER_BATCH) / 100_000;
    const batched = await cpuOf(pid, () => inParallel(batches, 2, (body) => post(url, body, agent)));
    const parsed = parseMs(batches) / rows;
    const singles = Array.from({ length: SINGLES }, (_, index) => JSON.stringify(eventOf('m0', FEATURES, `s${index}`)));
    await inParallel(singles.slice(0, 2_000), SENDERS, (body) => post(url, body.replace('"id":"', '"id":"w'), agent));
    const single = await cpuOf(pid, () => inParallel(singles, SENDERS, (body) => post(url, body, agent)));
    agent.destroy();
    return [
      {
        name: `100,000 predictions of ${FEATURES} features, ${PER_BATCH} a request`,
        value: batched / rows,
        unit: 'ms',
        yardstick: { name: 'JSON.parse of the same bytes', value: parsed },
        // 20,000 a second.
        target: 5_000,
      },
      {
        name: '10,000 predictions, one a request',
        value: (single / SINGLES) * 10_000,
        unit: 'ms',
        yardstick: { name: 'JSON.parse of the same bytes', value: parseMs(singles) },
        // 2,000 a second.
        target: 5_000,
      },
    ];
  });
}

/** A third of the features have a value in each event, so that all change between two scrapes. */
async function manySeries(): Promise<Row[]> {
  const { models, features, bins } = MANY;
  const references = Array.from({ length: models }, (_, model) =>
    reference(`m${model}`, features, bins - SPECIAL_BINS)
  );
  const empty = await withExporter([reference('m0', 1, 2)], async ({ pid }) => memoryOf(pid));
  return withExporter(references, async ({ url, pid }) => {
    const agent = new Agent({ keepAlive: true });
    const all = JSON.stringify(Array.from({ length: models }, (_, model) => eventOf(`m${model}`, features)));
    const scrapes: number[] = [];
    let lines = 0;
    for (let round = 0; round < 6; round += 1) {
      await post(url, all, agent);
      const started = performance.now();
      const text = await scrape(url, agent);
      if (round > 0) scrapes.push(performance.now() - started);
      lines = text.split('\n').filter((line) => line.startsWith('modelwatch_feature_observations_total')).length;
    }
    agent.destroy();
    const [what, size] = [`${models} models x ${features} features x ${bins} bins`, models * features * bins];
    if (lines !== size) throw new Error(`expected ${size} series, got ${lines}`);
    return [
      {
        name: `memory of ${what}`,
        value: (await memoryOf(pid)) - empty,
        unit: 'MB',
        yardstick: { name: 'the exporter without them', value: empty },
        target: 200,
      },
      {
        name: `gzip scrape of ${size.toLocaleString('en-US')} counters that all changed`,
        value: scrapes.toSorted((a, b) => a - b)[2] ?? NaN,
        unit: 'ms',
        // Of the segment store: as of changes that nobody has compressed yet.
        target: 200,
      },
    ];
  });
}

async function withExporter<T>(
  references: readonly Reference[],
  measure: (running: { url: string; pid: number }) => Promise<T>
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-bench-events-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const files = references.map((each, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify(each));
    return { file };
  });
  const config = join(folder, 'modelwatch.yaml');
  writeFileSync(
    config,
    stringify({
      web: { listenAddress: '127.0.0.1', port: Number(new URL(url).port) },
      kubernetes: { enabled: false },
      monitoring: { references: files },
    })
  );
  let exporter: Program | undefined;
  try {
    exporter = startProgram(process.execPath, [MODELWATCH, 'exporter', '--config.file', config]);
    await until(
      'the exporter',
      async () => (await fetch(`${url}/readyz`)).status,
      (status) => status === 200
    );
    return await measure({ url, pid: exporter.pid });
  } finally {
    await exporter?.stop();
    rmSync(folder, { recursive: true });
  }
}

export function reference(model: string, features: number, bins: number): Reference {
  const counts = Array.from({ length: bins }, () => 10);
  return referenceOf({
    model,
    rows: bins * 10,
    features: Array.from({ length: features }, (_, index) => numericFeature(`feature_${index}`, counts)),
  });
}

let state = 7;
const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;

export function eventOf(model: string, features: number, id?: string) {
  return {
    namespace: 'shop',
    model,
    ...(id === undefined ? {} : { id }),
    features: Object.fromEntries(
      Array.from({ length: features }, (_, index) => [`feature_${index}`, Math.round(next() * 1e7) / 1e5])
    ),
    prediction: next() < 0.5 ? 'yes' : 'no',
  };
}

function batchOf(batch: number): Buffer {
  const predictions = Array.from({ length: PER_BATCH }, (_, index) =>
    eventOf('m0', FEATURES, `order-${batch}-${index}`)
  );
  return Buffer.from(JSON.stringify({ predictions }));
}

function parseMs(bodies: readonly (Buffer | string)[]): number {
  const started = performance.now();
  for (const body of bodies) JSON.parse(body.toString());
  return performance.now() - started;
}

export async function inParallel<T>(
  items: readonly T[],
  senders: number,
  send: (item: T) => Promise<unknown>
): Promise<void> {
  const queue = [...items];
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await send(item);
  };
  await Promise.all(Array.from({ length: senders }, work));
}

function post(url: string, body: Buffer | string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(`${url}/ingest/predictions`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`expected 200, got ${response.statusCode}`))
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function scrape(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'gzip' };
    const sent = request(`${url}/metrics?collect[]=events`, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve(gunzipSync(Buffer.concat(chunks)).toString()));
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Milliseconds of the processor that the process took meanwhile, on all of its threads. */
async function cpuOf(pid: number, work: () => Promise<void>): Promise<number> {
  const before = ticks(pid);
  await work();
  return (ticks(pid) - before) * 10;
}

/** User and system time in hundredths of a second: fields 14 and 15 of proc_pid_stat(5). */
export function ticks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function memoryOf(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_000;
}
