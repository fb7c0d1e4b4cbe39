/** The accuracy view in a real browser: the built workbench, both themes, read by text and by role. */
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
const stop = () => page.locator('[data-mw-key][tabindex="0"]');

describe.each(['dark', 'light'])('in the %s theme', (theme) => {
  it.each([
    'accuracy&width=1350&height=620',
    'accuracy-classes&width=900&height=620',
    'accuracy-few&width=900&height=480',
  ])('has no serious violation of accessibility rules: %s', async (fixture) => {
    await open(`fixture=${fixture}&theme=${theme}`);
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });
});

it('opens with the worst score, and lists all with their state', async () => {
  await open('fixture=accuracy&width=1350&height=620');
  expect(await heading()).toBe(
    'AUC below its limit: 0.752 over 1 h, limit 0.788 (baseline 0.83), 4,210 pairs, since 03:02, 16 min'
  );
  const rows = page.getByRole('list', { name: 'Scores, worst first' }).getByRole('button');
  const texts = await rows.allInnerTexts();
  expect(texts.map((row) => plain(row).replace(/\s+/g, ' ')).join('; ')).toBe(
    [
      ...['AUC 0.752 below limit 0.788, baseline 0.83', 'Recall 0.731 below warning 0.75, baseline 0.79'],
      ...['Accuracy 0.931 within limit 0.9, baseline 0.942', 'Log loss 0.262 within limit 0.36, baseline 0.2'],
      'Precision 0.66 no limit',
    ]
      .map((row) => `${row} 4,210 pairs over 1 h`)
      .join('; ')
  );
  expect(await page.getByText('Actual by predicted').isVisible()).toBe(true);
  expect(await page.locator('[data-part="history"] [data-few]').count()).toBe(1);
});

it('draws the history of the score that is chosen, by click and by Enter', async () => {
  await open('fixture=accuracy-scores&width=1000&height=400');
  const title = page.locator('[data-part="history"] p');
  expect(plain(await title.innerText())).toBe('AUC over 1 h, below its limit');
  await page.getByRole('button', { name: /^Log loss/ }).click();
  expect(plain(await title.innerText())).toBe('Log loss over 1 h, within its limit');
  expect(await page.getByRole('button', { name: /^Log loss/ }).getAttribute('aria-pressed')).toBe('true');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(plain(await title.innerText())).toBe('Accuracy over 1 h, within its limit');
});

it('tells a time of the chart by pointer and by arrow keys, with pairs of those needed', async () => {
  await open('fixture=accuracy-scores&accuracy=history&width=1000&height=400');
  await stop().focus();
  expect(await page.locator('[data-mw-key][tabindex="0"]').count()).toBe(1);
  expect(await focusedName()).toBe('AUC, 1 h to 03:15: 0.752, 4,210 pairs');
  await page.keyboard.press('Home');
  for (let step = 0; step < 30; step++) await page.keyboard.press('ArrowRight');
  expect(await focusedName()).toMatch(/: too few pairs, 140 pairs$/);
  await page.keyboard.press('Escape');
  const plot = await page.locator('[data-mw-field]').boundingBox();
  if (!plot) throw new Error('no plot');
  await page.mouse.move(plot.x + plot.width - 3, plot.y + 40);
  const card = page.getByRole('dialog', { name: 'AUC' });
  await card.waitFor();
  const text = plain(await card.innerText()).replace(/\s+/g, ' ');
  expect(text).toContain('below its limit Window 1 h to 03:15 AUC, higher is better 0.752');
  expect(text).toContain('Warning / limit 0.809 / 0.788 Baseline 0.83 Pairs 4,210, needs 1,000');
});

it('is a table of actual by predicted classes to a screen reader, and walked by arrow keys', async () => {
  await open('fixture=accuracy-classes&accuracy=confusion&width=900&height=620');
  expect(await heading()).toBe('33 % of marsh taken for willow: 233 of 710; 8,240 pairs in 24 h');
  const matrix = page.getByRole('table', { name: /^Confusion matrix/ });
  expect(await matrix.getByRole('columnheader').count()).toBe(13);
  expect(await matrix.getByRole('rowheader').count()).toBe(11);
  await stop().focus();
  expect(await focusedName()).toBe('blue predicted as blue, right: 95 %, 360 of 380 pairs');
  await page.keyboard.press('ArrowRight');
  expect(await focusedName()).toMatch(/^blue predicted as coal: /);
  await page.keyboard.press('ArrowDown');
  expect(await focusedName()).toMatch(/^coal predicted as coal, right: /);
  await page.getByRole('dialog', { name: 'coal → coal' }).waitFor();
  // One class has 16 pairs: its row is hollow.
  expect(await matrix.locator('[data-few]').count()).toBe(11);
});

