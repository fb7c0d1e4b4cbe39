/** What a heatmap draws: cells merged to the width there is, and their levels. */
import { layOutHeatmap, stepOf, type HeatmapLayout } from '../../layout/drift/heatmap';
import type { CellLevel } from '../../layout/drift/paths';
import { columnsOf, gridOf, rowsPerColumn, type Cell } from '../../model/drift/history';
import type { History, Subject } from '../../model/drift/types';

export interface HeatmapPlan {
  readonly layout: HeatmapLayout;
  readonly cells: ReadonlyArray<readonly Cell[]>;
  readonly levels: ReadonlyArray<readonly CellLevel[]>;
  /** Rows per column; undefined where nobody counted. */
  readonly rows: ReadonlyArray<number | undefined>;
}

function levelOf({ kind, score }: Cell, { warning, critical }: Subject): CellLevel {
  if (kind !== 'score' || score === undefined) return kind === 'few' ? 'few' : 'none';
  if (critical !== undefined && score >= critical) return 'critical';
  if (warning !== undefined && score >= warning) return 'warning';
  return stepOf(score, warning ?? critical ?? 1);
}

export function planHeatmap(
  subjects: readonly Subject[],
  history: History,
  size: { width: number; height: number }
): HeatmapPlan {
  const hasRows = [...history.bySubject.values()].some(({ rows }) => rows.some((value) => value !== null));
  const layout = layOutHeatmap({
    ...size,
    subjects: subjects.length,
    windows: history.timesMs.length,
    hasImportance: subjects.some(({ importance }) => importance !== undefined),
    hasRows,
  });
  const columns = columnsOf(history.timesMs.length, layout.per);
  const cells = gridOf(history, subjects, columns);
  const levels = cells.map((row, index) => row.map((cell) => levelOf(cell, subjects[index] as Subject)));
  return { layout, cells, levels, rows: hasRows ? rowsPerColumn(history, columns) : [] };
}

/** Key of a cell: its subject, and its column counted from the newest, which stays the same over refreshes. */
export function cellKey(subject: Subject, columns: number, column: number): string {
  return `${subject.key}\u0001${columns - 1 - column}`;
}

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** The cell of a key; undefined for keys of other forms, and of cells that are gone. */
export function placeOf(key: string, subjects: readonly Subject[], columns: number): CellPlace | undefined {
  const [subject, back] = key.split('\u0001');
  const row = subjects.findIndex((one) => one.key === subject);
  const column = back === undefined ? -1 : columns - 1 - Number(back);
  return row >= 0 && column >= 0 && column < columns ? { row, column } : undefined;
}
