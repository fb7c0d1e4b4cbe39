/** No fresh data, no green: read from the words, the marks and the very pixels, in both themes. */
import type { Locator, Page } from 'playwright-core';
import { openStates, startWorkbench, type StatesPage, type Workbench } from '../support/workbench';

/** The shades of blue that stand for health, in either theme. */
const BLUES = ['#5794F2', '#3274D9', '#1F60C4', '#8AB8FF'];
const BLUE = new RegExp(
  BLUES.map(
    (hex) => `rgba?\\(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')}[,)]`
  ).join('|')
);

let workbench: Workbench;
let workbenchPage: StatesPage;
let page: Page;
beforeAll(async () => {
  workbench = await startWorkbench();
  workbenchPage = await openStates(workbench, 1400, 520);
  ({ page } = workbenchPage);
}, 120_000);
afterAll(() => workbench?.stop());
afterEach(() => expect(workbenchPage.broken()).toEqual([]));

describe.each(['dark', 'light'])('in the %s theme', (theme) => {
  const view = () => page.locator('section[aria-labelledby]').first();
  const open = async (fixture: string) => {
    await workbenchPage.open(`theme=${theme}&fixture=${fixture}`);
    await page.getByRole('group', { name: 'Models by state' }).waitFor();
  };
  const counts = () =>
    page
      .getByRole('group', { name: 'Models by state' })
      .getByRole('button')
      .evaluateAll((all) => all.map((one) => one.textContent?.trim()));

  it.each([
    ['states that nobody confirmed for 26 minutes', 'stale', /^24 stale$/],
    ['the same of a thousand, as marks', 'large-stale', /^1,016 stale$/],
    ['samples of a plain query that are 20 minutes old', 'prometheus-old', /^24 stale$/],
    ['samples without a number', 'prometheus-null', /^24 (stale|unknown)$/],
    ['models of which no state was asked', 'prometheus-missing', /^24 unknown$/],
  ])('nothing is healthy: %s', async (_, fixture, only) => {
    await open(fixture);
    const states = await counts();
    expect(states).toHaveLength(1);
    expect(states[0]).toMatch(only);
    expect(await page.locator('[data-state=healthy]').count()).toBe(0);
    expect(await coloursOf(view())).not.toContainEqual(expect.stringMatching(BLUE));
    expect(await bluePixels(view())).toBe(0);
  });

  it('the healthy are blue as element and as pixel, so that its absence above means something', async () => {
    await open('fleet');
    expect(await coloursOf(view())).toContainEqual(expect.stringMatching(BLUE));
    await open('large');
    expect(await bluePixels(view())).toBeGreaterThan(1_000);
  });
});

/** Fills, strokes, backgrounds and borders of everything in the view. */
function coloursOf(view: Locator): Promise<string[]> {
  return view.evaluate((element) => {
    const found = new Set<string>();
    for (const one of Array.from(element.querySelectorAll('*'))) {
      const { fill, stroke, backgroundColor, borderTopColor } = getComputedStyle(one);
      for (const colour of [fill, stroke, backgroundColor, borderTopColor]) found.add(colour);
    }
    return [...found];
  });
}

/** Pixels on canvases in which blue is well above red and green. */
function bluePixels(view: Locator): Promise<number> {
  return view.evaluate((element) => {
    let blue = 0;
    for (const canvas of Array.from(element.querySelectorAll('canvas'))) {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      for (let at = 0; at + 3 < pixels.length; at += 4) {
        const [r = 0, g = 0, b = 0, alpha = 0] = pixels.slice(at, at + 4);
        if (alpha > 128 && b > r + 60 && b > g + 30) blue++;
      }
    }
    return blue;
  });
}
