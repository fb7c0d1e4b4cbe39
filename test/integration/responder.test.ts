/** The responder as a whole: webhooks over HTTP, against the demo's API server. */
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeResponseList, type ResponseRecord } from '@modelwatch/contract';
import { startDemo, type Demo } from '@modelwatch/demo';
import { configSchema } from '../../exporter/src/config/schema';
import { startReceiver } from '../../exporter/src/log/events/receiver.fixture';
import { createLog } from '../../exporter/src/log/log';
import { undo } from '../../exporter/src/responder/undo';
import { clusterOf, startResponder, type RunningResponder } from '../../exporter/src/responding';
import { parse, stringify } from 'yaml';
import { startInterceptor } from '../support/interceptor';
import { freePort, startProgram, until } from '../support/processes';

const TOKEN = 'a-token-of-alertmanager';
const SECRET = 'a-secret-of-grafana-00';
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-responder-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const FILES = { token: file('token', `${TOKEN}\n`), secret: file('secret', SECRET), pause: join(folder, 'pause') };

let demo: Demo;
let between: Awaited<ReturnType<typeof startInterceptor>>;
const running: RunningResponder[] = [];
let log: Record<string, unknown>[] = [];
let number = 0;

beforeAll(async () => {
  demo = await startDemo({ models: 8 });
  between = await startInterceptor(demo.api.url);
});
beforeEach(() => {
  number += 1;
  log = [];
  between.through();
  between.seen.length = 0;
});
afterEach(async () => {
  between.through();
  rmSync(FILES.pause, { force: true });
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(async () => {
  await between.stop();
  await demo.stop();
  rmSync(folder, { recursive: true });
});

const SCALE = { type: 'scale', kind: 'Model', step: 1, max: 50 };
const policy = (more: object = {}) => ({
  name: 'scale-up',
  match: { alertnames: ['ModelwatchModelSlow', 'DatasourceNoData'] },
  action: SCALE,
  ...{ minAlertAgeSeconds: 0, cooldownSeconds: 0, stillFiring: false },
  ...more,
});

async function begin(responder: object = {}, more: object = {}): Promise<RunningResponder> {
  const config = configSchema.parse({
    web: { listenAddress: '127.0.0.1' },
    kubernetes: { server: between.url },
    ...more,
    responder: {
      ...{ enabled: true, port: 0, mode: 'auto', alertmanager: { tokenFile: FILES.token } },
      grafana: { hmacSecretFile: FILES.secret },
      allow: { namespaces: ['payments'], kinds: ['Model'], actions: ['scale', 'call'] },
      // What one test did must hold back no other.
      lease: { namespace: 'modelwatch', name: `responder-${number}` },
      policies: [policy()],
      ...responder,
    },
  });
  const destination = { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) };
  const one = await startResponder(config, {
    log: createLog({ level: 'debug', format: 'json', destination }),
    source: { load: () => ({ config, hash: '', ignoredVariables: [] }) },
    lease: { durationSeconds: 1, retrySeconds: 0.05 },
  });
  running.push(one);
  return one;
}

const minutesAgo = (minutes: number) => new Date(Date.now() - 60_000 * minutes).toISOString();
const STARTED = minutesAgo(10);

function alert(labels: Record<string, string> = {}, more: object = {}) {
  return {
    status: 'firing',
    labels: { alertname: 'ModelwatchModelSlow', namespace: 'payments', model: 'fraud-scorer', ...labels },
    annotations: { summary: 'namespace=kube-system' },
    ...{ startsAt: STARTED, endsAt: '0001-01-01T00:00:00Z', generatorURL: '', fingerprint: `f${number}` },
    ...more,
  };
}
const group = (alerts: readonly object[]) => ({ version: '4', groupKey: 'k', truncatedAlerts: 0, alerts });

async function post(
  to: RunningResponder,
  body: unknown,
  headers: Record<string, string> = {},
  sender = 'alertmanager'
) {
  const response = await fetch(`${to.url}/webhooks/${sender}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const responses = async (of: RunningResponder) =>
  decodeResponseList(await (await fetch(`${of.url}/api/v1/responses`)).json()).items;
/** Newest first, once there are so many. */
const told = (of: RunningResponder, count: number): Promise<readonly ResponseRecord[]> =>
  until(
    `${count} responses`,
    () => responses(of),
    (items) => items.length >= count
  );
const short = (items: readonly ResponseRecord[]) => items.map(({ result, reason }) => `${result} ${reason}`);

interface Live {
  readonly metadata: { readonly annotations?: Record<string, string>; readonly managedFields?: { manager: string }[] };
  readonly spec: { readonly replicas: number };
}
const FRAUD = '/apis/mlops.seldon.io/v1alpha1/namespaces/payments/models/fraud-scorer';
const model = async () => (await (await fetch(demo.api.url + FRAUD)).json()) as Live;
const replicas = async () => (await model()).spec.replicas;
const isPatch = (path: string, method: string) => method === 'PATCH' && !path.includes('dryRun=All');
const patches = () => between.seen.filter(({ method, path }) => isPatch(path, method)).length;
const byAnother = () =>
  fetch(demo.api.url + FRAUD, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ metadata: { annotations: { other: String(Math.random()) } } }),
  });

describe('what is asked for', () => {
  it('is only said in a dry run, after the API server has agreed', async () => {
    const before = await model();
    const responder = await begin({ mode: 'dry-run', policies: [policy({ mode: 'auto' })] });
    expect(await post(responder, group([alert()]))).toMatchObject({ status: 200 });
    const [first] = await told(responder, 1);
    expect(first).toMatchObject({ result: 'proposed', mode: 'dry-run', before: before.spec.replicas });
    expect(between.seen.some(({ path }) => path.endsWith('fieldManager=modelwatch-responder&dryRun=All'))).toBe(true);
    expect(await model()).toEqual(before);
    expect(between.seen.some(({ path }) => path.includes('leases'))).toBe(false);
    expect(log).toContainEqual(
      expect.objectContaining({ event: 'response', result: 'proposed', name: 'fraud-scorer' })
    );
  });

  it('is done once, whoever repeats it, also after a restart, and can be undone', async () => {
    const before = await replicas();
    const first = await begin();
    await post(first, group([alert(), alert()]));
    await post(first, group([alert({ severity: 'warning' })]));
    expect(short(await told(first, 2)).sort()).toEqual(['acted none', 'refused duplicate']);
    const live = await model();
    expect(live.spec.replicas).toBe(before + 1);
    expect(live.metadata.managedFields?.at(-1)).toMatchObject({ manager: 'modelwatch-responder' });
    const metrics = await (await fetch(`${first.url}/metrics`)).text();
    expect(metrics).toContain(
      'modelwatch_responder_decisions_total{policy="scale-up",action="scale",result="acted",reason="none"} 1'
    );
    expect(metrics).toContain(
      'modelwatch_responder_model_response_timestamp_seconds{namespace="payments",model="fraud-scorer",policy="scale-up",action="scale",result="acted"} 1'
    );
    await first.stop();
    const second = await begin();
    await post(second, group([alert()]));
    expect(short(await told(second, 1))).toEqual(['refused duplicate']);
    expect(patches()).toBe(1);
    const { cluster, close } = clusterOf(configSchema.parse({ kubernetes: { server: demo.api.url } }));
    const target = { namespace: 'payments', name: 'fraud-scorer' };
    expect(await undo('Model', target, cluster)).toContain(`from ${before + 1} back to ${before}`);
    expect(await replicas()).toBe(before);
    await expect(undo('Model', target, cluster)).rejects.toThrow('there is nothing to undo');
    await close();
    await post(second, group([alert()]));
    const counted = 'decisions_total{policy="scale-up",action="scale",result="refused",reason="duplicate"} 2';
    await until(
      'the second refusal',
      async () => (await fetch(`${second.url}/metrics`)).text(),
      (text) => text.includes(counted)
    );
    expect([await replicas(), patches()]).toEqual([before, 1]);
  });

  it('is in the event log, and a repetition of it once', async () => {
    const before = await replicas();
    const receiver = await startReceiver();
    const path = join(folder, 'events.ndjson');
    const queueDirectory = join(folder, 'queue');
    const search = { name: 'search', url: receiver.url, queueDirectory };
    const responder = await begin({}, { eventLog: { file: { path }, elasticsearch: [search] } });
    await post(responder, group([alert({}, { fingerprint: 'logged' })]));
    await told(responder, 1);
    for (const _ of [1, 2]) await post(responder, group([alert({}, { fingerprint: 'logged' })]));
    await receiver.has(3);
    // An exporter with the same configuration has its own queue there.
    expect(existsSync(join(queueDirectory, 'responder'))).toBe(true);
    const metrics = await (await fetch(`${responder.url}/metrics`)).text();
    expect(metrics).toContain('modelwatch_responder_event_log_written_total{sink="elasticsearch/search"} 3');
    await responder.stop();
    await receiver.stop();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { event: { action: string } });
    expect(events.map(({ event }) => event.action)).toEqual([
      ...['responder-started', 'response-acted', 'response-refused', 'responder-stopped'],
    ]);
    expect(events[1]).toMatchObject({
      message: `scale-up, because of ModelwatchModelSlow: Model payments/fraud-scorer acted: went from ${before} to ${before + 1}`,
      event: { type: ['change'], outcome: 'success', category: ['configuration'] },
      orchestrator: { namespace: 'payments', resource: { name: 'fraud-scorer' } },
      labels: { policy: 'scale-up', alertname: 'ModelwatchModelSlow' },
      modelwatch: {
        ...{ kind: 'response', subject: 'Model/fraud-scorer', from: String(before), to: String(before + 1) },
        response: { mode: 'auto', sender: 'alertmanager', fingerprint: 'logged' },
      },
    });
    expect(events[2]).toMatchObject({ event: { type: ['denied'], reason: 'duplicate' } });
    expect(lines.join('')).not.toContain(TOKEN);
  });

  it('is done by one of two', async () => {
    const before = await replicas();
    const both = [await begin(), await begin()];
    await Promise.all(both.map((one) => post(one, group([alert()]))));
    const items = await Promise.all(both.map((one) => told(one, 1)));
    expect(items.flatMap(short).sort()).toEqual(['acted none', 'refused duplicate']);
    expect(await replicas()).toBe(before + 1);
  });
});

describe('others who write the same object', () => {
  it('are given way: it is read, decided and tried again', async () => {
    const before = await replicas();
    let conflicts = 0;
    between.intercept(async ({ method, path }) => {
      if (isPatch(path, method) && conflicts++ === 0) await byAnother();
      return undefined;
    });
    const responder = await begin();
    await post(responder, group([alert()]));
    expect(short(await told(responder, 1))).toEqual(['acted none']);
    expect([await replicas(), patches()]).toEqual([before + 1, 2]);
  });

  it('win when they go on', async () => {
    const before = await replicas();
    between.intercept(async ({ method, path }) => {
      if (isPatch(path, method)) await byAnother();
      return undefined;
    });
    const responder = await begin({ policies: [policy({ maxAttempts: 1 })] });
    await post(responder, group([alert()]));
    expect(short(await told(responder, 1))).toEqual(['failed conflict']);
    expect(await replicas()).toBe(before);
  });

  it.each([
    [403, 'failed forbidden'],
    [422, 'failed rejected'],
    [500, 'failed unavailable'],
  ])('or an API server that answers %d is told', async (status, expected) => {
    between.intercept(({ method }) => Promise.resolve(method === 'PATCH' ? status : undefined));
    const responder = await begin({ policies: [policy({ maxAttempts: 1 })] });
    await post(responder, group([alert()]));
    expect(short(await told(responder, 1))).toEqual([expected]);
    await post(responder, group([alert()]));
    expect(short(await told(responder, 2))[0]).toBe('refused attempts');
  });

  it('do not hide that it was done, when only the answer was lost', async () => {
    const before = await replicas();
    between.intercept(({ method, path }) => Promise.resolve(isPatch(path, method) ? 'lost' : undefined));
    const responder = await begin();
    await post(responder, group([alert()]));
    expect(short(await told(responder, 1))).toEqual(['acted none']);
    expect([await replicas(), patches()]).toEqual([before + 1, 1]);
  });
});

describe('what may have been done', () => {
  const patient = () => policy({ cooldownSeconds: 600, maxAttempts: 1 });

  it.each(['lost', 504] as const)('and is not known holds others back, and is not repeated (%s)', async (how) => {
    const before = await replicas();
    let isSent = false;
    between.intercept(async ({ method, path, body }) => {
      if (isPatch(path, method)) {
        isSent = true;
        if (how === 'lost') return how;
        // What is before the API server gives up, and the API server does it all the same.
        const headers = { 'content-type': 'application/merge-patch+json' };
        await fetch(demo.api.url + path, { method, headers, body });
        return how;
      }
      return isSent && path === FRAUD ? 500 : undefined;
    });
    const responder = await begin({ policies: [patient()] });
    await post(responder, group([alert()]));
    const [first] = await told(responder, 1);
    expect(first).toMatchObject({ result: 'failed', reason: 'unavailable' });
    expect(first?.text).toContain('whether it was done is not known');
    between.through();
    await post(responder, group([alert({}, { fingerprint: `other${number}` })]));
    expect(short(await told(responder, 2))[0]).toBe('refused cooldown');
    await post(responder, group([alert()]));
    expect(short(await told(responder, 3))[0]).toBe('refused duplicate');
    expect([await replicas(), patches()]).toEqual([before + 1, 1]);
  });

  it('and could not be read again is no success', async () => {
    const before = await replicas();
    between.intercept(({ method, path }) =>
      Promise.resolve(method === 'GET' && path === FRAUD && patches() > 0 ? 503 : undefined)
    );
    const responder = await begin({ policies: [patient()] });
    await post(responder, group([alert()]));
    expect(short(await told(responder, 1))).toEqual(['failed not_verified']);
    between.through();
    await post(responder, group([alert()]));
    expect(short(await told(responder, 2))[0]).toBe('refused duplicate');
    expect([await replicas(), patches()]).toEqual([before + 1, 1]);
  });

  it('and was taken back by another controller is told', async () => {
    const before = await replicas();
    between.intercept(async ({ method, path }) => {
      if (method !== 'GET' || path !== FRAUD || patches() === 0) return undefined;
      const body = JSON.stringify({ spec: { replicas: before } });
      await fetch(demo.api.url + FRAUD, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body,
      });
      return undefined;
    });
    const responder = await begin({ policies: [patient()] });
    await post(responder, group([alert()]));
    const [first] = await told(responder, 1);
    expect(first).toMatchObject({ result: 'failed', reason: 'not_verified', before, after: before + 1 });
    expect(first?.text).toContain(`there was ${before} in place of ${before + 1}`);
    await post(responder, group([alert()]));
    expect(short(await told(responder, 2))[0]).toMatch(/^refused (duplicate|attempts)$/);
    expect([await replicas(), patches()]).toEqual([before, 1]);
  });
});

it('is not done twice by one that hung between decision and patch, and the one that took over', async () => {
  const before = await replicas();
  let release = () => {};
  const released = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  let held = false;
  between.intercept(({ method, path }) => {
    if (!isPatch(path, method) || held) return Promise.resolve(undefined);
    held = true;
    return released;
  });
  const hung = await begin();
  await post(hung, group([alert()]));
  await until(
    'the patch that hangs',
    () => Promise.resolve(held),
    (is) => is
  );
  const other = await begin();
  await post(other, group([alert()]));
  expect(short(await told(other, 1))).toEqual(['acted none']);
  release();
  expect(short(await told(hung, 1))).toEqual(['refused duplicate']);
  expect(await replicas()).toBe(before + 1);
});

describe('nothing is done', () => {
  const refusal = async (responder: RunningResponder, body: object = group([alert()])) => {
    await post(responder, body);
    const [{ result, reason, text } = {} as ResponseRecord] = await told(responder, 1);
    expect(patches()).toBe(0);
    return `${result} ${reason}: ${text}`;
  };

  it('while it is paused: by configuration, by file, by an annotation of the Lease', async () => {
    expect(await refusal(await begin({ paused: true }))).toBe('refused paused: the kill switch is on');
    writeFileSync(FILES.pause, '');
    const byFile = await begin({ pauseFile: FILES.pause });
    expect(await refusal(byFile)).toContain('refused paused');
    expect(await (await fetch(`${byFile.url}/metrics`)).text()).toContain('modelwatch_responder_paused 1');
    const name = `responder-${number}`;
    const metadata = { name, namespace: 'modelwatch', annotations: { 'modelwatch.io/paused': 'true' } };
    demo.api.apply({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: {} });
    expect(await refusal(await begin())).toContain('refused paused');
  });

  it('outside of what is allowed, and to what the labels do not name', async () => {
    const responder = await begin({ allow: { namespaces: ['support'], kinds: ['Model'], actions: ['scale'] } });
    expect(await refusal(responder)).toBe('refused not_allowed: payments is not in responder.allow.namespaces');
    for (const labels of [{ namespace: '../kube-system' }, { model: 'a/b' }, { model: '' }]) {
      expect(await refusal(await begin(), group([alert(labels)]))).toContain('refused no_target');
    }
    expect(await refusal(await begin(), group([alert({ model: 'nobody' })]))).toContain('failed not_found');
  });

  it('for an alert that is over, in whatever order that comes', async () => {
    const over = alert({}, { status: 'resolved', endsAt: minutesAgo(1) });
    const responder = await begin();
    await post(responder, group([over]));
    await post(responder, group([alert()]));
    expect(short(await told(responder, 1))).toEqual(['refused resolved']);
    const patient = await begin({ policies: [policy({ minAlertAgeSeconds: 3_600 })] });
    await post(patient, group([alert()]));
    expect(await responses(patient)).toEqual([]);
    await post(patient, group([over]));
    expect((await told(patient, 1))[0]).toMatchObject({ reason: 'resolved' });
    // Nor does it wait for its age when it comes late.
    await post(patient, group([alert()]));
    expect(await (await fetch(`${patient.url}/metrics`)).text()).toContain('modelwatch_responder_queue_alerts 0');
    expect(patches()).toBe(0);
  });

  it('because data are missing, by the word of Grafana', async () => {
    const responder = await begin();
    const signed = (body: string, at = Math.floor(Date.now() / 1000), secret = SECRET) => ({
      'x-grafana-alerting-signature': createHmac('sha256', secret).update(`${at}:${body}`).digest('hex'),
      'x-grafana-alerting-timestamp': String(at),
    });
    const noData = [
      alert({ alertname: 'DatasourceNoData' }, { fingerprint: 'a' }),
      alert({}, { fingerprint: 'b', annotations: { grafana_state_reason: 'MissingSeries' } }),
    ];
    const body = JSON.stringify({ ...group(noData), version: '1', orgId: 1, state: 'alerting' });
    expect((await post(responder, body, signed(body), 'grafana')).status).toBe(200);
    expect(short(await told(responder, 2))).toEqual(['refused no_data', 'refused no_data']);
    const old = Math.floor(Date.now() / 1000) - 1_000;
    expect((await post(responder, body, signed(body, old), 'grafana')).status).toBe(401);
    expect((await post(responder, body, signed(body, undefined, 'another'), 'grafana')).status).toBe(401);
    expect((await post(responder, `${body} `, signed(body), 'grafana')).status).toBe(401);
    expect((await post(responder, body, {}, 'grafana')).status).toBe(401);
  });

  it('unless Prometheus says that it holds', async () => {
    let answer: string[] | number = [];
    const asked: string[] = [];
    const prometheus = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        asked.push(new URLSearchParams(Buffer.concat(chunks).toString()).get('query') ?? '');
        if (typeof answer === 'number') return void response.writeHead(answer).end('{}');
        const result = answer.map((value) => ({ metric: {}, value: [1, value] }));
        response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
      });
    });
    await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`;
    const promql = 'rate(x{model="$model"}[5m]) > bool 1';
    const withFiring = { policies: [policy({ stillFiring: true, cooldownSeconds: 0 })] };
    const withQuery = { policies: [policy({ precondition: promql })] };
    const more = { prometheus: { url } };
    expect(await refusal(await begin(withFiring, more))).toContain(
      'refused resolved: Prometheus does not call it firing'
    );
    expect(asked).toEqual([
      'ALERTS{alertname="ModelwatchModelSlow",alertstate="firing",namespace="payments",model="fraud-scorer"}',
    ]);
    expect(await refusal(await begin(withQuery, more))).toContain('refused no_evidence');
    expect(asked.at(-1)).toBe('rate(x{model="fraud-scorer"}[5m]) > bool 1');
    answer = ['NaN'];
    expect(await refusal(await begin(withQuery, more))).toContain('refused no_evidence');
    answer = 503;
    expect(await refusal(await begin(withQuery, more))).toContain('refused no_evidence');
    expect(await refusal(await begin(withFiring, more))).toContain('refused no_evidence');
    const nobody = { prometheus: { url: 'http://127.0.0.1:9' } };
    for (const policies of [withFiring, withQuery]) {
      expect(await refusal(await begin(policies, nobody))).toContain('refused no_evidence');
    }
    answer = ['1', '0'];
    expect(await refusal(await begin(withQuery, more))).toContain('refused precondition');
    answer = ['1', '2'];
    const responder = await begin(withQuery, more);
    await post(responder, group([alert()]));
    expect(short(await told(responder, 1))).toEqual(['acted none']);
    await new Promise((resolve) => prometheus.close(resolve));
  });
});

