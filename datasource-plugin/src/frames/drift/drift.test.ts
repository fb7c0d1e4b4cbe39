/** @jest-environment jsdom */
import type { DataFrame } from '@grafana/data';
import { DRIFT_HISTORY_LABELS, DRIFT_SCORE_FIELDS, METRICS, RECORDED } from '@modelwatch/contract';
import type { Sample, Series } from '../samples';
import { distributionOf, type DistributionAnswers, type DistributionChoice } from './distribution';
import { distributionFrame } from './distributionFrame';
import { historyFrames, readHistory, sinceMs } from './history';
import { driftScoresFrame } from './scoresFrame';
import { joinDrift, type DriftRow } from './subjects';
import { driftByModel } from './worst';

const MODEL = { namespace: 'shop', model: 'risk' };
const REFERENCE = { ...MODEL, reference: 'r1' };
const feature = (name: string) => ({ ...REFERENCE, subject: 'feature', feature: name });
/** As Prometheus says it: an empty label is none. */
const predictions = { ...REFERENCE, subject: 'prediction' };
const context = { refId: 'A', answeredAtMs: 7 };

function sample(series: { name: string }, labels: Record<string, string>, value = 1): Sample {
  return { labels: { __name__: series.name, ...labels }, value };
}

function subject(labels: Record<string, string>, state: string, score: number | undefined, rows = 900): Sample[] {
  const by = { method: 'psi', window: '1d' };
  return [
    sample(RECORDED.driftState, { ...labels, ...by, state }),
    ...(score === undefined ? [] : [sample(RECORDED.driftScore, { ...labels, ...by }, score)]),
    sample(RECORDED.driftRows, { ...labels, window: '1d' }, rows),
    sample(RECORDED.driftRowsNeeded, labels, 390),
    sample(RECORDED.driftThreshold, { ...labels, level: 'warning' }, 0.1),
    sample(RECORDED.driftThreshold, { ...labels, level: 'critical' }, 0.25),
  ];
}

const SETTINGS = sample(RECORDED.driftSettings, { ...MODEL, method: 'psi', window: '1d' });
const importance = (name: string, value: number) =>
  sample(METRICS.featureImportance, { ...REFERENCE, feature: name, instance: 'one' }, value);
const NOW: Sample[] = [
  ...subject(feature('amount'), 'critical', 0.31),
  ...subject(feature('hour'), 'critical', 0.44),
  ...subject(feature('mcc'), 'too_little_data', undefined, 41),
  ...subject(predictions, 'ok', 0.02),
  importance('amount', 0.18),
  importance('hour', 0.02),
  SETTINGS,
  // Two exporters say the same.
  ...['one', 'two'].flatMap((instance) => [
    sample(METRICS.driftSubject, { ...feature('amount'), type: 'numeric', weight: 'high', instance }),
    sample(METRICS.referenceInfo, { ...REFERENCE, reference_name: 'train-2026-08', version: '', instance }),
    sample(METRICS.referenceRows, { ...REFERENCE, instance }, 412_006),
    sample(METRICS.lastPrediction, { ...MODEL, instance }, instance === 'one' ? 1000 : 990),
  ]),
];
const summary = (rows: readonly DriftRow[]) => rows.map((row) => [row.feature, row.state, row.score]);

