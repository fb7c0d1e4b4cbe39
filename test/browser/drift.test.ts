/** The drift view in a real browser: the built workbench, both themes, read by text and by role. */
import type { Page } from 'playwright-core';
import { seriousViolations } from '../support/accessibility';
import { openStates, startWorkbench, type StatesPage, type Workbench } from '../support/workbench';

let workbench: Workbench;
let workbenchPage: StatesPage;
let page: Page;
beforeAll(async () => {
  workbench = await startWorkbench();
  workbenchPage = await openStates(workbench, 1420, 760);
  ({ page } = workbenchPage);
}, 120_000);
afterAll(() => workbench?.stop());
afterEach(() => expect(workbenchPage.broken()).toEqual([]));

const open = (query: string) => workbenchPage.open(query);
const plain = (text: string) => text.replace(/\u00a0/g, ' ');
const heading = async () => plain(await page.getByRole('heading', { level: 3 }).first().innerText());
const focusedName = async () =>
  plain(
    await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''
    )
  );

describe.each(['dark', 'light'])('in the %s theme', (theme) => {
  it.each([
    'drift&width=1350&height=402',
    'drift&drift=scatter&width=560&height=420',
    'distribution-categorical&width=774&height=420',
    'distribution-few&width=560&height=360',
    'drift&width=300&height=200',
    'drift-no-reference&width=300&height=200',
    'drift-stale&width=1000&height=402',
    'drift-detectors&width=774&height=402',
  ])('has no serious violation of accessibility rules: %s', async (fixture) => {
    await open(`fixture=${fixture}&theme=${theme}`);
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});

describe('forms', () => {
  it('draws features by time as a grid, with score, since and importance of each', async () => {
    await open('fixture=drift&width=1350&height=402');
    expect(await heading()).toBe(
      'merchant_country has drifted: PSI 0.42 over 24 h, threshold 0.25 since 15 Nov 03:00, 6 d. It carries 18 % of the model.'
    );
    const grid = page.getByRole('grid', { name: /^merchant_country has drifted/ });
    expect(await grid.getByRole('row').count()).toBe(15);
    const first = grid.getByRole('rowheader').first();
    expect(plain((await first.getAttribute('aria-label')) ?? '')).toBe(
      'merchant_country: PSI 0.42, drifted, 18 % of the model'
    );
    const rows = plain(await grid.innerText()).replace(/\s+/g, ' ');
    expect(rows).toContain('merchant_country 18 % 0.42 15 Nov, 6 d');
    expect(rows).toContain('rows per 24 h 18.4 k');
    expect(await page.getByRole('list', { name: 'Scale' }).innerText()).toContain('from 0.25 PSI');
  });

  it('says how many windows a cell stands for, and keeps the newest score', async () => {
    await open('fixture=drift-hours&width=700&height=402');
    const grid = page.getByRole('grid');
    expect(plain(await grid.innerText())).toContain('highest of 10 windows, 10 h');
    expect(await grid.getAttribute('aria-colcount')).toBe('31');
  });

  it('scrolls many features below a header that stays', async () => {
    await open('fixture=drift-wide&width=1000&height=402');
    const grid = page.getByRole('grid');
    const box = await grid.boundingBox();
    await grid.evaluate((element) => element.scrollTo(0, 10_000));
    const head = await grid.getByRole('columnheader', { name: 'feature' }).boundingBox();
    expect(Math.abs((head?.y ?? 0) - (box?.y ?? 0))).toBeLessThan(8);
    expect(await grid.getByText('rows per 24').isVisible()).toBe(true);
  });

  it('pins predictions on top', async () => {
    await open('fixture=drift-predictions&width=1000&height=402');
    const first = page.getByRole('rowheader').first();
    expect(plain((await first.getAttribute('aria-label')) ?? '')).toBe('predictions: PSI 0.19, shifting');
  });

  it('draws drift against importance, and names what to act on', async () => {
    await open('fixture=drift&drift=scatter&width=560&height=420');
    expect(await heading()).toBe('Act on 1 of 14 features: merchant_country');
    const image = page.getByRole('img', { name: /^Act on 1 of 14/ });
    const texts = await image.locator('text').allTextContents();
    expect(texts).toEqual(expect.arrayContaining(['act', 'watch', 'fine', 'merchant_country', 'email_domain']));
    const overlapping = await image.evaluate((svg) => {
      const boxes = Array.from(svg.querySelectorAll('text'), (text) => ({
        text: text.textContent,
        box: text.getBoundingClientRect(),
      }));
      return boxes.flatMap(({ text, box: a }, index) =>
        boxes
          .slice(index + 1)
          .filter(({ box: b }) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
          .map((other) => `${text} covers ${other.text}`)
      );
    });
    expect(overlapping).toEqual([]);
  });

  it('draws the categories of a feature, and what each adds', async () => {
    await open('fixture=distribution-categorical&width=774&height=420');
    expect(await heading()).toMatch(
      /^2\.4 % of rows are categories not seen in training; BR rose from 2\.1 % to 11\.7 % of rows \(PSI /
    );
    const texts = plain((await page.getByRole('img').first().locator('text').allTextContents()).join(' '));
    expect(texts).toContain('BR 2.1 % 11.7 % 0.17');
    const stats = plain(await page.locator('dl').innerText()).replace(/\s+/g, ' ');
    expect(stats).toBe(
      'PSI, higher is worse 0.42 drifted since 15 Nov Threshold 0.1 / 0.25 warn / critical Rows 18,402 gate 360, passed Window 24 h to 03:18 Reference 412 k rows train-2026-08'
    );
    expect(await page.getByText('PSI with ln, +0.5').count()).toBe(1);
  });

  it('draws a numeric feature in its order, with what is beside the range apart', async () => {
    await open('fixture=distribution-numeric&width=774&height=360');
    expect(await heading()).toMatch(/^account_age_days shifted down: 0 to 90 rose from 9.0 % to 20.1 % of rows \(PSI /);
    const texts = await page.getByRole('img').first().locator('text').allTextContents();
    expect(texts).toEqual(expect.arrayContaining(['< 0', '90', '> 900', 'missing']));
    expect(await page.getByRole('list', { name: 'Bins' }).getByRole('button').count()).toBe(13);
  });

  it('lists the worst where it is narrow, with both limits and what it leaves out', async () => {
    await open('fixture=drift&width=300&height=200');
    const list = page.getByRole('list', { name: /^Drift by importance/ });
    expect(await list.getByRole('button').count()).toBe(5);
    expect(plain(await page.getByRole('region').innerText())).toContain('PSI 24 h, lines at 0.1 and 0.25, + 9 more');
  });
});

describe('never green without fresh data', () => {
  it('draws too little data hollow, says the gate and a way out, and no score', async () => {
    await open('fixture=distribution-few&width=560&height=360');
    expect(await heading()).toBe('No verdict: 41 of 390 rows in 24 h');
    const stats = plain(await page.locator('dl').innerText()).replace(/\s+/g, ' ');
    expect(stats).toContain('PSI unknown not computed Rows 41 gate 390, 30 per bin Way out 10 d of rows ≈ 410 rows');
    expect(await page.locator('section svg [class=current]').count()).toBe(0);
  });

  it('draws no colour of a state when the data is stale', async () => {
    await open('fixture=drift-stale&width=1000&height=402');
    expect(await heading()).toBe('No fresh score for 14 features: last prediction 03:18');
    const cells = page.locator('[data-mw-field] svg');
    expect(await cells.evaluate((svg) => getComputedStyle(svg).filter)).toBe('grayscale(1)');
    expect(await page.getByRole('row').locator('svg [fill="#C4162A" i]').count()).toBe(0);
  });

  it.each([
    ['drift-loading', 'Reading the first samples'],
    ['drift-empty', 'No drift to show'],
    ['drift-error', 'query touches 11,204,113 samples, limit 10,000,000'],
    [
      'drift-wrong',
      'drift-scores, row 1.state: expected one of critical, warning, stale, too_little_data, ok, got "green"',
    ],
    ['drift-no-reference', 'modelwatch profile train.csv'],
    ['drift-calm', 'Highest of 22: amount_eur, PSI 0.04 over 24 h, threshold 0.25. 9,310 rows.'],
  ])('%s says so in words', async (fixture, words) => {
    await open(`fixture=${fixture}&width=300&height=200`);
    await page.getByText('Drift').first().waitFor();
    expect(plain(await page.locator('main').innerText())).toContain(words);
  });
});

describe('pointer and keyboard', () => {
  it('opens the card of a cell on hover, with window, limit, rows and links', async () => {
    await open('fixture=drift&width=1350&height=402');
    const cells = await page.locator('[data-mw-field]').boundingBox();
    if (!cells) throw new Error('no cells');
    await page.mouse.move(cells.x + cells.width - 8, cells.y + 8);
    const card = page.getByRole('dialog', { name: 'merchant_country' });
    await card.waitFor();
    const text = plain(await card.innerText()).replace(/\s+/g, ' ');
    expect(text).toContain('Window 24 h to 03:00 PSI, higher is worse 0.42 Threshold 0.1 / 0.25 Rows 18,402, gate 360');
    const link = card.getByRole('link', { name: 'Distribution of this window' });
    expect(await link.getAttribute('href')).toBe(
      '/d/modelwatch-drift?var-cluster=&var-namespace=payments&var-model=chargeback-risk&var-feature=merchant_country&from=1763607600000&to=1763694000000'
    );
    expect(await card.getByRole('button', { name: 'Set range to this window' }).count()).toBe(1);
  });

  it('has one tab stop; arrows, Home and End move over the cells; Esc closes the card', async () => {
    await open('fixture=drift&width=1350&height=402');
    const stop = page.locator('[data-mw-key][tabindex="0"]');
    await stop.focus();
    expect(await page.locator('[data-mw-key][tabindex="0"]').count()).toBe(1);
    expect(await focusedName()).toBe('merchant_country, 24 h to 03:00: PSI 0.42, drifted, 18,402 rows');
    await page.keyboard.press('ArrowDown');
    expect(await focusedName()).toMatch(/^account_age_days, 24 h to 03:00: PSI 0.19, shifting/);
    await page.getByRole('dialog', { name: 'account_age_days' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    expect(await focusedName()).toMatch(/^account_age_days, 24 h to 20 Nov 03:00/);
    await page.keyboard.press('Home');
    expect(await focusedName()).toMatch(/^merchant_country, 24 h to 25 Oct 03:00/);
    await page.keyboard.press('End');
    expect(await focusedName()).toMatch(/^is_recurring, 24 h to 03:00/);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('opens the first link with Enter', async () => {
    await open('fixture=drift&width=1350&height=402&feature=%23%24%7Bmodel%7D/%24%7Bfeature%7D');
    await page.locator('[data-mw-key][tabindex="0"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#chargeback-risk\/merchant_country/);
  });

  it('walks over points and bins', async () => {
    await open('fixture=distribution-categorical&width=774&height=420');
    await page.locator('[data-mw-key][tabindex="0"]').focus();
    expect(await focusedName()).toMatch(/^new: 2.4 % of rows now, 0 % in the reference/);
    await page.keyboard.press('Home');
    expect(await focusedName()).toMatch(/^US: /);
    await page.getByRole('dialog', { name: 'US' }).waitFor();
    await open('fixture=drift&drift=scatter&width=560&height=420');
    await page.locator('[data-mw-key][tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await focusedName()).toMatch(/% of the model/);
  });

  it('shows the same numbers as a table', async () => {
    await open('fixture=drift&width=1350&height=402');
    await page.getByRole('button', { name: 'Show as table' }).click();
    expect(await page.getByRole('row').count()).toBe(15);
    expect(plain(await page.getByRole('row').nth(1).innerText()).replace(/\s+/g, ' ')).toBe(
      'merchant_country drifted 0.42 0.23 0.1 / 0.25 15 Nov 03:00 18 % 18,402 360 24 h train-2026-08'
    );
    await page.getByRole('button', { name: 'Show as drawing' }).click();
    await page.getByRole('grid').waitFor();
  });
});

it.each([
  ['heatmap', 'drift', '', 1350, 402],
  ['heatmap', 'drift', '', 420, 300],
  ['scatter', 'drift', 'scatter', 300, 260],
  ['bars', 'distribution-categorical', '', 360, 420],
  ['histogram', 'distribution-numeric', '', 360, 260],
  ['list', 'drift', '', 240, 150],
])('keeps the %s inside its frame at every size', async (_, fixture, mode, width, height) => {
  await open(`fixture=${fixture}&drift=${mode}&width=${width}&height=${height}`);
  const view = page.getByRole('region').first();
  await view.waitFor();
  expect(await view.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
});
