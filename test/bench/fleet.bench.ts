import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, startProgram, until } from '../support/processes';
import { medianMs, type Figure, type Suite } from './figures';
import { fleetLists } from './fleet/objects';

/** Four objects and about 105 lines each: 40,000 objects, 1M lines. MODELWATCH_BENCH_SERVICES takes another size. */
const SERVICES = Number(process.env['MODELWATCH_BENCH_SERVICES'] ?? 10_000);
const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const API = join(__dirname, 'fleet', 'api.ts');
const REST_MS = 20_000;

/** The whole exporter, as a process, before a fleet of 1M lines; pods are not asked. */
export const fleet: Suite = {
  name: 'fleet',
  run: async () => {
    const [api, web] = [await freePort(), await freePort()];
    const apiUrl = `http://127.0.0.1:${api}`;
    const url = `http://127.0.0.1:${web}`;
    const server = startProgram(process.execPath, ['--import', 'tsx', API, String(api), String(SERVICES)]);
    try {
      await until(
        'the API server',
        () => fetch(`${apiUrl}/apis`),
        ({ ok }) => ok,
        120_000
      );
      const parseMs = await timeOfParsing(apiUrl);
      const started = performance.now();
      const exporter = startProgram(process.execPath, [
        MODELWATCH,
        'exporter',
        `--kubernetes.server=${apiUrl}`,
        '--servers.access=none',
        `--web.port=${web}`,
        '--log.level=error',
      ]);
      try {
        await until(
          'the exporter to be ready',
          () => fetch(`${url}/readyz`),
          ({ ok }) => ok,
          180_000
        );
        const readyMs = performance.now() - started;
        const name = `start to ready, ${SERVICES} InferenceServices with ${4 * SERVICES} objects`;
        const yardstick = { name: 'fetch and JSON.parse of the same lists', value: parseMs };
        const figures = await figuresOf(url, apiUrl, exporter.pid);
        return [{ name, value: readyMs, unit: 'ms' as const, yardstick }, ...figures];
      } finally {
        await exporter.stop();
      }
    } finally {
      await server.stop();
    }
  },
};

async function timeOfParsing(apiUrl: string): Promise<number> {
  const started = performance.now();
  for (const { path } of fleetLists(0)) {
    let next: string | undefined = '';
    while (next !== undefined) {
      const answer: Response = await fetch(`${apiUrl}${path}?limit=500${next && `&continue=${next}`}`);
      next = ((await answer.json()) as { metadata: { continue?: string } }).metadata.continue;
    }
  }
  return performance.now() - started;
}

type Measured = Omit<Figure, 'suite'>;

async function figuresOf(url: string, apiUrl: string, pid: number): Promise<Measured[]> {
  const first = await text(url);
  const stallMs = 1_000 * Number(/event_loop_delay_seconds\{percentile="100"\} (\S+)/.exec(first)?.[1]);
  const lines = first.split('\n').length;
  const plain = await medianMs(5, () => read(url, 'identity'));
  const gzip = await medianMs(5, () => read(url, 'gzip'));
  const changed: number[] = [];
  for (let round = 0; round < 5; round++) {
    await fetch(`${apiUrl}/bench/touch?count=${SERVICES / 25}`);
    // The events must have arrived, and what they change be compressed, as between two scrapes of a Prometheus.
    await pause(3_000);
    const from = performance.now();
    await read(url, 'gzip');
    changed.push(performance.now() - from);
  }
  await pause(REST_MS);
  const memory = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(memory)?.[1]) / 1_024;
  const size = `${(lines / 1e6).toFixed(2)}M lines`;
  return [
    { name: `scrape of ${size}, plain`, value: plain, unit: 'ms' },
    { name: `scrape of ${size}, gzip, as it is`, value: gzip, unit: 'ms' },
    {
      name: 'scrape, gzip, 1 % of the objects changed 3 s before',
      value: changed.sort((a, b) => a - b)[2] ?? NaN,
      unit: 'ms',
    },
    { name: 'longest stall of the event loop from start to the first scrape', value: stallMs, unit: 'ms', target: 15 },
    { name: 'resident memory at rest', value: megabytes('VmRSS'), unit: 'MB', target: 350 },
    { name: 'resident memory, peak', value: megabytes('VmHWM'), unit: 'MB', target: 600 },
  ];
}

async function text(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`, { headers: { 'accept-encoding': 'identity' } })).text();
}

/** A process of its own that throws the body away, so that reading it is not what is measured. */
function read(url: string, encoding: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('curl', ['-s', '-o', '/dev/null', '-H', `Accept-Encoding: ${encoding}`, `${url}/metrics`]);
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`curl ended with ${code}`))));
  });
}
