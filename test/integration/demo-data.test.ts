/**
 * The data of the demo's models: on a calm day it is as in training, and each scenario moves what it says that it moves,
 * by so much that a verdict follows. Population stability index as in docs/drift.md, over the rows of ten minutes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binsOf, decodeReference, SMOOTHING_ROWS, type ColumnReference, type Reference } from '@modelwatch/contract';
import { CHAT_MODEL, chatTraining, DATA_MODELS, profileFlags, trainingCsv, type DataModel } from '../../demo/src/data';
import { chat } from '../../demo/src/data/chat';
import { Draw } from '../../demo/src/data/draw';
import type { DataScenarioName } from '../../demo/src/types';
import { createEventBook } from '../../exporter/src/domain/events/book';
import { DEFAULT_SETTINGS } from '../../exporter/src/domain/events/monitored';
import { createEventIntake } from '../../exporter/src/sources/events';
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

function psiOf(reference: Reference, column: ColumnReference, values: readonly unknown[]): number {
  const { binOf, bins } = binnerOf(column, new MissingValues(reference.missingValues));
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[binOf(value)] = (counts[binOf(value)] ?? 0) + 1;
  return psiOfCounts(reference, column, counts);
}

function psiOfCounts({ rows }: Reference, column: ColumnReference, counts: readonly number[]): number {
  const bins = binsOf(column);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const share = (count: number, of: number) => (count + SMOOTHING_ROWS) / (of + SMOOTHING_ROWS * bins.length);
  return bins.reduce((sum, { count }, index) => {
    const [now, then] = [share(counts[index] ?? 0, all), share(count, rows)];
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

it('bad-batch: two features in other units, and what is predicted of them', () => {
  const scores = psi('next-best-offer', 'bad-batch');
  expect(above(scores, CRITICAL)).toEqual(['days_since_contact', 'balance_eur', 'prediction']);
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

/** Probability that a row that came true is predicted higher than one that did not: by ranks, ties in the middle. */
function auc(rows: readonly { readonly prediction: number; readonly actual: number | boolean }[]): number {
  const sorted = [...rows].sort((a, b) => a.prediction - b.prediction);
  let [ranks, positives] = [0, 0];
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (sorted[to]?.prediction === sorted[from]?.prediction) to += 1;
    const tied = sorted.slice(from, to).filter(({ actual }) => actual === true).length;
    ranks += (tied * (from + 1 + to)) / 2;
    positives += tied;
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives));
}

function rowsOf(name: string, scenario?: DataScenarioName) {
  const draw = new Draw('test', name, 'rows');
  const model = DATA_MODELS.find((each) => each.model === name) as DataModel;
  return Array.from({ length: 20_000 }, () => model.row(draw, (each) => (each === scenario ? 1 : 0)));
}

it('label-flip: the area under the curve falls to little more than chance, and nothing drifts', () => {
  expect(auc(rowsOf('chargeback-risk'))).toBeCloseTo(0.83, 1.5);
  expect(auc(rowsOf('chargeback-risk', 'label-flip'))).toBeCloseTo(0.55, 1.5);
  expect(above(psi('chargeback-risk', 'label-flip'), WARNING)).toEqual([]);
});

/** Of each age group, by the one that it is compared with: the share that is decided as wished, also of those that leave. */
function fairnessOf(scenario?: DataScenarioName): Record<string, { impact: number; opportunity: number }> {
  const { decisionThreshold = 0.5 } = DATA_MODELS.find(({ model }) => model === 'churn-v2') as DataModel;
  const rows = rowsOf('churn-v2', scenario);
  const rate = (group: string, among = rows) => {
    const own = among.filter(({ features }) => features['age_group'] === group);
    return own.filter(({ prediction }) => prediction >= decisionThreshold).length / own.length;
  };
  const leaving = rows.filter(({ actual }) => actual === true);
  return Object.fromEntries(
    ['18-34', '55+'].map((group) => [
      group,
      {
        impact: rate(group) / rate('35-54'),
        opportunity: rate(group, leaving) - rate('35-54', leaving),
      },
    ])
  );
}

it('unfair-group: those of 55 and older get half as many offers, and miss them where they leave; nobody else', () => {
  const [calm, unfair] = [fairnessOf(), fairnessOf('unfair-group')];
  for (const group of [calm['18-34'], calm['55+'], unfair['18-34']]) {
    expect(Math.abs((group?.impact ?? NaN) - 1)).toBeLessThan(0.12);
    expect(Math.abs(group?.opportunity ?? NaN)).toBeLessThan(0.05);
  }
  expect(unfair['55+']?.impact).toBeLessThan(0.65);
  expect(unfair['55+']?.opportunity).toBeLessThan(-0.1);
});

describe('the chat', () => {
  const at = (name: string) => join(folder, name);
  let reference: Reference;

  beforeAll(() => {
    writeFileSync(at('chat.jsonl'), chatTraining(1_200, 1));
    const texts = ['--prompt', 'prompt', '--completion', 'completion'];
    const args = ['profile', at('chat.jsonl'), ...texts, '--output', at('chat.json')];
    execFileSync(process.execPath, [MODELWATCH, ...args], { stdio: 'pipe' });
    reference = decodeReference(JSON.parse(readFileSync(at('chat.json'), 'utf8')));
  });

  /** By the texts themselves, through the intake. */
  async function scores(scenario?: DataScenarioName): Promise<Record<string, number>> {
    const { namespace, model, rowsPerSecond } = CHAT_MODEL;
    const book = createEventBook({ seriesPerModel: 2_000, series: 2_000, undeclaredModels: 0, rememberedIds: 10 });
    book.setModels([{ namespace, model, references: [{ reference }], settings: DEFAULT_SETTINGS }], 0);
    const draw = new Draw('test', 'chat');
    const rows = (TEN_MINUTES * rowsPerSecond) / 6;
    const predictions = Array.from({ length: rows }, () => {
      const { feedback: _, ...event } = chat(draw, (each) => (each === scenario ? 1 : 0));
      return event;
    });
    const body = Buffer.from(JSON.stringify({ namespace, model, predictions }));
    const request = { headers: {}, body, defaults: {}, nowSeconds: 0 };
    const report = await createEventIntake(book, { onRefused: () => undefined }).take(request, () => undefined);
    expect(report).toMatchObject({ accepted: rows, refused: 0 });
    const bins = book.find(namespace, model)?.slots.get('')?.bins.get(reference.id);
    return Object.fromEntries(
      (bins?.plan.columns ?? []).map(({ feature, column, offset, bins: count }) => [
        feature,
        psiOfCounts(reference, column, [...(bins?.counts.subarray(offset, offset + count) ?? [])]),
      ])
    );
  }

  it('is asked what it was tried with', async () => {
    const calm = await scores();
    expect(Object.keys(calm)).toEqual(expect.arrayContaining(['prompt_keyword', 'finish_reason', 'toxicity']));
    expect(above(calm, 0.05)).toEqual([]);
  });

  it('prompt-shift: languages, keywords and lengths', async () => {
    const shifted = await scores('prompt-shift');
    expect(above(shifted, CRITICAL)).toEqual(
      expect.arrayContaining(['prompt_language', 'prompt_keyword', 'prompt_length'])
    );
    expect(above(shifted, WARNING)).not.toContain('completion_refusal');
  });

  it('refusals: of the completions alone', async () => {
    const refused = await scores('refusals');
    expect(above(refused, CRITICAL)).toEqual(expect.arrayContaining(['completion_refusal', 'similarity']));
    expect(above(refused, WARNING).filter((name) => name.startsWith('prompt'))).toEqual([]);
  });
});
