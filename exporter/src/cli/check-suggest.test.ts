/** Against a Prometheus with fixed answers. What it is asked is run by a real one elsewhere. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sloDocumentSchema } from '../config/slo';
import { runCheck } from './check';

type Row = readonly [labels: Record<string, string>, value: number];

const FRAUD = { namespace: 'payments', model: 'fraud-scorer' };
const NEW = { namespace: 'payments', model: '2048' };
const failed = (value: number): Row => [{ ...FRAUD, outcome: 'server_error' }, value];
const within = (le: string, value: number): Row => [{ ...FRAUD, le, seen_by: 'server' }, value];
const aged = (le: string, value: number): Row => [{ ...FRAUD, le }, value];

let server: Server;
let url: string;
let asked: { query: string; time: number }[];
let rows: (query: string, day: number) => readonly Row[];
let answer: { status: number; body: string } | undefined;
let [printed, told]: [string[], string[]] = [[], []];

beforeEach(async () => {
  [asked, printed, told, answer] = [[], [], [], undefined];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(told.push(String(text))));
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const [query, time] = [form.get('query') ?? '', Number(form.get('time'))];
      asked.push({ query, time });
      const result = rows(query, asked.filter((one) => one.query === query).length - 1).map(([metric, value]) => ({
        metric,
        value: [time, String(value)],
      }));
      const usual = { status: 'success', data: { resultType: 'vector', result } };
      response.statusCode = answer?.status ?? 200;
      response.end(answer?.body ?? JSON.stringify(usual));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  rows = recorded;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await new Promise((resolve) => server.close(resolve));
});

/** Of the model 2048 there is one day, and nothing but requests. */
function recorded(query: string, day: number): readonly Row[] {
  if (query.includes('model_info')) return [FRAUD, NEW].map((labels): Row => [labels, 1]);
  if (query.includes('capability')) return [FRAUD, NEW].map((labels): Row => [labels, 1]);
  if (query.includes('outcome')) {
    const ofNew: Row[] = day === 3 ? [[{ ...NEW, outcome: 'success' }, 500]] : [];
    return [[{ ...FRAUD, outcome: 'success' }, 99_980], failed(day === 1 ? 120 : 0), ...ofNew];
  }
  if (query.includes('_bucket')) {
    return [within('0.1', 96_000), within('0.25', 98_000), within('0.5', 99_900), within('+Inf', 100_000)];
  }
  if (query.includes('channel="drift"')) {
    return [
      [{ ...FRAUD, status: 'ok' }, 1_438 - (day === 2 ? 18 : 0)],
      [{ ...FRAUD, status: 'warning' }, 2],
      [{ ...FRAUD, status: 'critical' }, day === 2 ? 18 : 0],
    ];
  }
  return [aged('60', 1_000), aged('300', 1_436), aged('600', 1_440), aged('+Inf', 1_440)];
}

const suggest = (...more: string[]) => runCheck(['--suggest', `--prometheus.url=${url}`, '--days=4', ...more], {});

it('proposes objectives in words, and as a file that is taken as it is', async () => {
  expect(await suggest()).toBe(0);
  const text = printed.join('\n');
  expect(text).toBe(`slos:
# payments/2048
#   availability: nothing proposed: too little data, 1 of 4 days, at least 3 are needed
#   latency-99: nothing proposed: nobody has a histogram with bounds of it
#   freshness: nothing proposed: no predictions of it arrive as events
#   drift: nothing proposed: no verdict on drift was recorded

# payments/fraud-scorer
#   availability: 99.9 % of requests answered. 99.97 % of 400,040 were: 30 % of the budget spent; met on 3 of 4 days with data (75 %)
#   latency-95: 95 % of requests within 250 ms. 98 % of 400,000 were: 40 % of the budget spent; met on 4 of 4 days with data (100 %)
#   latency-99: 99 % of requests within 500 ms. 99.9 % of 400,000 were: 10 % of the budget spent; met on 4 of 4 days with data (100 %)
#   freshness: 99 % of minutes with a prediction of the last 5 min. 99.722 % of 5,760 were: 28 % of the budget spent; met on 4 of 4 days with data (100 %)
#   drift: 99 % of minutes without drift. 99.687 % of 5,760 were: 31 % of the budget spent; met on 3 of 4 days with data (75 %)
  - name: availability
    models: { namespaces: ["payments"], names: ["fraud-scorer"] }
    indicator: availability
    objective: 0.999
  - name: latency-95
    models: { namespaces: ["payments"], names: ["fraud-scorer"] }
    indicator: latency
    thresholdSeconds: 0.25
    objective: 0.95
  - name: latency-99
    models: { namespaces: ["payments"], names: ["fraud-scorer"] }
    indicator: latency
    thresholdSeconds: 0.5
    objective: 0.99
  - name: freshness
    models: { namespaces: ["payments"], names: ["fraud-scorer"] }
    indicator: freshness
    thresholdSeconds: 300
    objective: 0.99
  - name: drift
    models: { namespaces: ["payments"], names: ["fraud-scorer"] }
    indicator: drift
    objective: 0.99`);
  expect(sloDocumentSchema.parse(parse(text)).slos).toHaveLength(5);
});

