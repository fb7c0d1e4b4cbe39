/** @jest-environment jsdom */
import { createDataFrame, FieldType, LoadingState, type DataFrame } from '@grafana/data';
import { DISTRIBUTION_FIELDS, DRIFT_SCORE_FIELDS as F, type FrameKind } from '@modelwatch/contract';
import type { PrepareInput } from '../prepare';
import { cellOf, columnsOf, rowsPerColumn } from './history';
import { isDrift } from '../mark';
import { prepareDrift } from './prepare';
import { distributionSentence, quadrantSentence, scoresSentence, shiftOf, wayOut } from './say';
import { sentenceText } from '../sentence';
import { methodText, scoreOf } from './words';
import type { Bin, DriftAnswer, Subject } from './types';

const NOW = Date.UTC(2026, 10, 21, 3, 18);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Row = Partial<Record<keyof typeof F, unknown>>;

const ROW: Row = {
  namespace: 'payments',
  model: 'chargeback-risk',
  subject: 'feature',
  feature: 'merchant_country',
  type: 'categorical',
  state: 'critical',
  since: NOW - 6 * DAY,
  score: 0.31,
  method: 'psi',
  window: '1d',
  rows: 18_402,
  rowsNeeded: 360,
  warning: 0.1,
  critical: 0.25,
  importance: 0.18,
  weight: 'high',
  reference: '3f9a',
  referenceName: 'train-2026-08',
  lastPrediction: NOW - 4000,
};

const mark = (kind: FrameKind, more: object = {}) => ({ custom: { modelwatch: { kind, answeredAtMs: NOW, ...more } } });

function scores(rows: readonly Row[]): DataFrame {
  return createDataFrame({
    meta: mark('drift-scores'),
    fields: (Object.keys(F) as Array<keyof typeof F>).map((key) => ({
      name: F[key],
      type: FieldType.other,
      values: rows.map((row) => row[key] ?? null),
    })),
  });
}

function lines(kind: FrameKind, times: readonly number[], values: Record<string, Array<number | null>>): DataFrame {
  return createDataFrame({
    meta: mark(kind),
    fields: [
      { name: 'time', type: FieldType.time, values: [...times] },
      ...Object.entries(values).map(([reference, line]) => ({
        name: reference,
        type: FieldType.number,
        labels: { ...LABELS, reference },
        values: line,
      })),
    ],
  });
}
const LABELS = { namespace: 'payments', model: 'chargeback-risk', subject: 'feature', feature: 'merchant_country' };

function input(series: DataFrame[], rest: Partial<PrepareInput> = {}): PrepareInput {
  return {
    state: LoadingState.Done,
    series,
    errors: [],
    range: { fromMs: NOW - 28 * DAY, toMs: NOW },
    nowMs: NOW,
    answeredAtMs: NOW,
    staleAfterMs: 150_000,
    answerMaxAgeMs: 150_000,
    clock,
    ...rest,
  };
}
const clock = (ms: number) => new Date(ms).toISOString().slice(5, 16).replace('T', ' ');
const saying = { nowMs: NOW, clock };

function answer(series: DataFrame[], rest: Partial<PrepareInput> = {}): DriftAnswer {
  const prepared = prepareDrift(input(series, rest));
  if (prepared.kind !== 'drift') throw new Error(`expected an answer, got ${JSON.stringify(prepared)}`);
  return prepared.answer;
}
const subjects = (rows: readonly Row[], rest: Partial<PrepareInput> = {}) =>
  answer([scores(rows)], rest).scores?.subjects ?? [];
const plain = (text: string) => text.replace(/\u00a0/g, ' ');
const headline = (rows: readonly Row[], rest: Partial<PrepareInput> = {}) =>
  plain(sentenceText(scoresSentence(subjects(rows, rest), saying)));

