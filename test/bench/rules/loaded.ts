/** A Prometheus with minutes of a large fleet in it, from a little in the past until a little in the future. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { stringify } from 'yaml';
import { freePort, startProgram, until } from '../../support/processes';

export const INTERVAL_SECONDS = 30;
/** As far as the rates look back, and a little. */
const PAST_SECONDS = 330;
/** Prometheus takes samples that are up to 10 minutes early: so nothing is scraped while anything is measured. */
const FUTURE_SECONDS = 300;
const PATIENCE_MS = 10 * 60_000;

export interface Part {
  /** Samples with their time, in seconds since 1970, from this time until the next step; what Prometheus scrapes at once. */
  readonly page: (seconds: number) => Iterable<string>;
}

export interface Loading {
  /** How long a past there is. */
  readonly pastSeconds: number;
  /** How much of it one scrape tells. */
  readonly stepSeconds: number;
  /** For series that a rule goes on recording: labels that scraping attaches would make other ones of them. */
  readonly withoutTarget?: boolean;
  /** Writes blocks of what was before that past into the folder of the data. */
  readonly history?: (data: string) => Promise<void>;
}
/** Nothing is put together or dropped while anything is measured. */
const WITH_HISTORY = [
  '--storage.tsdb.retention.time=1y',
  '--storage.tsdb.min-block-duration=2h',
  '--storage.tsdb.max-block-duration=2h',
];
const MINUTES_OF_A_FLEET: Loading = { pastSeconds: PAST_SECONDS, stepSeconds: INTERVAL_SECONDS };

export interface LoadedPrometheus {
  readonly url: string;
  /** Evaluates the rules in this text from now on. */
  evaluate(rules: string): Promise<void>;
  /** Of all its threads since it started. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** Resolves when every part was read to its end. */
export async function loadedPrometheus(
  parts: readonly Part[],
  loading = MINUTES_OF_A_FLEET
): Promise<LoadedPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-bench-rules-'));
  const data = join(folder, 'data');
  await loading.history?.(data);
  const fed = await feed(parts, loading);
  const web = await freePort();
  const configure = (files: readonly string[]) =>
    writeFileSync(join(folder, 'prometheus.yml'), stringify(configuration(fed.targets, files, loading)));
  configure([]);
  const url = `http://127.0.0.1:${web}`;
  const prometheus = startProgram('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
    ...(loading.history ? WITH_HISTORY : []),
    `--web.listen-address=127.0.0.1:${web}`,
    '--web.enable-lifecycle',
    '--log.level=error',
  ]);
  const stop = async () => {
    await prometheus.stop();
    fed.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until('the past', () => Promise.resolve(fed.isDone()), Boolean, PATIENCE_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    evaluate: async (rules) => {
      writeFileSync(join(folder, 'rules.yml'), rules);
      configure([join(folder, 'rules.yml')]);
      const reloaded = await fetch(`${url}/-/reload`, { method: 'POST' });
      if (!reloaded.ok) throw new Error(`reload: ${await reloaded.text()}`);
    },
    cpuSeconds: async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1]);
    },
    stop,
  };
}

function configuration(targets: readonly string[], files: readonly string[], { withoutTarget }: Loading): unknown {
  return {
    global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: `${INTERVAL_SECONDS}s` },
    rule_files: files,
    scrape_configs: [
      {
        job_name: 'modelwatch',
        honor_labels: true,
        // All parts are of one exporter.
        static_configs: [{ targets, labels: { instance: 'exporter' } }],
        ...(withoutTarget ? { metric_relabel_configs: [{ action: 'labeldrop', regex: 'job|instance' }] } : {}),
      },
    ],
  };
}

/** Each part tells its minutes in as many scrapes as it takes, on a port of its own; one that fails is told again. */
async function feed(parts: readonly Part[], { pastSeconds, stepSeconds }: Loading) {
  const begin = Date.now() / 1000 - pastSeconds;
  const end = Date.now() / 1000 + FUTURE_SECONDS;
  const told = parts.map(() => begin);
  const servers: Server[] = [];
  const targets: string[] = [];
  for (const [part, { page }] of parts.entries()) {
    const server = createServer((_request, response) => {
      const at = told[part] ?? end;
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      if (at > end) return response.end();
      response.on('finish', () => (told[part] = at + stepSeconds));
      return Readable.from(page(at)).pipe(response);
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    servers.push(server);
    targets.push(`127.0.0.1:${port}`);
  }
  return {
    targets,
    isDone: () => told.every((at) => at > end),
    close: () => servers.forEach((server) => server.close()),
  };
}
