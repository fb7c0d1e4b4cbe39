import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { freePort, startProgram, until } from '../support/processes';
import { medianMs, type Figure, type Suite } from './figures';
import { envoyWith, recorded, tritonWith } from './servers/texts';
import type * as Translation from './servers/translation';

const ENDPOINTS = 2_000;
const HANGING = 50;
const INTERVAL_SECONDS = 15;
/**
 * The first round, in which all are new, is a figure of its own: each endpoint is asked who it is, and the code is not
 * compiled yet. After it comes a pause until nothing of it is left in the queues.
 */
const FIRST_ROUND_SECONDS = 20;
const PAUSE_SECONDS = 5;
const MEASURED_SECONDS = 2 * INTERVAL_SECONDS;
/** 300,000 samples a second. */
const MS_PER_100_000 = 333;
const ROOT = join(__dirname, '..', '..');

type Row = Omit<Figure, 'suite'>;

/** Reading and translating pages of metrics, and a real exporter that polls simulated servers of another process. */
export const servers: Suite = {
  name: 'servers',
  run: async () => [...(await translation()), ...(await polling())],
};

async function translation(): Promise<Row[]> {
  const { MLSERVER, VLLM, TRITON, SELDON_ENVOY, readSamples } = bundledTranslation();
  const pages = [
    ['MLServer', MLSERVER, recorded('mlserver/metrics-after.txt')],
    ['vLLM', VLLM, recorded('vllm/metrics-after.txt')],
    ['Triton with 1,000 models', TRITON, tritonWith(1_000)],
    ["Seldon's Envoy with 2,000 clusters", SELDON_ENVOY, envoyWith(2_000)],
  ] as const;
  const rows: Row[] = [];
  for (const [name, { names, translate }, text] of pages) {
    const body = Buffer.from(text);
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    const times = Math.ceil(100_000 / lines);
    const per = 100_000 / (lines * times);
    const read = async () => {
      for (let time = 0; time < times; time += 1) {
        await translate(await readSamples(body, names, refuse), { versionSuffix: false, onlyModel: 'm' });
      }
    };
    const split = () => {
      for (let time = 0; time < times; time += 1) plain(body);
    };
    rows.push({
      name: `100,000 samples read and translated, ${name}`,
      value: (await medianMs(5, read)) * per,
      unit: 'ms',
      target: MS_PER_100_000,
      yardstick: { name: 'a regular expression per label', value: (await medianMs(5, split)) * per },
    });
  }
  return rows;
}

/**
 * Bundled, as users run it: modules that are compiled one by one find each other through a getter, which costs more than
 * what a function does with one byte.
 */
function bundledTranslation(): typeof Translation {
  const outfile = join(ROOT, '.cache', 'bench', 'translation.cjs');
  bundle(join(__dirname, 'servers', 'translation.ts'), outfile);
  return createRequire(outfile)(outfile) as typeof Translation;
}

function bundle(entry: string, outfile: string): void {
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias: { '@modelwatch/contract': join(ROOT, 'contract', 'src', 'index.ts') },
    logLevel: 'error',
  });
}

function refuse(detail: string): never {
  throw new Error(detail);
}

/** The plain way: lines, and a regular expression over the labels of each. */
function plain(body: Buffer): unknown[] {
  return body
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      name: /^[^{ ]+/.exec(line)?.[0],
      labels: Object.fromEntries(
        [...line.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value])
      ),
      value: Number(line.slice(line.lastIndexOf(' '))),
    }));
}

