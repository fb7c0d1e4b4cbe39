/** The workbench on a real Prometheus: what it holds is shown, and nothing stays green when it goes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HEALTH_STATES, RECORDED } from '@modelwatch/contract';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';
import { startWorkbench, type Workbench } from '../support/workbench';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-live-'));
let target: Server;
let prometheus: Program;
let workbench: Workbench;

/** Recorded series as a scrape: what rules would have written. */
function exposition(): string {
  const seconds = Date.now() / 1000;
  const models = { iris: 'healthy', wine: 'failed' };
  return Object.entries(models)
    .flatMap(([model, health]) => {
      const id = `namespace="lab",model="${model}"`;
      return [
        ...HEALTH_STATES.map(
          (state) => `${RECORDED.modelHealth.name}{${id},health="${state}"} ${state === health ? 1 : 0}`
        ),
        `${RECORDED.modelInfo.name}{${id},platform="seldon"} 1`,
        `${RECORDED.modelReplicasDesired.name}{${id}} 2`,
        `${RECORDED.modelReplicasAvailable.name}{${id}} ${health === 'healthy' ? 2 : 0}`,
        `${RECORDED.modelLastObserved.name}{${id}} ${seconds}`,
      ];
    })
    .concat(`${RECORDED.modelServingReason.name}{namespace="lab",model="wine",reason="out_of_memory"} 1`)
    .join('\n')
    .concat('\n');
}

beforeAll(async () => {
  target = createServer((_, response) => response.setHeader('content-type', 'text/plain').end(exposition()));
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [
      {
        job_name: 'recorded',
        honor_labels: true,
        static_configs: [{ targets: [`127.0.0.1:${(target.address() as AddressInfo).port}`] }],
      },
    ],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  prometheus = startProgram('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const url = `http://127.0.0.1:${port}`;
  workbench = await startWorkbench(['--prometheus', url]);
  const query = `${url}/api/v1/query?query=${encodeURIComponent(`${RECORDED.modelHealth.name} == 1`)}`;
  await until(
    'the first scrape',
    () => getJson<{ data: { result: unknown[] } }>(query),
    ({ data }) => data.result.length === 2
  );
}, 120_000);

afterAll(async () => {
  await workbench?.stop();
  await prometheus?.stop();
  target?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('shows the models of Prometheus, and no verdict once Prometheus is gone', async () => {
  const page = await workbench.browser.newPage({ viewport: { width: 1400, height: 520 } });
  await page.goto(`${workbench.url}/?live=1`);
  const region = page.getByRole('region', { name: /^wine failed/ });
  await region.waitFor();
  expect((await region.getByRole('heading', { level: 3 }).first().innerText()).replace(/\s/g, ' ')).toMatch(
    /^wine failed.*out of memory.*0 of 2 replicas ready/
  );
  await page.getByRole('button', { name: '1 healthy' }).waitFor();

  await prometheus.stop();
  await page.getByRole('alert').filter({ hasText: 'no verdict for any model' }).waitFor();
  expect(await page.getByText('healthy').count()).toBe(0);
  expect(await page.locator('[data-state]').count()).toBe(0);
}, 40_000);
