/** `modelwatch profile` as docs/profile.md says it, run as a user runs it. Needs `npm run build`. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeReference } from '@modelwatch/contract';
import Ajv from 'ajv';
import { referenceText } from '../../exporter/src/profile/document';
import { referenceId } from '../../exporter/src/profile/identity';

const ROOT = join(__dirname, '..', '..');
const MODELWATCH = join(ROOT, 'exporter', 'dist', 'main.js');
const DOC = readFileSync(join(ROOT, 'docs', 'profile.md'), 'utf8');
/** Those of a Prometheus: recent-profile.test.ts. */
const COMMANDS = [...DOC.matchAll(/^modelwatch (profile (?!--from-prometheus).*)$/gm)].map(([, command = '']) =>
  command.split(' ')
);
const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'docs', 'reference.schema.json'), 'utf8')) as object;

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-profile-'));
beforeAll(() => symlinkSync(join(ROOT, 'docs'), join(folder, 'docs')));
afterAll(() => rmSync(folder, { recursive: true }));

function ran(args: readonly string[]): Promise<{ code: number | string; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MODELWATCH, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 'ended') : 0, text: stdout + stderr });
    });
  });
}

/** Some tests start a process several times, and a busy machine takes seconds for each. */
jest.setTimeout(60_000);

const validate = new Ajv().compile(SCHEMA);
const written = () => readFileSync(join(folder, 'reference.json'), 'utf8');

describe('docs/profile.md', () => {
  it('has commands', () => expect(COMMANDS.length).toBe(6));

  it.each(COMMANDS.map((command) => [command.join(' '), command]))('%s', async (_, command) => {
    const done = await ran(command);
    expect(done).toMatchObject({ code: 0, text: expect.stringContaining('reference ') });
    const value: unknown = JSON.parse(written());
    expect(validate(value) ? [] : validate.errors).toEqual([]);
    const reference = decodeReference(value);
    expect(referenceId(reference)).toBe(reference.id);
  });

  it('prints the baseline that it prints', async () => {
    const [shown = ''] = /^baseline of .*$/m.exec(DOC) ?? [];
    const command = COMMANDS.find((words) => words.includes('--holdout')) ?? [];
    expect((await ran(command)).text).toContain(shown);
    const { features, baseline } = decodeReference(JSON.parse(written()));
    expect(shown.split(/, /).length).toBe(Object.keys(baseline ?? {}).length);
    expect(features.reduce((sum, { importance = NaN }) => sum + importance, 0)).toBeCloseTo(1, 4);
  });

  it('prints what it prints, and shows lines of its reference', async () => {
    const [command = []] = COMMANDS;
    const { text } = await ran(command);
    expect(text).toContain('warning: ');
    expect(DOC).toContain(text);
    const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(DOC) ?? [];
    for (const line of shown.trim().split('\n')) expect(written()).toContain(line.trim());
  });
});