async function polling(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-bench-'));
  const fleet = await startFleet();
  const web = await freePort();
  const config = join(folder, 'modelwatch.yaml');
  writeFileSync(config, configFor(fleet.port, web));
  const exporter = startProgram(process.execPath, [
    join(ROOT, 'exporter', 'dist', 'main.js'),
    'exporter',
    `--config.file=${config}`,
    '--log.level=fatal',
  ]);
  try {
    const url = `http://127.0.0.1:${web}/metrics`;
    await until(
      'the exporter',
      () => fetch(url),
      ({ ok }) => ok
    );
    await pause(FIRST_ROUND_SECONDS * 1_000);
    const first = await look(exporter.pid, url);
    await pause(PAUSE_SECONDS * 1_000);
    const before = await look(exporter.pid, url);
    await pause(MEASURED_SECONDS * 1_000);
    const after = await look(exporter.pid, url);
    const probes = after.probes - before.probes;
    const expected = (ENDPOINTS * MEASURED_SECONDS) / INTERVAL_SECONDS;
    return [
      {
        name: `CPU in ${MEASURED_SECONDS} s, ${ENDPOINTS} endpoints every ${INTERVAL_SECONDS} s (${probes} of ${expected} probes)`,
        value: after.cpuSeconds - before.cpuSeconds,
        unit: 's',
        target: MEASURED_SECONDS / 2,
      },
      { name: 'most resident memory', value: after.peakMB, unit: 'MB', target: 300 },
      {
        name: `latest start of a probe after its time, at most; ${HANGING} endpoints hang`,
        value: latest(before, after),
        unit: 's',
        target: 1,
      },
      {
        name: `the same in the first ${FIRST_ROUND_SECONDS} s (${first.probes} probes)`,
        value: latest(NOTHING_YET, first),
        unit: 's',
        target: 1,
      },
      {
        name: 'until each endpoint was asked for the first time',
        value: before.firstRoundSeconds,
        unit: 's',
        target: FIRST_ROUND_SECONDS,
      },
    ];
  } finally {
    await exporter.stop();
    fleet.stop();
    rmSync(folder, { recursive: true });
  }
}

async function startFleet(): Promise<{ port: number; stop: () => void }> {
  const outfile = join(ROOT, '.cache', 'bench', 'servers.cjs');
  bundle(join(__dirname, 'servers', 'server.ts'), outfile);
  const child = fork(outfile, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { port } = await new Promise<{ port: number }>((resolve) =>
    child.once('message', (value) => resolve(value as { port: number }))
  );
  return { port, stop: () => child.disconnect() };
}

/** Each endpoint has an address of this machine of its own. */
function configFor(port: number, web: number): string {
  const servers = Array.from({ length: ENDPOINTS }, (_, at) => {
    const host = at < HANGING ? `127.2.${at}.255` : `127.1.${Math.floor(at / 200)}.${(at % 200) + 1}`;
    const url = `http://${host}:${port}`;
    const models = [{ name: `m-${host.replaceAll('.', '-')}` }];
    return { name: `s${at}`, url, metricsUrl: `${url}/metrics`, models };
  });
  return JSON.stringify({
    web: { listenAddress: '127.0.0.1', port: web },
    kubernetes: { enabled: false },
    servers: { probeIntervalSeconds: INTERVAL_SECONDS, standalone: servers },
  });
}

interface Look {
  readonly cpuSeconds: number;
  readonly peakMB: number;
  readonly probes: number;
  /** Infinite until it is over. */
  readonly firstRoundSeconds: number;
  /** Probes that began so late at most. */
  readonly within: ReadonlyMap<number, number>;
}

const NOTHING_YET: Look = { cpuSeconds: 0, peakMB: 0, probes: 0, firstRoundSeconds: Infinity, within: new Map() };

/** What the kernel and the exporter itself say; the scrape is part of what it costs. */
async function look(pid: number, url: string): Promise<Look> {
  const text = await (await fetch(url)).text();
  const value = (series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length) ?? 0
    );
  const delay = 'modelwatch_exporter_probe_start_delay_seconds';
  const probes = value(`${delay}_count`);
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    peakMB: Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 976.5625,
    probes,
    firstRoundSeconds: value('modelwatch_exporter_first_probes_duration_seconds') || Infinity,
    within: new Map(DELAYS.map((le) => [le, value(`${delay}_bucket{le="${le}"}`)])),
  };
}

/** Bounds of the exporter's histogram. */
const DELAYS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

/** The lowest bound under which all probes between two looks are. */
function latest(before: Look, after: Look): number {
  const all = after.probes - before.probes;
  const found = DELAYS.find((le) => (after.within.get(le) ?? 0) - (before.within.get(le) ?? 0) === all);
  return found ?? Infinity;
}
