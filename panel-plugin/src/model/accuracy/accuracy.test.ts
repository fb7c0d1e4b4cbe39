/** @jest-environment jsdom */
import { createDataFrame, FieldType, LoadingState, type DataFrame } from '@grafana/data';
import { isAccuracy } from '../mark';
import { gatherFacts } from '../prepare';
import { sentenceText } from '../sentence';
import { clockText } from '../words';
import {
  accuracyFrames,
  binaryDetails,
  calmAccuracy,
  fewDetails,
  fleetAccuracy,
  manyClasses,
  noPairs,
  regressionDetails,
} from '../../workbench/mockAccuracy';
import { FIXTURE_NOW_MS } from '../../workbench/mockFleet';
import { prepareAccuracy } from './prepare';
import { accuracySentenceOf, hasTooFew, meanScores, mostOftenMistaken } from './say';
import type { AccuracyAnswer } from './types';
import { scoreText, verdictWord } from './words';

const clock = clockText(FIXTURE_NOW_MS, 'utc');
const MINUTE = 60_000;

function prepared(series: DataFrame[], nowMs = FIXTURE_NOW_MS, errors: string[] = []) {
  return prepareAccuracy({
    state: errors.length ? LoadingState.Error : LoadingState.Done,
    series,
    errors,
    range: { fromMs: nowMs - 60 * MINUTE, toMs: nowMs },
    nowMs,
    answeredAtMs: nowMs,
    staleAfterMs: 150_000,
    answerMaxAgeMs: 150_000,
    clock,
  });
}

function answer(series: DataFrame[], nowMs?: number): AccuracyAnswer {
  const found = prepared(series, nowMs);
  if (found.kind !== 'accuracy') throw new Error(`${found.kind}: ${JSON.stringify(found)}`);
  return found.answer;
}

const said = (series: DataFrame[], nowMs = FIXTURE_NOW_MS) =>
  sentenceText(accuracySentenceOf(answer(series, nowMs), { nowMs, clock })).replace(/\u00a0/g, ' ');

const silent = { score: null, since: null, scoreBefore: null };

describe('the sentence', () => {
  it.each<[string, DataFrame[], string]>([
    [
      'the worst score',
      accuracyFrames(),
      'AUC below its limit: 0.752 over 1 h, limit 0.788 (baseline 0.83), 4,210 pairs, since 03:02, 16 min',
    ],
    [
      'that none is beyond',
      calmAccuracy(),
      'Every score within its limit. Nearest: Accuracy 0.931 over 1 h, limit 0.9 (baseline 0.942), 4,210 pairs.',
    ],
    [
      'too few pairs, and what is needed',
      accuracyFrames(() => ({ ...silent, state: 'too_little_data', pairs: 61 })),
      'No verdict: 61 of 1,000 pairs in 1 h; 412 predictions wait for their actual',
    ],
    [
      'that there was never an actual',
      accuracyFrames(() => ({ ...silent, state: 'too_little_data', pairs: 0, lastPair: null })),
      'No actuals yet: 412 predictions wait for their actual',
    ],
    [
      'that no limit is set',
      accuracyFrames(() => ({ state: null, warning: null, critical: null })),
      'No limit is set: Accuracy 0.931 over 1 h (baseline 0.942), 4,210 pairs.',
    ],
    ['what is most often mistaken', manyClasses(), '33 % of marsh taken for willow: 233 of 710; 8,240 pairs in 24 h'],
    ['too few pairs of details', fewDetails(), 'Too little to tell: 61 of 1,000 pairs in 1 h'],
  ])('says %s', (_, series, words) => expect(said(series)).toBe(words));

  it('names the model where there are several, and counts no healthy one as news', () => {
    expect(said(fleetAccuracy(10))).toMatch(/^model-1: AUC below its limit: 0.752/);
  });

  it('says of errors that they are above their limit', () => {
    const rows = accuracyFrames((row) =>
      row.metric === 'log_loss' ? { state: 'critical', score: 0.4 } : { state: 'ok' }
    );
    expect(said(rows)).toMatch(/^Log loss above its limit: 0.4 over 1 h, limit 0.36 \(baseline 0.2\)/);
  });
});

describe('never green without fresh data', () => {
  it('turns everything stale in an answer that is too old, and says what it was', () => {
    const { scores, tooOld, notices } = answer(accuracyFrames(), FIXTURE_NOW_MS + 10 * MINUTE);
    expect(tooOld).toBe(true);
    expect(new Set(scores.map(({ verdict }) => verdict))).toEqual(new Set(['stale']));
    expect(scores.map(({ previous }) => previous)).toContain('critical');
    expect(notices[0]?.title).toMatch(/^Not refreshed for 10/);
  });

  it('believes no ok without a score, and gives a score without limit no verdict', () => {
    const verdicts = (change: Parameters<typeof accuracyFrames>[0]) =>
      new Set(answer(accuracyFrames(change)).scores.map(({ verdict }) => verdict));
    expect(verdicts(() => ({ state: 'ok', score: null }))).toEqual(new Set(['unknown']));
    expect(verdicts(() => ({ state: null }))).toEqual(new Set(['none']));
  });

  it('calls an unknown number of pairs too few', () => {
    const { details } = answer(binaryDetails());
    expect(details && hasTooFew(details.subject)).toBe(false);
    expect(hasTooFew({ ...details!.subject, pairs: undefined })).toBe(true);
    expect(hasTooFew({ ...details!.subject, pairs: 0, pairsNeeded: undefined })).toBe(true);
  });

  it('draws no conclusion from a class with few pairs', () => {
    const pairs = [
      [95, 5],
      [20, 1],
    ];
    expect(mostOftenMistaken({ classes: ['a', 'b'], pairs, actuals: [100, 21] })).toMatchObject({
      actual: 'a',
      pairs: 5,
    });
  });
});