it('waits for the Lease while another holds it, and not for ever', async () => {
  const spec = { holderIdentity: 'another', leaseDurationSeconds: 600 };
  const metadata = { name: `responder-${number}`, namespace: 'modelwatch' };
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata };
  demo.api.apply({ ...lease, spec });
  const responder = await begin();
  await post(responder, group([alert()]));
  expect(short(await told(responder, 1))).toEqual(['refused lock']);
  expect(patches()).toBe(0);
  await post(responder, group([alert({}, { fingerprint: 'later' })]));
  demo.api.apply({ ...lease, spec: {} });
  expect(short(await told(responder, 2))[0]).toBe('acted none');
});

describe('webhooks', () => {
  it('are refused without the token, and where they cannot be understood', async () => {
    const responder = await begin();
    const body = group([alert()]);
    expect((await post(responder, body, { authorization: '' })).status).toBe(401);
    expect((await post(responder, body, { authorization: 'Bearer nonsense' })).status).toBe(401);
    const next = await post(responder, { ...body, version: '5' });
    expect(next.status).toBe(400);
    expect(next.text).toContain('version: expected \\"4\\", the one of alertmanager that is understood, got \\"5\\"');
    expect((await post(responder, 'nonsense')).status).toBe(400);
    const wrong = await post(responder, group([alert({}, { startsAt: 'yesterday' })]));
    expect(wrong.text).toContain('alerts[0].startsAt: expected a time');
    expect((await post(responder, ' '.repeat(5_000_000))).status).toBe(413);
    const withheld = `${FILES.token}-withheld`;
    renameSync(FILES.token, withheld);
    const unread = await post(responder, body);
    renameSync(withheld, FILES.token);
    expect(unread.status).toBe(503);
    expect(unread.text).toContain('responder.alertmanager.tokenFile: expected a file with one secret');
    expect((await fetch(`${responder.url}/webhooks/alertmanager`)).status).toBe(405);
    expect(await responses(responder)).toEqual([]);
    const metrics = await (await fetch(`${responder.url}/metrics`)).text();
    expect(metrics).toContain('webhooks_total{sender="alertmanager",result="unauthorized"} 2');
    expect(metrics).toContain('webhooks_total{sender="alertmanager",result="malformed"} 3');
    expect(metrics).toContain('webhooks_total{sender="alertmanager",result="no_secret"} 1');
    expect(metrics).toContain('webhooks_total{sender="alertmanager",result="busy"} 0');
  });

  it('may hold 10,000 alerts, of which no more wait than there is room for', async () => {
    const responder = await begin({ maxQueuedAlerts: 10, policies: [policy({ minAlertAgeSeconds: 3_600 })] });
    const many = (count: number, labels = {}) =>
      group(Array.from({ length: count }, (_, index) => alert(labels, { fingerprint: `n${count}x${index}` })));
    expect((await post(responder, { ...many(10_000, { alertname: 'Other' }), truncatedAlerts: 7 })).status).toBe(200);
    expect((await post(responder, many(10_000))).status).toBe(413);
    expect((await post(responder, many(6))).status).toBe(200);
    expect((await post(responder, many(6))).status).toBe(200);
    expect((await post(responder, many(5))).status).toBe(503);
    const metrics = await (await fetch(`${responder.url}/metrics`)).text();
    expect(metrics).toContain('decisions_total{policy="",action="",result="refused",reason="no_policy"} 10000');
    expect(metrics).toContain('alerts_truncated_total{sender="alertmanager"} 7');
    expect(metrics).toContain('modelwatch_responder_queue_alerts 6');
    expect(metrics).toContain('webhooks_total{sender="alertmanager",result="busy"} 1');
  });
});

