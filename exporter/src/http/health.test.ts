import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { entityKey, RECORDED } from '@modelwatch/contract';
import { createHealthReader } from './health';

/** Prometheus' HTTP API as far as the reader uses it: `POST /api/v1/query`. */
class FakePrometheus {
  answer: (query: string) => { status?: number; body: string } = () => ({ body: vector([]) });
  readonly asked: { query: string; authorization: string | undefined }[] = [];
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const query = new URLSearchParams(body).get('query') ?? '';
      this.asked.push({ query, authorization: request.headers.authorization });
      const { status, body: text } = this.answer(query);
      response.writeHead(request.url === '/prom/api/v1/query' ? (status ?? 200) : 404).end(text);
    });
  });
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/prom/`;
  }
  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

const T = 1_795_231_087;
function sample(model: string, health: string, recordedAt = T - 10, cluster = ''): object {
  return { metric: { cluster, namespace: 'payments', model, health }, value: [T, String(recordedAt)] };
}
function vector(result: object[]): string {
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}
const key = (name: string) => entityKey({ namespace: 'payments', name });

describe('health reader', () => {
  const prometheus = new FakePrometheus();
  let url = '';
  let now = T;
  let told: (string | undefined)[] = [];
  const reader = (change: { url?: string } = {}) =>
    createHealthReader({
      url,
      intervalSeconds: 5,
      fetch,
      nowSeconds: () => now,
      onChange: (problem) => told.push(problem),
      ...change,
    });

  beforeAll(async () => {
    url = await prometheus.start();
  });
  afterAll(() => prometheus.stop());
  beforeEach(() => {
    now = T;
    told = [];
    prometheus.asked.length = 0;
    prometheus.answer = () => ({ body: vector([sample('a', 'healthy'), sample('b', 'degraded')]) });
  });

  it('takes the recorded health, joined by namespace and model', async () => {
    const health = reader();
    expect(health.status()).toEqual({ source: 'serving-only', why: 'Prometheus was not read yet' });
    await health.poll();
    expect(prometheus.asked[0]?.query).toContain(RECORDED.modelHealth.name);
    expect(health.status()).toEqual({ source: 'prometheus', readAtSeconds: T });
    expect(health.of(key('a'), 'serving')).toEqual({ health: 'healthy', source: 'prometheus' });
    expect(health.of(key('b'), 'serving')).toEqual({ health: 'degraded', source: 'prometheus' });
    expect(health.of(key('unheard'), 'serving')).toEqual({ health: 'healthy', source: 'serving-only' });
    expect(told).toEqual([undefined]);
  });

  it('tells which channels are over their limits, worst first', async () => {
    const over = (channel: string, status: string) => ({
      metric: { namespace: 'payments', model: 'b', channel, status },
      value: [T, String(T - 1)],
    });
    const answer = JSON.parse(vector([sample('b', 'degraded')])) as { data: { result: unknown[] } };
    answer.data.result.push(over('errors', 'warning'), over('latency', 'critical'));
    prometheus.answer = () => ({ body: JSON.stringify(answer) });
    const health = reader();
    await health.poll();
    expect(health.of(key('b'), 'serving').channels).toEqual([
      { channel: 'latency', status: 'critical' },
      { channel: 'errors', status: 'warning' },
    ]);
  });

  it('says what drifted most, and how far', async () => {
    const of = (model: string, labels: object, value: number) => ({
      metric: { namespace: 'payments', model, ...labels },
      value: [T, String(value)],
    });
    const feature = { reference: 'r', subject: 'feature', feature: 'merchant_country' };
    const drift = { channel: 'drift', status: 'critical' };
    const answer = JSON.parse(vector([sample('a', 'degraded'), sample('b', 'degraded')])) as {
      data: { result: unknown[] };
    };
    answer.data.result.push(
      // Looked at every few minutes.
      of('a', drift, T - 230),
      of('b', drift, T - 10),
      of('a', { ...feature, method: 'psi', window: '1d', figure: 'score' }, 0.3124),
      of('a', { ...feature, level: 'critical', figure: 'threshold' }, 0.25)
    );
    prometheus.answer = () => ({ body: JSON.stringify(answer) });
    const health = reader();
    await health.poll();
    const text = 'merchant_country drifted: PSI 0.31 over 24 h, threshold 0.25';
    expect(health.of(key('a'), 'serving').channels).toEqual([{ ...drift, text }]);
    expect(health.of(key('b'), 'serving').channels).toEqual([drift]);
  });

  it('says which score is over which limit, with its baseline where there is one', async () => {
    const of = (model: string, labels: object, value: number) => ({
      metric: { namespace: 'payments', model, ...labels },
      value: [T, String(value)],
    });
    const accuracy = { channel: 'accuracy', status: 'critical' };
    const answer = JSON.parse(vector([sample('a', 'degraded'), sample('b', 'degraded')])) as {
      data: { result: unknown[] };
    };
    const auc = { metric: 'auc' };
    answer.data.result.push(
      of('a', accuracy, T - 230),
      of('b', accuracy, T - 10),
      of('a', { ...auc, window: '1d', accuracy: 'score' }, 0.6124),
      of('a', { ...auc, level: 'critical', accuracy: 'limit' }, 0.68),
      of('a', { ...auc, accuracy: 'baseline' }, 0.81),
      of('b', { metric: 'rmse', window: '1h', accuracy: 'score' }, 1234.5),
      of('b', { metric: 'rmse', level: 'critical', accuracy: 'limit' }, 1100)
    );
    prometheus.answer = () => ({ body: JSON.stringify(answer) });
    const health = reader();
    await health.poll();
    const said = (model: string) => health.of(key(model), 'serving').channels;
    expect(said('a')).toEqual([{ ...accuracy, text: 'AUC 0.612 over 24 h, limit 0.68 (baseline 0.81)' }]);
    expect(said('b')).toEqual([{ ...accuracy, text: 'RMSE 1230 over 1 h, limit 1100' }]);
  });

  it('says which group is how far from the others, by which metric', async () => {
    const of = (labels: object, value: number) => ({
      metric: { namespace: 'payments', model: 'a', ...labels },
      value: [T, String(value)],
    });
    const fairness = { channel: 'fairness', status: 'critical' };
    const impact = { metric: 'disparate_impact' };
    const answer = JSON.parse(vector([sample('a', 'degraded')])) as { data: { result: unknown[] } };
    answer.data.result.push(
      of(fairness, T - 230),
      of({ ...impact, segment: 'age_group', value: '55+', window: '1d', fairness: 'score' }, 0.5249),
      of({ ...impact, level: 'critical', fairness: 'limit' }, 0.8)
    );
    prometheus.answer = () => ({ body: JSON.stringify(answer) });
    const health = reader();
    await health.poll();
    expect(health.of(key('a'), 'serving').channels).toEqual([
      { ...fairness, text: 'Disparate impact of age_group 55+ 0.525 over 24 h, limit 0.8' },
    ]);
  });

  it('says of custom metrics what they are, each in its own channel', async () => {
    const of = (metric: object, value: number) => ({
      metric: { namespace: 'payments', model: 'a', ...metric },
      value: [T, String(value)],
    });
    const answer = JSON.parse(vector([sample('a', 'degraded')])) as { data: { result: unknown[] } };
    answer.data.result.push(
      of({ channel: 'custom:queue', status: 'warning' }, T - 200),
      of({ channel: 'custom:rejected', status: 'critical' }, T - 200),
      of({ channel: 'custom:', status: 'critical' }, T),
      of({ custom: 'value', custom_metric: 'rejected', window: '10m' }, 0.3149),
      of({ custom: 'limit', custom_metric: 'rejected', level: 'critical', side: 'above' }, 0.25),
      of({ custom: 'limit', custom_metric: 'rejected', level: 'critical', side: 'below' }, 0.01),
      of({ custom: 'baseline', custom_metric: 'rejected' }, 0.12),
      of({ custom: 'value', custom_metric: 'queue' }, 12),
      of({ custom: 'limit', custom_metric: 'queue', level: 'warning', side: 'above' }, 10)
    );
    prometheus.answer = () => ({ body: JSON.stringify(answer) });
    const health = reader();
    await health.poll();
    expect(health.of(key('a'), 'serving').channels).toEqual([
      {
        channel: 'custom:rejected',
        status: 'critical',
        text: 'rejected: 0.315 over 10 min, limit 0.25 (baseline 0.12)',
      },
      { channel: 'custom:queue', status: 'warning', text: 'queue: 12, limit 10' },
    ]);
  });

  it('says which detector of others says drift, where nothing of ours does', async () => {
    const of = (model: string, labels: object, value: number) => ({
      metric: { namespace: 'payments', model, ...labels },
      value: [T, String(value)],
    });
    const drift = { channel: 'drift', status: 'warning' };
    const ks = { detector: 'ks', detector_source: 'alibi-detect', detector_method: 'KSDrift', detector_feature: 'age' };
    const ours = { subject: 'feature', feature: 'hours', method: 'psi', window: '1d' };
    const answer = JSON.parse(vector([sample('a', 'degraded'), sample('b', 'degraded')])) as {
      data: { result: unknown[] };
    };
    answer.data.result.push(
      ...[of('a', drift, T - 10), of('a', ks, 1), of('b', drift, T - 10), of('b', ks, 1)],
      ...[of('b', { ...ours, figure: 'score' }, 0.2), of('b', { ...ours, figure: 'threshold' }, 0.1)]
    );
    prometheus.answer = () => ({ body: JSON.stringify(answer) });
    const health = reader();
    await health.poll();
    const text = 'Detector ks of alibi-detect (KSDrift) says drift in age';
    expect(health.of(key('a'), 'serving').channels).toEqual([{ ...drift, text }]);
    expect(health.of(key('b'), 'serving').channels?.[0]?.text).toContain('hours drifted');
  });

  it('says how much of its events is not seen', async () => {
    const of = (labels: object, value: number) => ({
      metric: { namespace: 'payments', model: 'b', ...labels },
      value: [T, String(value)],
    });
    const coverage = { channel: 'coverage', status: 'warning' };
    const answer = JSON.parse(vector([sample('b', 'degraded')])) as { data: { result: unknown[] } };
    answer.data.result.push(of(coverage, T - 230), of({ part: 'dropped' }, 0.0832));
    prometheus.answer = () => ({ body: JSON.stringify(answer) });
    const health = reader();
    await health.poll();
    const text = '8.3 % of the events of the last hour were dropped';
    expect(health.of(key('b'), 'serving').channels).toEqual([{ ...coverage, text }]);
  });

  it('is that of Prometheus alone where nobody watches a server, and unknown without it', async () => {
    const health = reader();
    expect(health.of(key('a'), undefined)).toEqual({ health: 'unknown', source: 'serving-only' });
    await health.poll();
    expect(health.of(key('a'), undefined).health).toBe('healthy');
  });

  it('is never better than what the exporter sees itself', async () => {
    const health = reader();
    await health.poll();
    expect(health.of(key('a'), 'failed').health).toBe('failed');
    expect(health.of(key('a'), 'stale').health).toBe('stale');
  });

  it('does not use what is older than three intervals, nor samples that rules stopped recording', async () => {
    const health = reader();
    await health.poll();
    now = T + 15;
    expect(health.status().source).toBe('prometheus');
    now = T + 16;
    expect(health.of(key('b'), 'serving')).toEqual({ health: 'healthy', source: 'serving-only' });
    now = T;
    prometheus.answer = () => ({ body: vector([sample('a', 'healthy', T - 151), sample('b', 'degraded', T - 149)]) });
    await health.poll();
    expect(health.of(key('a'), 'serving').source).toBe('serving-only');
    expect(health.of(key('b'), 'serving').source).toBe('prometheus');
    prometheus.answer = () => ({ body: vector([]) });
    await health.poll();
    expect(health.status()).toEqual({
      source: 'serving-only',
      why: 'Prometheus has no fresh health: are our rules loaded?',
    });
  });

  it('does not guess which of two clusters is ours', async () => {
    prometheus.answer = () => ({
      body: vector([
        sample('a', 'healthy', T - 1, 'east'),
        sample('a', 'failed', T - 1, 'west'),
        sample('b', 'healthy'),
      ]),
    });
    const health = reader();
    await health.poll();
    expect(health.of(key('a'), 'serving').source).toBe('serving-only');
    expect(health.of(key('b'), 'serving').source).toBe('prometheus');
  });

  it.each([
    ['an error status', { status: 503, body: 'no' }, 'Prometheus does not answer: HTTP status 503'],
    ['HTML', { body: '<html>' }, 'Prometheus does not answer: it answers something else than JSON'],
    [
      'an unknown health',
      { body: vector([sample('a', 'splendid')]) },
      'data.result[0].metric.health: expected one of failed, degraded, stale, unknown, progressing, idle, healthy, got "splendid"',
    ],
    ['a half answer', { body: '{"status":"success"}' }, 'data: expected an object, got undefined'],
  ])('says why on %s, and recovers', async (_, answer, why) => {
    prometheus.answer = () => answer;
    const health = reader();
    await health.poll();
    expect(health.status().source).toBe('serving-only');
    expect(health.status().why).toContain(why);
    prometheus.answer = () => ({ body: vector([sample('a', 'healthy')]) });
    await health.poll();
    expect(health.status().source).toBe('prometheus');
    expect(told).toEqual([expect.stringContaining(why), undefined]);
  });

  it('sends credentials of the URL as a header and keeps them out of what it tells', async () => {
    const health = reader({ url: url.replace('://', '://me:hunter2@') });
    await health.poll();
    expect(prometheus.asked[0]?.authorization).toBe(`Basic ${Buffer.from('me:hunter2').toString('base64')}`);
    const refused = reader({ url: 'http://me:hunter2@127.0.0.1:1' });
    await refused.poll();
    expect(refused.status().why).toMatch(/^Prometheus does not answer: /);
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });

  it('polls by itself until stopped', async () => {
    let ask: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (ask = resolve));
    prometheus.answer = () => {
      ask();
      return { body: vector([]) };
    };
    const health = reader();
    health.start();
    await asked;
    health.stop();
    expect(prometheus.asked).toHaveLength(1);
  });
});
