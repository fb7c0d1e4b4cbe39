/** @jest-environment jsdom */
/** The frames that the data source gives of drift, read by the panel: both sides of one contract. */
import { LoadingState, type DataFrame } from '@grafana/data';
import { METRICS, RECORDED } from '@modelwatch/contract';
import { distributionOf } from '../../datasource-plugin/src/frames/drift/distribution';
import { distributionFrame } from '../../datasource-plugin/src/frames/drift/distributionFrame';
import { historyFrames, readHistory } from '../../datasource-plugin/src/frames/drift/history';
import { driftScoresFrame } from '../../datasource-plugin/src/frames/drift/scoresFrame';
import { joinDrift } from '../../datasource-plugin/src/frames/drift/subjects';
import type { Sample, Series } from '../../datasource-plugin/src/frames/samples';
import { prepareDrift } from '../../panel-plugin/src/model/drift/prepare';
import { distributionSentence, scoresSentence } from '../../panel-plugin/src/model/drift/say';
import { sentenceText } from '../../panel-plugin/src/model/sentence';

const NOW = Date.UTC(2026, 10, 21, 3);
const HOUR = 3_600_000;
const AMOUNT = { namespace: 'shop', model: 'risk', reference: 'r1', subject: 'feature', feature: 'amount' };
const context = { refId: 'A', answeredAtMs: NOW };
const BY = { method: 'psi', window: '1d' };

const sample = ({ name }: { name: string }, labels: Record<string, string>, value = 1): Sample => ({
  labels: { __name__: name, ...labels },
  value,
});

function recorded(state: string, score: number | undefined, rows: number): Sample[] {
  return [
    sample(RECORDED.driftState, { ...AMOUNT, ...BY, state }),
    ...(score === undefined ? [] : [sample(RECORDED.driftScore, { ...AMOUNT, ...BY }, score)]),
    sample(RECORDED.driftRows, { ...AMOUNT, window: '1d' }, rows),
    sample(RECORDED.driftRowsNeeded, AMOUNT, 90),
    sample(RECORDED.driftThreshold, { ...AMOUNT, level: 'warning' }, 0.1),
    sample(RECORDED.driftThreshold, { ...AMOUNT, level: 'critical' }, 0.25),
    sample(RECORDED.driftSettings, { namespace: 'shop', model: 'risk', ...BY }),
    sample(METRICS.driftSubject, { ...AMOUNT, type: 'numeric', weight: 'high', instance: 'one' }),
    sample(METRICS.referenceRows, { namespace: 'shop', model: 'risk', reference: 'r1', instance: 'one' }, 1000),
  ];
}

function answer(series: DataFrame[]) {
  const prepared = prepareDrift({
    state: LoadingState.Done,
    series,
    errors: [],
    range: { fromMs: NOW - 24 * HOUR, toMs: NOW },
    nowMs: NOW,
    answeredAtMs: NOW,
    staleAfterMs: 150_000,
    answerMaxAgeMs: 150_000,
    clock: () => 'then',
  });
  if (prepared.kind !== 'drift') throw new Error(`expected drift, got ${JSON.stringify(prepared)}`);
  return prepared.answer;
}
const saying = { nowMs: NOW, clock: () => 'then' };
const plain = (text: string) => text.replace(/\u00a0/g, ' ');

it('reads scores and their history', () => {
  const { rows } = joinDrift({ now: recorded('critical', 0.31, 900) });
  const line = ({ name }: { name: string }, labels: Record<string, string>, values: Array<number | null>): Series => ({
    labels: { __name__: name, ...labels },
    timesMs: [NOW - 2 * HOUR, NOW - HOUR, NOW],
    values,
  });
  const history = readHistory(
    [
      line(RECORDED.driftScore, { ...AMOUNT, ...BY }, [null, 0.2, 0.31]),
      line(RECORDED.driftRows, { ...AMOUNT, window: '1d' }, [12, 800, 900]),
    ],
    rows,
    { fromMs: NOW - 2 * HOUR, toMs: NOW }
  );
  const { scores } = answer([driftScoresFrame(rows, context), ...historyFrames(history, context)]);
  const [subject] = scores?.subjects ?? [];
  expect(subject).toMatchObject({ name: 'amount', verdict: 'critical', score: 0.31, critical: 0.25, rows: 900 });
  expect(scores?.history?.bySubject.get(subject?.key ?? '')).toMatchObject({
    scores: [null, 0.2, 0.31],
    rows: [12, 800, 900],
  });
  expect(plain(sentenceText(scoresSentence(scores?.subjects ?? [], saying)))).toContain(
    'amount has drifted: PSI 0.31 over 24 h, threshold 0.25'
  );
});

describe('a distribution', () => {
  const bins = ['0', '1', 'missing'].map((bin, index) =>
    sample(
      RECORDED.binReference,
      { ...AMOUNT, bin, ...(index < 2 && { from: `${index * 90}`, to: `${index * 90 + 90}` }) },
      [0.5, 0.49, 0.01][index]
    )
  );
  const rows = (counts: number[], window: string) =>
    ['0', '1', 'missing'].map((bin, index) => sample(RECORDED.binRows, { ...AMOUNT, bin, window }, counts[index]));
  const of = (counts: number[], now: Sample[], choice: { method?: 'js'; window?: string } = {}) => {
    const subjects = joinDrift({ now }).rows;
    const found = distributionOf(
      { bins, rows: rows(counts, choice.window ?? '1d'), subjects },
      { asRecorded: !choice.method && !choice.window, ...choice }
    );
    if (!found) throw new Error('no distribution');
    const { distribution } = answer([distributionFrame(found, context)]);
    if (!distribution) throw new Error('not read');
    return { distribution, said: plain(sentenceText(distributionSentence(distribution, saying))) };
  };

  it('is read with its verdict', () => {
    const { distribution, said } = of([700, 190, 10], recorded('critical', 0.31, 900));
    expect(distribution.subject.verdict).toBe('critical');
    expect(distribution.bins.map(({ id, from, to }) => [id, from, to])).toEqual([
      ['0', 0, 90],
      ['1', 90, 180],
      ['missing', undefined, undefined],
    ]);
    expect(said).toMatch(/^amount shifted down: /);
  });

  it('of another statistic has no verdict, over the time range it has that of its rows, and too few rows give none', () => {
    expect(of([700, 190, 10], recorded('critical', 0.31, 900), { method: 'js' }).said).toContain(
      'no threshold for JS distance'
    );
    expect(of([700, 190, 10], recorded('ok', 0.01, 900), { window: 'range' }).distribution.subject).toMatchObject({
      window: 'range',
      verdict: 'critical',
    });
    expect(of([30, 8, 3], recorded('too_little_data', undefined, 41)).said).toBe('No verdict: 41 of 90 rows in 24 h');
  });
});