describe('frames', () => {
  const change = (frames: DataFrame[], kind: number, name: string, values: unknown[]) =>
    frames.map((frame, index) =>
      index === kind
        ? { ...frame, fields: frame.fields.map((field) => (field.name === name ? { ...field, values } : field)) }
        : frame
    );
  const message = (frames: DataFrame[]) => {
    const found = prepared(frames);
    return found.kind === 'refusal' ? found.message.detail : found.kind;
  };

  it.each<[string, DataFrame[], string]>([
    ['a state', accuracyFrames(() => ({ state: 'green' })), 'accuracy-scores, row 1.state: expected one of'],
    ['a metric', accuracyFrames(() => ({ metric: 'vibes' })), 'accuracy-scores, row 1.metric: expected one of'],
    ['a score', change(accuracyFrames(), 0, 'score', ['high']), 'accuracy-scores, row 1.score: expected'],
    ['a count', change(binaryDetails(), 0, 'pairs', [-1, 2, 3, 4]), 'confusion, row 1.pairs: expected a number from 0'],
    ['a cell twice', change(binaryDetails(), 0, 'actual', ['a', 'a', 'a', 'a']), 'each pair of classes once'],
    ['a bin', change(binaryDetails(), 1, 'to', [-0.1]), 'calibration, row 1.to: expected a share from 0 to 1'],
    ['an age', change(binaryDetails(), 3, 'age', ['young', '1d', '7d']), 'pair-ages, row 1.age: expected one of'],
    ['a value', change(binaryDetails(), 2, 'actual', [{}]), 'predicted-actual, field actual[0]: expected'],
  ])('refuses %s that cannot be, with its place', (_, frames, words) => expect(message(frames)).toContain(words));

  it('refuses details without the model that they are of, and more classes than can be told apart', () => {
    const [confusion] = binaryDetails();
    const nameless = { ...confusion!, meta: { custom: { modelwatch: { kind: 'confusion' } } } };
    expect(message([nameless])).toContain('confusion, subject: expected the model that it is of');
    const names = Array.from({ length: 40 }, (_, index) => `class ${index}`);
    const many = {
      ...confusion!,
      length: 40,
      fields: confusion!.fields.map((field) => ({
        ...field,
        values: field.name === 'pairs' ? names.map(() => 1) : names,
      })),
    };
    expect(message([many])).toContain('confusion, classes: expected at most 25');
  });

  it('takes no accuracy for health of a model, nor the other way round', () => {
    expect(gatherFacts(accuracyFrames())).toEqual([]);
    const foreign = createDataFrame({ fields: [{ name: 'x', type: FieldType.number, values: [1] }] });
    expect(isAccuracy([foreign])).toBe(false);
    expect(prepared([foreign])).toMatchObject({ kind: 'refusal', message: { title: 'This answer has no accuracy' } });
  });

  it('says empty, failed and nothing counted apart', () => {
    expect(prepared([])).toMatchObject({ kind: 'empty', message: { code: 'POST /ingest/actuals' } });
    expect(prepared([], FIXTURE_NOW_MS, ['no'])).toMatchObject({ kind: 'error', message: { detail: 'no' } });
    expect(answer(noPairs()).details).toMatchObject({ confusion: undefined, subject: { pairs: 0 } });
  });

  it('joins history by model and metric, and keeps gaps', () => {
    const { history, scores } = answer(accuracyFrames());
    const values = history?.scores.get(scores[0]!.key);
    const pairs = history?.pairs.get(scores[0]!.key);
    expect([values?.[30], pairs?.[30]]).toEqual([null, 140]);
    expect([values?.[58], pairs?.[58]]).toEqual([null, null]);
    expect(values?.[95]).toBe(0.752);
  });

  it('reads a regression as one nameless class', () => {
    const { details } = answer(regressionDetails());
    expect(details?.predictedActual?.classes.map(({ name }) => name)).toEqual(['']);
    expect(details?.ages?.pairs).toBe(4_210);
  });
});

describe('numbers', () => {
  it('never write a score as having reached a limit that it has not', () => {
    expect(scoreText(0.78796, [0.788])).toBe('0.78796');
    expect(scoreText(0.752, [0.788])).toBe('0.752');
    expect(scoreText(0.83, [0.83])).toBe('0.83');
    expect(scoreText(36.4471)).toBe('36.4');
  });

  it('weigh bins by their pairs', () => {
    const bins = [
      { from: 0, to: 0.5, pairs: 300, meanScore: 0.2, positives: 0.1 },
      { from: 0.5, to: 1, pairs: 100, meanScore: 0.8, positives: 0.6 },
      { from: 1, to: 1, pairs: 0 },
    ];
    expect(meanScores(bins)?.score).toBeCloseTo(0.35, 12);
    expect(meanScores(bins)?.positives).toBeCloseTo(0.225, 12);
    expect(meanScores([])).toBeUndefined();
  });

  it('say on which side of its limit a score is', () => {
    expect(verdictWord({ verdict: 'critical', metric: 'auc' })).toBe('below its limit');
    expect(verdictWord({ verdict: 'warning', metric: 'mape' })).toBe('above its warning');
  });
});
