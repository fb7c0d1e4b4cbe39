/** Reads Prometheus text for the demo's own tests, which may not lean on the exporter that reads it in earnest. */
import type { Demo } from '../types';

export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Page {
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly ReadSample[];
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** @throws Error naming the line that is no sample. */
export function readPage(text: string): Page {
  const types = new Map<string, string>();
  const samples: ReadSample[] = [];
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\w+)$/.exec(line);
    if (type) types.set(type[1] ?? '', type[2] ?? '');
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? [];
    const number = value === '+Inf' ? Infinity : Number(value);
    if (name === '' || value === '' || Number.isNaN(number)) throw new Error(`no sample: ${line}`);
    samples.push({
      name,
      labels: Object.fromEntries([...labels.matchAll(LABEL)].map((match) => [match[1] ?? '', match[2] ?? ''])),
      value: number,
    });
  }
  return { types, samples };
}

/** Sum of the samples of a family whose labels are these. */
export function total(pages: Iterable<Page>, name: string, labels: Readonly<Record<string, string>> = {}): number {
  let sum = 0;
  for (const page of pages) {
    for (const sample of page.samples) {
      if (sample.name !== name) continue;
      if (Object.entries(labels).every(([key, value]) => sample.labels[key] === value)) sum += sample.value;
    }
  }
  return sum;
}

/** Where metrics may be: by port of a container. */
const PATHS: Readonly<Record<number, readonly string[]>> = {
  8000: ['/metrics'],
  8002: ['/metrics'],
  8080: ['/metrics', '/monitoring/prometheus/metrics'],
  8082: ['/metrics'],
  9003: ['/stats/prometheus'],
  9006: ['/metrics'],
  9088: ['/metrics'],
  9090: ['/metrics'],
  9091: ['/metrics'],
};

/** Every page of metrics in the cluster, by `namespace/pod:port`. */
export async function scrapePods(demo: Demo): Promise<ReadonlyMap<string, Page>> {
  const pages = new Map<string, Page>();
  const calls = demo.api.list('Pod').flatMap(({ metadata: { namespace = '', name } }) =>
    Object.entries(PATHS).flatMap(([port, paths]) =>
      paths.map(async (path) => {
        const url = `${demo.api.url}/api/v1/namespaces/${namespace}/pods/${name}:${port}/proxy${path}`;
        const answer = await fetch(url);
        const text = await answer.text();
        if (answer.status === 200 && text.includes('# TYPE')) pages.set(`${namespace}/${name}:${port}`, readPage(text));
      })
    )
  );
  await Promise.all(calls);
  return pages;
}
