/** The exporter as a user has it: a configuration file that names the servers, and a scrape of /metrics. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { METRICS, type InferenceCapability, type MetricFamily } from '@modelwatch/contract';
import { stringify } from 'yaml';
import { loadConfig } from '../../../exporter/src/config/load';
import { startExporter, type RunningExporter } from '../../../exporter/src/exporter';

jest.setTimeout(180_000);

/** Polls are this far apart; an answer that takes longer than the timeout is none. */
export const INTERVAL_SECONDS = 0.5;
export const TIMEOUT_SECONDS = 1;

type Labels = Readonly<Record<string, string>>;
interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

const SERIES = /^([a-zA-Z_:]\w*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** One scrape, read without any of the exporter's own code. */
export class Page {
  private readonly samples: readonly Sample[];

  constructor(text: string) {
    this.samples = text.split('\n').flatMap((line) => {
      const match = SERIES.exec(line);
      if (!match) return [];
      const labels = Object.fromEntries([...(match[2] ?? '').matchAll(LABEL)].map(([, key, value]) => [key, value]));
      return [{ name: match[1] ?? '', labels, value: Number(match[3]) }];
    });
  }

  all(name: string, labels: Labels = {}): readonly Sample[] {
    const fits = (sample: Sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
    return this.samples.filter((sample) => sample.name === name && fits(sample));
  }

  /** The one series that fits; undefined when there is none. */
  value(name: string, labels: Labels = {}): number | undefined {
    const found = this.all(name, labels);
    if (found.length > 1) throw new Error(`${name} ${JSON.stringify(labels)}: ${found.length} series fit`);
    return found[0]?.value;
  }

  /** The value of the label of the one series that is 1. */
  holding(family: MetricFamily, label: string, labels: Labels = {}): string | undefined {
    return this.all(family.name, labels).find(({ value }) => value === 1)?.labels[label];
  }

  /** Requests of a model as `version/outcome`; an outcome that the server does not tell is not there. */
  requests(model: string): Record<string, number> {
    return Object.fromEntries(
      this.all(METRICS.inferenceRequests.name, { model }).map(({ labels, value }) => [
        `${labels['version']}/${labels['outcome']}`,
        value,
      ])
    );
  }

  /** Tokens of a model by direction. */
  tokens(model: string): Record<string, number> {
    const samples = this.all(METRICS.inferenceTokens.name, { model });
    return Object.fromEntries(samples.map(({ labels, value }) => [labels['direction'] ?? '', value]));
  }

  /** Observations of a histogram up to this bound, which must be one of its buckets. */
  within(family: MetricFamily, model: string, version: string, le: number): number | undefined {
    return this.value(`${family.name}_bucket`, { model, version, le: String(le) });
  }

  /** 1 or 0 for each capability of the endpoint; NaN for one of which nothing is said. */
  can(...capabilities: readonly InferenceCapability[]): number[] {
    return capabilities.map((capability) => this.value(METRICS.inferenceCapability.name, { capability }) ?? NaN);
  }

  /** @returns undefined when the model has no such histogram; the buckets are held to be cumulative and whole */
  histogram(
    family: MetricFamily,
    model: string,
    version: string
  ): { sum: number; count: number; buckets: number } | undefined {
    const labels = { model, version };
    const sum = this.value(`${family.name}_sum`, labels);
    const count = this.value(`${family.name}_count`, labels);
    if (sum === undefined || count === undefined) return undefined;
    const buckets = this.all(`${family.name}_bucket`, labels).map((bucket) => ({
      edge: Number((bucket.labels['le'] ?? '').replace('+Inf', 'Infinity')),
      value: bucket.value,
    }));
    buckets.sort((a, b) => a.edge - b.edge);
    buckets.forEach(({ value }, index) => expect(value).toBeGreaterThanOrEqual(buckets[index - 1]?.value ?? 0));
    expect(buckets.at(-1)).toEqual({ edge: Infinity, value: count });
    return { sum, count, buckets: buckets.length };
  }
}

export interface Watched {
  /** What the exporter shows now. */
  page(): Promise<Page>;
  /** Until the check holds once. */
  seen(check: (page: Page) => void, patienceMs?: number): Promise<void>;
  /** Until the check holds; then it must hold after two further probes as well. */
  shows(check: (page: Page) => void, patienceMs?: number): Promise<Page>;
}

/** An entry of `servers.standalone`, as a user writes it. */
export type Entry = Readonly<Record<string, unknown>> & { readonly name: string };

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-watched-'));
const exporters: RunningExporter[] = [];

const MODULES = join(__dirname, '..', '..', '..', 'provisioning', 'servers');

/** @param entry of `servers.standalone`; its module is one of those that we ship */
export async function watch(entry: Entry): Promise<Watched> {
  const file = join(folder, `modelwatch-${exporters.length}.yml`);
  writeFileSync(
    file,
    stringify({
      web: { listenAddress: '127.0.0.1', port: 0 },
      log: { level: 'error' },
      kubernetes: { enabled: false },
      servers: {
        probeIntervalSeconds: INTERVAL_SECONDS,
        probeTimeoutSeconds: TIMEOUT_SECONDS,
        standalone: [entry],
        ...(entry['module'] === undefined ? {} : { moduleFiles: [join(MODULES, `${entry['module']}.yaml`)] }),
      },
    })
  );
  const { config } = loadConfig({ file, env: {}, flags: {} });
  const exporter = await startExporter(config);
  exporters.push(exporter);
  const page = async () => new Page(await (await fetch(`${exporter.url}/metrics`)).text());
  return {
    page,
    seen: (check, patienceMs = 20_000) => eventually(async () => check(await page()), patienceMs),
    async shows(check, patienceMs = 20_000) {
      await eventually(async () => check(await page()), patienceMs);
      const { name } = METRICS.endpointLastProbe;
      const before = (await page()).all(name).map(({ value }) => value);
      await eventually(async () => {
        const now = (await page()).all(name).map(({ value }) => value);
        now.forEach((value, index) => expect(value - (before[index] ?? value)).toBeGreaterThan(2 * INTERVAL_SECONDS));
      }, patienceMs);
      const later = await page();
      check(later);
      return later;
    },
  };
}

/** Tries a check again until it holds; the last failure is thrown when it never does. */
async function eventually(check: () => Promise<void>, patienceMs: number): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(100);
  }
}

afterAll(async () => {
  await Promise.all(exporters.map((exporter) => exporter.stop()));
  rmSync(folder, { recursive: true, force: true });
});
