/** `modelwatch report` against a Prometheus that holds a known day, and a file as the event log writes it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECORDED } from '@modelwatch/contract';
import { UsageError } from '../../exporter/src/cli/arguments';
import { runReport } from '../../exporter/src/cli/report';
import { ecsDocument } from '../../exporter/src/log/events/ecs';
import { freePort, startProgram, until, type Program } from '../support/processes';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-report-'));
const at = (file: string) => join(folder, file);

const FROM = Date.parse('2026-11-09T00:00:00Z') / 1_000;
const MINUTES = 24 * 60;
const HOUR = 60;

type Spans = readonly (readonly [fromMinute: number, toMinute: number, value: number])[];

/** A sample a minute in each span. */
function series(name: string, labels: Readonly<Record<string, string>>, ...spans: Spans): [string, string] {
  const all = { cluster: 'eu', namespace: 'shop', model: 'fraud', ...labels };
  const id = `${name}{${Object.entries(all)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;
  const lines = spans.flatMap(([from, to, value]) =>
    Array.from({ length: to - from }, (_, minute) => `${id} ${value} ${FROM + (from + minute) * 60}\n`)
  );
  return [name, lines.join('')];
}

const ALL: Spans[number] = [0, MINUTES + 1, 1];
const always = (value: number): Spans[number] => [0, MINUTES + 1, value];
const health = (name: string, ...spans: Spans) => series(RECORDED.modelHealth.name, { health: name }, ...spans);
const answered = { slo: 'answered', pipeline: '' };
const ofAmount = { subject: 'feature', feature: 'amount', method: 'psi', window: '1d' };
const drift = (state: string, ...spans: Spans) => series(RECORDED.driftState.name, { ...ofAmount, state }, ...spans);

const STORED = [
  health('healthy', [0, 18 * HOUR, 1], [18 * HOUR, MINUTES + 1, 0]),
  health('failed', [0, 18 * HOUR, 0], [18 * HOUR, MINUTES + 1, 1]),
  series(RECORDED.modelHealth.name, { health: 'stale', model: 'other' }, ALL),
  series(RECORDED.modelHealth.name, { health: 'stale', cluster: 'us' }, ALL),
  series(RECORDED.sloInfo.name, { ...answered, indicator: 'availability', window: '30d' }, ALL),
  series(RECORDED.sloObjective.name, answered, always(0.99)),
  series(RECORDED.sloEventsRate.name, answered, always(10)),
  series(RECORDED.sloEventsCoarseRate.name, { ...answered, window: '30d' }, always(10)),
  series(RECORDED.sloBadEventsCoarseRate.name, { ...answered, window: '30d' }, always(0.05)),
  series(RECORDED.sloBudgetLeft.name, answered, always(0.4)),
  series('ALERTS', { alertname: 'ModelwatchModelErrors', alertstate: 'firing', severity: 'critical' }, [
    18 * HOUR,
    MINUTES + 1,
    1,
  ]),
  drift('ok', [0, 12 * HOUR, 1], [15 * HOUR, MINUTES + 1, 1]),
  drift('critical', [12 * HOUR, 15 * HOUR, 1]),
  series(RECORDED.accuracySettings.name, { task: 'classification', window: '1d' }, ALL),
  series(
    RECORDED.accuracyScore.name,
    { metric: 'auc', window: '1d' },
    [0, 12 * HOUR, 0.9],
    [12 * HOUR, MINUTES + 1, 0.8]
  ),
  series(RECORDED.accuracyScore.name, { metric: 'auc', window: '1h' }, always(0.1)),
  series(RECORDED.accuracyBaseline.name, { metric: 'auc' }, always(0.87)),
  series(RECORDED.modelInfo.name, { version: '1' }, [0, 6 * HOUR, 1]),
  series(RECORDED.modelInfo.name, { version: '2' }, [6 * HOUR, MINUTES + 1, 1]),
  series(RECORDED.modelCoverage.name, { state: 'complete' }, ALL),
];

function openMetrics(): string {
  const names = [...new Set(STORED.map(([name]) => name))];
  const family = (name: string) => STORED.flatMap(([of, lines]) => (of === name ? [lines] : [])).join('');
  return `${names.map((name) => `# TYPE ${name} gauge\n${family(name)}`).join('')}# EOF\n`;
}

