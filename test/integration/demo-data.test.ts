/**
 * The data of the demo's models: on a calm day it is as in training, and each scenario moves what it says that it moves,
 * by so much that a verdict follows. Population stability index as in docs/drift.md, over the rows of ten minutes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binsOf, decodeReference, SMOOTHING_ROWS, type ColumnReference, type Reference } from '@modelwatch/contract';
import { DATA_MODELS, profileFlags, trainingCsv, type DataModel } from '../../demo/src/data';
import { Draw } from '../../demo/src/data/draw';
import type { DataScenarioName } from '../../demo/src/types';
import { binnerOf } from '../../exporter/src/domain/binning';
import { MissingValues } from '../../exporter/src/domain/values';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-demo-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TEN_MINUTES = 600;
const references = new Map(DATA_MODELS.map((model) => [model, referenceOf(model)]));

/** As `npm start` makes it. */
function referenceOf(model: DataModel): Reference {
  const at = (name: string) => join(folder, `${model.model}-${name}`);
  writeFileSync(at('train.csv'), trainingCsv(model, 20_000, 1));
  writeFileSync(at('importance.json'), JSON.stringify(model.importance));
  const args = ['profile', at('train.csv'), ...profileFlags(model), '--importance', at('importance.json')];
  execFileSync(process.execPath, [MODELWATCH, ...args, '--output', at('reference.json')], { stdio: 'pipe' });
  return decodeReference(JSON.parse(readFileSync(at('reference.json'), 'utf8')));
}

/** PSI of each feature, and of the predictions as `prediction`, over the rows of ten minutes. */
function psi(name: string, scenario?: DataScenarioName, amount = 1): Record<string, number> {
  const model = DATA_MODELS.find((each) => each.model === name);
  const reference = model && references.get(model);
  if (!model || !reference) throw new Error(`${name}: no such model`);
  const draw = new Draw('test', name);
  const rows = Array.from({ length: TEN_MINUTES * model.rowsPerSecond }, () =>
    model.row(draw, (each) => (each === scenario ? amount : 0))
  );
  const of = (column: ColumnReference, values: readonly unknown[]) => psiOf(reference, column, values);
  const features = reference.features.map((column) => [
    column.name,
    of(
      column,
      rows.map(({ features: values }) => values[column.name])
    ),
  ]);
  const predictions = rows.map(({ prediction }) => prediction);
  return {
    ...Object.fromEntries(features),
    ...(reference.prediction ? { prediction: of(reference.prediction, predictions) } : {}),
  };
}

function psiOf({ rows, missingValues }: Reference, column: ColumnReference, values: readonly unknown[]): number {
  const bins = binsOf(column);
  const { binOf } = binnerOf(column, new MissingValues(missingValues));
  const counts = bins.map(() => 0);
  for (const value of values) counts[binOf(value)] = (counts[binOf(value)] ?? 0) + 1;
  const share = (count: number, all: number) => (count + SMOOTHING_ROWS) / (all + SMOOTHING_ROWS * bins.length);
  return bins.reduce((sum, { count }, index) => {
    const [now, then] = [share(counts[index] ?? 0, values.length), share(count, rows)];
    return sum + (now - then) * Math.log(now / then);
  }, 0);
}

const WARNING = 0.1;
const CRITICAL = 0.25;
const above = (scores: Record<string, number>, threshold: number) =>
  Object.keys(scores).filter((name) => (scores[name] ?? 0) >= threshold);

it.each(DATA_MODELS.map(({ model }) => model))('%s is asked what it was trained on', (model) => {
  expect(Math.max(...Object.values(psi(model)))).toBeLessThan(0.02);
});

it('sudden-shift: younger accounts are a warning, other countries critical', () => {
  const scores = psi('chargeback-risk', 'sudden-shift');
  expect(above(scores, CRITICAL)).toEqual(['merchant_country']);
  expect(above(scores, WARNING)).toEqual(['merchant_country', 'account_age_days']);
});

it('new-category: of the domain alone', () => {
  expect(above(psi('chargeback-risk', 'new-category'), WARNING)).toEqual(['email_domain']);
});

it('gradual-shift: half way a warning, at its end critical', () => {
  const half = psi('churn-v2', 'gradual-shift', 0.5);
  expect([above(half, WARNING), above(half, CRITICAL)]).toEqual([['prediction'], []]);
  expect(above(psi('churn-v2', 'gradual-shift'), CRITICAL)).toEqual(['tenure_months', 'logins_30d', 'prediction']);
});

it('missing-column: of the column alone, and far', () => {
  const scores = psi('demand-forecast', 'missing-column');
  expect(above(scores, WARNING)).toEqual(['temperature_c']);
  expect(scores['temperature_c']).toBeGreaterThan(5);
});

/** Share of right answers of champion and challenger, from 0.5 on. */
function rightOf(amount: number): { champion: number; challenger: number } {
  const model = DATA_MODELS.find((each) => each.challenger !== undefined);
  const draw = new Draw('test', 'challenger');
  const rows = Array.from({ length: 12_000 }, () =>
    (model as DataModel).row(draw, (each) => (each === 'challenger-ahead' ? amount : 0))
  );
  const share = (answer: 'prediction' | 'challenger') =>
    rows.filter((row) => (row[answer] ?? NaN) >= 0.5 === row.actual).length / rows.length;
  return { champion: share('prediction'), challenger: share('challenger') };
}

it('challenger-ahead: a challenger that is behind by more than chance gets ahead by more', () => {
  const [calm, ahead] = [rightOf(0), rightOf(1)];
  expect(calm.challenger - calm.champion).toBeLessThan(-0.006);
  expect(ahead.challenger - ahead.champion).toBeGreaterThan(0.03);
  expect(above(psi('chargeback-risk', 'challenger-ahead'), WARNING)).toEqual([]);
});
