import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort, getJson, startProgram, until } from '../support/processes';
import { median, type Figure, type Suite } from './figures';
import { buildStoreServer, curlMs, startSendfile, startStoreServer, type StoreServer } from './store-process';

type Row = Omit<Figure, 'suite'>;

/** A smaller store for a first look: MODELWATCH_BENCH_OBJECTS=10000. Targets hold for the full size alone. */
const OBJECTS = Number(process.env.MODELWATCH_BENCH_OBJECTS ?? 100_000);
const FULL = OBJECTS >= 100_000;
const RUNS = 7;
/** What does not scale is measured smaller and said so. */
const OTHERS_OBJECTS = Math.min(OBJECTS, 10_000);
/** Two jobs of a million lines take a Prometheus several GB and minutes: MODELWATCH_BENCH_PROMETHEUS=100000 does it. */
const PROMETHEUS_OBJECTS = Number(process.env.MODELWATCH_BENCH_PROMETHEUS ?? OTHERS_OBJECTS);
const PROMETHEUS_INTERVAL = PROMETHEUS_OBJECTS > OTHERS_OBJECTS ? '30s' : '3s';

/** The store behind the real handler at 1M lines; every client is a process of its own that throws the body away. */
export const store: Suite = {
  name: 'store',
  run: async () => {
    buildStoreServer();
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-bench-'));
    const files = await startSendfile(folder);
    try {
      const rows = await wholeStore(folder, files.url);
      rows.push(...(await growth()));
      rows.push(...(await others()));
      rows.push(...(await prometheus(folder, files.url)));
      return rows;
    } finally {
      await files.stop();
      rmSync(folder, { recursive: true });
    }
  },
};

const target = (value: number) => (FULL ? { target: value } : {});
const GZIP = ['-H', 'Accept-Encoding: gzip'];

async function times(work: () => Promise<number>, runs = RUNS): Promise<number> {
  const all: number[] = [];
  for (let run = 0; run < runs; run++) all.push(await work());
  return median(all);
}

function save(url: string, file: string, ...args: string[]): number {
  execFileSync('curl', ['-sS', '-o', file, ...args, url]);
  return statSync(file).size / 1e6;
}

async function wholeStore(folder: string, filesUrl: string): Promise<Row[]> {
  const server = await startStoreServer('segments');
  // It does nothing: how late its timer is, is the machine's doing.
  const idle = await startStoreServer('strings');
  try {
    for (const each of [server, idle]) await each.ask({ do: 'stall' });
    await server.ask({ do: 'fill', objects: OBJECTS });
    await server.ask({ do: 'settle' });
    const fillStall = await stallBeside(server, idle);
    const plainMB = save(server.url, join(folder, 'plain'));
    const gzipMB = save(server.url, join(folder, 'packed.gz'), ...GZIP);
    const rest = await server.ask({ do: 'memory' });
    // Asking for memory collects garbage first, which is not what stalls a scrape.
    for (const each of [server, idle]) await each.ask({ do: 'stall' });
    const yardstick = { name: 'the text alone', value: plainMB };
    const rows: Row[] = [
      { name: 'memory (RSS) at rest', value: rest.rssMB, unit: 'MB', yardstick, ...target(350) },
      { name: 'longest stall of the event loop while filling', ...fillStall },
      ...(await scrapes(server, filesUrl, plainMB, gzipMB)),
    ];
    rows.push({ name: 'longest stall while scraping', ...(await stallBeside(server, idle)) });
    const after = await server.ask({ do: 'memory' });
    rows.push({ name: `memory after ${2 * RUNS} rounds of changes`, value: after.rssMB, unit: 'MB', yardstick });
    rows.push({ name: 'memory (RSS) at its peak', value: server.peakMB(), unit: 'MB', yardstick, ...target(600) });
    return rows;
  } finally {
    await Promise.all([server.stop(), idle.stop()]);
  }
}

async function stallBeside(server: StoreServer, idle: StoreServer): Promise<Omit<Row, 'name'>> {
  const [ours, machines] = [await server.ask({ do: 'stall' }), await idle.ask({ do: 'stall' })];
  const yardstick = { name: 'a process that does nothing', value: machines.stallMs };
  return { value: ours.stallMs, unit: 'ms', yardstick, ...target(15) };
}

async function scrapes(server: StoreServer, filesUrl: string, plainMB: number, gzipMB: number): Promise<Row[]> {
  const lines = `${(OBJECTS * 10) / 1000}k lines`;
  const plainFile = {
    name: `${plainMB.toFixed(0)} MB by sendfile`,
    value: await times(() => curlMs(`${filesUrl}/plain`)),
  };
  const gzipFile = {
    name: `${gzipMB.toFixed(0)} MB by sendfile`,
    value: await times(() => curlMs(`${filesUrl}/packed.gz`)),
  };
  const gzip = () => curlMs(server.url, ...GZIP);
  const plain = await times(() => curlMs(server.url));
  const unchanged = await times(gzip);
  const onDemand = await times(async () => {
    await server.ask({ do: 'change', share: 0.01 });
    return gzip();
  });
  const afterBackground = await times(async () => {
    await server.ask({ do: 'change', share: 0.01 });
    await server.ask({ do: 'settle' });
    return gzip();
  });
  const row = (name: string, value: number, yardstick: Row['yardstick'], limit: number): Row => ({
    name: `scrape of ${lines}, ${name}`,
    value,
    unit: 'ms',
    ...(yardstick ? { yardstick } : {}),
    ...target(limit),
  });
  return [
    row('plain', plain, plainFile, 60),
    row('gzip, nothing changed', unchanged, gzipFile, 15),
    row('gzip, 1 % of objects changed in 2 families', onDemand, gzipFile, 200),
    row('gzip, the same, compressed in the background', afterBackground, gzipFile, 20),
  ];
}

