import { HEALTH_STATES, type HealthState } from '@modelwatch/contract';
import { CANVAS_FROM, layOutField, type FieldBlock } from '../../panel-plugin/src/layout/field';
import { chooseForm } from '../../panel-plugin/src/layout/mode';
import { startWorkbench, type Workbench } from '../support/workbench';
import { medianMs, type Suite } from './figures';

const MODELS = 1_000;
const NAMESPACES = 14;
const SIZE = { width: 1348, height: 386 };
const RUNS = 5;
/** A table that draws the rows in sight costs the same however many there are. */
const OBJECTIVES_TARGET_MS = 300;

/** The views of a thousand models, of a thousand objectives and of 3,600 cells of drift: what a browser needs from rendering to the first paint. */
export const panel: Suite = {
  name: 'panel',
  run: async () => {
    const layout = await layoutFigure();
    const workbench = await startWorkbench();
    try {
      const divs = await firstPaint(workbench, `data:text/html,${encodeURIComponent(DIVS)}`);
      const yardstick = { name: `${MODELS} plain divs with text`, value: divs };
      const page = (mode: string) => `${workbench.url}/?fixture=large&mode=${mode}`;
      return [
        layout,
        await paintFigure('first paint of 1,016 models, list and field', workbench, page('auto'), yardstick),
        await paintFigure('first paint of 1,016 models, tiles', workbench, page('tiles'), yardstick),
        await paintFigure('first paint of 1,016 models, table', workbench, page('table'), yardstick),
        await paintFigure(
          'first paint of drift, 60 features by 60 windows',
          workbench,
          `${workbench.url}/?fixture=drift-wide`,
          yardstick
        ),
        {
          ...(await paintFigure(
            'first paint of 1,000 objectives',
            workbench,
            `${workbench.url}/?fixture=slo-many`,
            yardstick
          )),
          target: OBJECTIVES_TARGET_MS,
        },
      ];
    } finally {
      await workbench.stop();
    }
  },
};

/** One tile in forty needs help. */
function blocks(): FieldBlock[] {
  const states = (count: number): HealthState[] =>
    Array.from({ length: count }, (_, index) => (index % 40 ? 'healthy' : (HEALTH_STATES[(index / 40) % 6] ?? 'idle')));
  return Array.from({ length: NAMESPACES }, (_, index) => ({
    title: `namespace-${index}`,
    states: states(Math.ceil(MODELS / NAMESPACES)),
  }));
}

async function layoutFigure() {
  const groups = blocks();
  const needs = groups.map(({ states }) => ({
    big: states.filter((state) => state !== 'healthy').length,
    small: states.filter((state) => state === 'healthy').length,
  }));
  const value = await medianMs(50, () => {
    chooseForm(SIZE, needs, 'auto');
    const { marks } = layOutField(groups, SIZE.width - 484, SIZE.height - 44);
    if (marks.length < CANVAS_FROM) throw new Error(`expected the marks of ${MODELS} models, got ${marks.length}`);
  });
  const sorted = groups.flatMap(({ states }) => states);
  const yardstick = { name: `sorting ${MODELS} names`, value: await medianMs(50, () => [...sorted].sort()) };
  return { name: `layout of ${MODELS} models`, value, unit: 'ms' as const, yardstick };
}

const DIVS = `<!doctype html><meta charset="utf-8"><body><script>
performance.mark('render');
const all = document.createDocumentFragment();
for (let n = 0; n < ${MODELS}; n++) {
  const div = document.createElement('div');
  div.textContent = 'model-' + n;
  all.append(div);
}
document.body.append(all);
</script>`;

async function paintFigure(
  name: string,
  workbench: Workbench,
  url: string,
  yardstick: { name: string; value: number }
) {
  return { name, value: await firstPaint(workbench, url), unit: 'ms' as const, yardstick };
}

/** Median over fresh pages of the time between the page's mark `render` and its first paint with content. */
async function firstPaint({ browser }: Workbench, url: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 520 } });
    await page.goto(url);
    times.push(await page.evaluate(untilPaint));
    await page.close();
  }
  // The first page warms the browser's caches up and does not count.
  return times.slice(1).sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

/** Runs in the page. */
function untilPaint(): Promise<number> {
  return new Promise((resolve) => {
    const started = performance.getEntriesByName('render')[0]?.startTime ?? Number.NaN;
    new PerformanceObserver((list) => {
      const painted = list.getEntriesByName('first-contentful-paint')[0];
      if (painted) resolve(painted.startTime - started);
    }).observe({ type: 'paint', buffered: true });
  });
}
