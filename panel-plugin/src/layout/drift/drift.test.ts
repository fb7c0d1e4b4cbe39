import { clearTicks, layOutBars, layOutHistogram, shareTop } from './distribution';
import { chooseDriftForm } from './form';
import { cellAt, layOutHeatmap, stepOf } from './heatmap';
import { barLength, listRows } from './list';
import { cellPaths, type CellLevel } from './paths';
import { placeLabels, placeWords, rectOfWord, scatterScale, type Word } from './scatter';

const heatmap = (rest: Partial<Parameters<typeof layOutHeatmap>[0]> = {}) =>
  layOutHeatmap({
    width: 1324,
    height: 320,
    subjects: 14,
    windows: 28,
    hasImportance: true,
    hasRows: true,
    ...rest,
  });

describe('heatmap', () => {
  it('has cells from 12 px: below that windows are merged', () => {
    expect(heatmap()).toMatchObject({ per: 1, columns: 28, rowHeight: 19, left: 216, right: 168 });
    const merged = heatmap({ width: 676, windows: 300 });
    expect(merged).toMatchObject({ per: 10, columns: 30, showSince: false });
    expect(merged.cellWidth).toBeGreaterThanOrEqual(12);
  });

  it('has rows from 16 to 20 px, then scrolls', () => {
    expect(heatmap({ subjects: 2 }).rowHeight).toBe(20);
    expect(heatmap({ subjects: 60 })).toMatchObject({ rowHeight: 16, rowsHeight: 960 });
  });

  it('finds the cell under a point, and none outside', () => {
    const layout = heatmap();
    expect(cellAt(layout, 14, layout.cellWidth * 27 + 1, layout.rowHeight * 13 + 1)).toEqual({ row: 13, column: 27 });
    expect(cellAt(layout, 14, layout.plotWidth + 1, 5)).toBeUndefined();
    expect(cellAt(layout, 14, 5, 14 * layout.rowHeight + 1)).toBeUndefined();
  });

  it('has four blues below the warning', () => {
    expect([0, 0.024, 0.025, 0.05, 0.075, 0.0999, 5].map((score) => stepOf(score, 0.1))).toEqual([0, 0, 1, 2, 3, 3, 3]);
  });

  it('draws a shape in each cell over a limit, and an outline around each critical run', () => {
    const row: CellLevel[] = ['few', 'none', 0, 'warning', 'critical', 'critical', 0, 'critical'];
    const paths = cellPaths([row], heatmap());
    const count = (path: string | undefined) => path?.match(/M/g)?.length ?? 0;
    expect([count(paths.triangles), count(paths.diamonds), count(paths.runs)]).toEqual([1, 3, 2]);
    expect([count(paths.areas.get('few')), count(paths.areas.get('none')), count(paths.areas.get(0))]).toEqual([
      1, 1, 2,
    ]);
  });
});

it('chooses the richest form that fits, and what is asked for where the answer has it', () => {
  const all = { hasScores: true, hasHistory: true, hasDistribution: false, weighed: 14 };
  const wide = { width: 1324, height: 370 };
  expect(chooseDriftForm(wide, all, 'auto')).toBe('heatmap');
  expect(chooseDriftForm(wide, { ...all, hasHistory: false }, 'auto')).toBe('scatter');
  expect(chooseDriftForm(wide, { ...all, hasHistory: false, weighed: 0 }, 'auto')).toBe('list');
  expect(chooseDriftForm({ width: 419, height: 370 }, all, 'auto')).toBe('list');
  expect(chooseDriftForm(wide, all, 'scatter')).toBe('scatter');
  expect(chooseDriftForm(wide, { ...all, hasDistribution: true }, 'distribution')).toBe('distribution');
  expect(chooseDriftForm(wide, { ...all, hasScores: false, hasDistribution: true }, 'heatmap')).toBe('distribution');
});

it('keeps a row for the foot of the list, and cuts a bar at its end only', () => {
  expect(listRows(160, 14, 5)).toBe(5);
  expect(listRows(60, 14, 5)).toBe(1);
  expect([barLength(0.25, 0.25), barLength(9, 0.25), barLength(-1, 0.25)]).toEqual([36, 72, 0]);
});

