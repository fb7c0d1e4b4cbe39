/** All cells of one kind as one path: thousands of cells are a dozen elements. */
import type { HeatmapLayout } from './heatmap';

/** A step of blue below the warning, a limit that was reached, or why there is no score. */
export type CellLevel = 0 | 1 | 2 | 3 | 'warning' | 'critical' | 'few' | 'none';

export interface CellPaths {
  /** Filled areas by level; `none` are rings. */
  readonly areas: ReadonlyMap<CellLevel, string>;
  /** Shapes inside cells over a limit, so that greyscale works. */
  readonly triangles: string;
  readonly diamonds: string;
  /** Outlines around runs of critical cells. */
  readonly runs: string;
}

const r1 = (value: number) => Math.round(value * 10) / 10;

function ring(x: number, y: number): string {
  return `M${r1(x - 2.5)} ${r1(y)}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0`;
}

function runsOf(levels: readonly CellLevel[], top: number, { cellWidth, rowHeight }: HeatmapLayout): string {
  let out = '';
  let start = -1;
  for (let column = 0; column <= levels.length; column++) {
    const critical = levels[column] === 'critical';
    if (critical && start < 0) start = column;
    if (critical || start < 0) continue;
    out += `M${r1(start * cellWidth)} ${top + 0.5}h${r1((column - start) * cellWidth)}v${rowHeight - 1}H${r1(start * cellWidth)}Z`;
    start = -1;
  }
  return out;
}

export function cellPaths(rows: ReadonlyArray<readonly CellLevel[]>, layout: HeatmapLayout): CellPaths {
  const { cellWidth, rowHeight } = layout;
  const areas = new Map<CellLevel, string>();
  let [triangles, diamonds, runs] = ['', '', ''];
  const [w, h] = [r1(cellWidth - 1), rowHeight - 2];
  rows.forEach((levels, row) => {
    const top = row * rowHeight;
    const middle = top + rowHeight / 2;
    levels.forEach((level, column) => {
      const x = column * cellWidth;
      const center = r1(x + cellWidth / 2);
      const area = level === 'none' ? ring(center, middle) : `M${r1(x + 0.5)} ${top + 1}h${w}v${h}h${-w}Z`;
      areas.set(level, (areas.get(level) ?? '') + area);
      if (level === 'critical') diamonds += `M${center} ${middle - 4}l4 4-4 4-4-4Z`;
      if (level === 'warning') triangles += `M${center} ${r1(middle - 3.4)}l3.9 6.6h-7.8Z`;
    });
    runs += runsOf(levels, top, layout);
  });
  return { areas, triangles, diamonds, runs };
}