describe('joining what is recorded', () => {
  it('makes one row per subject, the worst for the model first', () => {
    const { rows, dropped } = joinDrift({ now: NOW });
    expect([...dropped]).toEqual([]);
    expect(summary(rows)).toEqual([
      // Less drift than `hour`, and nine times what it carries.
      ['amount', 'critical', 0.31],
      ['hour', 'critical', 0.44],
      ['mcc', 'too_little_data', undefined],
      ['', 'ok', 0.02],
    ]);
    expect(rows[0]).toEqual({
      ...feature('amount'),
      cluster: '',
      type: 'numeric',
      weight: 'high',
      state: 'critical',
      score: 0.31,
      scoreBefore: undefined,
      method: 'psi',
      window: '1d',
      rows: 900,
      rowsNeeded: 390,
      warning: 0.1,
      critical: 0.25,
      importance: 0.18,
      referenceName: 'train-2026-08',
      referenceRows: 412_006,
      lastPredictionMs: 1_000_000,
    });
  });

  it('takes of several windows the one of the settings, or the one that is asked for', () => {
    const other = { method: 'psi', window: '1h' };
    const now = [
      ...NOW,
      sample(RECORDED.driftScore, { ...feature('amount'), ...other }, 0.9),
      sample(RECORDED.driftState, { ...feature('amount'), ...other, state: 'warning' }),
    ];
    expect(joinDrift({ now }).rows[0]).toMatchObject({ score: 0.31, state: 'critical', window: '1d' });
    expect(joinDrift({ now, window: '1h' }).rows.find((row) => row.feature === 'amount')).toMatchObject({
      score: 0.9,
      state: 'warning',
      window: '1h',
    });
  });

  it('shows the worse of two states that hold for a moment', () => {
    const both = [...subject(feature('amount'), 'ok', 0.05), ...subject(feature('amount'), 'critical', 0.3), SETTINGS];
    expect(joinDrift({ now: both }).rows).toMatchObject([{ state: 'critical' }]);
  });

  it('compares with the score a week before only where it is of the same statistic', () => {
    const before = (method: string) => [
      sample(RECORDED.driftScore, { ...feature('amount'), method, window: '1d' }, 0.04),
    ];
    expect(joinDrift({ now: NOW, before: before('psi') }).rows[0]?.scoreBefore).toBe(0.04);
    expect(joinDrift({ now: NOW, before: before('js') }).rows[0]?.scoreBefore).toBeUndefined();
  });

  it('counts what it cannot use, by what is wrong with it', () => {
    const now = [
      sample(RECORDED.driftScore, { model: 'x' }, 1),
      sample(RECORDED.driftScore, { ...REFERENCE, subject: 'feature' }, 1),
      sample(RECORDED.driftState, { ...feature('amount'), state: 'splendid' }),
      sample({ name: 'up' }, MODEL),
      // Nobody says by which statistic.
      sample(RECORDED.driftRows, { ...feature('amount'), window: '1d' }, 5),
    ];
    const { rows, dropped } = joinDrift({ now });
    expect(rows).toEqual([]);
    expect(Object.fromEntries(dropped)).toEqual({
      'no label namespace or model': 1,
      'no label subject, feature or reference': 1,
      'unknown state of drift': 1,
      'unknown series': 1,
      'nobody says by which method and over which window': 1,
    });
  });

  it('names models that are watched over a window of which nothing is recorded', () => {
    const now = [
      sample(RECORDED.driftRowsNeeded, feature('amount'), 390),
      sample(RECORDED.driftSettings, { ...MODEL, method: 'psi', window: '7d' }),
    ];
    expect([...joinDrift({ now }).silent]).toEqual([['7d', [expect.objectContaining(MODEL)]]]);
    expect([...joinDrift({ now: NOW }).silent]).toEqual([]);
  });
});

describe('the frame of scores', () => {
  it('has every field of the contract, and null for what nobody said', () => {
    const frame = driftScoresFrame(joinDrift({ now: NOW }).rows, context);
    expect(frame.fields.map(({ name }) => name)).toEqual(Object.values(DRIFT_SCORE_FIELDS));
    const mcc = Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[2]]));
    expect(mcc).toMatchObject({ feature: 'mcc', score: null, rows: 41, importance: null, since: null, cluster: null });
    expect(frame.fields.find(({ name }) => name === 'feature')?.values[3]).toBe('');
    expect(frame.meta?.custom).toEqual({ modelwatch: { kind: 'drift-scores', answeredAtMs: 7 } });
  });
});

const MINUTE = 60_000;
const RANGE = { fromMs: 0, toMs: 10 * MINUTE };

function series(of: { name: string }, labels: Record<string, string>, points: Array<[number, number]>): Series {
  return {
    labels: { __name__: of.name, method: 'psi', window: '1d', ...labels },
    timesMs: points.map(([minute]) => minute * MINUTE),
    values: points.map(([, value]) => value),
  };
}