/** Time and memory per object must not grow with their number. */
async function growth(): Promise<Row[]> {
  const sizes = [OBJECTS / 10, (OBJECTS * 3) / 10, OBJECTS].map(Math.round);
  const found: { objects: number; ms: number; kB: number; scrapeMs: number }[] = [];
  for (const objects of sizes) {
    const server = await startStoreServer('segments');
    const empty = await server.ask({ do: 'memory' });
    const { ms } = await server.ask({ do: 'fill', objects });
    await server.ask({ do: 'settle' });
    const full = await server.ask({ do: 'memory' });
    const scrapeMs = (await times(() => curlMs(server.url, ...GZIP))) / (objects / 1000);
    found.push({ objects, ms: ms / (objects / 1000), kB: ((full.rssMB - empty.rssMB) * 1000) / objects, scrapeMs });
    await server.stop();
  }
  const [first] = found;
  const name = `with ${first?.objects} objects`;
  return found.slice(1).flatMap(({ objects, ms, kB, scrapeMs }) => [
    {
      name: `unchanged gzip scrape of ${objects} objects, per 1,000`,
      value: scrapeMs,
      unit: 'ms' as const,
      yardstick: { name, value: first?.scrapeMs ?? 0 },
    },
    {
      name: `rendering and filling ${objects} objects, per 1,000`,
      value: ms,
      unit: 'ms' as const,
      yardstick: { name, value: first?.ms ?? 0 },
    },
    {
      name: `memory of ${objects} objects, each`,
      value: kB,
      unit: 'kB' as const,
      yardstick: { name, value: first?.kB ?? 0 },
    },
  ]);
}

/** Other ways to do it, at a size that all of them survive. */
async function others(): Promise<Row[]> {
  const found = new Map<string, { ms: number; rssMB: number }>();
  for (const shape of ['segments', 'strings', 'prom-client'] as const) {
    const server = await startStoreServer(shape);
    await server.ask({ do: 'fill', objects: OTHERS_OBJECTS });
    await server.ask({ do: 'settle' });
    const ms = await times(() => curlMs(server.url), 5);
    found.set(shape, { ms, rssMB: server.peakMB() });
    await server.stop();
  }
  const ours = found.get('segments');
  return (['strings', 'prom-client'] as const).flatMap((shape) => {
    const theirs = found.get(shape);
    if (!ours || !theirs) return [];
    const name = shape === 'strings' ? 'strings per object, joined' : 'prom-client';
    const size = `${OTHERS_OBJECTS / 100}k lines`;
    return [
      { name: `plain scrape of ${size}`, value: ours.ms, unit: 'ms' as const, yardstick: { name, value: theirs.ms } },
      {
        name: `peak memory, scraping ${size}`,
        value: ours.rssMB,
        unit: 'MB' as const,
        yardstick: { name, value: theirs.rssMB },
      },
    ];
  });
}

/** What a real Prometheus says its scrape took, beside the same bytes that were compressed beforehand. */
async function prometheus(folder: string, filesUrl: string): Promise<Row[]> {
  const server = await startStoreServer('segments');
  const port = await freePort();
  const accept = ['-H', 'Accept: application/openmetrics-text;version=1.0.0'];
  try {
    await server.ask({ do: 'fill', objects: PROMETHEUS_OBJECTS });
    await server.ask({ do: 'settle' });
    save(server.url, join(folder, 'scraped.gz'), ...accept, ...GZIP);
    const job = (name: string, url: URL) => ({
      job_name: name,
      metrics_path: url.pathname,
      static_configs: [{ targets: [url.host] }],
    });
    const jobs = [job('store', new URL(server.url)), job('file', new URL(`${filesUrl}/scraped.gz`))];
    const config = {
      global: { scrape_interval: PROMETHEUS_INTERVAL, scrape_timeout: PROMETHEUS_INTERVAL },
      scrape_configs: jobs,
    };
    writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
    const program = startProgram('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    try {
      return await durations(`http://127.0.0.1:${port}`);
    } finally {
      await program.stop();
    }
  } finally {
    await server.stop();
  }
}

const SCRAPES = 8;

async function durations(url: string): Promise<Row[]> {
  const ask = async (job: string): Promise<number[]> => {
    const query = encodeURIComponent(`scrape_duration_seconds{job="${job}"}[5m]`);
    const answer = await getJson<{ data: { result: { values: [number, string][] }[] } }>(
      `${url}/api/v1/query?query=${query}`
    );
    // The first scrape makes the series and takes several times as long.
    return (answer.data.result[0]?.values ?? []).slice(1).map(([, value]) => Number(value) * 1000);
  };
  const value = median(
    await until(
      'scrapes of the store',
      () => ask('store'),
      (all) => all.length >= SCRAPES,
      400_000
    )
  );
  const file = median(
    await until(
      'scrapes of the file',
      () => ask('file'),
      (all) => all.length >= SCRAPES
    )
  );
  const name = `Prometheus scrapes ${OTHERS_OBJECTS / 100}k lines, gzip`;
  const yardstick = { name: 'the same, compressed beforehand', value: file };
  return [{ name, value, unit: 'ms', yardstick, target: file * 1.1 }];
}
