/** The scrape with real clients: curl, the official Python parser of OpenMetrics, promtool, sockets that fall silent. */
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { METRICS } from '@modelwatch/contract';
import express from 'express';
import { createExpositionStore } from '../exposition/segments';
import { metricsHandler } from './metrics';
import { modelView, serve, snapshotOf, type TestServer } from './fleet.fixture';

const FLEET = snapshotOf([
  modelView('payments', 'calm'),
  modelView('payments', 'say "why"\\\n🙂', 'failed', 'out_of_memory'),
  modelView('growth', 'churn', 'degraded', 'replicas_unavailable'),
]);
/** Not synchronously: the server that answers is in this process. */
const run = promisify(execFile);
const OPENMETRICS = 'application/openmetrics-text;version=1.0.0';

let server: TestServer;
beforeAll(async () => {
  server = await serve(FLEET);
});
afterAll(() => server.stop(0));

async function scrape(query = '', accept = 'text/plain', from = server): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${from.url}/metrics${query}`, { headers: { accept } });
  return { status: answer.status, text: await answer.text() };
}

const familiesOf = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '');
const isOwn = (family: string) => /^(modelwatch_exporter|process|nodejs)_/.test(family);

/** Family names, each with its number of samples, as the parser of prometheus_client reads them. */
const STRICT_PARSER = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
for family in parse(sys.stdin.read()):
    print(family.name, len(family.samples))
`;

