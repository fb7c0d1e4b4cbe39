import { layOutBeside } from '../beside';
import { chartBox, linePath, nearestTime, spreadLabels, stretches, timeScale, valueScale } from './chart';
import { layOutCalibration, layOutMatrix, shareStep } from './matrix';
import { layOutParts, PARTS, type PartsInput } from './parts';

const input = (rest: Partial<PartsInput>): PartsInput => ({
  width: 1326,
  height: 520,
  parts: PARTS,
  scores: 5,
  classes: 2,
  mode: 'auto',
  ...rest,
});

describe('parts', () => {
  it('shows all parts where there is room, and none covers another', () => {
    const { placed, left } = layOutParts(input({}));
    expect(placed.map(({ part }) => part)).toEqual(PARTS);
    expect(left).toEqual([]);
    placed.forEach(({ rect: a }, index) => {
      expect(a.left + a.width).toBeLessThanOrEqual(1326 + 1e-6);
      expect(a.top + a.height).toBeLessThanOrEqual(520 + 1e-6);
      placed.slice(index + 1).forEach(({ rect: b }) => {
        const apart =
          a.left + a.width <= b.left + 1e-6 || b.left + b.width <= a.left + 1e-6 || a.top + a.height <= b.top;
        expect(apart).toBe(true);
      });
    });
  });

  it.each([
    [{ width: 276, height: 150 }, ['scores']],
    [{ width: 642, height: 240 }, ['scores', 'history']],
    [{ width: 480, height: 600 }, ['scores', 'predicted-actual']],
    [{ width: 642, height: 240, parts: ['scores', 'confusion'] as const }, ['scores', 'confusion']],
    [{ width: 276, height: 150, parts: ['confusion', 'calibration'] as const }, ['confusion']],
    [{ mode: 'calibration' as const }, ['calibration']],
    [{ mode: 'calibration' as const, parts: ['scores', 'history'] as const }, ['scores', 'history']],
    [{ parts: [] }, []],
  ])('takes what fits, and counts the rest: %j', (rest, shown) => {
    const { placed, left } = layOutParts(input(rest));
    expect(placed.map(({ part }) => part)).toEqual(shown);
    expect(new Set([...placed.map(({ part }) => part), ...left])).toEqual(new Set(input(rest).parts));
  });
});

describe('drift and accuracy in one panel', () => {
  it('stand beside or below each other, or drift stands alone', () => {
    expect(layOutBeside({ width: 1350, height: 400 })).toMatchObject({ direction: 'row', accuracy: { width: 567 } });
    expect(layOutBeside({ width: 700, height: 700 })).toMatchObject({ direction: 'column', drift: { height: 406 } });
    expect(layOutBeside({ width: 700, height: 400 })).toBeUndefined();
  });
});

describe('charts', () => {
  const box = chartBox(800, 200, true, true);

  it('puts ticks on round numbers around the values, and widens next to nothing', () => {
    const { y, ticks, decimals } = valueScale([0.742, 0.836], box, { least: 0, most: 1, span: 0.05 });
    expect(ticks.map((tick) => tick.toFixed(decimals))).toEqual(['0.70', '0.75', '0.80', '0.85']);
    expect(y(0.836)).toBeLessThan(y(0.742));
    const flat = valueScale([0.5, 0.5], box, { least: 0, most: 1, span: 0.05 });
    expect(Math.abs(flat.y(0.5) - flat.y(0.5001))).toBeLessThan(2);
    expect(valueScale([], box, { least: 0, most: 1, span: 0.05 }).ticks.length).toBeGreaterThan(1);
  });

  it('bounds the ticks of values of any size', () => {
    for (const values of [
      [1e-12, 2e-12],
      [-1e15, 1e15],
      [0, 0],
    ]) {
      const { ticks } = valueScale(values, box, { least: -Infinity, most: Infinity, span: 0.05 });
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(20);
      expect(ticks.every(Number.isFinite)).toBe(true);
    }
  });

  it('ends a line at a gap, keeps a lone value, and draws no more than the pixels hold', () => {
    const x = (ms: number) => ms;
    expect(linePath([0, 1, 2, 3, 4], [1, 2, null, 5, null], x, x)).toBe('M0 1h0L1 2M3 5h0');
    const many = Array.from({ length: 20_000 }, (_, index) => index / 100);
    const spiky = many.map((_, index) => (index === 7_777 ? 90 : index % 3));
    const path = linePath(many, spiky, x, x);
    expect(path.split('L').length).toBeLessThan(2_000);
    expect(path).toContain(' 90');
  });

  it('finds stretches, and the nearest time', () => {
    const found = stretches([0, 10, 20, 30], 10, (at) => at === 1 || at === 2);
    expect(found).toEqual([{ fromMs: 5, toMs: 25, last: 2 }]);
    expect(nearestTime([0, 10, 20], (ms) => ms, 14)).toBe(1);
    expect(nearestTime([], (ms) => ms, 14)).toBeUndefined();
  });

  it('ticks on round moments, also of a single time', () => {
    const day = 86_400_000;
    const { ticks } = timeScale([0, day], 900_000, box);
    expect(ticks.every((ms) => ms % 3_600_000 === 0)).toBe(true);
    expect(timeScale([5], 0, box).x(5)).toBeCloseTo((box.left + box.right) / 2, 6);
  });

  it('moves names of lines apart and keeps them inside', () => {
    const places = spreadLabels(
      [
        { key: 'a', y: 50 },
        { key: 'b', y: 52 },
        { key: 'c', y: 199 },
      ],
      { top: 8, bottom: 150 }
    );
    const at = places.map((one) => one.at);
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(15);
    expect(Math.max(...at)).toBeLessThanOrEqual(150);
  });
});

describe('matrix and calibration', () => {
  it('drops counts and signs before cells get too small', () => {
    expect(layOutMatrix(420, 250, 2, 5)).toMatchObject({ hasCounts: true, isDense: false });
    expect(layOutMatrix(520, 420, 11, 8)).toMatchObject({ hasCounts: false, isDense: true });
    expect(layOutMatrix(520, 420, 11, 8).cellWidth).toBeGreaterThanOrEqual(32);
  });

  it('gives no colour to an empty cell, and the darkest to nearly all', () => {
    expect([0, 0.02, 0.2, 0.5, 0.9].map(shareStep)).toEqual([undefined, 0, 1, 2, 3]);
  });

  it('keeps the diagonal from lying flat', () => {
    const { width, height } = layOutCalibration(900, 240);
    expect(width / height).toBeLessThanOrEqual(1.8);
    expect(layOutCalibration(240, 120).stripHeight).toBe(0);
  });
});
