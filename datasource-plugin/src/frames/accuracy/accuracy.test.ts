/** @jest-environment jsdom */
import {
  ACCURACY_HISTORY_LABELS,
  ACCURACY_SCORE_FIELDS,
  CALIBRATION_FIELDS,
  CONFUSION_FIELDS,
  PAIR_AGE_FIELDS,
  PREDICTED_ACTUAL_LABELS,
  RECORDED,
} from '@modelwatch/contract';
import type { Sample, Series } from '../samples';
import { detailOf, inOrder, modelOf, readSettings } from './detail';
import { detailFrames } from './detailFrames';
import { accuracyHistoryFrames, accuracySinceMs, readAccuracyHistory } from './history';
import { predictedActual } from './predicted';
import { joinAccuracy } from './scores';
import { accuracyScoresFrame } from './scoresFrame';
import { worstAccuracy } from './worst';

const MODEL = { namespace: 'shop', model: 'risk' };
const DEMAND = { namespace: 'shop', model: 'demand' };
const context = { refId: 'A', answeredAtMs: 7 };
const MINUTE = 60_000;
const RANGE = { fromMs: 0, toMs: 10 * MINUTE };

function sample(series: { name: string }, labels: Record<string, string>, value = 1): Sample {
  return { labels: { __name__: series.name, ...labels }, value };
}

interface Recorded {
  readonly state?: string;
  readonly score?: number;
  readonly limits?: readonly [warning: number, critical: number];
  readonly baseline?: number;
  readonly window?: string;
}

function recorded(model: Record<string, string>, metric: string, of: Recorded): Sample[] {
  const { state, score, limits, baseline, window = '1d' } = of;
  const by = { ...model, metric };
  return [
    ...(state ? [sample(RECORDED.accuracyState, { ...by, window, state })] : []),
    ...(score === undefined ? [] : [sample(RECORDED.accuracyScore, { ...by, window }, score)]),
    ...(baseline === undefined ? [] : [sample(RECORDED.accuracyBaseline, by, baseline)]),
    ...(limits
      ? [
          sample(RECORDED.accuracyLimit, { ...by, level: 'warning' }, limits[0]),
          sample(RECORDED.accuracyLimit, { ...by, level: 'critical' }, limits[1]),
        ]
      : []),
  ];
}

function set(model: Record<string, string>, pairs: number, task = 'classification', positive = 'yes'): Sample[] {
  return [
    sample(RECORDED.accuracySettings, { ...model, task, window: '1d', positive_class: positive }),
    sample(RECORDED.accuracyRowsNeeded, model, 100),
    sample(RECORDED.accuracyPairs, { ...model, window: '1d' }, pairs),
    sample(RECORDED.accuracyLastPair, model, 1000),
  ];
}

const NOW: Sample[] = [
  ...set(MODEL, 900),
  ...recorded(MODEL, 'auc', { state: 'warning', score: 0.71, limits: [0.72, 0.68], baseline: 0.81 }),
  ...recorded(MODEL, 'f1', { score: 0.5 }),
  ...set(DEMAND, 400, 'regression', ''),
  ...recorded(DEMAND, 'rmse', { state: 'critical', score: 31, limits: [20, 25] }),
];