describe('a wrong frame', () => {
  it.each([
    [{ state: 'green' }, 'drift-scores, row 2.state: expected one of critical, warning'],
    [{ importance: 18 }, 'drift-scores, row 2.importance: expected a share from 0 to 1, got 18'],
    [{ feature: '' }, 'drift-scores, row 2.feature: expected a name, got ""'],
    [{ method: null }, 'drift-scores, row 2.method: expected one of psi, js, kl'],
    [{ method: 'mmd' }, 'drift-scores, row 2.method: expected one of psi'],
    [{ score: 'high' }, 'drift-scores, row 2.score: expected a finite number, got "high"'],
    [{ rows: -1 }, 'drift-scores, row 2.rows: expected a number from 0, got -1'],
    [{ namespace: null }, 'drift-scores, row 2.namespace: expected a string'],
  ])('is refused with place, value and expectation: %j', (wrong, words) => {
    const prepared = prepareDrift(input([scores([ROW, { ...ROW, ...wrong }])]));
    expect(prepared).toMatchObject({ kind: 'refusal', message: { detail: expect.stringContaining(words) } });
  });

  it('is refused for a history that runs backwards, and for a distribution without its feature', () => {
    const backwards = lines('drift-history', [NOW, NOW - HOUR], { '3f9a': [0.1, 0.2] });
    expect(prepareDrift(input([scores([ROW]), backwards]))).toMatchObject({
      kind: 'refusal',
      message: { detail: expect.stringContaining('drift-history, time[1]: expected a time after the one before') },
    });
    const homeless = createDataFrame({ meta: mark('distribution'), fields: [{ name: 'bin', values: ['0'] }] });
    expect(prepareDrift(input([homeless]))).toMatchObject({
      kind: 'refusal',
      message: { detail: expect.stringContaining('distribution, subject: expected the feature that it is of') },
    });
  });

  it('of another kind leads to the right query, and none to a reference', () => {
    const foreign = createDataFrame({ fields: [{ name: 'cpu', values: [1] }] });
    expect(isDrift([foreign])).toBe(false);
    expect(prepareDrift(input([foreign]))).toMatchObject({ message: { title: 'This answer has no drift' } });
    expect(prepareDrift(input([scores([])]))).toMatchObject({
      kind: 'empty',
      message: { code: 'modelwatch profile train.csv' },
    });
    const told = scores([]);
    told.meta = { ...told.meta, notices: [{ severity: 'warning', text: 'No drift is recorded over 10m.' }] };
    expect(prepareDrift(input([told]))).toMatchObject({ message: { detail: 'No drift is recorded over 10m.' } });
  });
});

describe('verdicts', () => {
  it('says worst feature, score, limit, since when, and what it carries', () => {
    expect(headline([ROW])).toBe(
      'merchant_country has drifted: PSI 0.31 over 24 h, threshold 0.25 since 11-15 03:18, 6 d. It carries 18 % of the model.'
    );
    const warning = { ...ROW, state: 'warning', score: 0.19, subject: 'prediction', feature: '', importance: null };
    expect(headline([warning])).toBe(
      'Predictions are shifting: PSI 0.19 over 24 h, threshold 0.1 since 11-15 03:18, 6 d.'
    );
  });

  it('orders by importance times drift, predictions first, what has no score last', () => {
    const feature = (name: string, importance: number, score: number | null, more: Row = {}) => ({
      ...ROW,
      feature: name,
      importance,
      score,
      state: score === null ? 'too_little_data' : 'ok',
      ...more,
    });
    const rows = [
      feature('rare', 0.02, 0.2),
      feature('none', 0.5, null),
      feature('less', 0.1, null),
      feature('big', 0.3, 0.09),
      feature('', 0, 0.01, { subject: 'prediction' }),
    ];
    expect(subjects(rows).map(({ name }) => name)).toEqual(['predictions', 'big', 'rare', 'none', 'less']);
  });

  it('never believes ok without a score, nor an old answer', () => {
    expect(subjects([{ ...ROW, state: 'ok', score: null }])[0]?.verdict).toBe('unknown');
    const [old] = subjects([{ ...ROW, state: 'ok', score: 0.01 }], { nowMs: NOW + 10 * 60_000 });
    expect(old).toMatchObject({ verdict: 'stale', previous: 'ok' });
    expect(headline([{ ...ROW, state: 'ok', score: 0.01 }], { nowMs: NOW + 10 * 60_000 })).toBe(
      'merchant_country stale: last prediction 11-21 03:17. It was not drifted'
    );
  });

  it('says rows of rows needed, and the window that would suffice', () => {
    const few = { ...ROW, state: 'too_little_data', score: null, rows: 41, rowsNeeded: 390 };
    expect(headline([few])).toBe('No verdict: 41 of 390 rows in 24 h');
    const way = (row: Row) => wayOut(subjects([row])[0] as Subject);
    expect(plain(way(few)?.text ?? '')).toBe('10 d of rows');
    expect(plain(way({ ...few, rows: 60 })?.text ?? '')).toBe('7 d window');
    expect(plain(way({ ...few, window: '1h' })?.text ?? '')).toBe('24 h window');
    expect(way({ ...few, rows: 0 })?.text).toBe('none');
  });

  it('says that nothing was recorded, where neither score nor state is', () => {
    const silent = { ...ROW, state: null, score: null, method: null, window: null, rows: null, since: null };
    expect(headline([silent])).toBe('No verdict: no score was recorded');
  });

  it('calls nothing calm while one feature has no verdict', () => {
    const calm = { ...ROW, state: 'ok', score: 0.04, importance: 0.2 };
    const few = { ...ROW, feature: 'amount', state: 'too_little_data', score: null };
    const said = scoresSentence(subjects([calm, few]), saying);
    expect(said.mark).toBe('unknown');
    expect(plain(sentenceText(said))).toBe(
      '1 of 2 features without a verdict: amount too few rows; no other has drifted'
    );
    expect(headline([calm])).toBe(
      'No feature has drifted. Highest of 1: merchant_country, PSI 0.04 over 24 h, threshold 0.25.'
    );
  });

  it('acts on what is critical and of high weight, and watches the rest', () => {
    const rare = { ...ROW, feature: 'email_domain', importance: 0.02, weight: 'low', score: 0.44 };
    const say = (rows: Row[]) => plain(sentenceText(quadrantSentence(subjects(rows), saying)));
    expect(say([ROW, rare])).toBe('Act on 1 of 2 features: merchant_country');
    expect(say([rare])).toBe('Watch 1 of 1 feature: email_domain');
  });

  it('never writes a score below its limit as having reached it', () => {
    const close = { ...ROW, state: 'ok', score: 0.0999, warning: 0.1 };
    expect(headline([close])).toContain('PSI 0.099 over');
  });

  it('keeps the references of versions apart, in rows and in history', () => {
    const rows = [ROW, { ...ROW, reference: 'b', referenceName: 'train-v2', score: 0.05, state: 'ok' }];
    const both = [scores(rows), lines('drift-history', [NOW - HOUR, NOW], { '3f9a': [null, 0.31], b: [0.04, 0.05] })];
    const found = answer(both).scores;
    expect(found?.subjects.map(({ name }) => name)).toEqual([
      'merchant_country (train-2026-08)',
      'merchant_country (train-v2)',
    ]);
    const history = found?.subjects.map(({ key }) => found.history?.bySubject.get(key)?.scores);
    expect(history).toEqual([
      [null, 0.31],
      [0.04, 0.05],
    ]);
  });

  it('names the model of each feature where there are several', () => {
    const names = subjects([ROW, { ...ROW, model: 'ltv' }]).map(({ name }) => name);
    expect(names).toEqual(['chargeback-risk: merchant_country', 'ltv: merchant_country']);
  });
});

