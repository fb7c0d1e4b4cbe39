import fc from 'fast-check';
import { HEALTH_STATES, type HealthState } from '@modelwatch/contract';
import { layOutField, markAt, type FieldBlock } from './field';
import { chooseForm, tileColumns, tilesHeight, type TileNeed } from './mode';
import { neighbour, placeCard } from './neighbour';

/** The small fleet of the mock-ups: four namespaces. */
const FOUR: TileNeed[] = [
  { big: 2, small: 5 },
  { big: 2, small: 4 },
  { big: 1, small: 4 },
  { big: 2, small: 4 },
];

describe('form', () => {
  it.each([
    ['tiles where all fit without scrolling', 1350, 386, FOUR, 'tiles'],
    ['list and field where tiles would scroll', 1350, 320, FOUR, 'field'],
    ['list and field at half width', 668, 282, FOUR, 'field'],
    ['a list where there is no room for a field', 300, 166, FOUR, 'list'],
    ['the worst alone in the smallest', 196, 102, FOUR, 'one'],
    ['tiles for one model', 441, 162, [{ big: 1, small: 0 }], 'tiles'],
  ] as const)('is %s', (_, width, height, groups, form) => {
    expect(chooseForm({ width, height }, groups, 'auto')).toBe(form);
  });

  it('follows the option as far as the size allows', () => {
    expect(chooseForm({ width: 1350, height: 386 }, FOUR, 'list')).toBe('field');
    expect(chooseForm({ width: 700, height: 250 }, FOUR, 'tiles')).toBe('tiles');
    expect(chooseForm({ width: 196, height: 102 }, FOUR, 'tiles')).toBe('one');
  });

  it('gives a namespace of quiet models that fit side by side one low row', () => {
    const columns = tileColumns(1350);
    expect(columns).toBe(5);
    expect(tilesHeight([{ big: 0, small: 5 }], columns)).toBe(42);
    expect(tilesHeight([{ big: 0, small: 6 }], columns)).toBe(76);
    expect(tilesHeight([{ big: 1, small: 4 }], columns)).toBe(76);
  });
});

const state = fc.constantFrom<HealthState>(...HEALTH_STATES);
const blocks = fc.array(
  fc.record<FieldBlock>({
    title: fc.string(),
    states: fc
      .array(state, { minLength: 1, maxLength: 60 })
      .map((states) => [...states].sort((a, b) => HEALTH_STATES.indexOf(a) - HEALTH_STATES.indexOf(b))),
  }),
  { minLength: 1, maxLength: 12 }
);

describe('field', () => {
  it('leaves no model out, lets no mark overlap another, and finds each where it is drawn', () => {
    fc.assert(
      fc.property(
        blocks,
        fc.integer({ min: 60, max: 900 }),
        fc.integer({ min: 50, max: 900 }),
        (some, width, height) => {
          const layout = layOutField(some, width, height);
          const drawn = layout.marks.length + layout.bars.reduce((sum, { count }) => sum + count, 0);
          expect(drawn).toBe(some.reduce((sum, { states }) => sum + states.length, 0));
          const taken = new Set(layout.marks.map(({ x, y }) => `${x} ${y}`));
          expect(taken.size).toBe(layout.marks.length);
          for (const mark of layout.marks) {
            expect(mark.x).toBeGreaterThanOrEqual(0);
            expect(mark.x).toBeLessThanOrEqual(width + 1);
            expect(markAt(layout, mark.x, mark.y)).toBe(mark);
          }
        }
      ),
      { numRuns: 60 }
    );
  });

  it('draws the healthy of a namespace as one bar only where the smallest marks do not fit', () => {
    const many = [{ title: 'a', states: Array.from({ length: 2000 }, () => 'healthy' as const) }];
    expect(layOutField(many, 178, 100).bars).toEqual([expect.objectContaining({ count: 2000, from: 0 })]);
    expect(layOutField(many, 800, 800).bars).toEqual([]);
  });
});

describe('keyboard and card', () => {
  const grid = [0, 1, 2, 3].map((index) => ({
    left: (index % 2) * 100,
    top: Math.floor(index / 2) * 50,
    width: 90,
    height: 40,
  }));

  it.each([
    [0, 'right', 1],
    [0, 'down', 2],
    [3, 'left', 2],
    [3, 'up', 1],
    [1, 'right', 1],
  ] as const)('from %i %s is %i', (from, direction, to) => {
    expect(neighbour(grid, from, direction)).toBe(to);
  });

  it('keeps the card on the screen, right of the mark where it fits', () => {
    const screen = { width: 1000, height: 600 };
    const card = { width: 328, height: 300 };
    const at = (left: number, top: number) => placeCard({ left, top, width: 100, height: 40 }, card, screen);
    expect(at(10, 20)).toEqual({ left: 118, top: 20 });
    expect(at(800, 550)).toEqual({ left: 464, top: 292 });
    expect(at(0, -30)).toEqual({ left: 108, top: 8 });
  });
});