it('draws bins of scores on their diagram, and hollow where few pairs were', async () => {
  await open('fixture=accuracy-few-details&accuracy=calibration&width=600&height=360');
  expect(await heading()).toBe('Too little to tell: 61 of 1,000 pairs in 1 h');
  const points = await page.locator('[data-part] circle').count();
  expect(points).toBeGreaterThan(0);
  expect(await page.locator('[data-part] circle[data-few]').count()).toBe(points);
  await open('fixture=accuracy-details&accuracy=calibration&width=600&height=360');
  await page.getByRole('list', { name: 'Bins of scores' }).getByRole('button').first().hover();
  const text = plain(await page.getByRole('dialog', { name: 'Scores 0 to 0.05' }).innerText()).replace(/\s+/g, ' ');
  expect(text).toMatch(/Mean score 2.5 % Share of fraud 0.6 % Pairs 1,\d{3}/);
});

it('lets one pick what does not fit', async () => {
  await open('fixture=accuracy&width=668&height=316');
  const picker = page.getByRole('combobox', { name: 'What is shown' });
  await picker.selectOption('Calibration');
  await page.getByRole('list', { name: 'Bins of scores' }).getByRole('button').first().waitFor();
  await picker.selectOption('Overview');
  await page.getByRole('list', { name: 'Scores, worst first' }).waitFor();
});

it('stands beside drift where the answer has both, each with one tab stop', async () => {
  await open('fixture=drift-accuracy&width=1350&height=402');
  await page.getByRole('region', { name: /^merchant_country has drifted/ }).waitFor();
  await page.getByRole('region', { name: /^AUC below its limit/ }).waitFor();
  expect(await page.locator('[data-mw-key][tabindex="0"]').count()).toBe(2);
});

it('shows the same numbers as a table', async () => {
  await open('fixture=accuracy-scores&width=1350&height=402');
  await page.getByRole('button', { name: 'Show as table' }).click();
  expect(plain(await page.getByRole('row').nth(1).innerText()).replace(/\s+/g, ' ')).toBe(
    'AUC below its limit 0.752 0.826 0.809 0.788 0.83 03:02 4,210 1,000 1 h 412'
  );
});

describe('never green without fresh data', () => {
  it.each([
    ['accuracy-loading', 'Reading the first samples'],
    ['accuracy-empty', 'POST /ingest/actuals'],
    ['accuracy-error', 'query touches 11,204,113 samples, limit 10,000,000'],
    ['accuracy-wrong', 'accuracy-scores, row 1.state: expected one of'],
    ['accuracy-waiting', 'No actuals yet: 412 predictions wait for their actual'],
    ['accuracy-no-pairs', 'chargeback-risk: 0 of 1,000 pairs in 1 h'],
    ['accuracy-stale', 'No fresh score: last pair 03:18'],
    ['accuracy-no-limit', 'No limit is set: Accuracy 0.931'],
    ['accuracy-few', 'No verdict: 61 of 1,000 pairs in 1 h'],
  ])('%s says so in words', async (fixture, words) => {
    await open(`fixture=${fixture}&width=441&height=260`);
    await page.getByText('Accuracy').first().waitFor();
    expect(plain(await page.locator('main').innerText())).toContain(words);
  });

  it('fills nothing of a confusion matrix with too few pairs, and no mark of a score without limit', async () => {
    await open('fixture=accuracy-few-details&accuracy=confusion&width=600&height=300');
    const cells = page.getByRole('table').getByRole('button');
    expect(await cells.count()).toBe(4);
    expect(await cells.evaluateAll((all) => all.filter(({ style }) => style.background !== '').length)).toBe(0);
    await open('fixture=accuracy-no-limit&width=441&height=300');
    expect(await page.getByRole('list', { name: 'Scores, worst first' }).locator('svg').count()).toBe(0);
  });
});

it.each([
  ['accuracy', 1350, 620],
  ['accuracy', 668, 316],
  ['accuracy', 300, 200],
  ['accuracy', 196, 136],
  ['accuracy-classes', 420, 300],
  ['accuracy-details', 1000, 300],
  ['accuracy-fleet', 441, 316],
])('keeps %s inside its frame at %i × %i', async (fixture, width, height) => {
  await open(`fixture=${fixture}&width=${width}&height=${height}`);
  const view = page.getByRole('region').first();
  await view.waitFor();
  expect(await view.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
});
