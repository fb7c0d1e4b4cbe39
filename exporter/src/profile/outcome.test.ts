/** Importance and baseline computed from data, against scikit-learn (fixtures/outcome.py, domain/accuracy/fixtures/vectors.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdoutOf, type HoldoutRule } from './holdout';
import { DEFAULT_OPTIONS, type ProfileOptions } from './options';
import { mutualInformation } from './outcome';
import { profileOf } from './profile';
import type { Cell, Table } from './table';

type Columns = Readonly<Record<string, readonly Cell[]>>;
type Scores = Readonly<Record<string, number>>;

const read = (...path: string[]) => JSON.parse(readFileSync(join(__dirname, ...path), 'utf8')) as unknown;
const VECTORS = read('fixtures', 'outcome.json') as {
  importance: { columns: Columns; importance: Scores };
  classes: { mean: Scores; dog: Scores };
};
const PAIRS = read('..', 'domain', 'accuracy', 'fixtures', 'vectors.json') as {
  binary: { threshold: number; rows: [number, boolean][]; scores: Scores };
  classes: { rows: [string, string][]; scores: Scores };
  regression: { rows: [number, number][]; scores: Scores };
};

/** In batches, of which the second one may bring columns. */
function tableOf(columns: Columns, size = 50, late: readonly string[] = []): Table {
  const all = Object.keys(columns).sort((a, b) => Number(late.includes(a)) - Number(late.includes(b)));
  const rows = Math.max(...Object.values(columns).map(({ length }) => length));
  return {
    hasFixedColumns: late.length === 0,
    read: (take) => {
      for (let at = 0; at < rows; at += size) {
        const names = at === 0 ? all.filter((name) => !late.includes(name)) : all;
        const cut = names.map((name) => (columns[name] ?? []).slice(at, at + size));
        take({ firstRow: at + 1, rows: Math.min(size, rows - at), columns: cut, names });
      }
      return Promise.resolve();
    },
  };
}

const quiet = () => undefined;
const profile = async (table: Table, options: Partial<ProfileOptions>) =>
  (await profileOf(table, { ...DEFAULT_OPTIONS, name: 'test', ...options }, quiet)).reference;

function expectScores(got: Readonly<Partial<Record<string, number>>>, expected: Scores, names: readonly string[]) {
  for (const name of names) expect([name, got[name]]).toEqual([name, expect.closeTo(expected[name] ?? NaN, 6)]);
}

describe('importance from a column', () => {
  const importances = async (table: Table, options: Partial<ProfileOptions>) => {
    const { features } = await profile(table, options);
    return Object.fromEntries(features.map(({ name, importance }) => [name, importance]));
  };
  const asked = { target: 'outcome', importanceFrom: 'outcome' };

  it('is the mutual information that scikit-learn computes, less what chance adds, as a share of the sum', async () => {
    const { columns, importance } = VECTORS.importance;
    const got = await importances(tableOf(columns), asked);
    expectScores(got, importance, ['amount', 'country', 'noise']);
    expect(got['amount']).toBeGreaterThan(0.5);
  });

  it('takes rows before a column came as rows without a value', async () => {
    const { columns } = VECTORS.importance;
    const holed = { ...columns, amount: (columns['amount'] ?? []).map((cell, row) => (row < 50 ? null : cell)) };
    expect(await importances(tableOf(columns, 50, ['amount']), asked)).toEqual(
      await importances(tableOf(holed), asked)
    );
  });

  it('leaves out rows without an outcome', async () => {
    const { columns } = VECTORS.importance;
    const more = Object.fromEntries(
      Object.entries(columns).map(([name, cells]) => [
        name,
        [...cells, ...cells.map((c) => (name === 'outcome' ? '' : c))],
      ])
    );
    const [got, expected] = [await importances(tableOf(more), asked), await importances(tableOf(columns), asked)];
    expectScores(got as Scores, expected as Scores, Object.keys(got));
  });

  it('is refused of a column that nothing is told of', async () => {
    const columns = { f: [1, 2, 1, 2], y: ['a', 'a', 'b', 'b'] };
    await expect(profile(tableOf(columns), { target: 'y', importanceFrom: 'y' })).rejects.toThrow(
      '--importance-from y: expected a column that a feature tells something of'
    );
  });

  it('leaves the identity as it is', async () => {
    const { columns } = VECTORS.importance;
    const { id } = await profile(tableOf(columns), { target: 'outcome' });
    expect((await profile(tableOf(columns), asked)).id).toBe(id);
  });

  it('is nothing without rows', () => expect(mutualInformation([])).toBe(0));
});