describe('over time', () => {
  const { rows } = joinDrift({ now: NOW });
  const amount = feature('amount');
  const states = (state: string, minutes: number[]) =>
    series(
      RECORDED.driftState,
      { ...amount, state },
      minutes.map((minute) => [minute, 1])
    );
  const since = (history: Series[]) => {
    const [row] = rows;
    return row && sinceMs(row, readHistory(history, rows, RANGE), RANGE.toMs);
  };

  it('is a field per subject on every step of the range, also those at which nothing was recorded', () => {
    const history = readHistory(
      [
        series(RECORDED.driftScore, amount, [
          [2, 0.1],
          [4, 0.3],
        ]),
        series(RECORDED.driftRows, amount, [
          [2, 800],
          [4, 900],
          [8, 20],
        ]),
        series(RECORDED.driftScore, { ...amount, window: '1h' }, [[1, 9]]),
      ],
      rows,
      RANGE
    );
    const [scores, counts] = historyFrames(history, context) as [DataFrame, DataFrame];
    expect(scores.fields[0]?.values).toEqual([0, 2, 4, 6, 8, 10].map((minute) => minute * MINUTE));
    expect(scores.fields[1]?.values).toEqual([null, 0.1, 0.3, null, null, null]);
    expect(counts.fields[1]?.values).toEqual([null, 800, 900, null, 20, null]);
    expect(Object.keys(scores.fields[1]?.labels ?? {})).toEqual([...DRIFT_HISTORY_LABELS]);
    expect(scores.fields).toHaveLength(1 + rows.length);
    expect([scores, counts].map(({ meta }) => meta?.custom?.['modelwatch'].kind)).toEqual([
      'drift-history',
      'drift-rows-history',
    ]);
  });

  it('keeps what a feature was compared with before its reference changed', () => {
    const old = series(RECORDED.driftScore, { ...amount, reference: 'r0' }, [[0, 0.2]]);
    const [scores] = historyFrames(readHistory([old], rows, RANGE), context);
    expect(scores?.fields.at(-1)?.labels).toMatchObject({ feature: 'amount', reference: 'r0' });
  });

  it.each<[string, Series[], number | undefined]>([
    ['from the first step after another state', [states('ok', [0, 2]), states('critical', [4, 6, 8])], 4 * MINUTE],
    ['over times at which nothing was recorded', [states('ok', [0]), states('critical', [2, 8])], 2 * MINUTE],
    ['not at all when it is older than the range', [states('critical', [0, 2, 4])], undefined],
    ['from its first step when nothing was before', [states('critical', [6, 8])], 6 * MINUTE],
    ['from the end when no step has seen it', [states('ok', [0, 2, 4])], RANGE.toMs],
    ['not at all without a history', [], undefined],
  ])('tells since when a state holds: %s', (_what, history, expected) => {
    expect(since(history)).toBe(expected);
  });
});

describe('the words for a model that drifts', () => {
  const worstOf = (samples: readonly Sample[]) =>
    new Map([...driftByModel(samples)].map(([model, { worst }]) => [model, worst]));
  it('are of the feature that matters most', () => {
    expect([...worstOf(NOW).values()]).toEqual(['amount drifted: PSI 0.31 over 24 h, threshold 0.25']);
  });
  it('name a feature of high weight before one of low weight', () => {
    const low = sample(METRICS.driftSubject, { ...feature('hour'), type: 'numeric', weight: 'low' });
    const both = [...subject(feature('amount'), 'warning', 0.11), ...subject(feature('hour'), 'critical', 0.9)];
    expect([...worstOf([...both, SETTINGS]).values()]).toEqual(['hour drifted: PSI 0.90 over 24 h, threshold 0.25']);
    expect([...worstOf([...both, low, SETTINGS]).values()]).toEqual([
      'amount drifted: PSI 0.11 over 24 h, threshold 0.1',
    ]);
  });
  it('do not call a score that holds a state over its threshold', () => {
    const held = [...subject(feature('amount'), 'critical', 0.24), SETTINGS];
    expect([...worstOf(held).values()]).toEqual(['amount drifted: PSI 0.24 over 24 h, still above 0.225']);
  });
  it('come with how many features are over a threshold', () => {
    const two = [
      ...subject(feature('amount'), 'warning', 0.11),
      ...subject(feature('hour'), 'critical', 0.9),
      SETTINGS,
    ];
    expect([...driftByModel(two).values()]).toMatchObject([{ features: 2 }]);
    const fine = [...subject(feature('amount'), 'warning', 0.11), ...subject(feature('hour'), 'ok', 0.01), SETTINGS];
    expect([...driftByModel(fine).values()]).toMatchObject([{ features: 1 }]);
  });
  it('are none where nothing is over a threshold', () => {
    expect([...worstOf([...subject(feature('amount'), 'ok', 0.01), SETTINGS]).values()]).toEqual([]);
  });
});