describe('modelwatch profile', () => {
  const train = join('docs', 'examples', 'train.csv');

  it('writes the same text to standard output, twice', async () => {
    const args = ['profile', train, '--target', 'chargeback'];
    const [first, second] = [await ran(args), await ran(args)];
    expect(first.code).toBe(0);
    expect(first.text).toBe(second.text);
  });

  it('gives the same reference for the same rows as JSON lines', async () => {
    const [header = '', ...rows] = readFileSync(join(ROOT, train), 'utf8').trim().split('\n');
    const names = header.split(',');
    const numbers = ['amount_eur', 'account_age_days', 'n_tx_24h', 'chargeback', 'score'];
    const value = (name: string, cell: string) => {
      if (cell === '') return null;
      if (name === 'is_recurring') return cell === 'True';
      return numbers.includes(name) ? Number(cell) : cell;
    };
    const lines = rows.map((row) =>
      JSON.stringify(
        Object.fromEntries(row.split(',').map((cell, index) => [names[index], value(names[index] ?? '', cell)]))
      )
    );
    writeFileSync(join(folder, 'train.jsonl'), lines.join('\n'));
    const of = async (file: string) => {
      expect(await ran(['profile', file, '--target=chargeback', '--output=reference.json'])).toMatchObject({ code: 0 });
      return written();
    };
    expect(await of('train.jsonl')).toBe(await of(train));
  });

  it('gives the same reference for the same rows as Parquet, and leaves lists out', async () => {
    const parquet = join(ROOT, 'exporter', 'src', 'sources', 'tables', 'fixtures', 'train.parquet');
    const of = async (file: string) => {
      const done = await ran(['profile', file, '--target=chargeback', '--output=reference.json']);
      expect(done.code).toBe(0);
      return { ...decodeReference(JSON.parse(written())), text: done.text };
    };
    const [{ excluded: left, text, ...ofParquet }, { excluded, text: _, ...ofCsv }] = [
      await of(parquet),
      await of(train),
    ];
    expect(ofParquet).toEqual(ofCsv);
    expect(left).toEqual([{ column: 'embedding', reason: 'lists or structures' }, ...(excluded ?? [])]);
    expect(text).toContain('warning: column embedding is left out: lists or structures');
    writeFileSync(join(folder, 'cut.parquet'), readFileSync(parquet).subarray(0, 9_000));
    expect(await ran(['profile', 'cut.parquet'])).toMatchObject({
      code: 1,
      text: expect.stringMatching(/^cut\.parquet: expected Parquet: /),
    });
  });

  it('takes predictions as they are posted, with or without features that come later', async () => {
    const events = [{ features: { a: 1 }, prediction: 'x', id: '1', score: 0.4 }, { features: { a: 2, b: 'u' } }];
    writeFileSync(join(folder, 'events.jsonl'), events.map((event) => JSON.stringify(event)).join('\n'));
    const done = await ran(['profile', 'events.jsonl', '--format=events', '--output=reference.json']);
    expect(done.code).toBe(0);
    const { features, prediction, rows, excluded } = decodeReference(JSON.parse(written()));
    expect([rows, features.map(({ name }) => name), prediction?.name]).toEqual([2, ['a', 'b'], 'prediction']);
    expect(excluded).toEqual([{ column: 'score', reason: '--score' }]);
    writeFileSync(join(folder, 'events.jsonl'), '{"features":{"a":1}}\n{"request":{}}');
    expect(await ran(['profile', 'events.jsonl', '--format=events'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('events.jsonl: row 2, features: expected an object of name to value'),
    });
  });

  it.each([
    [[], 2, 'expected a file with training data'],
    [['a.csv', 'b.csv'], 2, 'expected one file, got "a.csv" "b.csv"'],
    [['-'], 2, 'the data is read twice, so save it first'],
    [['none.csv'], 2, 'expected a file that can be read, got "none.csv"'],
    [['docs'], 2, 'expected a file that can be read, got "docs"'],
    [[train, '--targte=x'], 2, '--targte: expected a known flag, did you mean --target?'],
    [[train, '--bins=0'], 2, '--bins: expected a whole number from 1 to 100, got "0"'],
    [[train, '--edges=amount_eur=3,2'], 2, '--edges: expected COLUMN=0,10,20 with ascending numbers'],
    [[train, '--model=risk'], 2, '--model: expected NAMESPACE/MODEL, got "risk"'],
    [[train, '--baseline=auk=1'], 2, '--baseline: expected METRIC=SCORE with one of accuracy'],
    [[train, '--task=ranking'], 2, '--task: expected one of classification, regression, got "ranking"'],
    [[train, '--format=xml'], 2, '--format: expected csv or json-lines or parquet'],
    [[train, '--delimiter=;;'], 2, '--delimiter: expected one character or tab'],
    [[train, '--exclude=score', '--target=score'], 2, 'column score: expected one of --exclude and --target, got both'],
    [[train, '--target=charged'], 1, '--target: expected a column of the table, got "charged"; it has transaction_id,'],
    [[train, '--importance=none.csv'], 1, '--importance: expected a file that can be read, got "none.csv"'],
    [[train, '--importance-from=score'], 2, '--importance-from: expected the column of --target or of --prediction'],
    [
      [train, '--importance-from=a', '--importance=b'],
      2,
      'expected one of --importance and --importance-from, got both',
    ],
    [[train, '--holdout=none.csv'], 2, '--holdout: expected a file that can be read, got "none.csv"'],
    [[train, '--holdout', train, '--target=chargeback'], 2, '--holdout: expected --target and --prediction'],
    [[train, '--positive-class=1'], 2, '--positive-class: expected --holdout FILE beside it'],
    [['--help'], 0, 'Usage: modelwatch profile FILE'],
  ] as const)('answers %j with exit code %i', async (args, code, words) => {
    const done = await ran(['profile', ...args]);
    expect(done.text).toContain(words);
    expect(done.text).not.toMatch(/^\s+at /m);
    expect(done.code).toBe(code);
  });

  it('leaves the old reference when the new data is refused', async () => {
    await ran(['profile', train, '--output', 'reference.json']);
    const before = written();
    writeFileSync(join(folder, 'bad.csv'), 'a,b\n1,x\nn.a.,y\n');
    const done = await ran(['profile', 'bad.csv', '--output', 'reference.json']);
    expect(done).toMatchObject({ code: 1, text: expect.stringContaining('bad.csv: column a: expected numbers alone') });
    expect(written()).toBe(before);
  });

  it('writes a text that people can read, and that reads back', () => {
    const reference = decodeReference(JSON.parse(written()));
    expect(decodeReference(JSON.parse(referenceText(reference)))).toEqual(reference);
    expect(
      Math.max(
        ...written()
          .split('\n')
          .map((line) => line.length)
      )
    ).toBeLessThan(200);
  });
});