it('asks a day and a few models at a time, each by its name', async () => {
  const many = Array.from({ length: 45 }, (_, at): Row => [{ namespace: 'ns', model: `m.${at}` }, 1]);
  rows = (query) => (query.includes('model_info') ? many : []);
  expect(await suggest('--cluster=east')).toBe(1);
  expect(printed[0]).toBe('# No objectives.');
  const requests = asked.filter(({ query }) => query.includes('outcome)'));
  expect(requests).toHaveLength(3 * 4);
  expect(
    requests.every(({ query }) => /\{namespace="ns", model=~"(m\\\\\.\d+\|?){1,20}", cluster="east"\}/.test(query))
  ).toBe(true);
  const times = [...new Set(requests.map(({ time }) => time))].sort();
  expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 86_400, 172_800, 259_200]);
});

it('says why there are none where no model is recorded', async () => {
  rows = () => [];
  expect(await suggest()).toBe(1);
  expect(printed).toEqual(['# No objectives: before the last full hour no model is recorded.']);
});

it('counts no request of a model whose failures nobody can tell', async () => {
  rows = (query, day) => (query.includes('capability') ? [] : recorded(query, day));
  expect(await suggest('--model=payments/fraud-scorer')).toBe(0);
  expect(printed.join('\n')).toContain('availability: nothing proposed: nobody can tell how its requests ended');
  expect(printed.join('\n')).not.toContain('2048');
});

it('says what is wrong with an answer, and with no answer', async () => {
  const cases: [number, string, string][] = [
    [401, '', 'prometheus.url: HTTP status 401: expected an address with user and password'],
    [422, '{"status":"error","error":"too many samples"}', 'prometheus.url: HTTP status 422: too many samples'],
    [200, '<html>', 'prometheus.url: expected an answer of Prometheus'],
    [
      200,
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"NaN"]}]}}',
      'prometheus.url: expected samples, data.result[0].value[1]',
    ],
  ];
  for (const [status, body, words] of cases) {
    told = [];
    answer = { status, body };
    expect(await suggest()).toBe(1);
    expect(told.join('')).toContain(words);
  }
  rows = () => ['east', 'west'].map((cluster): Row => [{ ...FRAUD, cluster }, 1]);
  answer = undefined;
  expect(await suggest()).toBe(1);
  expect(told.join('')).toContain('expected --cluster, one of "east", "west"');
});

it('says which argument is wrong', async () => {
  await expect(runCheck(['--suggest'], {})).rejects.toThrow('--suggest: expected --prometheus.url');
  await expect(suggest('--days=1')).rejects.toThrow('--days: expected a whole number from 3 to 90, got "1"');
  await expect(suggest('--model=fraud')).rejects.toThrow('--model: expected NAMESPACE/MODEL');
});

describe('check of objectives with PromQL of their owner', () => {
  const ratio = (name: string, kind: 'good' | 'bad', events: string) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name}, annotations: { modelwatch.io/models: payments/fraud } }
spec:
  service: fraud
  indicator:
    metadata: { name: reviews }
    spec:
      ratioMetric:
        ${kind}: { metricSource: { type: Prometheus, spec: { query: '${events}' } } }
        total: { metricSource: { type: Prometheus, spec: { query: reviews } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ targetPercent: 99.5 }]
`;
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'modelwatch-queries-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  async function check(...documents: string[]): Promise<{ code: number; warnings: string[] }> {
    const file = join(folder, 'slo.yaml');
    writeFileSync(file, documents.join('---\n'));
    const code = await runCheck([`--slo-files=${file}`, `--prometheus.url=${url}`], {});
    const shown = printed.map((line) => line.replace(file, 'slo.yaml'));
    return { code, warnings: shown.filter((line) => line.includes(': query ') || line.startsWith('prometheus.url')) };
  }

  it('says which finds no series', async () => {
    rows = (query) => (query.includes('mispelled') ? [] : [[{}, 1]]);
    const found = await check(
      ratio('a', 'bad', 'late'),
      ratio('b', 'bad', 'mispelled'),
      ratio('c', 'good', 'mispelled')
    );
    expect(found).toEqual({
      code: 0,
      warnings: [
        'slo.yaml line 16 column 1: b: warning: query bad finds no series, neither now nor on the last day: nothing counts as bad until it does, and the objective is met for ever if it is misspelled',
        'slo.yaml line 31 column 1: c: warning: query good finds no series, neither now nor on the last day: everything counts as bad',
      ],
    });
    expect(asked[0]?.query).toBe('count(\nlate\n) or count(count_over_time((\nlate\n)[1d:5m]))');
    rows = () => [];
    printed = [];
    expect((await check(ratio('a', 'bad', 'late'))).warnings[1]).toMatch(
      /: query total finds no series, .*: nothing is counted, and the objective has no data$/
    );
  });

  it('says that it is not known where Prometheus cannot tell, and what it refuses', async () => {
    const vector = { resultType: 'vector', result: [] };
    answer = { status: 200, body: JSON.stringify({ status: 'success', warnings: ['a store is away'], data: vector }) };
    expect((await check(ratio('a', 'bad', 'late'))).warnings[0]).toMatch(
      /query bad finds no series, in a part of the data only: a store is away$/
    );
    printed = [];
    answer = { status: 400, body: '{"status":"error","error":"expected an instant vector"}' };
    expect((await check(ratio('a', 'bad', 'late'))).warnings[0]).toMatch(
      /query bad is refused by Prometheus: HTTP status 400: expected an instant vector$/
    );
    printed = [];
    answer = { status: 503, body: '' };
    expect(await check(ratio('a', 'bad', 'late'))).toEqual({
      code: 0,
      warnings: ['prometheus.url: HTTP status 503: whether queries find series is not known'],
    });
  });
});
