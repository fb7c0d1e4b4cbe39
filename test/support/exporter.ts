/** The exporter in process, watching a demo fleet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SLOW_MODELS, type Demo } from '@modelwatch/demo';
import { parse } from 'yaml';
import { configSchema, type Config } from '../../exporter/src/config/schema';
import { startExporter } from '../../exporter/src/exporter';
import { until } from './processes';

/** How one of the demo's servers is asked. */
const TGI = join(__dirname, '../../provisioning/servers/tgi.yaml');

export interface RunningExporter {
  readonly url: string;
  stop(): Promise<void>;
}

/** Resolves when the exporter is ready: every required source synced. `change` overrides parts of the configuration. */
export async function startTestExporter(demo: Demo, change: Partial<Config> = {}): Promise<RunningExporter> {
  const config = configSchema.parse({
    web: { listenAddress: '127.0.0.1', port: 0 },
    log: { level: 'error' },
    kubernetes: { server: demo.api.url },
    servers: {
      access: 'api-proxy',
      // As often as the tests' Prometheus looks: more would only take the CPU that it needs.
      probeIntervalSeconds: 3,
      modules: [parse(readFileSync(TGI, 'utf8'))],
      standalone: demo.standalone.map(({ models, ...server }) => ({
        ...server,
        models: models.map((name) => ({ name })),
      })),
    },
    models: SLOW_MODELS,
  });
  const running = await startExporter({ ...config, ...change });
  await until(
    'the exporter to be ready',
    async () => (await fetch(`${running.url}/readyz`)).text(),
    (answer) => answer.startsWith('ready'),
    100_000
  );
  return running;
}
