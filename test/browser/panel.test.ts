/** The panel in a real browser: the built workbench, both themes, read by text and by role. */
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
const model = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}\\b`) });
const heading = () => page.getByRole('heading', { level: 3 }).first();
const focusedName = () =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

describe.each(['dark', 'light'])('in the %s theme', (theme) => {
  it('says in one sentence which model is worst, since when and why', async () => {
    await open(`fixture=fleet&theme=${theme}`);
    const text = (await heading().innerText()).replace(/\u00a0/g, ' ');
    expect(text).toBe('fraud-scorer failed 37 min ago, 02:41: out of memory, 0 of 3 replicas ready');
    const region = page.getByRole('region', { name: /^fraud-scorer failed/ });
    expect(await region.count()).toBe(1);
  });

  it('gives each model its health in words, by text and by role', async () => {
    await open(`fixture=fleet&theme=${theme}`);
    const said = 'merchant_country drifted: PSI 0\\.31 over 24.h, threshold 0\\.25';
    const name = new RegExp(`^chargeback-risk , payments\\. ${said} \\. degraded 6.d 2/2 ready , data age 11.s$`);
    expect(await page.getByRole('button', { name }).count()).toBe(1);
    expect((await model('aml-triage').innerText()).replace(/\u00a0/g, ' ')).toContain('healthy · 2/2 · 8 s');
    expect(await page.getByRole('button', { name: '2 failed' }).count()).toBe(1);
    expect(await page.getByRole('button', { name: /, (payments|logistics|support|growth)\./ }).count()).toBe(24);
  });

  it.each(['fleet', 'large', 'error', 'stale', 'fleet&mode=table', 'refusal'])(
    'has no serious violation of accessibility rules: %s',
    async (fixture) => {
      await open(`fixture=${fixture}&theme=${theme}`);
      await page.getByRole('heading', { level: 3 }).first().waitFor();
      expect(await seriousViolations(page)).toEqual([]);
    }
  );
});

it('says of a model that is alone the state of each channel beside its worst reason', async () => {
  await open('fixture=alone&width=1350&height=204');
  const said = (await page.getByRole('list', { name: 'Channels' }).getByRole('listitem').allInnerTexts()).map((text) =>
    text.replace(/\s+/g, ' ').trim()
  );
  expect(said).toEqual([
    'Serving ok 2 of 2 replicas',
    'Latency warning',
    'Drift warning',
    'Accuracy too little data',
    'Freshness ok 11 s old',
  ]);
  expect(await model('chargeback-risk').innerText()).toContain('merchant_country drifted');
  const isCut = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('ul, section')].some((one) => one.scrollHeight > one.clientHeight + 1)
    );
  expect(await isCut()).toBe(false);
  expect(await seriousViolations(page)).toEqual([]);
  await open('fixture=alone&width=300&height=200');
  expect(await page.getByRole('list', { name: 'Channels' }).count()).toBe(0);
});

describe('keyboard', () => {
  it('has one tab stop; arrows, Home and End move it and open the card', async () => {
    await open('fixture=fleet');
    await model('fraud-scorer').focus();
    expect(await page.locator('[data-mw-key][tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('ArrowRight');
    expect(await focusedName()).toMatch(/^chargeback-risk/);
    await page.getByRole('dialog', { name: 'chargeback-risk' }).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await focusedName()).toMatch(/^demand-forecast/);
    await page.keyboard.press('End');
    expect(await focusedName()).toMatch(/^upsell-propensity/);
    await page.keyboard.press('Home');
    expect(await focusedName()).toMatch(/^fraud-scorer/);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('opens the first link with Enter and reaches all with L', async () => {
    await open('fixture=fleet&dashboard=%23%24%7Bnamespace%7D/%24%7Bmodel%7D');
    await model('fraud-scorer').focus();
    await page.keyboard.press('l');
    await page.waitForFunction(() => document.activeElement?.tagName === 'A');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Model dashboard');
    await page.keyboard.press('Escape');
    expect(await focusedName()).toMatch(/^fraud-scorer/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/#payments\/fraud-scorer$/);
  });

  it('searches with / and says how many are left', async () => {
    await open('fixture=fleet');
    await model('fraud-scorer').focus();
    await page.keyboard.press('/');
    await page.keyboard.type('risk drifted');
    await page.getByText(/^1 of 24.models$/).waitFor();
    expect(await page.locator('[data-mw-key]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await model('aml-triage').waitFor();
  });

  it('walks over the marks of a large fleet', async () => {
    await open('fixture=large');
    await model('fraud-scorer').focus();
    await page.keyboard.press('End');
    expect(await focusedName()).toMatch(/healthy/);
    await page.getByRole('dialog').waitFor();
  });
});

it('shows only the states that are pressed in the legend, and all again', async () => {
  await open('fixture=fleet');
  await page.getByRole('button', { name: '2 failed' }).click();
  await page.getByText(/^2 of 24.models$/).waitFor();
  expect(await page.locator('[data-mw-key]').count()).toBe(2);
  expect(await page.getByRole('button', { name: '15 healthy' }).count()).toBe(1);
  await page.getByRole('button', { name: 'Show all' }).click();
  expect(await page.locator('[data-mw-key]').count()).toBe(24);
});

it('opens the card on hover, with channels and links', async () => {
  await open('fixture=fleet');
  await model('chargeback-risk').hover();
  const card = page.getByRole('dialog', { name: 'chargeback-risk' });
  await card.waitFor();
  expect((await card.getByRole('table', { name: 'Channels' }).innerText()).replace(/\s+/g, ' ')).toContain(
    'Drift warning Accuracy too little data'
  );
  expect(await card.getByRole('link', { name: 'Model dashboard' }).getAttribute('href')).toBe(
    '/d/modelwatch-model?var-namespace=payments&var-model=chargeback-risk'
  );
});

describe('table', () => {
  it('holds the same models, sorted worst first and by any column', async () => {
    await open('fixture=fleet&mode=table&height=700');
    const rows = page.getByRole('row');
    expect(await rows.count()).toBe(25);
    expect(await rows.nth(1).innerText()).toMatch(/fraud-scorer\s+failed\s+payments/);
    await page.getByRole('button', { name: 'Model', exact: true }).click();
    expect(await rows.nth(1).innerText()).toMatch(/^aml-triage/);
    expect(
      await page
        .getByRole('columnheader', { name: /^Model/ })
        .first()
        .getAttribute('aria-sort')
    ).toBe('ascending');
  });

  it('is one press away from the grid', async () => {
    await open('fixture=fleet');
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.getByRole('table').waitFor();
    await page.getByRole('button', { name: 'Show as grid' }).click();
    await model('fraud-scorer').waitFor();
  });

  it('says how many rows it leaves out', async () => {
    await open('fixture=large&mode=table');
    await page.getByRole('button', { name: '+ 916 more' }).click();
    expect(await page.getByRole('row').count()).toBe(1017);
  });
});

describe('never green without fresh data', () => {
  it.each([
    ['old confirmations', 'stale', 'No fresh data for 26 min of any of 24 models'],
    ['old samples of a plain query', 'prometheus-old', 'No fresh data for 20 min of any of 24 models'],
    ['null values', 'prometheus-null', 'No fresh data for 0 s of any of 24 models'],
  ])('%s', async (_, fixture, sentence) => {
    await open(`fixture=${fixture}`);
    expect((await heading().innerText()).replace(/\u00a0/g, ' ')).toBe(sentence);
    expect(await page.getByRole('button', { name: /^\d+ healthy$/ }).count()).toBe(0);
    expect(await page.getByRole('button', { name: '24 stale' }).count()).toBe(1);
    const blue = await page.locator('section svg [fill="#5794F2" i]').count();
    expect(blue).toBe(0);
  });
});

describe('instead of a fleet', () => {
  it.each([
    ['loading', 'Reading the first samples'],
    ['empty', 'No models yet'],
    ['error', 'query touches 11,204,113 samples, limit 10,000,000'],
    ['refusal', 'needed are the labels namespace and model with health or state. Choose the Modelwatch data source'],
  ])('%s says so in words', async (fixture, words) => {
    await open(`fixture=${fixture}&width=441&height=196`);
    expect(await page.getByText(words).count()).toBe(1);
  });

  it('draws what came beside an error, and says the error', async () => {
    await open('fixture=error-beside-series&height=460');
    expect(await page.getByRole('alert').innerText()).toContain('The exporter does not answer: connection refused.');
    expect(await model('fraud-scorer').count()).toBe(1);
  });
});

describe('sizes', () => {
  it('draws 1,016 models as marks, with the problems by name', async () => {
    await open('fixture=large');
    expect((await heading().innerText()).replace(/\u00a0/g, ' ')).toContain('7 of 1,016 models need help');
    expect(await page.locator('canvas').count()).toBe(1);
    expect(
      await page
        .getByRole('list', { name: /^Models that need a look/ })
        .getByRole('button')
        .count()
    ).toBe(7);
    expect(await page.getByText(/^payments: 1 failed, 1 degraded/).count()).toBe(1);
  });

  it.each([
    [668, 316, 5],
    [300, 200, 4],
    [196, 136, 1],
  ])('keeps the worst by name at %i × %i', async (width, height, named) => {
    await open(`fixture=fleet&width=${width}&height=${height}`);
    expect(await model('fraud-scorer').count()).toBe(1);
    expect(await page.locator('[data-mw-key]').count()).toBe(named);
  });
});

it('draws names and reasons of any length and with signs of markup as text', async () => {
  await open('fixture=awkward');
  expect(await page.getByText('<script>alert(1)</script>').count()).toBe(1);
  const view = page.getByRole('region').first();
  expect(await view.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
});

it('says why live data does not come', async () => {
  await open('live=http://localhost:1');
  await page.getByText(/Prometheus answered 502: http:\/\/localhost:1 does not answer/).waitFor();
  await open('live=http://example.org');
  await page.getByText(/the address of a Prometheus on this machine/).waitFor();
});
