/** @jest-environment jsdom */
/** Scores by version from sums that an exporter would count; scores are those of scikit-learn (test/provisioning/fixtures). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDED } from '@modelwatch/contract';
import { versionScores } from '../../datasource-plugin/src/frames/accuracy/versions';
import { versionScoresFrame } from '../../datasource-plugin/src/frames/accuracy/versionsFrame';
import type { Sample } from '../../datasource-plugin/src/frames/samples';

interface Case {
  readonly name: string;
  readonly task: string;
  readonly positiveClass?: string;
  readonly pairs: number;
  readonly outcomes?: ReadonlyArray<{ readonly predicted: string; readonly actual: string; readonly pairs: number }>;
  readonly bins?: ReadonlyArray<Readonly<Record<'negatives' | 'positives' | 'scores', number>>>;
  readonly sums?: Readonly<Record<string, number>>;
  readonly scores: Readonly<Record<string, number>>;
}
const FIXTURE = join(__dirname, '../provisioning/fixtures/accuracy-scores.json');
const CASES = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Case[];
const caseOf = (name: string): Case => {
  const found = CASES.find((one) => one.name === name);
  if (!found) throw new Error(`no case ${name}`);
  return found;
};

const MODEL = { namespace: 'shop', model: 'risk' };
const sample = (labels: Record<string, string>, value: number): Sample => ({ labels: { ...MODEL, ...labels }, value });
const set = (series: { readonly name: string }, labels: Record<string, string>, value = 1) =>
  sample({ __name__: series.name, ...labels }, value);

function settings({ task, positiveClass = '' }: Case, needed = 100): Sample[] {
  return [
    set(RECORDED.accuracySettings, { task, window: '1d', positive_class: positiveClass }),
    set(RECORDED.accuracyRowsNeeded, {}, needed),
  ];
}

/** @param share of the pairs that are of the version */
function counted({ pairs, outcomes = [], bins = [], sums = {} }: Case, version: string, share = 1): Sample[] {
  const one = (name: string, labels: Record<string, string>, value: number) =>
    sample({ counted: name, version, ...labels }, value * share);
  return [
    one('pairs', {}, pairs),
    ...outcomes.map(({ predicted, actual, pairs: found }) => one('outcomes', { predicted, actual }, found)),
    ...bins.flatMap(({ negatives, positives, scores }, bin) => [
      one('score_outcomes', { bin: `${bin}`, actual: '0' }, negatives),
      one('score_outcomes', { bin: `${bin}`, actual: '1' }, positives),
      one('score_sum', { bin: `${bin}` }, scores),
    ]),
    // As the query adds them up: errors of both signs, actuals by sign.
    ...Object.entries(sums).map(([series, value]) => {
      const [family = '', , sign = ''] = series.split(/[{"}]/);
      const name = family.replace(/_sum_total$|_total$/, '');
      if (name === 'error') return one('absolute_error', {}, value);
      return one(name, name === 'actual' ? { sign } : {}, value);
    }),
  ];
}

it.each(CASES.map((one) => [one.name, one] as const))('has the scores of scikit-learn of %s', (_name, one) => {
  // Half as many pairs of another version, and none of it in the first.
  const { rows, dropped } = versionScores(settings(one), [...counted(one, '9'), ...counted(one, '10', 0.5)]);
  expect([...dropped]).toEqual([]);
  for (const version of ['9', '10']) {
    const own = rows.filter((row) => row.version === version);
    expect(own.map(({ metric }) => metric).sort()).toEqual(Object.keys(one.scores).sort());
    for (const { metric, score } of own) expect(score).toBeCloseTo(one.scores[metric] ?? NaN, 9);
    expect(own[0]?.pairs).toBeCloseTo(version === '9' ? one.pairs : one.pairs / 2, 9);
  }
  // The newest of each score first.
  expect(rows.slice(0, 2).map(({ version }) => version)).toEqual(['10', '9']);
});

it('has no score of too few pairs, and shows the version all the same', () => {
  const binary = caseOf('binary');
  const { rows } = versionScores(settings(binary), [...counted(binary, '1'), ...counted(binary, '2', 0.1)]);
  expect(rows.filter(({ version }) => version === '2')).toEqual([
    expect.objectContaining({ metric: 'accuracy', state: 'too_little_data', score: undefined, pairs: 50 }),
  ]);
  // Nobody says how many are enough: none are.
  const unset = settings(binary).slice(0, 1);
  expect(versionScores(unset, counted(binary, '1')).rows).toEqual([
    expect.objectContaining({ state: 'too_little_data', score: undefined }),
  ]);
});

it('judges each version by the limits of the model, and says its change against the baseline and which way is good', () => {
  const demand = caseOf('regression');
  const { rmse = NaN } = demand.scores;
  const limits = [
    set(RECORDED.accuracyBaseline, { metric: 'rmse' }, rmse - 1),
    set(RECORDED.accuracyLimit, { metric: 'rmse', level: 'warning' }, rmse - 0.5),
    set(RECORDED.accuracyLimit, { metric: 'rmse', level: 'critical' }, rmse + 2),
    set(RECORDED.accuracyLimit, { metric: 'r2', level: 'critical' }, 0.1),
  ];
  const found = versionScores([...settings(demand), ...limits], counted(demand, '1'));
  const frame = versionScoresFrame(found.rows, 'range', { refId: 'A', answeredAtMs: 7 });
  const row = (metric: string) => {
    const at = frame.fields.find(({ name }) => name === 'metric')?.values.indexOf(metric) ?? -1;
    return Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[at]]));
  };
  expect(row('rmse')).toMatchObject({ state: 'warning', direction: 'lower_is_better', window: 'range', version: '1' });
  expect(row('rmse')['change']).toBeCloseTo(1, 9);
  expect(row('r2')).toMatchObject({ state: 'ok', direction: 'higher_is_better', change: null, baseline: null });
  expect(row('mae')).toMatchObject({ state: null });
});

it('counts what is of no model, and settings that mean nothing', () => {
  const { dropped } = versionScores(
    [set(RECORDED.accuracyLimit, { metric: 'vibes', level: 'warning' })],
    [{ labels: { counted: 'pairs' }, value: 1 }]
  );
  expect([...dropped.values()]).toEqual([1, 1]);
});
