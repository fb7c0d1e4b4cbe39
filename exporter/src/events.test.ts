/** Predictions that are posted over HTTP, and what a scrape says of them: the real exporter, a reference in a file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { hashSync } from 'bcryptjs';
import type { IngestReport } from '@modelwatch/contract';
import { stringify } from 'yaml';
import { configSchema } from './config/schema';
import { categoricalFeature, referenceOf } from './domain/testing/references';
import { startExporter, type RunningExporter } from './exporter';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-events-'));
const file = join(folder, 'reference.json');
const REFERENCE = referenceOf({ prediction: categoricalFeature('approved', { yes: 90, no: 10 }) });
const OF = `namespace="shop",model="risk"`;
const BINS = `${OF},version="",reference="${REFERENCE.id}"`;

const parse = (change: { events?: object; monitoring?: object; web?: object } = {}) =>
  configSchema.parse({
    log: { level: 'fatal' },
    kubernetes: { enabled: false },
    monitoring: { references: [{ file }] },
    ...change,
    web: { listenAddress: '127.0.0.1', port: 0, ...change.web },
  });
let config = parse();
let exporter: RunningExporter;
let text = '';

async function start(change?: Parameters<typeof parse>[0]): Promise<void> {
  await exporter?.stop();
  config = parse(change);
  exporter = await startExporter(config, {
    source: { load: () => ({ config, hash: JSON.stringify(config), ignoredVariables: [] }) },
  });
}

beforeAll(() => writeFileSync(file, JSON.stringify(REFERENCE)));
beforeEach(async () => {
  await start();
  // The series begin here, at 0.
  await scrape();
});
afterAll(async () => {
  await exporter.stop();
  rmSync(folder, { recursive: true });
});

async function scrape(query = ''): Promise<string> {
  return (text = await (await fetch(`${exporter.url}/metrics${query}`)).text());
}

const value = (series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`modelwatch_${series} `))
      ?.split(' ')[1] ?? NaN
  );
const bin = (feature: string, name: string | number) =>
  value(`feature_observations_total{${BINS},feature="${feature}",bin="${name}"}`);

function send(body: unknown, headers: Record<string, string> = {}, path = '/ingest/predictions') {
  return fetch(`${exporter.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Buffer ? (body as string) : JSON.stringify(body),
  });
}

async function post(...args: Parameters<typeof send>): Promise<{ status: number; report: IngestReport }> {
  const answer = await send(...args);
  return { status: answer.status, report: (await answer.json()) as IngestReport };
}

const MODEL = { namespace: 'shop', model: 'risk' };
const event = (change: object = {}) => ({
  ...MODEL,
  features: { amount: 5, country: 'DE' },
  prediction: 'yes',
  ...change,
});
const ACCEPTED = { accepted: 1, duplicates: 0, waiting: 0, refused: 0, problems: [] };

describe('predictions over HTTP', () => {
  it('are counted by bin, from 0 on, beside what the reference says', async () => {
    expect(bin('amount', 0)).toBe(0);
    expect(bin('country', 'new')).toBe(0);
    expect(value(`prediction_observations_total{${BINS},bin="1"}`)).toBe(0);
    expect(await post(event({ id: 'a', timeSeconds: Date.now() / 1_000 - 30 }))).toEqual({
      status: 200,
      report: ACCEPTED,
    });
    await post(event({ features: { amount: 15, country: 'SE' }, prediction: 'no' }));
    await scrape();
    expect([0, 1, 'below', 'above', 'missing', 'invalid'].map((name) => bin('amount', name))).toEqual([
      1, 1, 0, 0, 0, 0,
    ]);
    expect([0, 1, 'other', 'new', 'missing', 'invalid'].map((name) => bin('country', name))).toEqual([
      1, 0, 0, 1, 0, 0,
    ]);
    expect(value(`prediction_observations_total{${BINS},bin="1"}`)).toBe(1);
    expect(value(`predictions_total{${OF},version=""}`)).toBe(2);
    expect(value(`events_missing_id_total{${OF}}`)).toBe(1);
    expect(value(`event_lag_seconds_bucket{${OF},le="15.0"}`)).toBe(0);
    expect(value(`event_lag_seconds_bucket{${OF},le="60.0"}`)).toBe(1);
    expect(Math.abs(value(`last_prediction_timestamp_seconds{${OF}}`) - Date.now() / 1_000)).toBeLessThan(30);
    // 40 of 100 rows, half a row more in each of 6 bins.
    const ratio = `feature_reference_ratio{${OF},reference="${REFERENCE.id}",feature="amount",bin="0",from="0",to="10",category=""}`;
    expect(value(ratio)).toBeCloseTo(40.5 / 103, 12);
    expect(value(`reference_rows{${OF},reference="${REFERENCE.id}"}`)).toBe(100);
    const subject = `${OF},reference="${REFERENCE.id}",subject="feature",feature="amount"`;
    expect(value(`drift_subject_info{${subject},type="numeric",weight="high"}`)).toBe(1);
    expect(value(`drift_threshold{${subject},level="critical"}`)).toBe(0.25);
    expect(value(`drift_rows_needed{${subject}}`)).toBe(60);
    expect(value(`drift_settings_info{${OF},method="psi",window="1d"}`)).toBe(1);
    // Categories may be personal data.
    expect(text).not.toContain('DE');
  });

  it('of which half are bad are kept for the other half, which is told by place, value and reason', async () => {
    const { status, report } = await post({
      ...MODEL,
      predictions: [{ features: { amount: 5 }, id: 'good' }, { features: [5] }, 7, { features: { amount: 6 }, id: '' }],
    });
    expect(status).toBe(200);
    expect(report).toEqual({
      ...ACCEPTED,
      refused: 3,
      problems: [
        {
          index: 1,
          reason: 'malformed',
          message: 'predictions[1].features: expected an object of feature name to value, got [5]',
        },
        {
          index: 2,
          reason: 'malformed',
          message: 'predictions[2]: expected an object with features and prediction, got 7',
        },
        { index: 3, reason: 'malformed', message: 'predictions[3].id: expected a text of 1 to 512 characters, got ""' },
      ],
    });
    await scrape();
    expect(bin('amount', 0)).toBe(1);
    expect(value(`events_dropped_total{${OF},reason="malformed"}`)).toBe(2);
    expect(value('events_dropped_total{namespace="",model="",reason="malformed"}')).toBe(1);
    expect(value(`events_received_total{${OF}}`)).toBe(3);
    expect((await post([{ features: 1, model: 'x' }])).status).toBe(422);
    // Sent again, mended: the good one is known by its id.
    const mended = [event({ id: 'good' }), event({ id: 'mended' })];
    expect((await post({ ...MODEL, predictions: mended })).report).toMatchObject({ accepted: 1, duplicates: 1 });
    await scrape();
    expect(bin('amount', 0)).toBe(2);
  });

  it('that are sent twice are counted once, by their id or by the key of the request', async () => {
    await post(event({ id: 'a' }));
    expect((await post(event({ id: 'a' }))).report).toEqual({ ...ACCEPTED, accepted: 0, duplicates: 1 });
    const key = { 'idempotency-key': 'job-7' };
    expect((await post(event(), key)).report).toEqual(ACCEPTED);
    expect((await post(event(), key)).report).toEqual(ACCEPTED);
    expect((await post(event({ version: '2' }), key)).status).toBe(422);
    await scrape();
    expect(value(`predictions_total{${OF},version=""}`)).toBe(2);
    expect(value(`events_dropped_total{${OF},reason="duplicate"}`)).toBe(1);
    expect(value('exporter_ingest_requests_total{result="replayed"}')).toBe(1);
  });

  it('of which the request waits for its response are no pair any more when the exporter ends meanwhile', async () => {
    const half = (kind: string, body: object) =>
      post(body, {
        'ce-type': `org.kubeflow.serving.inference.${kind}`,
        ...{ 'ce-id': 'call', 'ce-namespace': 'shop', 'ce-inferenceservicename': 'risk' },
      });
    expect((await half('request', { instances: [[5, 'DE']] })).report).toMatchObject({ waiting: 1 });
    await start();
    expect((await half('response', { predictions: ['yes'] })).report).toMatchObject({ accepted: 0, waiting: 1 });
    await scrape();
    expect((await half('request', { instances: [[5, 'DE']] })).report).toMatchObject({ accepted: 1 });
  });

  it('of two models are no repetition, though body and key are the same: the path is what tells them apart', async () => {
    const key = { 'idempotency-key': 'job-8' };
    const body = { features: { amount: 5 } };
    await post(body, key, '/ingest/predictions/shop/risk');
    await post(body, key, '/ingest/predictions/shop/other');
    await scrape();
    await scrape();
    const counted = (model: string) => value(`predictions_total{namespace="shop",model="${model}",version=""}`);
    expect([counted('risk'), counted('other')]).toEqual([1, 1]);
  });

  it('count what is odd in them where it belongs: a renamed column, no number, texts of numbers, another clock', async () => {
    await post(
      '{"namespace":"shop","model":"risk","features":{"amount":NaN,"country":"NaN, -Infinity"},"prediction":"yes"}'
    );
    await post(event({ features: { Amount: 5, country: 'DE' }, timeSeconds: Date.now() / 1_000 + 3_600 }));
    await post(event({ features: { amount: '1.5e1', country: { code: 'DE' } }, timeSeconds: 0 }));
    await post('{"namespace":"shop","model":"risk","features":{"amount":-Infinity,"country":null},"prediction":"yes"}');
    await scrape();
    expect([0, 1, 'below', 'missing', 'invalid'].map((name) => bin('amount', name))).toEqual([0, 1, 1, 2, 0]);
    expect([0, 'new', 'missing', 'invalid'].map((name) => bin('country', name))).toEqual([1, 1, 1, 1]);
    expect(value(`events_implausible_time_total{${OF}}`)).toBe(2);
    expect(value(`event_lag_seconds_count{${OF}}`)).toBe(0);
  });

  it('are the same however their accents are composed, in their values and not in their names', async () => {
    const composed = 'caf\u00e9';
    const reference = referenceOf({ features: [categoricalFeature(composed, { [composed]: 60, tea: 40 })] });
    writeFileSync(join(folder, 'accents.json'), JSON.stringify(reference));
    await start({ monitoring: { references: [{ file: join(folder, 'accents.json') }] } });
    await scrape();
    const decomposed = 'cafe\u0301';
    await post(event({ features: { [composed]: decomposed } }));
    await post(event({ features: { [composed]: composed } }));
    await post(event({ features: { [decomposed]: composed } }));
    await scrape();
    const counted = (name: string) =>
      value(
        `feature_observations_total{${OF},version="",reference="${reference.id}",feature="${composed}",bin="${name}"}`
      );
    expect(['0', 'new', 'missing'].map(counted)).toEqual([2, 0, 1]);
    expect(value(`events_unknown_features_total{${OF}}`)).toBe(1);
    await start();
  });

  it('come as lines, packed, and with the model in the path', async () => {
    const lines = '{"features":{"amount":1}}\n\n{"features":\n{"features":{"amount":2}}';
    const packed = await send(
      gzipSync(lines),
      { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      '/ingest/predictions/shop/risk'
    );
    expect(await packed.json()).toEqual({
      ...ACCEPTED,
      accepted: 2,
      refused: 1,
      problems: [{ index: 1, reason: 'malformed', message: expect.stringContaining('line 3: expected JSON') }],
    });
    await scrape();
    expect(bin('amount', 0)).toBe(2);
  });

  it('of a version that is new begin at 0 in one scrape, so that their first rows are an increase', async () => {
    await post(event({ version: '2' }));
    // Not in this one, which asks for something else.
    await scrape('?collect[]=references');
    await scrape();
    const first = `feature_observations_total{${BINS.replace('version=""', 'version="2"')},feature="amount",bin="0"}`;
    expect([value(`predictions_total{${OF},version="2"}`), value(first)]).toEqual([0, 0]);
    await scrape();
    expect([value(`predictions_total{${OF},version="2"}`), value(first)]).toEqual([1, 1]);
  });

  it('of a model that nobody declared begin at 0, too, and so does the time that they take', async () => {
    await post(event({ model: 'other', timeSeconds: Date.now() / 1_000 - 30 }));
    const lag = 'event_lag_seconds_count{namespace="shop",model="other"}';
    await scrape();
    expect(value(lag)).toBe(0);
    await scrape();
    expect(value(lag)).toBe(1);
  });

  it('need not be there for feedback to be counted, from 0 on', async () => {
    const feedback = { namespace: 'shop', model: 'chat', verdict: 'positive' };
    expect((await post(feedback, {}, '/ingest/feedback')).report).toEqual(ACCEPTED);
    const counted = 'feedback_total{namespace="shop",model="chat",version="",verdict="positive"}';
    const scrapes = [];
    for (let n = 0; n < 3; n++) {
      await scrape();
      scrapes.push(value(counted));
    }
    expect(scrapes).toEqual([0, 1, 1]);
  });

  it('of strangers are counted without bins, up to a bound', async () => {
    await start({ events: { maxUndeclaredModels: 1 } });
    await post(event({ model: 'other' }));
    const refused = await post(event({ model: 'third' }));
    expect(refused.status).toBe(422);
    expect(refused.report.problems[0]?.reason).toBe('unknown_model');
    await scrape();
    await scrape();
    expect(value('predictions_total{namespace="shop",model="other",version=""}')).toBe(1);
    expect(value('events_dropped_total{namespace="",model="",reason="unknown_model"}')).toBe(1);
    expect(text).not.toContain('third');
  });

  it('are chosen by collect[]=events, references by collect[]=references', async () => {
    await scrape('?collect[]=events');
    expect(text).toContain('modelwatch_feature_observations_total{');
    expect(text).not.toContain('modelwatch_reference_info');
    await scrape('?collect[]=references');
    expect(text).toContain(`modelwatch_reference_info{${OF}`);
    expect(text).not.toContain('_total');
  });
});

describe('what cannot be taken in', () => {
  it.each([
    ['GET', {}, undefined, 405],
    ['POST', { 'content-type': 'text/csv' }, 'a,b', 415],
    ['POST', { 'content-encoding': 'br' }, '{}', 415],
    ['POST', { 'content-encoding': 'gzip' }, '{}', 400],
    ['POST', {}, '{"predictions"', 400],
    ['POST', {}, '[1,', 400],
    ['POST', {}, 'x'.repeat(5_000), 413],
    ['POST', { 'content-encoding': 'gzip' }, gzipSync('x'.repeat(5_000)), 413],
  ] as const)('is refused: %s %j', async (method, headers, body, status) => {
    await start({ events: { maxBodyBytes: 4_096 } });
    const answer = await fetch(`${exporter.url}/ingest/predictions`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: body as string }),
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  it('is refused in words when there is nothing in it', async () => {
    const answer = await fetch(`${exporter.url}/ingest/predictions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: { code: 'unreadable', message: 'body: expected JSON, got nothing' } },
    ]);
  });

  it('is refused in words when a row has 10 MB, and one of 7 MB is counted', async () => {
    const row = (megabytes: number) => send(event({ note: 'x'.repeat(megabytes * 1_000_000) }));
    const refused = await row(10);
    expect(refused.status).toBe(413);
    const { error } = (await refused.json()) as { error: { message: string } };
    expect(error.message).toBe('body: expected at most 8388608 bytes; send smaller batches');
    expect((await row(7)).status).toBe(200);
  });

  it('is told to come back before memory grows', async () => {
    await start({ events: { maxBufferedBytes: 1_024 } });
    const answer = await send([event({ id: 'x'.repeat(500) }), event({ id: 'y'.repeat(500) })]);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    // What was refused takes no room, and what was taken in gives it back.
    for (let n = 0; n < 20; n++) expect((await post(event())).status).toBe(200);
    await scrape();
    expect(value('exporter_ingest_requests_total{result="over_capacity"}')).toBe(1);
  });

  it('is so of whoever may not, and who may is known by a login', async () => {
    const users = { scorer: hashSync('one', 4), viewer: hashSync('two', 4) };
    writeFileSync(join(folder, 'web.yml'), stringify({ basic_auth_users: users }));
    await start({ events: { users: ['scorer'] }, web: { configFile: join(folder, 'web.yml') } });
    const as = async (login: string) =>
      (await send(event(), { authorization: `Basic ${Buffer.from(login).toString('base64')}` })).status;
    expect([await as('scorer:one'), await as('viewer:two'), await as('scorer:two')]).toEqual([200, 403, 401]);
    expect((await send(event())).status).toBe(401);
    await start();
  });

  it('is so of whoever may do something else only: each route may have users of its own', async () => {
    const users = { scorer: hashSync('one', 4), labeller: hashSync('one', 4), privacy: hashSync('one', 4) };
    writeFileSync(join(folder, 'web.yml'), stringify({ basic_auth_users: users }));
    const events = { users: ['scorer'], routeUsers: { actuals: ['labeller'], delete: ['privacy'] } };
    await start({ events, web: { configFile: join(folder, 'web.yml') } });
    const login = (user: string) => ({ authorization: `Basic ${Buffer.from(`${user}:one`).toString('base64')}` });
    const may = async (user: string) => {
      const predicted = await send(event(), login(user));
      const told = await send({ ...MODEL, id: 'a', actual: 1 }, login(user), '/ingest/actuals');
      const path = `${exporter.url}/ingest/predictions/shop/risk/a`;
      const deleted = await fetch(path, { method: 'DELETE', headers: login(user) });
      const answers = [predicted, told, deleted].map(async (answer) => {
        const { error } = (await answer.json()) as { error?: { code: string } };
        // Nothing is joined here: that is said to those only who may.
        return answer.status === 200 || error?.code === 'not_enabled';
      });
      return Promise.all(answers);
    };
    expect(await may('scorer')).toEqual([true, false, false]);
    expect(await may('labeller')).toEqual([false, true, false]);
    expect(await may('privacy')).toEqual([false, false, true]);
    await start();
  });

  it('is so where it is not wanted', async () => {
    await start({ events: { enabled: false } });
    expect((await send(event())).status).toBe(403);
    await start({ events: { users: ['scorer'] } });
    expect((await send(event())).status).toBe(403);
  });
});

it('keeps its counts when the configuration is loaded again', async () => {
  await post(event());
  config = parse({
    monitoring: { references: [{ file }], models: [{ ...MODEL, method: 'psi', starred: ['country'] }] },
  });
  expect(exporter.reload().result).toBe('in-force');
  await post(event());
  await scrape();
  expect(bin('amount', 0)).toBe(2);
  config = parse({ monitoring: { models: [MODEL] } });
  exporter.reload();
  await scrape();
  expect(value(`predictions_total{${OF},version=""}`)).toBe(2);
  expect(text).not.toContain('modelwatch_feature_observations_total');
});