describe('history', () => {
  const times = [0, 1, 2, 3].map((index) => NOW - (3 - index) * HOUR);
  const series = [
    scores([ROW]),
    lines('drift-history', times, { '3f9a': [null, null, 0.2, 0.1], older: [0.3, null, 0.9, null] }),
    lines('drift-rows-history', times, { '3f9a': [null, 12, 500, 400], older: [600, null, null, null] }),
  ];
  const key = () => subjects([ROW])[0]?.key ?? '';

  it('tells too few rows from not evaluated, and fills gaps from the reference before', () => {
    const history = answer(series).scores?.history;
    if (!history) throw new Error('no history');
    const cells = columnsOf(4, 1).map((column) => cellOf(history, key(), column));
    expect(cells.map(({ kind, score, rows }) => [kind, score, rows])).toEqual([
      ['score', 0.3, 600],
      ['few', undefined, 12],
      ['score', 0.2, 500],
      ['score', 0.1, 400],
    ]);
    expect(cells.map(({ otherReference }) => otherReference)).toEqual(['older', undefined, undefined, undefined]);
  });

  it('merges windows by their maximum, and tells of which window it is', () => {
    const history = answer(series).scores?.history;
    if (!history) throw new Error('no history');
    expect(columnsOf(4, 3)).toEqual([
      { first: 0, end: 1 },
      { first: 1, end: 4 },
    ]);
    const [, merged] = columnsOf(4, 3).map((column) => cellOf(history, key(), column));
    expect(merged).toMatchObject({ kind: 'score', score: 0.2, rows: 500, endMs: times[2] });
    expect(rowsPerColumn(history, columnsOf(4, 3))).toEqual([600, 304]);
  });
});

