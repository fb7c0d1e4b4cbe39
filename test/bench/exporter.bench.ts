import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDemo, type Demo } from '@modelwatch/demo';
import { medianMs, type Suite } from './figures';
import { startTestExporter, type RunningExporter } from '../support/exporter';

const MODELS = 2_000;

/** Sync of a large fleet and scrape of it, in one process with the simulated API server that it syncs from. */
export const exporter: Suite = {
  name: 'exporter',
  run: async () => {
    const demo = await startDemo({ models: MODELS });
    let running: RunningExporter | undefined;
    try {
      const parseMs = await timeOfParsing(demo);
      const started = performance.now();
      running = await startTestExporter(demo);
      const syncMs = performance.now() - started;
      return [
        {
          name: `sync of ${MODELS} models`,
          value: syncMs,
          unit: 'ms' as const,
          yardstick: { name: 'fetch and JSON.parse of the same lists', value: parseMs },
        },
        ...(await scrapeFigures(running.url)),
      ];
    } finally {
      await running?.stop();
      await demo.stop();
    }
  },
};

const LISTS = [
  '/apis/mlops.seldon.io/v1alpha1/models',
  '/apis/mlops.seldon.io/v1alpha1/servers',
  '/apis/serving.kserve.io/v1beta1/inferenceservices',
  '/api/v1/pods',
  '/apis/apps/v1/deployments',
  '/apis/apps/v1/statefulsets',
];

async function timeOfParsing(demo: Demo): Promise<number> {
  const started = performance.now();
  for (const path of LISTS) await (await fetch(`${demo.api.url}${path}`)).json();
  return performance.now() - started;
}

async function scrapeFigures(url: string) {
  const plain = Buffer.from(await (await scrape(url, 'identity')).arrayBuffer());
  const baseline = await serve(plain);
  try {
    const identity = await medianMs(9, () => read(url, 'identity'));
    const gzip = await medianMs(9, () => read(url, 'gzip'));
    const bytes = await medianMs(9, () => read(baseline.url, 'identity'));
    const yardstick = { name: `the same ${(plain.length / 1e6).toFixed(1)} MB from one buffer`, value: bytes };
    return [
      { name: `scrape of ${MODELS} models, plain`, value: identity, unit: 'ms' as const, yardstick },
      { name: `scrape of ${MODELS} models, gzip`, value: gzip, unit: 'ms' as const, yardstick },
    ];
  } finally {
    baseline.server.close();
  }
}

const scrape = (url: string, encoding: string) => fetch(`${url}/metrics`, { headers: { 'accept-encoding': encoding } });

async function read(url: string, encoding: string): Promise<void> {
  await (await scrape(url, encoding)).arrayBuffer();
}

async function serve(body: Buffer): Promise<{ server: Server; url: string }> {
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
