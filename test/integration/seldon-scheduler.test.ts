/** The whole exporter beside a scheduler that speaks gRPC as Seldon's does: places, reasons, silence, return and TLS. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo, type Demo, type DemoScheduler } from '@modelwatch/demo';
import { configSchema } from '../../exporter/src/config/schema';
import { startExporter, type RunningExporter } from '../../exporter/src/exporter';
import { createAuthority, issue, type Pair } from '../support/certificates';
import { getJson, until } from '../support/processes';

const NAMESPACE = 'payments';
interface Source {
  readonly source: string;
  readonly state: string;
  readonly message?: string;
  readonly objects: number;
}

let demo: Demo;
let folder: string;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelwatch-scheduler-'));
  demo = await startDemo({ bookmarkIntervalMs: 500 });
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  demo.setScenario('degraded', false);
});
afterAll(async () => {
  await demo.stop();
  rmSync(folder, { recursive: true });
});

async function scheduler(options: Parameters<Demo['startScheduler']>[1] = {}): Promise<DemoScheduler> {
  const started = await demo.startScheduler(NAMESPACE, options);
  closers.push(() => started.stop());
  return started;
}

async function watch(url: string, tlsConfig?: object): Promise<RunningExporter> {
  const config = configSchema.parse({
    web: { listenAddress: '127.0.0.1', port: 0 },
    log: { level: 'fatal' },
    kubernetes: { server: demo.api.url, staleAfterSeconds: 10 },
    servers: { access: 'none' },
    seldon: {
      schedulers: [{ namespace: NAMESPACE, url, checkIntervalSeconds: 1, ...(tlsConfig ? { tlsConfig } : {}) }],
    },
  });
  const exporter = await startExporter(config);
  closers.push(() => exporter.stop());
  await until(
    'the exporter to be ready',
    async () => (await fetch(`${exporter.url}/readyz`)).status,
    (status) => status === 200
  );
  return exporter;
}

const page = async ({ url }: RunningExporter) => (await fetch(`${url}/metrics`)).text();
const lines = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(`${name}{`));
async function source({ url }: RunningExporter): Promise<Source> {
  const { sources } = await getJson<{ sources: readonly Source[] }>(`${url}/api/v1/status`);
  const found = sources.find((each) => each.source === `scheduler/${NAMESPACE}`);
  if (!found) throw new Error('no such source');
  return found;
}
const inState = (exporter: RunningExporter, state: string) =>
  until(
    `the scheduler to be ${state}`,
    () => source(exporter),
    (found) => found.state === state
  );

describe('an exporter that is told of a scheduler', () => {
  it('shows where models are, what memory is left, and the replica and reason of a failed load', async () => {
    const exporter = await watch((await scheduler()).url);
    await inState(exporter, 'synced');
    const text = await until(
      'places',
      () => page(exporter),
      (got) => lines(got, 'modelwatch_model_replica_state').length > 0
    );
    const degraded = demo.scenarios().find(({ name }) => name === 'degraded');
    const name = degraded?.model.split('/')[1] ?? '';
    const places = lines(text, 'modelwatch_model_replica_state').filter((line) => line.includes(`model="${name}"`));
    const model = demo.api.list('Model').find(({ metadata }) => metadata.name === name);
    expect(places).toHaveLength((model?.['spec'] as { replicas: number }).replicas);
    expect(places.every((line) => line.endsWith('state="available"} 1'))).toBe(true);
    // The same pods as those that Kubernetes has.
    const pods = demo.api.list('Pod').map(({ metadata }) => metadata.name);
    for (const line of places) expect(pods).toContain(/replica="([^"]+)"/.exec(line)?.[1]);
    for (const family of ['memory_capacity', 'memory_available']) {
      expect(lines(text, `modelwatch_server_replica_${family}_bytes`).length).toBeGreaterThan(0);
    }
    demo.setScenario('degraded', true);
    await until(
      'a failed load',
      () => page(exporter),
      (got) => /modelwatch_model_replica_state\{[^}]*state="load_failed"\} 1/.test(got)
    );
    const view = await (await fetch(`${exporter.url}/api/v1/models/${NAMESPACE}/${name}`)).text();
    expect(view).toMatch(
      /Model fails to load: \d of \d replicas ready \([\w-]+-\d: rclone: weights of the model are missing\)/
    );
  });

  it('stands on Kubernetes alone when the scheduler is gone, and comes back with it', async () => {
    const first = await scheduler();
    const exporter = await watch(first.url);
    await until(
      'places',
      () => page(exporter),
      (got) => lines(got, 'modelwatch_model_replica_state').length > 0
    );
    const serving = async () =>
      lines(await page(exporter), 'modelwatch_model_serving').filter((line) => line.endsWith('state="serving"} 1'));
    const before = await serving();
    await first.stop();
    expect((await inState(exporter, 'failing')).message).toMatch(/connection refused|hung up|closed/);
    await until(
      'what it said to be stale',
      () => page(exporter),
      (got) => lines(got, 'modelwatch_model_replica_state').length === 0
    );
    const text = await page(exporter);
    expect(text).toContain(`modelwatch_exporter_source_synced{source="scheduler/${NAMESPACE}"} 0`);
    expect(lines(text, 'modelwatch_server_replica_memory_available_bytes')).toEqual([]);
    expect(await serving()).toEqual(before);
    await scheduler({ port: Number(new URL(first.url.replace('grpc', 'http')).port) });
    await inState(exporter, 'synced');
    await until(
      'places again',
      () => page(exporter),
      (got) => lines(got, 'modelwatch_model_replica_state').length > 0
    );
  }, 90_000);

  it('counts what it cannot read, and goes on', async () => {
    const sender = await scheduler();
    const exporter = await watch(sender.url);
    const { objects } = await inState(exporter, 'synced');
    sender.say('Model', Buffer.from('ffffff', 'hex'));
    sender.say('Server', Buffer.from('0805', 'hex'));
    const dropped = (reason: string) =>
      `modelwatch_exporter_input_dropped_total{source="scheduler/${NAMESPACE}",reason="${reason}"} 1`;
    await until(
      'both to be counted',
      () => page(exporter),
      (got) => got.includes(dropped('truncated')) && got.includes(dropped('wrong_type'))
    );
    expect(await source(exporter)).toMatchObject({ state: 'synced', objects });
  });

  it('believes no certificate but one of its own authority, and shows its own', async () => {
    const authority = await createAuthority('seldon');
    const [own, ours] = [
      await issue(authority, 'seldon-scheduler', { ip: '127.0.0.1' }),
      await issue(authority, 'modelwatch', { dns: 'modelwatch' }),
    ];
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const config = (by: Pair) => ({
      ...{ caFile: file('ca.crt', by.cert), certFile: file('tls.crt', ours.cert), keyFile: file('tls.key', ours.key) },
    });
    const { url } = await scheduler({
      tls: { ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    });
    const stranger = await watch(url, config(await createAuthority('another')));
    expect((await inState(stranger, 'failing')).message).toMatch(/its certificate is of a CA that is not known/);
    expect(lines(await page(stranger), 'modelwatch_model_replica_state')).toEqual([]);
    const exporter = await watch(url, config(authority));
    expect((await inState(exporter, 'synced')).objects).toBeGreaterThan(0);
  });
});