describe('formats', () => {
  it('is OpenMetrics to a strict parser, every family and sample', async () => {
    const { text } = await scrape('', OPENMETRICS);
    // Debian's own Python, which has Debian's package; another may come first on PATH.
    const read = spawnSync('/usr/bin/python3', ['-c', STRICT_PARSER], { input: text, encoding: 'utf8' });
    expect(read.stderr).toBe('');
    const parsed = read.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(parsed.map(([name]) => name)).toEqual(familiesOf(text));
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    expect(parsed.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(samples);
  });

  it('has the same samples in both formats, byte for byte', async () => {
    const samples = (text: string) => text.split('\n').filter((line) => !line.startsWith('#'));
    const query = '?exclude[]=exporter';
    const [text, open] = [(await scrape(query)).text, (await scrape(query, OPENMETRICS)).text];
    expect(samples(open)).toEqual(samples(text));
    expect(samples(text).length).toBeGreaterThan(50);
  });

  it('is read whole by curl when compressed', async () => {
    const url = `${server.url}/metrics?exclude[]=exporter`;
    const get = async (...args: string[]) =>
      (await run('curl', ['-sS', '-g', ...args, url], { encoding: 'buffer' })).stdout;
    const plain = (await get()).toString();
    expect((await get('--compressed')).toString()).toBe(plain);
    const packed = await get('-H', 'Accept-Encoding: gzip');
    expect(gunzipSync(packed).toString()).toBe(plain);
    expect(spawnSync('gzip', ['-t'], { input: packed }).status).toBe(0);
  });
});

describe('choosing what a scrape returns', () => {
  it.each([
    ['?collect[]=servers', (name: string) => name.startsWith('modelwatch_server_')],
    ['?collect[]=exporter', isOwn],
    ['?collect[]=modelwatch_exporter_synced', (name: string) => name === 'modelwatch_exporter_synced'],
    ['?collect[]=model_info&collect[]=modelwatch_model_serving', (name: string) => /model_(info|serving)$/.test(name)],
    ['?collect%5B%5D=inference_duration_seconds_bucket', (name: string) => /inference_duration_seconds$/.test(name)],
    [
      '?exclude[]=models&exclude[]=exporter',
      (name: string) => !isOwn(name) && !/_(model|inference|endpoint_model)_/.test(name),
    ],
    ['?exclude[]=model_info', (name: string) => name !== 'modelwatch_model_info'],
  ])('%s', async (query, isWanted) => {
    // Once before, so that figures of a scrape are there in both.
    await scrape();
    const all = familiesOf((await scrape()).text);
    const some = familiesOf((await scrape(query)).text);
    expect(some.length).toBeGreaterThan(0);
    expect(some.filter((name) => !name.startsWith('nodejs_gc'))).toEqual(
      all.filter((name) => isWanted(name) && !name.startsWith('nodejs_gc'))
    );
  });

  it('takes only the namespaces that are named, and what is of no model stays', async () => {
    const { text } = await scrape('?namespace[]=growth&namespace[]=nowhere');
    expect(text).toContain('model="churn"');
    expect(text).not.toContain('namespace="payments"');
    expect(text).toContain('modelwatch_exporter_synced');
    const payments = (await scrape('?namespace[]=payments&collect[]=models')).text;
    expect(payments).toContain('model="calm"');
    expect(payments).not.toContain('churn');
    const both = await scrape('?namespace[]=payments&namespace[]=growth&collect[]=models');
    expect(both.text).toBe((await scrape('?collect[]=models')).text);
  });

  it.each([
    [
      '?collect[]=modles',
      'unknown_name',
      /expected a group \(models, servers, .*exporter\) or a family \(modelwatch_model_info, .*got "modles"/,
    ],
    ['?collect[]=models&exclude[]=servers', 'collect_and_exclude', /expected collect\[\] or exclude\[\], got both/],
    [
      '?collect=models',
      'unknown_parameter',
      /query "collect": expected one of collect\[\], exclude\[\], namespace\[\]/,
    ],
  ])('refuses %s and counts it', async (query, reason, message) => {
    const refused = await scrape(query);
    expect(refused.status).toBe(400);
    expect((JSON.parse(refused.text) as { error: { message: string } }).error.message).toMatch(message);
    expect((await scrape()).text).toMatch(
      new RegExp(`${METRICS.exporterScrapesRefused.name}\\{reason="${reason}"\\} [1-9]`)
    );
  });
});

describe('what the exporter says of its scrapes', () => {
  it('has sizes, plain and as sent, and what the store holds', async () => {
    const packed = await fetch(`${server.url}/metrics`, { headers: { 'accept-encoding': 'gzip' } });
    const plain = await packed.text();
    const { text } = await scrape();
    const value = (name: string) =>
      Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value('modelwatch_exporter_scrape_bytes')).toBe(Buffer.byteLength(plain));
    expect(value('modelwatch_exporter_scrape_wire_bytes')).toBe(Number(packed.headers.get('content-length')));
    expect(value('modelwatch_exporter_store_segments')).toBeGreaterThan(10);
    expect(value('modelwatch_exporter_store_bytes{form="text"}')).toBeGreaterThan(1_000);
    expect(value('modelwatch_exporter_store_bytes{form="gzip"}')).toBeGreaterThan(100);
    expect(value('modelwatch_exporter_store_segments_sealed_total')).toBeGreaterThan(10);
    expect(value('modelwatch_exporter_store_segments_compressed_total')).toBeGreaterThan(10);
  });
});

describe('clients that do not read', () => {
  const OBJECTS = 16;
  const HUGE = `a{n="${'x'.repeat(1 << 20)}"} 1\n`;

  /** A store of 16 MB behind the real handler; `ended` resolves when the first scrape is over, sent or given up. */
  async function large() {
    const exposition = createExpositionStore([
      { name: 'objects', families: [{ name: 'a', type: 'gauge', help: 'A.' }] },
    ]);
    for (let n = 0; n < OBJECTS; n++) exposition.set('objects', `o${n}`, [HUGE]);
    const handler = metricsHandler({ ...server.deps, exposition });
    const app = express();
    const ended = new Promise<void>((resolve) => {
      app.get('/metrics', (request, response, next) => {
        void Promise.resolve(handler(request, response, next)).then(() => resolve());
      });
    });
    const http = createServer(app).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const sent = request({ port: (http.address() as AddressInfo).port, path: '/metrics' }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const close = () => {
      http.close();
      http.closeAllConnections();
    };
    return { exposition, answer, ended, close };
  }

  it('get the moment at which they asked, however late they read', async () => {
    const { exposition, answer, ended, close } = await large();
    for (let n = 0; n < OBJECTS; n++) exposition.set('objects', `o${n}`, ['a{n="later"} 2\n']);
    exposition.delete('objects', 'o0');
    expect(exposition.view('prometheus').text()).toContain('later');
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    expect(text.match(/^a\{/gm)).toHaveLength(OBJECTS);
    expect(text).not.toContain('later');
    await ended;
    close();
  });

  it('are given up when they vanish', async () => {
    const { answer, ended, close } = await large();
    answer.destroy();
    await ended;
    close();
  });
});
