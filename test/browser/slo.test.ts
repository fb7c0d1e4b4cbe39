/** The SLO view in a real browser: the built workbench, both themes, read by text, by role and by pixel. */
import type { Locator, Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility';
import { openStates, startWorkbench, type StatesPage, type Workbench } from '../support/workbench';

let workbench: Workbench;
let workbenchPage: StatesPage;
let page: Page;
beforeAll(async () => {
  workbench = await startWorkbench();
  workbenchPage = await openStates(workbench, 1420, 560);
  ({ page } = workbenchPage);
}, 120_000);
afterAll(() => workbench?.stop());
afterEach(() => expect(workbenchPage.broken()).toEqual([]));

const open = (query: string) => workbenchPage.open(query);
const plain = (text: string) =>
  text
    .replace(/\u00a0/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
const heading = async () => plain(await page.getByRole('heading', { level: 3 }).first().innerText());
const stop = () => page.locator('[data-mw-key][tabindex="0"]');
const focusedRow = () => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'));
const shown = async () => plain(await page.locator('main').innerText());

describe.each(['dark', 'light'])('in the %s theme', (theme) => {
  it.each([
    'slo&width=1350&height=400',
    'slo-one&width=1350&height=476',
    'slo-few&width=700&height=300',
    'slo-stale&width=700&height=300',
    'alerts&width=900&height=316',
    'alerts-unreachable&width=668&height=236',
    'alerts-unwatched&width=441&height=196',
  ])('has no serious violation of accessibility rules: %s', async (fixture) => {
    await open(`fixture=${fixture}&theme=${theme}`);
    expect(await seriousViolations(page)).toEqual([]);
  });
});

it('has one tab stop, which arrows, Home and End move; Esc closes the card and Enter opens the model', async () => {
  await open('fixture=slo&width=1350&height=400');
  const silent = page.getByRole('button', { name: '2 no verdict' });
  await silent.press('Enter');
  expect(await page.getByRole('rowheader').allInnerTexts()).toHaveLength(2);
  await silent.press('Enter');
  expect(await page.getByRole('rowheader').allInnerTexts()).toHaveLength(12);
  await page.getByRole('button', { name: '4 met' }).focus();
  await page.keyboard.press('Tab');
  expect(await stop().count()).toBe(1);
  expect(await focusedRow()).toBe('2');
  await page.getByRole('dialog', { name: 'fraud-scorer' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await focusedRow()).toBe('4');
  await page.keyboard.press('End');
  expect(await focusedRow()).toBe('13');
  await page.keyboard.press('ArrowDown');
  expect(await focusedRow()).toBe('13');
  await page.keyboard.press('Home');
  expect(await focusedRow()).toBe('2');
  await page.getByRole('dialog', { name: 'fraud-scorer' }).waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await focusedRow()).toBe('2');
  await Promise.all([page.waitForURL(/modelwatch-model/), page.keyboard.press('Enter')]);
  expect(page.url()).toContain('var-namespace=payments&var-model=fraud-scorer');
});

it('draws of a thousand rows those in sight, scrolls, and goes to the last one by End', async () => {
  await open('fixture=slo-many&width=1350&height=400');
  const table = page.getByRole('table');
  expect(await table.getAttribute('aria-rowcount')).toBe('1001');
  expect(await table.getByRole('row').count()).toBeLessThan(40);
  await table.hover();
  await page.mouse.wheel(0, 12_000);
  await page.locator('tr[aria-rowindex="490"]').waitFor();
  expect(await stop().count()).toBe(1);
  await stop().focus();
  await page.keyboard.press('End');
  expect(await focusedRow()).toBe('1001');
  const [row, frame] = [await page.locator('tr:focus').boundingBox(), await page.getByRole('region').boundingBox()];
  if (!row || !frame) throw new Error('the last row is not drawn');
  expect(row.y + row.height).toBeLessThanOrEqual(frame.y + frame.height);
  expect(await table.getByRole('row').count()).toBeLessThan(40);
});

it('lists alerts with who is told, their ways out, and no calm where Alertmanager is not heard', async () => {
  await open('fixture=alerts&width=900&height=316');
  const item = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  expect(plain(await item('SLO fast burn').innerText())).toMatch(
    /logistics\/eta-courier, answered critical, firing 12 min Goes to risk-pager, tickets Model Runbook$/
  );
  expect(plain(await item('Model drift').innerText())).toMatch(/Silenced by anna until .*: retraining runs/);
  const silence = item('Model drift').getByRole('link', { name: 'Show silence' });
  expect(await silence.getAttribute('href')).toBe('/alerting/silences?alertmanager=Alertmanager');
  await open('fixture=alerts-quiet-unreachable&width=668&height=236');
  expect(await heading()).toBe('Nothing fires in Prometheus');
  expect(await shown()).toContain('Bad gateway');
});

describe('never green without fresh data', () => {
  it.each(['slo', 'slo-many', 'slo-few', 'slo-stale', 'slo-one'])(
    '%s tells of nothing that it is 100 %%',
    async (name) => {
      await open(`fixture=${name}&width=1350&height=400`);
      const text = plain((await page.locator('main').innerText()).replace(/^100\s%$/m, ''));
      expect(text).not.toMatch(/100(\.0+)? ?%/);
    }
  );

  it('has a hatched track, a word and no number for what nobody knows', async () => {
    await open('fixture=slo&width=1350&height=400');
    for (const name of ['demand-forecast stale', 'ltv-forecast too few']) {
      const row = page.getByRole('row', { name: new RegExp(`^${name}`) });
      expect(plain(await row.innerText())).toMatch(/% answered unknown – – /);
      expect(await row.locator('svg[data-unknown] rect[fill^="url"]').count()).toBe(1);
    }
    expect(await page.locator('svg[data-unknown]').count()).toBe(2);
    await open('fixture=slo-few&width=700&height=300');
    expect(await heading()).toMatch(/^ltv-forecast: too few requests/);
    expect(await shown()).toContain('needs 1,000 requests in 30 d to allow one failure');
    await open('fixture=slo-stale&width=300&height=200');
    expect(await heading()).toBe('Stale for 26 min');
    expect(await shown()).toContain('Budget was 71 % at 02:52. It may be less now: nobody has counted since.');
    expect(await page.getByRole('link', { name: 'Runbook' }).getAttribute('href')).toMatch(/ModelwatchSLONoData\.md$/);
  });
});

it('tells states apart by shape where there is no colour', async () => {
  await open('fixture=slo&width=1350&height=400');
  await page.addStyleTag({ content: 'main { filter: grayscale(1) }' });
  const marks = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) }).locator('th svg');
  const states = ['fraud-scorer', 'summary-llm', 'demand-forecast', 'ltv-forecast', 'translate-batch', 'route-cost'];
  const drawn = await Promise.all(states.map((name) => outline(marks(name))));
  expect(new Set(drawn).size).toBe(states.length);
});

