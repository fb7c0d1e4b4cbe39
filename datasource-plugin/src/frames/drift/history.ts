/** Drift over time: scores, rows, and since when a state holds. */
import { createDataFrame, FieldType, type DataFrame, type FieldConfig, type Labels } from '@grafana/data';
import {
  DRIFT_HISTORY_LABELS,
  DRIFT_STATES,
  RECORDED,
  type DriftState,
  type FrameKind,
  type FrameMark,
} from '@modelwatch/contract';
import { UNITS } from '../appearance';
import { modelTitle } from '../identity';
import type { FrameContext } from '../inventoryFrame';
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

/** Steps at which nothing was recorded have no sample at all, and must not vanish from the axis. */
function everyStep(known: readonly number[], fromMs: number, toMs: number): number[] {
  const times = [...new Set(known)].sort((a, b) => a - b);
  const [first] = times;
  const stepMs = Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  if (first === undefined || !Number.isFinite(stepMs)) return times;
  const start = first - Math.floor((first - fromMs) / stepMs) * stepMs;
  const count = Math.floor((toMs - start) / stepMs) + 1;
  return Array.from({ length: count }, (_, index) => start + index * stepMs);
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
      const before = history.states.get(timeMs);
      const isWorse = before === undefined || (state && DRIFT_STATES.indexOf(state) < DRIFT_STATES.indexOf(before));
      if (state && value === 1 && isWorse) history.states.set(timeMs, state);
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

/**
 * Start of the run of its state that holds now. Undefined where it is older than the range, and where nobody has a state.
 * @param toMs end of the range: a state that no step has seen yet has begun since the last
 */
export function sinceMs(row: DriftRow, history: DriftHistory, toMs: number): number | undefined {
  const states = history.bySubject.get(subjectKey(row))?.states;
  if (!row.state || !states?.size) return undefined;
  const known = [...states].sort(([a], [b]) => b - a);
  const other = known.findIndex(([, state]) => state !== row.state);
  if (other === 0) return toMs;
  const [start] = (other < 0 ? known.at(-1) : known[other - 1]) ?? [];
  const isOlder = other < 0 && start === history.timesMs[0];
  return isOlder ? undefined : start;
}

function historyFrame(
  kind: FrameKind,
  name: string,
  history: DriftHistory,
  context: FrameContext,
  of: { readonly values: (one: SubjectHistory) => ReadonlyMap<number, number>; readonly config: FieldConfig }
): DataFrame {
  const mark: FrameMark = { kind, answeredAtMs: context.answeredAtMs };
  const several = new Set(history.subjects.map(modelTitle)).size > 1;
  return createDataFrame({
    refId: context.refId,
    meta: { preferredVisualisationType: 'graph', custom: { modelwatch: mark } },
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: [...history.timesMs] },
      ...history.subjects.map((id) => {
        const found = history.bySubject.get(subjectKey(id));
        const values = found && of.values(found);
        return {
          name,
          type: FieldType.number,
          labels: Object.fromEntries(DRIFT_HISTORY_LABELS.map((label) => [label, id[label]])),
          config: {
            ...of.config,
            displayNameFromDS: [...(several ? [modelTitle(id)] : []), subjectTitle(id)].join(', '),
          },
          values: history.timesMs.map((time) => values?.get(time) ?? null),
        };
      }),
    ],
  });
}

/** Frames `drift-history` and `drift-rows-history`; none where nothing was recorded. */
export function historyFrames(history: DriftHistory, context: FrameContext): DataFrame[] {
  if (!history.timesMs.length) return [];
  return [
    historyFrame('drift-history', 'score', history, context, {
      values: ({ scores }) => scores,
      config: { decimals: 2 },
    }),
    historyFrame('drift-rows-history', 'rows', history, context, {
      values: (one) => one.rows,
      config: { unit: UNITS.count },
    }),
  ];
}