describe('joining what is recorded', () => {
  it('makes one row per score, the worst first, and keeps those without a limit', () => {
    const { rows, dropped, silent } = joinAccuracy({
      now: NOW,
      actuals: [
        { labels: { ...MODEL, figure: 'open_predictions' }, value: 12 },
        { labels: { ...MODEL, figure: 'actual_delay' }, value: 90 },
        { labels: { ...MODEL, model: 'other', figure: 'open_predictions' }, value: 3 },
      ],
      before: recorded(MODEL, 'auc', { score: 0.8 }),
    });
    expect([[...dropped], [...silent]]).toEqual([[], []]);
    expect(rows.map(({ model, metric, state }) => [model, metric, state])).toEqual([
      ['demand', 'rmse', 'critical'],
      ['risk', 'auc', 'warning'],
      ['risk', 'f1', undefined],
    ]);
    expect(rows[1]).toEqual({
      ...{ cluster: '', ...MODEL, metric: 'auc', task: 'classification', positiveClass: 'yes', state: 'warning' },
      ...{ score: 0.71, scoreBefore: 0.8, baseline: 0.81, warning: 0.72, critical: 0.68, window: '1d' },
      ...{ pairs: 900, pairsNeeded: 100, lastPairMs: 1_000_000, openPredictions: 12, actualDelaySeconds: 90 },
    });
  });

  it('takes of several windows the one of the settings, or the one that is asked for', () => {
    const hour = [
      ...recorded(MODEL, 'auc', { state: 'ok', score: 0.9, window: '1h' }),
      sample(RECORDED.accuracyPairs, { ...MODEL, window: '1h' }, 40),
    ];
    const of = (window?: string) =>
      joinAccuracy({ now: [...NOW, ...hour], window }).rows.find(({ metric }) => metric === 'auc');
    expect(of()).toMatchObject({ score: 0.71, state: 'warning', pairs: 900 });
    expect(of('1h')).toMatchObject({ score: 0.9, state: 'ok', pairs: 40, window: '1h' });
  });

  it('compares with no score of another window', () => {
    const before = recorded(MODEL, 'auc', { score: 0.8, window: '1h' });
    expect(joinAccuracy({ now: NOW, before }).rows[1]?.scoreBefore).toBeUndefined();
  });

  it('has a row for a model of which nothing names a score, so that its pairs are seen', () => {
    const now = set(MODEL, 12);
    expect(joinAccuracy({ now }).rows).toMatchObject([{ metric: 'accuracy', pairs: 12, pairsNeeded: 100 }]);
    expect(joinAccuracy({ now }).rows[0]).toMatchObject({ score: undefined, state: undefined });
    expect(joinAccuracy({ now, metrics: ['auc'] }).rows).toEqual([]);
  });

  it('names models that are judged over a window of which nothing is recorded', () => {
    const [settings = sample(RECORDED.accuracySettings, {})] = set(MODEL, 0);
    const { rows, silent } = joinAccuracy({ now: [settings, ...recorded(MODEL, 'auc', { baseline: 0.8 })] });
    expect([rows, [...silent.keys()]]).toEqual([[], ['1d']]);
  });

  it('shows the worse of two states that hold for a moment', () => {
    const now = [...NOW, ...recorded(MODEL, 'auc', { state: 'critical' })];
    expect(joinAccuracy({ now }).rows.find(({ metric }) => metric === 'auc')?.state).toBe('critical');
  });

  it('counts what it cannot use, by what is wrong with it', () => {
    const now = [
      sample(RECORDED.accuracyScore, { model: 'risk' }),
      sample(RECORDED.accuracyScore, { ...MODEL, metric: 'karma' }),
      sample(RECORDED.accuracyState, { ...MODEL, metric: 'auc', state: 'fine' }),
      sample(RECORDED.accuracyLimit, { ...MODEL, metric: 'auc', level: 'odd' }),
      sample({ name: 'up' }, MODEL),
    ];
    expect(Object.fromEntries(joinAccuracy({ now }).dropped)).toEqual({
      'no label namespace or model': 1,
      'unknown metric of accuracy': 1,
      'unknown state of accuracy': 1,
      'unknown level of a limit': 1,
      'unknown series': 1,
    });
  });

  it('says why of each model the score that is furthest beyond its limit', () => {
    const now = [
      ...NOW,
      ...recorded(DEMAND, 'mae', { state: 'critical', score: 30, limits: [10, 12] }),
      ...recorded(DEMAND, 'r2', { state: 'ok', score: 0.9, limits: [0.5, 0.4] }),
    ];
    expect([...worstAccuracy(now).values()]).toEqual([
      'MAE 30 over 24 h, limit 12',
      'AUC 0.71 over 24 h, limit 0.72 (baseline 0.81)',
    ]);
  });
});