/** Which pixels a mark covers, whatever its colour: the same for two marks that differ by colour alone. */
async function outline(mark: Locator): Promise<string> {
  return mark.evaluate(async (svg) => {
    const copy = svg.cloneNode(true) as SVGElement;
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    const [was, now] = [svg, copy].map((one) => Array.from(one.querySelectorAll<SVGElement>('*')));
    was?.forEach((element, index) => {
      const { fill, stroke, strokeWidth } = getComputedStyle(element);
      const paint = (value: string) => (value === 'none' ? 'none' : 'black');
      const style = `fill:${paint(fill)};stroke:${paint(stroke)};stroke-width:${strokeWidth}`;
      now?.[index]?.setAttribute('style', style);
    });
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [20, 20];
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, 20, 20);
    const { data } = context?.getImageData(0, 0, 20, 20) ?? { data: [] };
    return Array.from({ length: 400 }, (_, index) => ((data[index * 4 + 3] ?? 0) > 127 ? '#' : '.')).join('');
  });
}

/** Texts with a digit, outside of reasons and names, of which a part lies outside of what clips them. */
function cutNumbers(view: Element): string[] {
  const cuts = (around: Element, box: DOMRect): boolean => {
    const { overflowX, overflowY } = getComputedStyle(around);
    const frame = around.getBoundingClientRect();
    if (overflowX !== 'visible' && (box.left < frame.left - 1 || box.right > frame.right + 1)) return true;
    // What lies wholly below is left out as a whole, or is scrolled to.
    return overflowY === 'hidden' && box.top < frame.bottom - 1 && box.bottom > frame.bottom + 1;
  };
  const cut: string[] = [];
  const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent ?? '';
    const parent = node.parentElement;
    // Names and reasons end in an ellipsis and say so.
    if (!parent || !/\d/.test(text) || parent.closest('h3, b, [title]')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    for (let around: Element | null = parent; around && view.contains(around); around = around.parentElement) {
      // What is for screen readers alone is clipped on purpose.
      if (getComputedStyle(around).clipPath !== 'none') break;
      if (cuts(around, box)) cut.push(text);
    }
  }
  return cut;
}

it.each([
  ['slo', 600, 400],
  ['slo', 402, 300],
  ['slo', 300, 200],
  ['slo-one', 600, 400],
  ['slo-one', 402, 300],
  ['slo-one', 300, 200],
  ['slo-ticket', 600, 300],
  ['slo-few', 300, 200],
  ['slo-stale', 300, 200],
])('cuts no number of %s in half at %i × %i', async (fixture, width, height) => {
  await open(`fixture=${fixture}&width=${width}&height=${height}`);
  const view = page.getByRole('region').first();
  expect(await view.evaluate(cutNumbers)).toEqual([]);
  expect(await view.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
});

it('has the two charts of one objective as images with their sentence, and as a table one press away', async () => {
  await open('fixture=slo-one&width=1350&height=476');
  expect(await page.getByRole('img', { name: /^Budget left over 30.d: 24.% now$/ }).count()).toBe(1);
  expect(await page.getByRole('img', { name: /^Burn rate over 30.d: 16× now$/ }).count()).toBe(1);
  await page.getByRole('button', { name: 'Show as table' }).press('Enter');
  const table = page.getByRole('region', { name: 'Budget of eta-courier as a table' }).getByRole('table');
  const rows = (await table.getByRole('row').allInnerTexts()).map(plain);
  expect(rows).toHaveLength(361);
  expect(rows[0]).toBe('Time Budget left Spent, points Burn, 1 h What began');
  expect(rows[1]).toMatch(/^03:18 2[34] % 2\.\d 16× ModelwatchSLOFastBurn$/);
  expect(rows.filter((row) => row.includes('Rollout'))).toHaveLength(3);
  expect(await page.getByRole('img', { name: /^Budget left/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Show as drawing' }).click();
  expect(await page.getByRole('link', { name: 'Runbook' }).getAttribute('href')).toMatch(/ModelwatchSLOFastBurn\.md$/);
});