describe('distribution', () => {
  it('ends its scale at a round share that nothing exceeds', () => {
    expect(shareTop(0.276).top).toBeCloseTo(0.3);
    expect(shareTop(0.221).top).toBeCloseTo(0.25);
    expect(shareTop(1)).toEqual({ top: 1, step: 0.2 });
    expect(shareTop(0).top).toBeGreaterThan(0);
  });

  it('keeps the bins of the histogram inside, in order and apart from the special ones', () => {
    const apart = [true, false, false, false, true, true];
    const { x, unit, right } = layOutHistogram(560, 226, apart, true);
    expect((x[5] ?? 0) + unit).toBeCloseTo(right);
    const gaps = x.slice(1).map((left, index) => Math.round(left - (x[index] ?? 0) - unit));
    expect(gaps).toEqual([12, 0, 0, 12, 8]);
  });

  it('names bins beside the range first, then edges that touch nothing, and none twice', () => {
    const tick = (text: string, x: number, isFirst = false) => ({ key: `${text} at ${x}`, text, x, isFirst });
    const near = [tick('< 0.0001', 60, true), tick('0.0001', 84), tick('0.0001', 160), tick('0.0002', 170)];
    const ticks = clearTicks([...near, tick('0.0001', 230), tick('missing', 390, true)], 400);
    expect(ticks.map(({ key }) => key)).toEqual(['< 0.0001 at 60', 'missing at 390', '0.0001 at 160']);
    expect(ticks[1]?.x).toBe(375.5);
  });

  it('leaves out what bins add before it squeezes the bars', () => {
    expect(layOutBars(748, 246, 12, true, 7, true)).toMatchObject({ showAdds: true, rowHeight: 18 });
    expect(layOutBars(400, 246, 12, true, 7, true).showAdds).toBe(false);
  });
});

describe('scatter', () => {
  const scale = scatterScale(534, 334, { score: 0.44, importance: 0.18 }, { warning: 0.1, critical: 0.25 });

  it('spreads low scores and keeps high ones on the page', () => {
    expect(scale.y(0.44)).toBeGreaterThan(scale.top);
    expect(scale.y(0.05) - scale.y(0.1)).toBeGreaterThan(scale.y(0.4) - scale.y(0.45));
    expect(scale.xTicks.map((tick) => Math.round(tick * 100))).toEqual([0, 5, 10, 15, 20]);
  });

  it('keeps whole marks inside of the plot, at either end of both axes', () => {
    const { x, y, left, top, width, height } = scale;
    for (const importance of [0, 1]) {
      expect(x(importance) - 10).toBeGreaterThanOrEqual(left);
      expect(x(importance) + 10).toBeLessThanOrEqual(left + width);
    }
    for (const score of [0, 0.44]) {
      expect(y(score) - 10).toBeGreaterThanOrEqual(top);
      expect(y(score) + 10).toBeLessThanOrEqual(top + height);
    }
  });

  it('gives a word the first of its places that nothing covers, and leaves out one without', () => {
    const word = (text: string, x: number): Word => ({ text, x, y: 100, anchor: 'start', width: 40 });
    const mark = { left: 20, top: 90, width: 16, height: 16 };
    expect(placeWords([[word('a', 0), word('a', 50)], [word('b', 60)], [word('c', 95)]], [mark])).toEqual([
      word('a', 50),
      word('c', 95),
    ]);
    expect(rectOfWord({ ...word('d', 90), anchor: 'end' })).toMatchObject({ left: 50, width: 40 });
  });

  it('places labels so that none covers a mark, a label or a fixed text', () => {
    const at = (key: string, x: number, y: number, must = true) => ({ key, x, y, radius: 8, width: 80, must });
    const plot = { left: 44, top: 18, width: 470, height: 282 };
    const labels = placeLabels(
      [at('a', 100, 100), at('b', 130, 100), at('c', 500, 100), at('d', 110, 104, false)],
      [{ left: 400, top: 97, width: 80, height: 6 }],
      [],
      plot
    );
    const boxes = labels.map(({ x, y, anchor }) => ({ left: anchor === 'start' ? x : x - 80, top: y - 11 }));
    boxes.forEach((one, index) =>
      boxes.slice(index + 1).forEach((other) => {
        const apart = Math.abs(one.left - other.left) >= 80 || Math.abs(one.top - other.top) >= 14;
        expect(apart).toBe(true);
      })
    );
    expect(labels.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c']);
    expect(boxes.every(({ left }) => left >= 44 && left + 80 <= 514)).toBe(true);
  });
});