describe('frames of scores', () => {
  const series = (of: { name: string }, labels: Record<string, string>, values: Array<number | null>): Series => ({
    labels: { __name__: of.name, ...MODEL, window: '1d', ...labels },
    timesMs: values.map((_, index) => index * MINUTE),
    values,
  });
  const HISTORY = [
    series(RECORDED.accuracyScore, { metric: 'auc' }, [null, 0.8, 0.8, 0.71]),
    series(RECORDED.accuracyScore, { metric: 'auc', window: '1h' }, [0.1, 0.1, 0.1, 0.1]),
    series(RECORDED.accuracyPairs, {}, [50, 200, 300, 900]),
    series(RECORDED.accuracyState, { metric: 'auc', state: 'ok' }, [null, 1, 1, null]),
    series(RECORDED.accuracyState, { metric: 'auc', state: 'warning' }, [null, null, null, 1]),
  ];
  const { rows } = joinAccuracy({ now: NOW });

  it('have every field of the contract, and null for what nobody said', () => {
    const frame = accuracyScoresFrame(rows, context);
    expect(frame.fields.map(({ name }) => name)).toEqual(Object.values(ACCURACY_SCORE_FIELDS));
    const of = (field: string) => frame.fields.find(({ name }) => name === field)?.values;
    expect(of('baseline')).toEqual([null, 0.81, null]);
    // Score minus baseline, whichever way is good, and which that is.
    expect(of('change')?.[1]).toBeCloseTo((of('score')?.[1] as number) - 0.81, 12);
    expect([of('change')?.[0], of('change')?.[2]]).toEqual([null, null]);
    expect(of('direction')).toEqual(['lower_is_better', 'higher_is_better', 'higher_is_better']);
    expect(frame.meta?.custom).toEqual({ modelwatch: { kind: 'accuracy-scores', answeredAtMs: 7 } });
  });

  it('tell the score over time, where it was too early for one, and since when its state holds', () => {
    const history = readAccuracyHistory(HISTORY, rows, { fromMs: 0, toMs: 3 * MINUTE });
    const [scores, pairs] = accuracyHistoryFrames(history, context);
    const auc = scores?.fields.find(({ labels }) => labels?.['metric'] === 'auc');
    expect(Object.keys(auc?.labels ?? {})).toEqual([...ACCURACY_HISTORY_LABELS]);
    expect(auc?.values).toEqual([null, 0.8, 0.8, 0.71]);
    expect(pairs?.fields.find(({ labels }) => labels?.['model'] === 'risk')).toMatchObject({
      labels: { cluster: '', ...MODEL },
      values: [50, 200, 300, 900],
    });
    expect([scores, pairs].map((frame) => frame?.meta?.custom?.['modelwatch'].kind)).toEqual([
      'accuracy-history',
      'accuracy-pairs-history',
    ]);
    const [, row] = rows;
    expect(row && accuracySinceMs(row, history, 3 * MINUTE)).toBe(3 * MINUTE);
  });

  it('are none over time where nothing was recorded', () => {
    expect(accuracyHistoryFrames(readAccuracyHistory([], rows, RANGE), context)).toEqual([]);
  });
});