describe('distribution', () => {
  const bin = (id: string, reference: number, current: number, adds: number, more: Partial<Bin> = {}): Bin => ({
    id,
    label: id,
    special: Number.isNaN(Number(id)),
    reference,
    current,
    adds,
    ...more,
  });

  function frame(row: Row, bins: readonly Bin[]): DataFrame {
    return createDataFrame({
      meta: mark('distribution', { subject: row }),
      fields: Object.entries(DISTRIBUTION_FIELDS).map(([key, name]) => ({
        name,
        type: FieldType.other,
        values: bins.map((one) =>
          key === 'bin' ? one.id : ((one as unknown as Record<string, unknown>)[key] ?? null)
        ),
      })),
    });
  }
  const said = (row: Row, bins: readonly Bin[]) => {
    const { distribution } = answer([frame(row, bins)]);
    if (!distribution) throw new Error('no distribution');
    return plain(sentenceText(distributionSentence(distribution, saying)));
  };

  const FIGURES = ' (PSI 0.31 over 24 h, threshold 0.25, 18,402 rows, since 11-15 03:18, 6 d)';

  it('names the bin that adds most, and what training never saw', () => {
    const bins = [bin('0', 0.9, 0.8, 0.01, { label: 'US' }), bin('1', 0.021, 0.117, 0.16, { label: 'BR' })];
    expect(said(ROW, bins)).toBe(`BR rose from 2.1 % to 11.7 % of rows${FIGURES}`);
    expect(said(ROW, [...bins, bin('new', 0, 0.024, 0.05)])).toBe(
      `BR rose from 2.1 % to 11.7 % of rows; 2.4 % are categories not seen in training${FIGURES}`
    );
    expect(said(ROW, [...bins, bin('new', 0, 0.024, 0.24)])).toBe(
      `2.4 % of rows are categories not seen in training; BR rose from 2.1 % to 11.7 % of rows${FIGURES}`
    );
    expect(said(ROW, [...bins, bin('missing', 0.01, 0.4, 0.9)])).toMatch(/^Missing values rose from 1.0 % to 40.0 %/);
  });

  const numeric = (current: readonly number[]) =>
    [0.25, 0.25, 0.25, 0.25].map((reference, index) =>
      bin(`${index}`, reference, current[index] ?? 0, index === 0 ? 0.1 : 0.01, {
        from: index * 10,
        to: index * 10 + 10,
        label: `${index * 10} to ${index * 10 + 10}`,
      })
    );

  it('speaks of a shift only where the mass moved one way', () => {
    const row = { ...ROW, type: 'numeric', feature: 'age' };
    expect(said(row, numeric([0.4, 0.3, 0.2, 0.1]))).toBe(
      `age shifted down: 0 to 10 rose from 25.0 % to 40.0 % of rows${FIGURES}`
    );
    expect(shiftOf(numeric([0.1, 0.2, 0.3, 0.4]))).toMatchObject({ direction: 'up', edge: 20 });
    expect(shiftOf(numeric([0.4, 0.1, 0.1, 0.4]))).toBeUndefined();
    expect(said(row, numeric([0.4, 0.1, 0.1, 0.4]))).toBe(`0 to 10 rose from 25.0 % to 40.0 % of rows${FIGURES}`);
  });

  it('says what moved over the time range by a statistic without limits, and gives no verdict', () => {
    const bins = [bin('0', 0.9, 0.8, 0.01, { label: 'US' }), bin('1', 0.1, 0.2, 0.06, { label: 'BR' })];
    const row = { ...ROW, state: null, method: 'js', window: 'range', score: 0.12, warning: null, critical: null };
    const { distribution } = answer([frame(row, bins)]);
    if (!distribution) throw new Error('no distribution');
    const sentence = distributionSentence(distribution, saying);
    expect(sentence.mark).toBe('unknown');
    expect(plain(sentenceText(sentence))).toBe(
      'BR rose from 10.0 % to 20.0 % of rows; no threshold for JS distance 0.12'
    );
  });

  it('knows the statistics that a distribution alone is shown by, as they are computed', () => {
    const row = { ...ROW, state: null, method: 'wasserstein', score: 1234.5, warning: null, critical: null };
    const { subject } = answer([frame(row, [bin('0', 1, 1, 0)])]).distribution ?? {};
    expect([methodText(subject?.method), subject && plain(scoreOf(subject))]).toEqual([
      'Wasserstein on bins, shares as counted',
      '1,230',
    ]);
  });

  it('gives no verdict with too few rows', () => {
    const few = { ...ROW, state: 'too_little_data', score: null, rows: 41, rowsNeeded: 390 };
    expect(said(few, [bin('0', 1, 1, 0)])).toBe('No verdict: 41 of 390 rows in 24 h');
  });
});