const RESPONSE = ecsDocument(
  {
    ...{ kind: 'response', type: 'change', action: 'response-acted', atSeconds: FROM + 20 * 3_600 },
    ...{ identity: [], namespace: 'shop', model: 'fraud', outcome: 'success', text: 'went from 3 to 4' },
  },
  'id',
  0,
  { version: '1', host: 'h' }
);

let prometheus: Program | undefined;
let url = '';

beforeAll(async () => {
  writeFileSync(at('stored.txt'), openMetrics());
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', 'stored.txt', 'data'], { cwd: folder });
  writeFileSync(at('events.ndjson'), `${JSON.stringify(RESPONSE)}\n`);
  writeFileSync(at('prometheus.yml'), '{}');
  url = `http://127.0.0.1:${await freePort()}`;
  prometheus = startProgram('prometheus', [
    `--config.file=${at('prometheus.yml')}`,
    `--storage.tsdb.path=${at('data')}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=${url.slice('http://'.length)}`,
  ]);
  await until(
    'Prometheus',
    () => fetch(`${url}/-/ready`),
    ({ ok }) => ok
  );
}, 60_000);
afterAll(async () => {
  await prometheus?.stop();
  rmSync(folder, { recursive: true });
});

const PERIOD = ['--from', '2026-11-09', '--to', '2026-11-10'];
async function report(...args: string[]): Promise<string> {
  const file = at('report');
  expect(await runReport([...args, `--prometheus.url=${url}`, `--output=${file}`])).toBe(0);
  return readFileSync(file, 'utf8');
}

it('says what Prometheus holds of the period, section by section, and what the log has', async () => {
  const text = await report('shop/fraud', ...PERIOD, '--cluster=eu', `--events=${at('events.ndjson')}`);
  const rows = (title: string) =>
    (text.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2)
      .map((line) => line.slice(2, -2));
  expect(rows('Health')).toEqual(['healthy | 74.9 %', 'failed | 25.1 %']);
  expect(rows('Objectives')).toEqual([
    expect.stringMatching(/^answered \| 99 % \| 99\.5 % \| yes \| 50 % \| 864000 \| 40 % of 30d$/),
  ]);
  expect(rows('Alerts')).toEqual(['ModelwatchModelErrors | critical | 6 h']);
  expect(rows('Drift')).toEqual(['2026-11-09 12:00 UTC | amount | critical | 2026-11-09 15:00 UTC']);
  expect(rows('Accuracy')).toEqual(['auc | 0.85 | 0.8 | 0.87']);
  expect(rows('Versions')).toEqual([
    expect.stringMatching(/^2 \| 7\d(\.\d)? %$/),
    expect.stringMatching(/^1 \| 25\.\d %$/),
  ]);
  expect(rows('Coverage of data')).toEqual(['complete | 100 %']);
  expect(rows('Automated actions')).toEqual(['2026-11-09 20:00 UTC | response-acted | success | went from 3 to 4']);
});

it('is one page of HTML, too', async () => {
  const page = await report('shop/fraud', ...PERIOD, '--cluster=eu', '--format=html');
  expect(page).toMatch(/^<!doctype html>[\s\S]*<h1>shop\/fraud<\/h1>[\s\S]*<td>healthy<\/td><td>74\.9 %<\/td>/);
  expect(page).toContain('give the files of the event log with --events');
});

it('says which of several clusters it could be of, and what is wrong with an argument', async () => {
  const refused = async (...args: string[]) => {
    const error: unknown = await report(...args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  };
  expect(await refused('shop/fraud', ...PERIOD)).toBe(
    '--cluster: expected one of "eu", "us", which all have a model of this name, got none'
  );
  expect(await refused(...PERIOD)).toContain('expected one NAMESPACE/MODEL, got 0');
  expect(await refused('shop/fraud', '--from=2026-11-10', '--to=2026-11-09')).toContain('--from: expected a time');
  expect(await refused('shop/fraud', '--from=yesterday')).toContain('--from: expected a day or a time');
  expect(await refused('shop/fraud', ...PERIOD, '--format=pdf')).toContain('--format: expected markdown or html');
  expect(await refused('shop/fraud', ...PERIOD, '--cluster=eu', '--events=/none')).toContain(
    '--events: expected a file'
  );
  await expect(runReport(['shop/fraud', ...PERIOD])).rejects.toThrow('--prometheus.url: expected an http://');
});
