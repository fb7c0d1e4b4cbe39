/** Where the cells of features by time go. Sizes in CSS pixels. */

const CELL_MIN_WIDTH = 12;
const ROW_MAX = 20;
const ROW_MIN = 16;
export const HEAD = 18;
const ROWS_STRIP = 28;
const NAME = 140;
const IMPORTANCE = 76;
const SCORE = 72;
const SINCE = 96;
/** Below these widths of the view a gutter is left out. */
const SINCE_FROM = 700;
const IMPORTANCE_FROM = 560;

export interface HeatmapInput {
  readonly width: number;
  readonly height: number;
  readonly subjects: number;
  readonly windows: number;
  /** Whether anybody gave an importance, and whether rows are known. */
  readonly hasImportance: boolean;
  readonly hasRows: boolean;
}

export interface HeatmapLayout {
  /** Left gutter: names, then importance where it is shown. */
  readonly left: number;
  readonly showImportance: boolean;
  readonly right: number;
  readonly showSince: boolean;
  readonly plotWidth: number;
  readonly rowHeight: number;
  /** Windows that are merged into one column, at least 1. */
  readonly per: number;
  readonly columns: number;
  readonly cellWidth: number;
  /** Height of all rows; more than the room for them where they scroll. */
  readonly rowsHeight: number;
  readonly stripHeight: number;
}

export function layOutHeatmap(input: HeatmapInput): HeatmapLayout {
  const { width, height, subjects, windows } = input;
  const showImportance = input.hasImportance && width >= IMPORTANCE_FROM;
  const showSince = width >= SINCE_FROM;
  const left = NAME + (showImportance ? IMPORTANCE : 0);
  const right = SCORE + (showSince ? SINCE : 0);
  const plotWidth = Math.max(CELL_MIN_WIDTH, width - left - right);
  const most = Math.max(1, Math.floor(plotWidth / CELL_MIN_WIDTH));
  const per = Math.max(1, Math.ceil(windows / most));
  const columns = Math.max(1, Math.ceil(windows / per));
  const stripHeight = input.hasRows ? ROWS_STRIP : 0;
  const room = Math.floor((height - HEAD - stripHeight) / Math.max(1, subjects));
  const rowHeight = Math.max(ROW_MIN, Math.min(ROW_MAX, room));
  return {
    left,
    showImportance,
    right,
    showSince,
    plotWidth,
    rowHeight,
    per,
    columns,
    cellWidth: plotWidth / columns,
    rowsHeight: subjects * rowHeight,
    stripHeight,
  };
}

/** The cell under a point of the plot; undefined outside. */
export function cellAt(
  { cellWidth, rowHeight, columns }: HeatmapLayout,
  subjects: number,
  x: number,
  y: number
): { row: number; column: number } | undefined {
  const [column, row] = [Math.floor(x / cellWidth), Math.floor(y / rowHeight)];
  const inside = column >= 0 && column < columns && row >= 0 && row < subjects;
  return inside ? { row, column } : undefined;
}

/** The blue of a score below its warning: four steps of equal width. */
export function stepOf(score: number, warning: number): 0 | 1 | 2 | 3 {
  const step = Math.floor((score / warning) * 4 + 1e-9);
  return (step < 0 ? 0 : step > 3 ? 3 : step) as 0 | 1 | 2 | 3;
}