describe('what scores are made of', () => {
  const counted = (of: string, labels: Record<string, string>, value: number, model = MODEL): Sample => ({
    labels: { ...model, counted: of, ...labels },
    value,
  });
  const outcome = (predicted: string, actual: string, value: number) =>
    counted('outcomes', { predicted, actual }, value);
  const settingsOf = (samples: readonly Sample[], counts: readonly Sample[] = []) => {
    const found = modelOf(readSettings(samples), counts);
    if (!found) throw new Error('no settings');
    return found;
  };
  const COUNTS = [
    counted('pairs', {}, 200),
    counted('ages', { age: '1h' }, 150),
    counted('ages', { age: '7d' }, 50),
    counted('ages', { age: 'older' }, 0),
    ...[outcome('yes', 'yes', 90), outcome('no', 'no', 80), outcome('yes', 'no', 10), outcome('no', 'yes', 20)],
    ...[outcome('other', 'other', 0), outcome('other', 'yes', 0)],
    counted('score_outcomes', { bin: '0', actual: '0' }, 100),
    counted('score_outcomes', { bin: '0', actual: '1' }, 0),
    counted('score_outcomes', { bin: '19', actual: '0' }, 20),
    counted('score_outcomes', { bin: '19', actual: '1' }, 80),
    counted('score_sum', { bin: '0' }, 2),
    counted('score_sum', { bin: '19' }, 97),
  ];

  it('are pairs by class, by bin of their score, and by age', () => {
    const { confusion, calibration, ages, subject } = detailOf(settingsOf(set(MODEL, 0)), COUNTS, '10m');
    expect(confusion).toEqual([
      { predicted: 'no', actual: 'no', pairs: 80 },
      { predicted: 'no', actual: 'yes', pairs: 20 },
      { predicted: 'yes', actual: 'no', pairs: 10 },
      { predicted: 'yes', actual: 'yes', pairs: 90 },
    ]);
    expect(calibration).toHaveLength(20);
    expect(calibration?.[0]).toEqual({ from: 0, to: 0.05, pairs: 100, meanScore: 0.02, positives: 0 });
    expect(calibration?.[1]).toEqual({ from: 0.05, to: 0.1, pairs: 0 });
    expect(calibration?.[19]).toEqual({ from: 0.95, to: 1, pairs: 100, meanScore: 0.97, positives: 0.8 });
    expect(ages).toEqual([
      { age: '1h', pairs: 150 },
      { age: '7d', pairs: 50 },
    ]);
    expect(subject).toEqual({
      ...{ cluster: '', ...MODEL, task: 'classification', positiveClass: 'yes', window: '10m' },
      ...{ pairs: 200, pairsNeeded: 100 },
    });
  });

  it('have counts and no shares with too few pairs', () => {
    const settings = { ...settingsOf(set(MODEL, 0)), pairsNeeded: 201 };
    const { calibration, confusion } = detailOf(settings, COUNTS, '10m');
    expect(calibration?.[19]).toEqual({ from: 0.95, to: 1, pairs: 100 });
    expect(confusion?.[0]?.pairs).toBe(80);
  });

  it('show what is not told apart where there is any, and last', () => {
    const { confusion } = detailOf(settingsOf(set(MODEL, 0)), [...COUNTS, outcome('no', 'other', 3)], '10m');
    expect(confusion?.map(({ actual }) => actual).slice(0, 3)).toEqual(['no', 'yes', 'other']);
    expect(inOrder(['b10', 'other', 'b2', 'a'], 'a')).toEqual(['b2', 'b10', 'a', 'other']);
  });

  it('are of the cluster with the most pairs where several have the model', () => {
    const eu = { cluster: 'eu', ...MODEL };
    const settings = [...set(MODEL, 0), ...set(eu, 0)];
    expect(settingsOf(settings, [...COUNTS, counted('pairs', {}, 900, eu)]).cluster).toBe('eu');
    expect(settingsOf(settings, COUNTS).cluster).toBe('');
  });

  it('reach the panel as frames of the contract', () => {
    const detail = detailOf(settingsOf(set(MODEL, 0)), COUNTS, '10m');
    const overTime = COUNTS.map(({ labels, value }) => ({ labels, timesMs: [0, MINUTE], values: [0, value] }));
    const frames = detailFrames(detail, predictedActual(detail.subject, overTime, RANGE), {
      ...context,
      notices: [{ severity: 'info', text: 'so' }],
    });
    const fields = (kind: string) =>
      frames.find(({ meta }) => meta?.custom?.['modelwatch'].kind === kind)?.fields.map(({ name }) => name);
    expect(fields('confusion')).toEqual(Object.values(CONFUSION_FIELDS));
    expect(fields('calibration')).toEqual(Object.values(CALIBRATION_FIELDS));
    expect(fields('pair-ages')).toEqual(Object.values(PAIR_AGE_FIELDS));
    expect(fields('predicted-actual')).toEqual(['time', 'value', 'value']);
    expect(frames.flatMap(({ meta }) => meta?.notices ?? [])).toHaveLength(1);
    for (const { meta } of frames) expect(meta?.custom?.['modelwatch'].accuracyOf).toEqual(detail.subject);
    const over = frames.at(-1);
    expect(Object.keys(over?.fields[1]?.labels ?? {})).toEqual([...PREDICTED_ACTUAL_LABELS]);
    // Nothing was counted at first: no share, not 0.
    expect(over?.fields[1]?.values.slice(0, 2)).toEqual([null, 0.495]);
  });

  it('are shares of classes where the model gives no scores, each side by itself', () => {
    const { subject } = detailOf(settingsOf(set(MODEL, 0, 'classification', '')), COUNTS, '1d');
    const classes = COUNTS.filter(({ labels }) => labels['counted'] === 'outcomes').map(({ labels, value }) => ({
      labels,
      timesMs: [0],
      values: [value],
    }));
    const { lines } = predictedActual(subject, classes, RANGE);
    expect(lines.map(({ title, values }) => [title, values.get(0)])).toEqual([
      ['predicted, no', 0.5],
      ['actual, no', 0.45],
      ['predicted, yes', 0.5],
      ['actual, yes', 0.55],
    ]);
  });

  it('are means of a regression, from the actuals and how far the predictions were off', () => {
    const { subject } = detailOf(settingsOf(set(DEMAND, 0, 'regression', '')), [], '1d');
    const point = (of: string, labels: Record<string, string>, values: number[]): Series => ({
      labels: { ...DEMAND, counted: of, ...labels },
      timesMs: values.map((_, index) => index * MINUTE),
      values,
    });
    const { lines, isShare } = predictedActual(
      subject,
      [
        point('pairs', {}, [99, 100]),
        point('actual', { sign: 'over' }, [990, 1000]),
        point('actual', { sign: 'under' }, [0, 200]),
        point('error', { sign: 'over' }, [0, 50]),
        point('error', { sign: 'under' }, [0, 150]),
      ],
      RANGE
    );
    expect(isShare).toBe(false);
    // At first there were too few pairs.
    expect(lines.map(({ title, values }) => [title, [...values]])).toEqual([
      ['predicted', [[MINUTE, 7]]],
      ['actual', [[MINUTE, 8]]],
    ]);
  });
});
