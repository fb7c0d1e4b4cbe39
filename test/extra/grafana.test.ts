/** Both plugins and the provisioned dashboards in a real Grafana, over a running `npm start` (scripts/test-grafana.mjs). */
import { DATASOURCE_PLUGIN_ID, PANEL_PLUGIN_ID, PREDICTIONS_VALUE, RECORDED } from '@modelwatch/contract';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { DASHBOARDS, QUIET_PANELS, readDashboard, type DashboardPanel } from '../support/expressions';
import { getJson, until } from '../support/processes';

const GRAFANA = `http://127.0.0.1:${process.env.MODELWATCH_GRAFANA_PORT ?? '3000'}`;
const CONTROL = `http://127.0.0.1:${process.env.MODELWATCH_DEMO_CONTROL_PORT ?? '8782'}`;
const PROMETHEUS = `http://127.0.0.1:${process.env.MODELWATCH_PROMETHEUS_PORT ?? '9090'}`;
const CHROMIUM = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Of these a model may have none: its server does not say it, which the panel then tells in words of its own. */
const OF_ONE_MODEL = 'model';

/** Of a title with a variable what stands before it. */
function beforeVariable(title: string): string {
  return title.replace(/\$.*/, '');
}

function placeOf(dashboard: string, title: string): string {
  const { panels } = readDashboard(`grafana/dashboards/${dashboard}.json`);
  return `[data-griditem-key="grid-item-${panels.find((panel) => panel.title === title)?.id}"]`;
}

async function setScenario(name: string, on: boolean): Promise<void> {
  const answer = await fetch(`${CONTROL}/scenarios/${name}`, { method: 'PUT', body: JSON.stringify({ on }) });
  expect(answer.status).toBe(200);
}

async function holds(what: string, expr: string): Promise<void> {
  const query = encodeURIComponent(`${expr} == 1`);
  await until(
    what,
    () => getJson<{ data: { result: unknown[] } }>(`${PROMETHEUS}/api/v1/query?query=${query}`),
    ({ data }) => data.result.length === 1,
    60_000
  );
}
const serves = (model: string) =>
  holds(`${model} serving`, `${RECORDED.modelServing.name}{model="${model}", state="serving"}`);
const healthIs = (model: string, health: string) =>
  holds(`${model} ${health}`, `${RECORDED.modelHealth.name}{model="${model}", health="${health}"}`);

/** What the heart in the header of the health panel says when it is pointed at. */
async function heart(page: Page): Promise<string> {
  // The states of the alerts come in a request of their own.
  await Promise.all([
    page.waitForResponse((response) => response.url().includes('/api/v1/rules'), { timeout: 20_000 }),
    page.reload(),
  ]);
  const items = page.getByTestId('data-testid Panel header Model health').getByTestId('title-items-container');
  await items.waitFor();
  await items.locator('> *').last().hover();
  return page.getByRole('tooltip').innerText();
}