it('is not carried away by a flood of alerts that all call for something', async () => {
  const before = await replicas();
  const responder = await begin({ maxQueuedAlerts: 2_000, policies: [policy({ maxPerHour: 2 })] });
  const alerts = Array.from({ length: 2_000 }, (_, index) => alert({}, { fingerprint: `flood${index}` }));
  expect((await post(responder, group(alerts))).status).toBe(200);
  const counted = await until(
    'a decision on each',
    async () => (await fetch(`${responder.url}/metrics`)).text(),
    (text) => text.includes('queue_alerts 0')
  );
  expect(counted).toContain('result="acted",reason="none"} 2\n');
  expect(counted).toContain('result="refused",reason="rate_limit"} 1998\n');
  expect([await replicas(), patches()]).toEqual([before + 2, 2]);
});

it('does nothing while nobody can hold the Lease', async () => {
  between.intercept(({ path }) => Promise.resolve(path.includes('/leases') ? 500 : undefined));
  const responder = await begin({ policies: [policy({ maxAttempts: 1 })] });
  await post(responder, group([alert()]));
  expect(short(await told(responder, 1))).toEqual(['failed unavailable']);
  expect(patches()).toBe(0);
});

it('calls an address once, with the labels that are meant for it', async () => {
  const heard: { headers: Record<string, unknown>; body: unknown }[] = [];
  let status: number | 'silent' = 302;
  const sink = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      if (status === 'silent') return void response.destroy();
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/hook`;
  const body = { run: 'retrain $namespace/$model', parts: ['$alertname', 3] };
  const action = { type: 'call', url, tokenFile: FILES.token, body };
  const responder = await begin({ policies: [policy({ action, maxAttempts: 5 })] });
  const at = (fingerprint: string) => post(responder, group([alert({}, { fingerprint })]));
  await at('one');
  expect(short(await told(responder, 1))[0]).toBe('failed rejected');
  status = 200;
  await at('one');
  expect(short(await told(responder, 2))[0]).toBe('acted none');
  await at('one');
  expect(short(await told(responder, 3))[0]).toBe('refused duplicate');
  status = 'silent';
  await at('two');
  expect(short(await told(responder, 4))[0]).toBe('failed unavailable');
  const again = await begin({ policies: [policy({ action })] });
  await post(again, group([alert({}, { fingerprint: 'two' })]));
  expect(short(await told(again, 1))).toEqual(['refused unfinished']);
  expect(heard).toHaveLength(3);
  expect(heard[1]?.body).toEqual({ run: 'retrain payments/fraud-scorer', parts: ['ModelwatchModelSlow', 3] });
  expect(heard[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
  expect(heard[0]?.headers['idempotency-key']).toBe(heard[1]?.headers['idempotency-key']);
  await new Promise((resolve) => sink.close(resolve));
});

it('hears of alerts through a real Alertmanager, as its example says', async () => {
  const responder = await begin({ mode: 'dry-run' });
  const text = readFileSync(join(__dirname, '../../provisioning/alertmanager/examples/responder.yml'), 'utf8')
    .replace('http://modelwatch-responder.modelwatch:8781', responder.url)
    .replace('/etc/alertmanager/secrets/responder-token', FILES.token);
  const port = await freePort();
  const program = startProgram('prometheus-alertmanager', [
    `--config.file=${file('alertmanager.yml', stringify(parse(text)))}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  const url = `http://127.0.0.1:${port}`;
  await until(
    'an Alertmanager that answers',
    async () => (await fetch(`${url}/-/ready`)).status,
    (status) => status === 200
  );
  const labels = { alertname: 'ModelwatchModelSlow', namespace: 'payments', model: 'fraud-scorer' };
  const sent = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      { labels, startsAt: STARTED },
      { labels: { ...labels, alertname: 'Other' }, startsAt: STARTED },
    ]),
  });
  expect(sent.status).toBe(200);
  expect(short(await told(responder, 1))).toEqual(['proposed none']);
  expect((await responses(responder))[0]).toMatchObject({ startsAtSeconds: Date.parse(STARTED) / 1000 });
  await program.stop();
});
