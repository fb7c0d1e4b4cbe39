/**
 * Disks that are full for real, and have room again: small ones in memory that only the exporter sees. Needs `npm run build`,
 * and Linux with user namespaces; where there are none, MODELWATCH_SKIP_FULL_DISK says why it is done without.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ownerOf } from '../../exporter/src/forwarding/owner';
import { keyOf } from '../../exporter/src/joins/layout';
import { freePort, startProgram, until, type Program } from '../support/processes';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-full-'));
const disk = join(folder, 'disk');
const NEW_DISK = ['-Urm', 'sh', '-c'];
/** What is left is soon full; without the ballast there is room. */
const MOUNT = 'mount -t tmpfs -o size=1000k tmpfs "$0" && head -c 900k /dev/zero > "$0/ballast"';
mkdirSync(disk);
const reason = process.env['MODELWATCH_SKIP_FULL_DISK'] ?? '';

jest.setTimeout(60_000);
let exporter: Program | undefined;
let url = '';
beforeAll(() => {
  if (reason !== '') return void process.stderr.write(`What happens on a full disk is not tested: ${reason}\n`);
  const { status, stderr, error } = spawnSync('unshare', [...NEW_DISK, MOUNT, disk], { encoding: 'utf8' });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim();
  throw new Error(`A disk of its own: ${why}. To do without this test, say why in MODELWATCH_SKIP_FULL_DISK`);
});
afterEach(async () => void (await exporter?.stop()));
afterAll(() => rmSync(folder, { recursive: true }));

const OF = 'namespace="shop",model="demand"';

async function start(events: object): Promise<void> {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'modelwatch.yml');
  writeFileSync(
    config,
    stringify({
      web: { listenAddress: '127.0.0.1', port },
      log: { level: 'warn' },
      kubernetes: { enabled: false },
      monitoring: { models: [{ namespace: 'shop', model: 'demand', accuracy: { task: 'regression' } }] },
      events: { joins: { directory: join(disk, 'joins') }, ...events },
    })
  );
  const run = [process.execPath, MODELWATCH, 'exporter', '--config.file', config];
  exporter = startProgram('unshare', [...NEW_DISK, `${MOUNT} && exec "$@"`, disk, ...run]);
  await until('open predictions', isUp, (up) => up === 1);
}
/** In the exporter's own view of the file system. */
const makeRoom = () => rmSync(`/proc/${exporter?.pid}/root${join(disk, 'ballast')}`);
const metrics = async () => (await fetch(`${url}/metrics`)).text();
const value = async (series: string) =>
  Number(
    (await metrics())
      .split('\n')
      .find((line) => line.startsWith(`modelwatch_${series} `))
      ?.split(' ')[1] ?? NaN
  );
const isUp = () => value('exporter_join_store_up');
const post = (path: string, body: object) =>
  fetch(`${url}/ingest/${path}/shop/demand`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const tell = (ids: readonly string[]) => post('actuals', { actuals: ids.map((id) => ({ id, actual: 2 })) });

(reason === '' ? describe : describe.skip)('while the disk is full', () => {
  it('predictions are counted and actuals refused, which join when there is room again', async () => {
    await start({});
    let sent = 0;
    for (; sent < 20_000 && (await isUp()) === 1; sent += 200) {
      const predictions = Array.from({ length: 200 }, (_, index) => ({ id: `p${sent + index}`, prediction: 1 }));
      expect(await (await post('predictions', { predictions })).json()).toMatchObject({ accepted: 200, refused: 0 });
    }
    expect(await value('exporter_join_store_errors_total{reason="disk_full"}')).toBeGreaterThan(0);
    expect(exporter?.output()).toContain('expected room on the disk');
    const refused = await tell(['p0']);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    await metrics();
    expect(await value(`predictions_total{${OF},version=""}`)).toBe(sent);
    // What could not be kept is told as if there had been no room for it.
    expect(await value(`expired_predictions_total{${OF}}`)).toBeGreaterThan(0);

    makeRoom();
    await until('room on the disk', isUp, (up) => up === 1);
    expect(await (await tell(['p0', 'p1'])).json()).toMatchObject({ accepted: 2, waiting: 0, refused: 0 });
    await metrics();
    expect(await value(`actuals_total{${OF},outcome="joined"}`)).toBe(2);
  });

  it('what is for another replica that is away is refused, and waits when there is room again', async () => {
    await start({ replicas: 2, replica: 0, peers: { url: 'http://127.0.0.1:9/{replica}' } });
    const isOthers = (id: string) => ownerOf(keyOf({ namespace: 'shop', model: 'demand', id }), 2) === 1;
    const ids = Array.from({ length: 40_000 }, (_, index) => `p${index}`).filter(isOthers);
    let kept = 0;
    let answer = await tell(ids.slice(0, 200));
    for (; answer.status === 200; answer = await tell(ids.slice(kept, kept + 200))) {
      expect(await answer.json()).toMatchObject({ waiting: 200, refused: 0 });
      kept += 200;
    }
    expect([answer.status, kept > 0]).toEqual([503, true]);
    const onDisk = () => value('exporter_forward_queue_events{peer="1",place="disk"}');

    makeRoom();
    const again = async () => (await tell(ids.slice(kept, kept + 200))).status;
    await until('room on the disk', again, (status) => status === 200);
    await until('these, too', onDisk, (count) => count === kept + 200);
  });
});
