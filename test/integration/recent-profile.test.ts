/** `modelwatch profile --from-prometheus` against a Prometheus that holds known counters. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binsOf, decodeReference, type ColumnReference, type Reference } from '@modelwatch/contract';
import Ajv from 'ajv';
import { UsageError } from '../../exporter/src/cli/arguments';
import { runProfile } from '../../exporter/src/cli/profile';
import { readReference } from '../../exporter/src/sources/references/document';
import { freePort, startProgram, until, type Program } from '../support/processes';

const ROOT = join(__dirname, '..', '..');
const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'docs', 'reference.schema.json'), 'utf8')) as object;
const DOC = readFileSync(join(ROOT, 'docs', 'profile.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-recent-'));
const at = (file: string) => join(folder, file);

jest.setTimeout(60_000);

const STEP = 300;
const STEPS_PER_DAY = 86_400 / STEP;
/** Three days to here have counters. */
const END = Date.parse('2026-11-10T00:00:00Z') / 1_000;
const START = END - 3 * 86_400;
/** Rows of each step, by feature (none: the prediction) and bin. */
const RATES: readonly (readonly [feature: string | undefined, bin: string, rows: number])[] = [
  ...(
    [
      ['0', 3],
      ['1', 1],
      ['above', 1],
    ] as const
  ).map(([bin, rows]) => ['f', bin, rows] as const),
  ...(
    [
      ['0', 2],
      ['1', 1],
      ['new', 2],
    ] as const
  ).map(([bin, rows]) => ['c', bin, rows] as const),
  ...(
    [
      ['0', 4],
      ['1', 1],
    ] as const
  ).map(([bin, rows]) => [undefined, bin, rows] as const),
];

/** The command in this process: a new one for each would take most of the time. */
async function ran(...args: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const said = jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => ((text += String(chunk)), true));
  try {
    const code = await runProfile(args).catch((error: unknown) => {
      if (!(error instanceof UsageError)) throw error;
      text += error.message;
      return 2;
    });
    return { code, text };
  } finally {
    said.mockRestore();
  }
}

const written = (file: string): Reference => decodeReference(JSON.parse(readFileSync(at(file), 'utf8')));

/** The rows of each bin that has some. */
function rowsOf(column: ColumnReference | undefined): Record<string, number> {
  const bins = column ? binsOf(column) : [];
  return Object.fromEntries(bins.filter(({ count }) => count > 0).map(({ bin, count }) => [bin, count]));
}

/** What two exporters counted: one restarts in the middle, the other joins on the last day with twice the traffic. */
function openMetrics(id: string): string {
  const steps = Array.from({ length: 3 * STEPS_PER_DAY + 1 }, (_, step) => step);
  const restart = 1.5 * STEPS_PER_DAY;
  const first = (step: number) => (step < restart ? step : step - restart);
  const second = (step: number) => 2 * Math.max(0, step - 2 * STEPS_PER_DAY);
  const series = (of: string, rows: number, counted: (step: number) => number) =>
    steps.map((step) => `${of} ${rows * counted(step)} ${START + step * STEP}\n`).join('');
  const family = (name: string, isOf: (feature: string | undefined) => boolean) => {
    const lines = RATES.filter(([feature]) => isOf(feature)).map(([feature, bin, rows]) => {
      const labels = (model: string, reference: string, instance: string) =>
        `${name}_total{namespace="shop",model="${model}",version="",reference="${reference}",instance="${instance}",` +
        `${feature === undefined ? '' : `feature="${feature}",`}bin="${bin}"}`;
      return [
        series(labels('risk', id, 'a'), rows, first),
        series(labels('risk', id, 'b'), rows, second),
        // Of others: nothing of it may be taken.
        series(labels('risk', '000000000000', 'a'), 7, first),
        series(labels('churn', id, 'a'), 7, first),
      ].join('');
    });
    return `# TYPE ${name} counter\n${lines.join('')}`;
  };
  const features = family('modelwatch_feature_observations', (feature) => feature !== undefined);
  return `${features}${family('modelwatch_prediction_observations', (feature) => feature === undefined)}# EOF\n`;
}

let prometheus: Program | undefined;
let url: string;

beforeAll(async () => {
  const rows = Array.from(
    { length: 40 },
    (_, row) => `${row % 20},${row % 3 === 0 ? 'b' : 'a'},${row % 4 === 0 ? 1 : 0},x`
  );
  writeFileSync(at('train.csv'), ['f,c,p,region', ...rows].join('\n'));
  writeFileSync(at('importance.csv'), 'f,3\nc,1\n');
  const based = await ran(
    ...[
      at('train.csv'),
      '--edges=f=0,10,20',
      '--prediction=p',
      '--exclude=region',
      '--segment=region',
      '--model=shop/risk',
    ],
    ...[`--importance=${at('importance.csv')}`, '--baseline=auc=0.8', `--output=${at('base.json')}`]
  );
  expect(based.code).toBe(0);
  writeFileSync(at('counters.txt'), openMetrics(written('base.json').id));
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', 'counters.txt', 'data'], { cwd: folder });
  url = `http://127.0.0.1:${await freePort()}`;
  writeFileSync(at('prometheus.yml'), '{}');
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
});
afterAll(async () => {
  await prometheus?.stop();
  rmSync(folder, { recursive: true });
});

