/** Accuracy over time: scores, pairs, and since when a state holds. */
import type { DataFrame } from '@grafana/data';
import {
  ACCURACY_HISTORY_LABELS,
  ACCURACY_METRIC_NAMES,
  ACCURACY_STATES,
  RECORDED,
  type AccuracyState,
} from '@modelwatch/contract';
import { UNITS } from '../appearance';
import { modelIdKey, modelIdOf, modelTitle } from '../identity';
import type { FrameContext } from '../inventoryFrame';
import { linesFrame, type Line } from '../lines';
import { everyStep, startOfRun, takeState } from '../runs';
import type { Series } from '../samples';
import { metricOf, scoreKey, type AccuracyRow } from './scores';

/** By time in milliseconds since 1970. A time without an entry was not evaluated. */
export interface AccuracyHistory {
  readonly rows: readonly AccuracyRow[];
  readonly timesMs: readonly number[];
  /** By score of a model. */
  readonly states: ReadonlyMap<string, ReadonlyMap<number, AccuracyState>>;
  readonly scores: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** By model. */
  readonly pairs: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

function entry<Value>(maps: Map<string, Map<number, Value>>, key: string): Map<number, Value> {
  const found = maps.get(key) ?? new Map<number, Value>();
  maps.set(key, found);
  return found;
}

/** Of each row the series of its own window. */
export function readAccuracyHistory(
  series: readonly Series[],
  rows: readonly AccuracyRow[],
  range: { readonly fromMs: number; readonly toMs: number }
): AccuracyHistory {
  const windows = new Map(rows.map((row) => [modelIdKey(row), row.window]));
  const states = new Map<string, Map<number, AccuracyState>>();
  const scores = new Map<string, Map<number, number>>();
  const pairs = new Map<string, Map<number, number>>();
  const known: number[] = [];
  for (const { labels, timesMs, values } of series) {
    const id = modelIdOf(labels);
    if (!id || labels['window'] !== windows.get(modelIdKey(id))) continue;
    const metric = metricOf(labels['metric']);
    const key = metric && scoreKey({ ...id, metric });
    const state = ACCURACY_STATES.find((one) => one === labels['state']);
    timesMs.forEach((timeMs, index) => {
      const value = values[index] ?? null;
      if (value === null) return;
      known.push(timeMs);
      const name = labels['__name__'];
      if (name === RECORDED.accuracyPairs.name) entry(pairs, modelIdKey(id)).set(timeMs, value);
      if (!key) return;
      if (name === RECORDED.accuracyScore.name) entry(scores, key).set(timeMs, value);
      if (name !== RECORDED.accuracyState.name || !state || value !== 1) return;
      takeState(entry(states, key), ACCURACY_STATES, timeMs, state);
    });
  }
  return { rows, timesMs: everyStep(known, range.fromMs, range.toMs), states, scores, pairs };
}

/** Since when the state of a row holds, as `startOfRun` has it. */
export function accuracySinceMs(row: AccuracyRow, history: AccuracyHistory, toMs: number): number | undefined {
  return startOfRun(row.state, history.states.get(scoreKey(row)), history.timesMs[0], toMs);
}

/** Frames `accuracy-history` and `accuracy-pairs-history`; none where nothing was recorded. */
export function accuracyHistoryFrames(history: AccuracyHistory, context: FrameContext): DataFrame[] {
  const { rows, timesMs } = history;
  if (!timesMs.length) return [];
  const models = new Map(rows.map((row) => [modelIdKey(row), row]));
  const labelsOf = (row: AccuracyRow, labels: readonly (typeof ACCURACY_HISTORY_LABELS)[number][]) =>
    Object.fromEntries(labels.map((label) => [label, row[label]]));
  const scores = rows.map((row): Line => ({
    labels: labelsOf(row, ACCURACY_HISTORY_LABELS),
    title: [...(models.size > 1 ? [modelTitle(row)] : []), ACCURACY_METRIC_NAMES[row.metric]].join(', '),
    values: history.scores.get(scoreKey(row)) ?? new Map<number, number>(),
  }));
  const ofModel = ACCURACY_HISTORY_LABELS.filter((label) => label !== 'metric');
  const pairs = [...models].map(([key, row]): Line => ({
    labels: labelsOf(row, ofModel),
    title: [...(models.size > 1 ? [modelTitle(row)] : []), 'pairs'].join(', '),
    values: history.pairs.get(key) ?? new Map<number, number>(),
  }));
  return [
    linesFrame('score', { kind: 'accuracy-history' }, { timesMs, lines: scores, config: { decimals: 3 } }, context),
    linesFrame(
      'pairs',
      { kind: 'accuracy-pairs-history' },
      { timesMs, lines: pairs, config: { unit: UNITS.count } },
      context
    ),
  ];
}