describe('the baseline of hold-out data', () => {
  async function baseline(rows: readonly (readonly Cell[])[], rule: HoldoutRule = {}, options = {}) {
    const [prediction, target, score] = [0, 1, 2].map((column) => rows.map((row) => row[column]));
    const columns = { f: rows.map((_, row) => row % 3), prediction, target } as Columns;
    const reference = await profile(tableOf(columns), { target: 'target', prediction: 'prediction', ...options });
    const table = tableOf(score?.some((each) => each !== undefined) ? { ...columns, score } : columns);
    const names = { target: 'target', prediction: 'prediction' };
    return holdoutOf(table, reference, 'score' in options ? { ...names, score: 'score' } : names, rule, quiet);
  }

  it('is that of scikit-learn for scores, whose area is of the bins that production counts in', async () => {
    const { rows, threshold, scores } = PAIRS.binary;
    const got = await baseline(rows, { decisionThreshold: threshold });
    expect(got).toMatchObject({ pairs: rows.length, warnings: [] });
    expectScores(got.baseline, scores, [
      ...['accuracy', 'precision', 'recall', 'f1', 'auc', 'log_loss', 'brier', 'calibration_error'],
    ]);
    const texts = rows.map((row) => row.map(String));
    expect((await baseline(texts, { decisionThreshold: threshold })).baseline).toEqual(got.baseline);
  });

  it('is the same with the class beside its score', async () => {
    const { rows, threshold, scores } = PAIRS.binary;
    const named = rows.map(([score, actual]) => [score >= threshold, actual, score]);
    const got = await baseline(named, {}, { score: 'score' });
    expectScores(got.baseline, scores, ['accuracy', 'f1', 'auc', 'log_loss']);
  });

  it('is the mean over classes, or that of the one that matters', async () => {
    const { rows, scores } = PAIRS.classes;
    const all = await baseline(rows);
    expectScores(all.baseline, { ...scores, ...VECTORS.classes.mean }, ['accuracy', 'precision', 'recall', 'f1']);
    expect(Object.keys(all.baseline).length).toBe(4);
    const dog = await baseline(rows, { positiveClass: 'dog' });
    expectScores(dog.baseline, VECTORS.classes.dog, ['precision', 'recall', 'f1']);
  });

  it('is that of scikit-learn for numbers', async () => {
    const { rows, scores } = PAIRS.regression;
    expectScores((await baseline(rows)).baseline, scores, ['mae', 'rmse', 'r2', 'mape']);
  });

  it('tells of rows without a pair, and of few', async () => {
    const rows = [...PAIRS.regression.rows.slice(0, 20), [1, null], ['', 2]];
    const { pairs, warnings } = await baseline(rows);
    expect(pairs).toBe(20);
    expect(warnings).toEqual([
      '20 rows are few for a baseline: below 100 it is mostly chance',
      '2 rows have no target or no prediction: passed over',
    ]);
  });

  it.each([
    [
      'a score that is none',
      [...PAIRS.binary.rows, [1.5, true]],
      {},
      'row 401: expected classes, or scores from 0 to 1',
    ],
    [
      'a class that is none',
      PAIRS.classes.rows,
      { positiveClass: 'cow' },
      '--positive-class: expected a class of the target (cat, dog, fish), got cow',
    ],
  ] as const)('refuses %s', async (_, rows, rule, message) => {
    await expect(baseline(rows as readonly Cell[][], rule)).rejects.toThrow(message);
  });

  it('refuses a table without the columns, or without a pair', async () => {
    const reference = await profile(tableOf({ f: [1, 2], y: [1, 2] }), { target: 'y', bins: 1 });
    const of = (columns: Columns) =>
      holdoutOf(tableOf(columns), reference, { target: 'y', prediction: 'p' }, {}, quiet);
    await expect(of({ y: [1] })).rejects.toThrow('--holdout: expected a column "p", got none');
    await expect(of({ y: [1, null], p: [null, 2] })).rejects.toThrow('expected rows with a target and a prediction');
  });
});
