/** A disk that is full for real: a small one in memory that only the exporter sees. Needs `npm run build`, and Linux with user namespaces. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort, startProgram, until, type Program } from '../support/processes';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-full-'));
const disk = join(folder, 'disk');
const NEW_DISK = ['-Urm', 'sh', '-c'];
const MOUNT = 'mount -t tmpfs -o size=100k tmpfs "$0"';
mkdirSync(disk);
const canMount = spawnSync('unshare', [...NEW_DISK, MOUNT, disk]).status === 0;

jest.setTimeout(60_000);
let exporter: Program | undefined;
afterAll(async () => {
  await exporter?.stop();
  rmSync(folder, { recursive: true });
});

const OF = 'namespace="shop",model="demand"';

(canMount ? test : test.skip)('predictions are counted and actuals refused while the disk is full', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'modelwatch.yml');
  writeFileSync(
    config,
    stringify({
      web: { listenAddress: '127.0.0.1', port },
      log: { level: 'warn' },
      kubernetes: { enabled: false },
      monitoring: { models: [{ namespace: 'shop', model: 'demand', accuracy: { task: 'regression' } }] },
      events: { joins: { directory: join(disk, 'joins') } },
    })
  );
  const start = `${MOUNT} && exec "$@"`;
  const run = [process.execPath, MODELWATCH, 'exporter', '--config.file', config];
  exporter = startProgram('unshare', [...NEW_DISK, start, disk, ...run]);
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  const value = async (series: string) =>
    Number(
      (await metrics())
        .split('\n')
        .find((line) => line.startsWith(`modelwatch_${series} `))
        ?.split(' ')[1] ?? NaN
    );
  const isUp = () => value('exporter_join_store_up');
  await until('open predictions', isUp, (up) => up === 1);
  const post = (path: string, body: object) =>
    fetch(`${url}/ingest/${path}/shop/demand`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  let sent = 0;
  for (; sent < 20_000 && (await isUp()) === 1; sent += 200) {
    const predictions = Array.from({ length: 200 }, (_, index) => ({ id: `p${sent + index}`, prediction: 1 }));
    expect(await (await post('predictions', { predictions })).json()).toMatchObject({ accepted: 200, refused: 0 });
  }
  expect(await value('exporter_join_store_errors_total{reason="disk_full"}')).toBeGreaterThan(0);
  expect(exporter.output()).toContain('expected room on the disk');
  const refused = await post('actuals', { actuals: [{ id: 'p0', actual: 2 }] });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  await metrics();
  expect(await value(`predictions_total{${OF},version=""}`)).toBe(sent);
  // What could not be kept is told as if there had been no room for it.
  expect(await value(`expired_predictions_total{${OF}}`)).toBeGreaterThan(0);
});
