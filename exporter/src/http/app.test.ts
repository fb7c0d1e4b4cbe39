import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import {
  API_PATHS,
  decodeApiError,
  decodeComponentList,
  decodeExperimentList,
  decodeModelDetail,
  decodeModelList,
  decodeModelCoverage,
  decode,
  decodeIngestReport,
  decodeModelMonitoring,
  decodeModelRows,
  decodePipelineList,
  decodeReferenceList,
  decodeEventList,
  decodeSloList,
  decodeServerList,
  decodeStatus,
  METRICS,
  type Decoder,
} from '@modelwatch/contract';
import { ModelEvents } from '../domain/events/model-events';
import { monitoringOf } from '../domain/events/monitoring-book';
import { referenceOf } from '../domain/testing/references';
import { createExpositionStore } from '../exposition/segments';
import { GROUPS } from '../families';
import { API_ROUTES } from './api/routes';
import { SCHEMAS, type SchemaName } from './api/schemas';
import { modelView, NOW, serve, snapshotOf, SYNCED, SYNCING, type TestServer } from './fleet.fixture';

const STRANGE = 'fraud "scorer" <b>🙂<i>\\';
/** Of the strange one: a reference in force, and one that cannot be read. */
const MONITORED = monitoringOf({
  references: [
    {
      source: 'files',
      place: 'file a.json',
      namespace: 'payments',
      model: STRANGE,
      loaded: { reference: referenceOf({ baseline: { auc: 0.81 }, task: 'classification' }), atSeconds: NOW - 60 },
      problem: 'expected JSON',
    },
    { source: 'files', place: 'file b.json', problem: 'expected a file that can be read, got no such file' },
  ],
  defaults: [],
  settings: [
    {
      source: 'configmaps',
      origin: 'configmap payments/risk',
      namespace: 'payments',
      model: STRANGE,
      given: { minimumRows: 500, excluded: ['country'], starred: ['nobody'] },
    },
  ],
  seriesPerModel: 2_000,
  joins: true,
  problems: [],
});

const FLEET = snapshotOf([
  modelView('payments', 'calm'),
  modelView('payments', STRANGE, 'failed', 'out_of_memory', 2220),
  modelView('growth', 'churn', 'degraded', 'replicas_unavailable'),
]);

const EVENTS = new ModelEvents(
  { namespace: 'payments', model: STRANGE, number: 0 },
  { free: () => 100, take: () => undefined, limit: 100 },
  false
);

let server: TestServer;
beforeAll(async () => {
  server = await serve(FLEET, { monitoring: () => MONITORED, events: () => EVENTS });
});
afterAll(() => server.stop(0));
beforeEach(() => server.show(FLEET));

/** fetch unpacks gzip by itself; this gives the bytes as they are sent. */
function rawGet(path: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const sent = request(`${server.url}${path}`, { headers, method }, (response) => {
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
      );
    });
    sent.on('error', reject).end();
  });
}