const recent = (...more: string[]) =>
  ran('--from-prometheus', url, `--reference=${at('base.json')}`, '--until=2026-11-10T00:00:00Z', ...more);

describe('a reference of the last days', () => {
  it('has the rows that were counted, of all exporters and over a restart', async () => {
    expect(await recent('--days=3', `--output=${at('recent.json')}`)).toMatchObject({ code: 0 });
    const { features, prediction, rows, ...more } = written('recent.json');
    // The step of the restart is lost, as with every counter.
    const steps = 3 * STEPS_PER_DAY - 1 + 2 * STEPS_PER_DAY;
    expect(rows).toBe(5 * steps);
    expect(rowsOf(features[0])).toEqual({ 0: 3 * steps, 1: steps, above: steps });
    expect(rowsOf(features[1])).toEqual({ 0: 2 * steps, 1: steps, new: 2 * steps });
    expect(rowsOf(prediction)).toEqual({ 0: 4 * steps, 1: steps });
    const base = written('base.json');
    expect(features.map(({ importance }) => importance)).toEqual([0.75, 0.25]);
    expect(more).toMatchObject({ baseline: { auc: 0.8 }, namespace: 'shop', model: 'risk', sameBins: [base.id] });
    expect(more.id).not.toBe(base.id);
    expect(more.name).toBe('risk, 3 days to 2026-11-10T00:00Z');
    const validate = new Ajv().compile(SCHEMA);
    const value: unknown = JSON.parse(readFileSync(at('recent.json'), 'utf8'));
    expect(validate(value) ? [] : validate.errors).toEqual([]);
  });

  it('can be made again from the rows of the one before it', async () => {
    await recent('--days=3', `--output=${at('recent.json')}`);
    await recent('--days=3', `--reference=${at('recent.json')}`, `--output=${at('again.json')}`);
    const [first, again] = [written('recent.json'), written('again.json')];
    expect(again.id).toBe(first.id);
    expect(again.sameBins).toEqual([first.id, written('base.json').id]);
  });

  it('leaves out the days of the gap, and says what it lacks', async () => {
    const { code, text } = await recent('--days=5', '--gap-days=1', `--output=${at('gap.json')}`);
    expect(code).toBe(0);
    expect(written('gap.json').rows).toBe(5 * (2 * STEPS_PER_DAY - 1));
    expect(text).toContain('warning: 2 of the 5 days have rows, the first from 2026-11-07T00:00Z');
    expect(text).toContain('warning: segments (region) are left out');
    expect(text).toContain('warning: column f: 20 % of its rows are outside its bins');
  });

  it('loads as any other', () => {
    expect(readReference(readFileSync(at('recent.json'), 'utf8')).id).toBe(written('recent.json').id);
  });

  it.each([
    [['--days=1', '--gap-days=30'], 1, 'expected rows of this reference in these days, got none'],
    [['--days=0'], 2, '--days: expected a whole number from 1 to 400, got "0"'],
    [['--until=yesterday'], 2, '--until: expected a time as 2026-11-21T00:00:00Z, got "yesterday"'],
    [['--reference=none.json'], 2, '--reference: expected a file that can be read, got "none.json"'],
    [['--from-prometheus=http://me:secret@x'], 2, 'expected a URL without a password'],
    [['--bins=3'], 2, '--bins: expected a known flag'],
  ] as const)('answers %j with exit code %i', async (args, code, words) => {
    const done = await recent(...args);
    expect(done.text).toContain(words);
    expect(done.text).not.toContain('secret');
    expect(done.code).toBe(code);
  });

  it('is refused where no Prometheus answers, or something else does', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const refused = await recent(`--from-prometheus=${nobody}`);
    expect(refused).toEqual({ code: 1, text: `${nobody}: no Prometheus answers (ECONNREFUSED)\n` });
    expect(await recent(`--from-prometheus=${url}/graph`)).toMatchObject({ code: 1 });
  });

  it('has its command in docs/profile.md', () => {
    const [, command = ''] = /^modelwatch (profile --from-prometheus .*)$/m.exec(DOC) ?? [];
    expect(command).toContain('--reference reference.json --days 14 --gap-days 7');
  });
});