describe('a distribution', () => {
  const bin = (labels: Record<string, string>, value: number) =>
    sample({ name: '' }, { ...REFERENCE, ...labels }, value);
  /** 1,000 rows: 600, 380, 0, 0, 20, 0. */
  const smoothed = (count: number) => (count + 0.5) / 1003;
  const bins = [
    bin({ bin: 'missing' }, smoothed(20)),
    bin({ bin: 'above' }, smoothed(0)),
    bin({ bin: '1', from: '90', to: '180' }, smoothed(380)),
    bin({ bin: 'invalid' }, smoothed(0)),
    bin({ bin: '0', from: '0', to: '90' }, smoothed(600)),
    bin({ bin: 'below' }, smoothed(0)),
  ];
  const rowsOf = (counts: Record<string, number>, window = '1d') =>
    Object.entries(counts).map(([name, value]) => bin({ bin: name, window }, value));
  const rows = rowsOf({ '0': 300, '1': 560, below: 0, above: 20, missing: 20, invalid: 0 });
  const [subjectRow] = joinDrift({ now: NOW }).rows;
  const subjects = [{ ...subjectRow, referenceRows: 1000, sinceMs: 5 } as DriftRow];
  const frameOf = (over: Partial<DistributionAnswers> = {}, choice: Partial<DistributionChoice> = {}) => {
    const found = distributionOf({ bins, rows, subjects, ...over }, { asRecorded: true, ...choice });
    const frame = found && distributionFrame(found, context);
    return {
      columns: Object.fromEntries(frame?.fields.map(({ name, values }) => [name, values]) ?? []),
      subject: frame?.meta?.custom?.['modelwatch'].subject,
    };
  };

  it('is in the order of the reference, special bins last, as it was counted', () => {
    const { columns, subject: of } = frameOf();
    expect(columns).toMatchObject({
      bin: ['0', '1', 'below', 'above', 'missing', 'invalid'],
      label: ['0 to 90', '90 to 180', 'below 0', 'above 180', 'missing', 'invalid'],
      from: [0, 90, null, null, null, null],
      special: [false, false, true, true, true, true],
      rows: [300, 560, 0, 20, 20, 0],
    });
    [0.6, 0.38, 0, 0, 0.02, 0].forEach((share, index) =>
      expect((columns['reference'] as number[])[index]).toBeCloseTo(share, 12)
    );
    expect(columns['current']).toEqual([300, 560, 0, 20, 20, 0].map((count) => count / 900));
    expect(of).toMatchObject({
      feature: 'amount',
      state: 'critical',
      since: 5,
      rows: 900,
      method: 'psi',
      window: '1d',
    });
  });

  it('has parts that add up to the score that it says', () => {
    const { columns, subject: of } = frameOf();
    const sum = (columns['adds'] as number[]).reduce((all, part) => all + part, 0);
    expect(of.score).toBeCloseTo(sum, 12);
    // By hand, of the smoothed shares.
    const p = [300, 560, 0, 20, 20, 0].map((count) => (count + 0.5) / 903);
    const q = [600, 380, 0, 0, 20, 0].map(smoothed);
    expect(sum).toBeCloseTo(
      p.reduce((all, share, i) => all + (share - (q[i] ?? 1)) * Math.log(share / (q[i] ?? 1)), 0),
      12
    );
  });

  it('of too few rows shows them, and neither score nor parts', () => {
    const few = rowsOf({ '0': 3, '1': 5, below: 0, above: 0, missing: 0, invalid: 0 });
    const { columns, subject: of } = frameOf({ rows: few }, { asRecorded: false, window: '1d' });
    expect(columns).toMatchObject({ rows: [3, 5, 0, 0, 0, 0], adds: new Array(6).fill(null) });
    expect(of).toMatchObject({ state: 'too_little_data', score: null, rows: 8, rowsNeeded: 390 });
  });

  it('of nothing that was counted has shares of the reference alone', () => {
    const { columns, subject: of } = frameOf({ rows: [] });
    expect(columns).toMatchObject({ current: new Array(6).fill(null), rows: new Array(6).fill(null) });
    expect(of).toMatchObject({ rows: null, score: null });
  });

  it('over other rows has a verdict of its own, and no past', () => {
    const other = rowsOf({ '0': 600, '1': 380, below: 0, above: 0, missing: 20, invalid: 0 }, 'range');
    const { subject: of } = frameOf({ rows: other }, { asRecorded: false, window: 'range' });
    expect(of).toMatchObject({ state: 'ok', window: 'range', since: null, scoreBefore: null, rows: 1000 });
  });

  it('by another statistic is not judged by the thresholds of the model', () => {
    const { subject: of, columns } = frameOf({}, { asRecorded: false, method: 'js' });
    expect(of).toMatchObject({ method: 'js', state: null, warning: null, critical: null });
    expect(of.score).toBeGreaterThan(0);
    expect(columns['adds']).toEqual(new Array(6).fill(null));
  });

  it('by a distance of ordered bins has a score without parts, and no verdict', () => {
    const { subject: of, columns } = frameOf({}, { asRecorded: false, method: 'ks' });
    expect(of).toMatchObject({ method: 'ks', state: null, warning: null, critical: null });
    // Of the rows that have a number: 880 now, of which 300 are in the first bin, and 980 of the reference.
    expect(of.score).toBeCloseTo(600 / 980 - 300 / 880, 12);
    expect(columns['adds']).toEqual(new Array(6).fill(null));
  });

  it('of names has no distance, and says so instead of calling it too few rows', () => {
    const names = [bin({ bin: '0', category: 'BR' }, 0.5), bin({ bin: '1', category: 'DE' }, 0.5)];
    const found = (counted: Sample[]) =>
      distributionOf({ bins: names, rows: counted, subjects }, { asRecorded: false, method: 'wasserstein' });
    const enough = found(rowsOf({ '0': 300, '1': 500 }));
    expect(enough?.subject).toMatchObject({ method: 'wasserstein', state: undefined, score: undefined, rows: 800 });
    expect(enough?.noScore).toBe(
      'Wasserstein on bins is of bins that have an order: those of amount are names, which have none.'
    );
    expect(found(rowsOf({ '0': 3, '1': 5 }))).toMatchObject({
      subject: { state: 'too_little_data' },
      adds: [null, null],
    });
  });

  it('names categories by their label, by what the exporter says, or by the number of the bin', () => {
    const categories = [bin({ bin: '0', category: 'BR' }, 0.5), bin({ bin: '1' }, 0.3), bin({ bin: '2' }, 0.2)];
    const { columns } = frameOf({ bins: categories, categories: new Map([['r1', new Map([['1', 'DE']])]]) });
    expect(columns['label']).toEqual(['BR', 'DE', 'bin 2']);
  });

  it('of several references is of the one that rows were compared with', () => {
    const other = { ...subjects[0], reference: 'r2' } as DriftRow;
    const more = [bin({ bin: '0', reference: 'r2' }, 1)];
    const found = frameOf({ subjects: [other, ...subjects], bins: [...more, ...bins] });
    expect(found.subject.reference).toBe('r1');
  });

  it('is none where there is no reference', () => {
    expect(distributionOf({ bins: [], rows: [], subjects }, { asRecorded: true })).toBeUndefined();
  });
});
