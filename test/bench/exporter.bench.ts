import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort, startProgram, until } from '../support/processes';
import { medianMs, type Suite } from './figures';

const MODELS = 2_000;
const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');

/** Sync of a large fleet and scrape of it; the simulated API server and the exporter are processes of their own. */
export const exporter: Suite = {
  name: 'exporter',
  run: async () => {
    const [api, control, web] = [await freePort(), await freePort(), await freePort()];
    const start = (...args: string[]) => startProgram(process.execPath, [MODELWATCH, ...args]);
    const apiUrl = `http://127.0.0.1:${api}`;
    const url = `http://127.0.0.1:${web}`;
    const demo = start('demo', `--models=${MODELS}`, `--api-port=${api}`, `--control-port=${control}`);
    try {
      await until(
        'the demo',
        () => fetch(`http://127.0.0.1:${control}/scenarios`),
        ({ ok }) => ok
      );
      const parseMs = await timeOfParsing(apiUrl);
      const started = performance.now();
      const running = start(
        'exporter',
        `--kubernetes.server=${apiUrl}`,
        '--servers.access=api-proxy',
        `--web.port=${web}`,
        '--log.level=error'
      );
      try {
        await until(
          'the exporter to be ready',
          () => fetch(`${url}/readyz`),
          ({ ok }) => ok,
          60_000
        );
        const syncMs = performance.now() - started;
        await everyEndpointProbed(url);
        return [
          {
            name: `start to ready with ${MODELS} models`,
            value: syncMs,
            unit: 'ms' as const,
            yardstick: { name: 'fetch and JSON.parse of the same lists', value: parseMs },
          },
          ...(await scrapeFigures(url)),
        ];
      } finally {
        await running.stop();
      }
    } finally {
      await demo.stop();
    }
  },
};

/** A scrape has its full size only after the first round of probes. */
async function everyEndpointProbed(url: string): Promise<void> {
  let last = -1;
  await until(
    'a scrape that does not grow any more',
    async () => {
      const before = last;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      last = (await (await scrape(url, 'identity')).text()).split('\n').length;
      return last - before;
    },
    (growth) => growth === 0,
    60_000
  );
}

const LISTS = [
  '/apis/mlops.seldon.io/v1alpha1/models',
  '/apis/mlops.seldon.io/v1alpha1/servers',
  '/apis/serving.kserve.io/v1beta1/inferenceservices',
  '/api/v1/pods',
  '/apis/apps/v1/deployments',
  '/apis/apps/v1/statefulsets',
];

async function timeOfParsing(apiUrl: string): Promise<number> {
  const started = performance.now();
  for (const path of LISTS) await (await fetch(`${apiUrl}${path}`)).json();
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
