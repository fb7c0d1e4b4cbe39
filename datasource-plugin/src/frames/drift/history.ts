/** Drift over time: scores, rows, and since when a state holds. */
import type { DataFrame, Labels } from '@grafana/data';
import { DRIFT_HISTORY_LABELS, DRIFT_STATES, RECORDED, type DriftState } from '@modelwatch/contract';
import { UNITS } from '../appearance';
import { modelTitle } from '../identity';
import type { FrameContext } from '../inventoryFrame';
import { linesFrame, type Line } from '../lines';
import { everyStep, startOfRun, takeState } from '../runs';
import type { Series } from '../samples';
import { subjectIdOf, subjectKey, subjectTitle, type DriftRow, type SubjectId } from './subjects';

/** What is known of one subject, by time in milliseconds since 1970. A time without an entry was not evaluated. */
interface SubjectHistory {
  readonly states: Map<number, DriftState>;
  readonly scores: Map<number, number>;
  readonly rows: Map<number, number>;
}

export interface DriftHistory {
  /** What is shown, and what it was compared with before: references change. */
  readonly subjects: readonly SubjectId[];
  /** Every step of the range at which anything can have been evaluated, oldest first. */
  readonly timesMs: readonly number[];
  readonly bySubject: ReadonlyMap<string, SubjectHistory>;
}

/** Of each row the series of its own window and method. */
export function readHistory(
  series: readonly Series[],
  rows: readonly DriftRow[],
  range: { readonly fromMs: number; readonly toMs: number }
): DriftHistory {
  const bySubject = new Map<string, SubjectHistory>();
  const anyReference = (id: SubjectId): string => subjectKey({ ...id, reference: '' });
  const shown = new Map(rows.map((row) => [anyReference(row), row]));
  const subjects = new Map<string, SubjectId>(rows.map((row) => [subjectKey(row), row]));
  const known: number[] = [];
  for (const { labels, timesMs, values } of series) {
    const id = subjectIdOf(labels);
    const row = id && shown.get(anyReference(id));
    if (!row || labels['window'] !== row.window) continue;
    if (labels['method'] !== undefined && row.method !== undefined && labels['method'] !== row.method) continue;
    const key = subjectKey(id);
    const history = bySubject.get(key) ?? { states: new Map(), scores: new Map(), rows: new Map() };
    bySubject.set(key, history);
    if (!subjects.has(key)) subjects.set(key, id);
    timesMs.forEach((timeMs, index) => {
      const value = values[index] ?? null;
      if (value === null) return;
      known.push(timeMs);
      takePoint(history, labels, timeMs, value);
    });
  }
  return { subjects: [...subjects.values()], timesMs: everyStep(known, range.fromMs, range.toMs), bySubject };
}

function takePoint(history: SubjectHistory, labels: Labels, timeMs: number, value: number): void {
  switch (labels['__name__']) {
    case RECORDED.driftState.name: {
      const state = DRIFT_STATES.find((one) => one === labels['state']);
      if (state && value === 1) takeState(history.states, DRIFT_STATES, timeMs, state);
      break;
    }
    case RECORDED.driftScore.name:
      history.scores.set(timeMs, value);
      break;
    case RECORDED.driftRows.name:
      history.rows.set(timeMs, value);
      break;
  }
}

/** Start of the run of its state that holds now, as `startOfRun` has it. */
export function sinceMs(row: DriftRow, history: DriftHistory, toMs: number): number | undefined {
  return startOfRun(row.state, history.bySubject.get(subjectKey(row))?.states, history.timesMs[0], toMs);
}

/** Frames `drift-history` and `drift-rows-history`; none where nothing was recorded. */
export function historyFrames(history: DriftHistory, context: FrameContext): DataFrame[] {
  const { subjects, timesMs, bySubject } = history;
  if (!timesMs.length) return [];
  const several = new Set(subjects.map(modelTitle)).size > 1;
  const lines = (values: (one: SubjectHistory) => ReadonlyMap<number, number>): Line[] =>
    subjects.map((id) => {
      const found = bySubject.get(subjectKey(id));
      return {
        labels: Object.fromEntries(DRIFT_HISTORY_LABELS.map((label) => [label, id[label]])),
        title: [...(several ? [modelTitle(id)] : []), subjectTitle(id)].join(', '),
        values: found ? values(found) : new Map<number, number>(),
      };
    });
  const scores = { timesMs, lines: lines((one) => one.scores), config: { decimals: 2 } };
  const rows = { timesMs, lines: lines((one) => one.rows), config: { unit: UNITS.count } };
  return [
    linesFrame('score', { kind: 'drift-history' }, scores, context),
    linesFrame('rows', { kind: 'drift-rows-history' }, rows, context),
  ];
}