describe('a real Grafana', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM });
    context = await browser.newContext({ viewport: { width: 1440, height: 1900 } });
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await serves('fraud-scorer');
  }, 120_000);
  afterAll(async () => {
    await setScenario('outage', false);
    await browser.close();
  });

  const open = async (uid: string, theme: string) => {
    const model = uid.endsWith('model') ? '&var-namespace=payments&var-model=fraud-scorer' : '';
    await page.goto(`${GRAFANA}/d/${uid}?from=now-15m&to=now&theme=${theme}${model}`);
    await page.locator('[data-griditem-key="grid-item-1"] section').first().waitFor({ timeout: 60_000 });
  };

  it('loads both plugins', async () => {
    for (const id of [PANEL_PLUGIN_ID, DATASOURCE_PLUGIN_ID]) {
      expect(await getJson<{ id: string; enabled: boolean }>(`${GRAFANA}/api/plugins/${id}/settings`)).toMatchObject({
        id,
      });
    }
  });

  /** What is wrong with a panel as it is drawn; nothing where it shows data, or says why it may have none. */
  async function faultOf(panel: DashboardPanel, mayBeEmpty: boolean): Promise<string | undefined> {
    const place = page.locator(`[data-griditem-key="grid-item-${panel.id}"]`);
    await place.scrollIntoViewIfNeeded();
    const chrome = place.locator('section').first();
    if (!(await chrome.isVisible())) return 'not drawn';
    if ((await place.getByTestId('data-testid Panel status error').count()) > 0) return 'in error';
    if (await place.getByLabel('Panel loading bar').count()) return 'loading';
    const text = await chrome.innerText();
    if (!text.includes(beforeVariable(panel.title))) return 'without its title';
    // A name made of labels is what Grafana prints where a legend is empty.
    if (/\{\w+="/.test(text)) return `a label set as a name: ${text}`;
    const { noValue = '' } = panel.fieldConfig.defaults;
    const said = text.includes(noValue);
    // The legend of states has an entry for what is missing at some time; without any other there is nothing.
    const states = text.split('\n').filter((line) => ![panel.title, noValue, ''].includes(line.trim()));
    const empty = panel.type === 'state-timeline' ? states.length === 0 : said || /no data|time field/i.test(text);
    if (!empty) return undefined;
    return mayBeEmpty && said && noValue !== 'no data' ? undefined : `empty: ${text}`;
  }

  it.each(DASHBOARDS.flatMap((name) => ['dark', 'light'].map((theme) => [name, theme] as const)))(
    'fills every panel of %s in the %s theme',
    async (name, theme) => {
      const { uid = '', panels } = readDashboard(`grafana/dashboards/${name}.json`);
      await open(uid, theme);
      for (const { id, type, title } of panels.filter((panel) => panel.type === 'row')) {
        const heading = page.locator(`[data-griditem-key="panel-${id}"]`);
        await heading.scrollIntoViewIfNeeded();
        await until(
          `${type} ${title}`,
          () => heading.innerText(),
          (text) => text.includes(beforeVariable(title))
        );
      }
      for (const panel of panels.filter(({ type }) => type !== 'row')) {
        const mayBeEmpty = name === OF_ONE_MODEL || QUIET_PANELS.includes(panel.title);
        await until(
          `${panel.title || panel.id} with data`,
          () => faultOf(panel, mayBeEmpty),
          (fault) => fault === undefined,
          60_000
        );
      }
      expect(errors).toEqual([]);
    },
    300_000
  );

  it.each(['dark', 'light'])(
    'leads from a feature, and from the predictions, to its distribution in the %s theme',
    async (theme) => {
      const model = 'var-namespace=payments&var-model=chargeback-risk&var-feature=mcc';
      await page.goto(`${GRAFANA}/d/modelwatch-drift?from=now-15m&to=now&${model}&theme=${theme}`);
      const panel = (title: string) => page.getByTestId(`data-testid Panel header ${title}`).first();
      await panel('Distribution of mcc').getByText('chargeback-risk, mcc').waitFor({ timeout: 60_000 });
      const grid = panel('Drift of each feature').getByRole('grid');
      expect(await grid.getByRole('row').count()).toBe(14);
      await grid.getByRole('link', { name: 'account_age_days' }).click();
      await panel('Distribution of account_age_days').getByText('chargeback-risk, account_age_days: numeric').waitFor();
      await grid.getByRole('link', { name: 'predictions' }).click();
      await panel('Distribution of predictions').getByText('chargeback-risk, predictions').waitFor();
      expect(new URL(page.url()).searchParams.get('var-feature')).toBe(PREDICTIONS_VALUE);
      const corners = panel('Drift by importance').getByRole('img').locator('text');
      expect(await corners.allTextContents()).toEqual(expect.arrayContaining(['act', 'watch']));
      expect(errors).toEqual([]);
    },
    120_000
  );

  it.each(['dark', 'light'])(
    'shows the scores of a model, and what they are made of, in the %s theme',
    async (theme) => {
      const model = 'var-namespace=payments&var-model=chargeback-risk';
      await page.goto(`${GRAFANA}/d/modelwatch-accuracy?from=now-15m&to=now&${model}&theme=${theme}`);
      const panel = (title: string) => page.getByTestId(`data-testid Panel header ${title}`).first();
      // The score that is judged is what the variable begins with.
      await panel('Score auc over time').getByText('baseline').waitFor({ timeout: 60_000 });
      await panel('Accuracy of chargeback-risk').getByText('AUC').first().waitFor({ timeout: 60_000 });
      for (const title of [
        'Predicted and actual by arrival',
        'Confusion matrix',
        'Calibration',
        'Age of predictions',
      ]) {
        // What is out of sight has not been asked for yet.
        await page.locator(placeOf('accuracy', title)).scrollIntoViewIfNeeded();
        await panel(title).getByRole('img').first().waitFor({ timeout: 60_000 });
      }
      expect(errors).toEqual([]);
    },
    120_000
  );

  it('breaks the heart of the health panel with an outage, says why, and mends it', async () => {
    await open('modelwatch-fleet', 'dark');
    const panel = page.getByTestId('data-testid Panel header Model health');
    await setScenario('outage', true);
    await healthIs('fraud-scorer', 'failed');
    await panel.getByText('Out of memory while loading').first().waitFor({ timeout: 60_000 });
    await until(
      'a broken heart',
      () => heart(page),
      (said) => said.includes('alerting'),
      150_000
    );
    await setScenario('outage', false);
    // An objective that the outage spent holds its health down for longer.
    await serves('fraud-scorer');
    await until(
      'a mended heart',
      () => heart(page),
      // That pods were killed for memory waits to be an alert of its own: of the last hour.
      (said) => said !== '' && !said.includes('alerting'),
      150_000
    );
  }, 420_000);

  it('leads from a model of the health panel to its dashboard, at the same time range', async () => {
    await page.goto(`${GRAFANA}/d/modelwatch-fleet?from=now-25m&to=now&theme=dark`);
    const panel = page.getByTestId('data-testid Panel header Model health');
    // The headline names it first while it needs help.
    await panel.getByText('fraud-scorer').last().click();
    await page.getByRole('link', { name: 'Model dashboard' }).click();
    await page.waitForURL(/\/d\/modelwatch-model/);
    const asked = new URL(page.url()).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      'var-namespace': 'payments',
      'var-model': 'fraud-scorer',
      from: 'now-25m',
      to: 'now',
    });
  }, 60_000);

  it('opens a new alert rule filled in from the health panel', async () => {
    await open('modelwatch-fleet', 'dark');
    await page.getByTestId('data-testid Panel header Model health').hover();
    await page.getByTestId('data-testid Panel menu Model health').click();
    await page.getByText('More...').hover();
    const [form] = await Promise.all([context.waitForEvent('page'), page.getByText('New alert rule').click()]).catch(
      () => [page]
    );
    await form.getByText('New alert rule').first().waitFor();
    await until(
      'the name',
      () => form.locator('#name, input[name="name"]').first().inputValue(),
      (name) => name === 'Model health'
    );
    expect(await form.content()).toContain('modelwatch:model_health');
    expect(decodeURIComponent(form.url())).toContain(`${RECORDED.modelHealth.name}{health=`);
  }, 60_000);
});