describe('/metrics', () => {
  it('passes promtool without a warning', async () => {
    await rawGet('/metrics', {});
    const { body } = await rawGet('/metrics', {});
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
    expect(`${checked.stdout}${checked.stderr}`).toBe('');
    expect(checked.status).toBe(0);
    expect(body.toString()).toContain(
      `${METRICS.modelServing.name}{namespace="payments",model="calm",state="serving"} 1\n`
    );
  });

  it('answers text by default and OpenMetrics with its end when asked', async () => {
    const text = await rawGet('/metrics', {});
    expect(text.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.body.toString()).not.toContain('# EOF');
    const open = await rawGet('/metrics', { accept: 'application/openmetrics-text;version=1.0.0' });
    expect(open.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open.body.toString()).toMatch(/\n# EOF\n$/);
    expect(open.body.toString().match(/# EOF/g)).toHaveLength(1);
    expect(open.body.toString()).toContain('# TYPE modelwatch_inference_requests counter\n');
    expect(open.body.toString()).toContain('# TYPE process_cpu_seconds counter\nprocess_cpu_seconds_total ');
    expect(Number(/^process_cpu_seconds_total (\S+)$/m.exec(open.body.toString())?.[1])).toBeGreaterThan(0);
  });

  it('is one gzip member with the same text', async () => {
    const packed = await rawGet('/metrics', { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    const own = /^(# \w+ )?(modelwatch_exporter|process|nodejs)_/;
    const lines = (body: Buffer) =>
      body
        .toString()
        .split('\n')
        .filter((line) => !own.test(line));
    expect(lines(gunzipSync(packed.body))).toEqual(lines((await rawGet('/metrics', {})).body));
  });

  it('withholds all state before the first sync, and tells of itself', async () => {
    server.show({ ...FLEET, everSynced: false, synced: false, sources: [SYNCING] });
    const text = (await rawGet('/metrics', {})).body.toString();
    expect(text).not.toContain('modelwatch_model_');
    expect(text).toContain('modelwatch_exporter_synced 0\n');
    expect(text).toContain(`modelwatch_exporter_source_synced{source="${SYNCING.source}"} 0\n`);
  });

  it('shows figures of the scrape before, and what sources told', async () => {
    server.deps.selfMetrics.relist('kubernetes/pods', 2.5);
    server.deps.selfMetrics.events('kubernetes/pods', 'ADDED', 3);
    server.deps.selfMetrics.error('kubernetes/pods', 'gone');
    server.deps.selfMetrics.dropped('kubernetes/pods', 'wrong_type', 'spec: expected an object');
    await rawGet('/metrics', {});
    const text = (await rawGet('/metrics', {})).body.toString();
    expect(text).toContain('modelwatch_exporter_source_relists_total{source="kubernetes/pods"} 1\n');
    expect(text).toContain('modelwatch_exporter_source_events_total{source="kubernetes/pods",event="ADDED"} 3\n');
    expect(text).toContain('modelwatch_exporter_source_errors_total{source="kubernetes/pods",reason="gone"} 1\n');
    expect(text).toContain('modelwatch_exporter_input_dropped_total{source="kubernetes/pods",reason="wrong_type"} 1\n');
    const series = text.split('\n').filter((line) => /^modelwatch_(?!exporter)/.test(line)).length;
    expect(text).toContain(`modelwatch_exporter_series ${series}\n`);
    expect(text).toMatch(/modelwatch_exporter_scrape_bytes \d{3,}\n/);
    expect(text).toMatch(/modelwatch_exporter_event_loop_delay_seconds\{percentile="99"\} [\d.e-]+\n/);
  });

  it('goes on without a part that breaks, and counts it', async () => {
    const whole = createExpositionStore(GROUPS);
    const broken = await serve(FLEET, {
      exposition: {
        ...whole,
        view: (format) => ({ ...whole.view(format), plain: () => Promise.reject(new Error('no more')) }),
      },
    });
    const first = await fetch(`${broken.url}/metrics`, { headers: { 'accept-encoding': 'identity' } });
    expect(first.status).toBe(200);
    expect(await first.text()).toMatch(/^# HELP [^\n]*\n# TYPE [^]*\n$/);
    expect(await (await fetch(`${broken.url}/metrics`)).text()).toContain(
      'modelwatch_exporter_source_errors_total{source="exposition",reason="render"}'
    );
    await broken.stop(0);
  });

  it('answers HEAD without a body', async () => {
    const head = await rawGet('/metrics', {}, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });
});

describe('/livez and /readyz', () => {
  it('is alive and ready', async () => {
    expect((await rawGet('/livez', {})).status).toBe(200);
    const ready = await rawGet('/readyz', {});
    expect([ready.status, ready.body.toString()]).toEqual([200, 'ready\n']);
  });

  it('says which source is not synced and why, as text and as JSON', async () => {
    const optional = {
      ...SYNCED,
      source: 'servers',
      required: false,
      state: 'failing' as const,
      message: '2 of 5 refuse',
    };
    const absent = { ...SYNCED, source: 'kubernetes/inferencegraphs', state: 'absent' as const };
    server.show({ ...FLEET, synced: false, sources: [SYNCING, optional, absent] });
    const text = await rawGet('/readyz', {});
    expect(text.status).toBe(503);
    expect(text.body.toString()).toBe(
      `not ready\n${SYNCING.source}: syncing: first list not complete\nservers: failing (not required): 2 of 5 refuse\n`
    );
    const json = await fetch(`${server.url}/readyz`, { headers: { accept: 'application/json' } });
    expect(await json.json()).toEqual({
      ready: false,
      notSynced: [
        { source: SYNCING.source, state: 'syncing', required: true, why: 'first list not complete' },
        { source: 'servers', state: 'failing', required: false, why: '2 of 5 refuse' },
      ],
    });
    expect((await rawGet('/livez', {})).status).toBe(200);
  });
});

const DECODERS: Record<SchemaName, Decoder<unknown>> = {
  ModelList: decodeModelList,
  ModelDetail: decodeModelDetail,
  ServerList: decodeServerList,
  PipelineList: decodePipelineList,
  ExperimentList: decodeExperimentList,
  ComponentList: decodeComponentList,
  ModelMonitoring: decodeModelMonitoring,
  ModelCoverage: decodeModelCoverage,
  ReferenceList: decodeReferenceList,
  SloList: decodeSloList,
  EventList: decodeEventList,
  ModelRows: decodeModelRows,
  IngestReport: decodeIngestReport,
  Forgotten: decode.object({ deleted: decode.boolean }),
  Status: decodeStatus,
  Error: decodeApiError,
};

const ROWS = '/api/v1/models/{namespace}/{name}/rows';
/** Those with a token of their own, and what is posted. */
const FURTHER_PATHS = [
  ...['', '.csv', '.jsonl'].map((ending) => `${ROWS}${ending}`),
  ...['predictions', 'actuals', 'metrics', 'feedback', 'batches', 'detections'].flatMap((name) => [
    `/ingest/${name}`,
    `/ingest/${name}/{namespace}/{model}`,
  ]),
  '/ingest/detections/{namespace}/{model}/{detector}',
  '/ingest/predictions/{namespace}/{model}/{id}',
  '/ingest/batches/{namespace}/{model}/{batch}',
];

describe('read API', () => {
  it('is described by an OpenAPI document that holds every route and schema', async () => {
    const document = (await (await fetch(`${server.url}${API_PATHS.openapi}`)).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([...API_ROUTES.map(({ path }) => path), ...FURTHER_PATHS]);
    expect(Object.keys(document.components.schemas)).toEqual(Object.keys(SCHEMAS));
    for (const [, name = ''] of JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      expect(document.components.schemas).toHaveProperty(name);
    }
  });

  it.each(API_ROUTES.map((route) => [route.path, route] as const))(
    'answers %s as the contract and its schema say, and nothing besides',
    async (path, route) => {
      const place = path.replace('{namespace}', 'payments').replace('{name}', encodeURIComponent(STRANGE));
      const answer = await fetch(`${server.url}${place}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const body: unknown = await answer.json();
      expect(DECODERS[route.schema](body)).toEqual(body);
      expect(SCHEMAS[route.schema].parse(body)).toEqual(body);
    }
  );

  const names = async (query: string) => {
    const list = decodeModelList(await (await fetch(`${server.url}${API_PATHS.models}${query}`)).json());
    return { names: list.items.map(({ name }) => name), partial: list.partial };
  };

  it('lists worst first, filters, and calls a cut list partial', async () => {
    expect(await names('')).toEqual({ names: [STRANGE, 'churn', 'calm'], partial: false });
    expect(await names('?namespace=growth')).toEqual({ names: ['churn'], partial: false });
    expect(await names('?health=healthy&platform=seldon')).toEqual({ names: ['calm'], partial: false });
    expect(await names('?platform=kserve')).toEqual({ names: [], partial: false });
    expect(await names('?limit=1')).toEqual({ names: [STRANGE], partial: true });
    server.show({ ...FLEET, synced: false });
    expect(await names('')).toMatchObject({ partial: true });
  });

  it('tells what is watched of the data of a model, each setting with its origin, each bin with its rows', async () => {
    const place = `${API_PATHS.models}/payments/${encodeURIComponent(STRANGE)}/monitoring`;
    const told = decodeModelMonitoring(await (await fetch(`${server.url}${place}`)).json());
    expect(told.settings).toMatchObject({
      method: { value: 'psi', origin: 'default' },
      minimumRows: { value: 500, origin: 'configmap payments/risk' },
    });
    expect(told.settings.tracked).toBeUndefined();
    const [reference] = told.references;
    expect(reference).toMatchObject({
      source: 'file a.json',
      rows: 100,
      problem: 'expected JSON',
      baseline: { auc: 0.81 },
    });
    const [amount, country] = reference?.features ?? [];
    expect(amount).toMatchObject({ name: 'amount', importance: 0.75, watched: true });
    expect(amount?.bins.slice(1, 4)).toEqual([
      { bin: '1', from: 10, to: 20, count: 60, ratio: 0.6 },
      { bin: 'below', count: 0, ratio: 0 },
      { bin: 'above', count: 0, ratio: 0 },
    ]);
    expect(country).toMatchObject({
      watched: false,
      bins: [{ bin: '0', category: 'DE', count: 70, ratio: 0.7 }, {}, {}, {}, {}, {}],
    });
    expect(told.problems).toEqual([
      { source: 'file a.json', text: 'expected JSON' },
      { source: 'configmap payments/risk', text: 'starred: expected features of the reference, got "nobody"' },
    ]);
    expect((await fetch(`${server.url}${API_PATHS.models}/payments/calm/monitoring`)).status).toBe(404);
    const list = decodeReferenceList(await (await fetch(`${server.url}${API_PATHS.references}`)).json());
    expect(list.items.map(({ source, inForce, problem }) => [source, inForce, problem])).toEqual([
      ['file a.json', true, 'expected JSON'],
      ['file b.json', false, 'expected a file that can be read, got no such file'],
    ]);
    expect(list.problems.map(({ source }) => source)).toEqual(['configmap payments/risk']);
  });

  it('lists components worst first: down, short of replicas, not heard of, whole', async () => {
    const answer = await fetch(`${server.url}${API_PATHS.components}?namespace=payments`);
    const list = decodeComponentList(await answer.json());
    expect(list.items.map(({ name, up }) => [name, up])).toEqual([
      ['seldon-envoy', false],
      ['seldon-dataflow-engine', true],
      ['seldon-modelgateway', undefined],
      ['seldon-scheduler', true],
    ]);
  });

  it.each([
    ['?healt=failed', 'query "healt": expected a known query parameter, one of namespace, platform, health, limit'],
    [
      '?health=red',
      'query "health": expected one of failed, degraded, stale, unknown, progressing, idle, healthy, got "red"',
    ],
    ['?limit=0', 'query "limit": expected a whole number from 1 to 100000, got "0"'],
    ['?limit=1e9', 'query "limit": expected a whole number from 1 to 100000, got "1e9"'],
    ['?namespace=', 'query "namespace": expected a value, got nothing'],
    ['?namespace=a&namespace=b', 'query "namespace": expected it once, got it twice'],
    [
      '?namespace[a]=b',
      'query "namespace[a]": expected a known query parameter, one of namespace, platform, health, limit',
    ],
  ])('refuses %s', async (query, message) => {
    const answer = await fetch(`${server.url}${API_PATHS.models}${query}`);
    expect(answer.status).toBe(400);
    expect(decodeApiError(await answer.json()).error).toEqual({ code: 'bad_query', message });
  });

  it.each([
    ['GET', '/api/v1/models/payments/none', 404, 'not_found'],
    ['GET', '/api/v1/nothing', 404, 'not_found'],
    ['GET', '/nothing', 404, 'not_found'],
    ['GET', '/api/v1/models/%ff/x', 400, 'bad_path'],
    ['GET', '/api/v1/models/a/b%2Fc', 400, 'bad_path'],
    ['POST', '/api/v1/models', 405, 'method_not_allowed'],
    ['DELETE', '/metrics', 405, 'method_not_allowed'],
  ])('answers %s %s with %i %s', async (method, path, status, code) => {
    const answer = await fetch(`${server.url}${path}`, { method });
    expect([answer.status, decodeApiError(await answer.json()).error.code]).toEqual([status, code]);
    if (status === 405) expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  it('says 503 before the first sync instead of a list that looks whole', async () => {
    server.show({ ...FLEET, everSynced: false, synced: false });
    const answer = await fetch(`${server.url}${API_PATHS.models}`);
    expect([answer.status, decodeApiError(await answer.json()).error.code]).toEqual([503, 'not_synced']);
    expect((await fetch(`${server.url}${API_PATHS.status}`)).status).toBe(200);
  });

  it('answers a fault of its own with 500, no stack, and logs the cause', async () => {
    const faulty = await serve(FLEET, {
      snapshot: () => {
        throw new Error('secret detail');
      },
    });
    const answer = await fetch(`${faulty.url}${API_PATHS.models}`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(decodeApiError(JSON.parse(text)).error.code).toBe('internal');
    expect(text).not.toMatch(/secret detail| at /);
    expect(faulty.logged.join('')).toContain('secret detail');
    expect((await fetch(`${faulty.url}/metrics`)).status).toBe(200);
    await faulty.stop(0);
  });

  it('sends no fingerprint, no ETag, and what browsers need to be strict', async () => {
    const { headers } = await fetch(`${server.url}/`);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
  });
});
