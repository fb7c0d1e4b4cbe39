/** The responder as a process that is killed on its way, each time at another step, and begins anew. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeResponseList } from '@modelwatch/contract';
import { startDemo } from '@modelwatch/demo';
import { stringify } from 'yaml';
import { startInterceptor } from '../support/interceptor';
import { startProgram, until, type Program } from '../support/processes';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const TOKEN = 'a-token-of-alertmanager';
const MODEL = '/apis/mlops.seldon.io/v1alpha1/namespaces/payments/models/fraud-scorer';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/modelwatch/leases/modelwatch-responder';
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-responder-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));

function configFile(server: string): string {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, TOKEN);
  const policy = {
    ...{ name: 'scale-up', match: { alertnames: ['ModelwatchModelSlow'] }, minAlertAgeSeconds: 0, stillFiring: false },
    action: { type: 'scale', kind: 'Model', step: 1, max: 50 },
  };
  const file = join(folder, 'responder.yaml');
  const config = {
    kubernetes: { server },
    web: { listenAddress: '127.0.0.1' },
    responder: {
      ...{ enabled: true, mode: 'auto', port: 0, alertmanager: { tokenFile }, policies: [policy] },
      allow: { namespaces: ['payments'], kinds: ['Model'], actions: ['scale'] },
    },
  };
  writeFileSync(file, stringify(config));
  return file;
}

const programs: Program[] = [];
const STARTED = new Date(Date.now() - 600_000).toISOString();
async function begin(file: string): Promise<{ readonly program: Program; readonly url: string }> {
  const program = startProgram(process.execPath, [MODELWATCH, 'responder', '--config.file', file]);
  programs.push(program);
  const output = await until(
    'a responder that listens',
    () => Promise.resolve(program.output()),
    (text) => text.includes('"Listening"')
  );
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
  const alert = {
    ...{ status: 'firing', startsAt: STARTED, fingerprint: 'f' },
    labels: { alertname: 'ModelwatchModelSlow', namespace: 'payments', model: 'fraud-scorer' },
  };
  const sent = await fetch(`${url}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ version: '4', alerts: [alert] }),
  });
  expect(sent.status).toBe(200);
  return { program, url };
}

it('acts once, whether it is killed before its patch arrives or after', async () => {
  const demo = await startDemo({ models: 8 });
  const between = await startInterceptor(demo.api.url);
  const replicas = async () =>
    ((await (await fetch(demo.api.url + MODEL)).json()) as { spec: { replicas: number } }).spec.replicas;
  const before = await replicas();
  const file = configFile(between.url);
  const isPatch = (path: string, method: string) => method === 'PATCH' && !path.includes('dryRun=All');
  /** @param then what becomes of the patch that it was about to send, or had sent */
  const killedAtPatch = async (then: 503 | 'lost') => {
    let hasPatched: () => void = () => undefined;
    const patched = new Promise<void>((resolve) => (hasPatched = resolve));
    between.intercept(async ({ method, path }) => {
      if (!isPatch(path, method)) return undefined;
      hasPatched();
      const last = programs.at(-1);
      last?.signal('SIGKILL');
      await last?.ended;
      return then;
    });
    const { program } = await begin(file);
    await patched;
    program.signal('SIGKILL');
    expect(await program.ended).toBe('SIGKILL');
    // Nobody waits a minute for the Lease of one that is dead.
    const spec = { leaseDurationSeconds: 1 };
    await fetch(demo.api.url + LEASE, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec }),
    });
  };
  try {
    await killedAtPatch(503);
    expect(await replicas()).toBe(before);
    await killedAtPatch('lost');
    await until('the patch that was on its way', replicas, (now) => now === before + 1);
    between.through();
    const { program, url } = await begin(file);
    const [told] = await until(
      'a response',
      async () => decodeResponseList(await (await fetch(`${url}/api/v1/responses`)).json()).items,
      (items) => items.length > 0
    );
    expect(told).toMatchObject({ result: 'refused', reason: 'duplicate', text: 'done before, as its annotation says' });
    expect(await replicas()).toBe(before + 1);
    expect(between.seen.filter(({ method, path }) => isPatch(path, method))).toHaveLength(2);
    await program.stop();
  } finally {
    for (const program of programs) program.signal('SIGKILL');
    await between.stop();
    await demo.stop();
  }
}, 60_000);
