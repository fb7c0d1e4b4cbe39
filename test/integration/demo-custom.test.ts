/** Custom metrics of the demo, as `npm start` declares them, in the counters of a real exporter. */
import { RECORDED } from '@modelwatch/contract';
import { CHARGEBACK } from '../../demo/src/data/chargeback';
import { startDemo } from '../../demo/src/start';
import type { Demo } from '../../demo/src/types';
import { configSchema } from '../../exporter/src/config/schema';
import { startExporter, type RunningExporter } from '../../exporter/src/exporter';

let now = Date.UTC(2026, 10, 21, 9);
let exporter: RunningExporter;
let demo: Demo;
const { namespace, model, customMetrics = [] } = CHARGEBACK;
const config = configSchema.parse({
  log: { level: 'fatal' },
  kubernetes: { enabled: false },
  monitoring: { models: [{ namespace, model, customMetrics }] },
  web: { listenAddress: '127.0.0.1', port: 0 },
});

beforeAll(async () => {
  exporter = await startExporter(config);
  demo = await startDemo({ nowMs: () => now, eventsUrl: exporter.url });
});
afterAll(async () => {
  await demo.stop();
  await exporter.stop();
});

/** What a scrape says, once it says it; absent: NaN. */
async function scrape(): Promise<(family: string, metric: string, more?: string) => number> {
  const lines = (await (await fetch(`${exporter.url}/metrics`)).text()).split('\n');
  return (family, metric, more = '') => {
    const series = `modelwatch_custom_metric_${family}{namespace="${namespace}",model="${model}",metric="${metric}"${more}} `;
    return Number(lines.find((line) => line.startsWith(series))?.slice(series.length) ?? NaN);
  };
}

/** The scrape in which there is a sample of the present: the demo sends by the real clock, once a second. */
async function after(seconds: number) {
  now += seconds * 1_000;
  for (;;) {
    const value = await scrape();
    if (value('last_timestamp_seconds', 'reviews_waiting') >= now / 1_000) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('review-backlog: the pushed one breaks its limit, and is back within what it recovers at', async () => {
  const critical = ',level="critical",side="above"';
  const calm = await after(30);
  expect(calm('last_value', 'reviews_waiting')).toBeLessThan(
    calm('limit', 'reviews_waiting', ',level="warning",side="above"')
  );
  demo.setScenario('review-backlog', true);
  const piled = await after(90);
  expect(piled('last_value', 'reviews_waiting')).toBeGreaterThan(piled('limit', 'reviews_waiting', critical));
  demo.setScenario('review-backlog', false);
  const over = await after(60);
  expect(over('last_value', 'reviews_waiting')).toBeLessThan(over('recovery', 'reviews_waiting', critical));
});

it('the one of predictions is near its baseline and far from its limits, without an error', async () => {
  let value = await after(90);
  // Of four minutes and a half with the test above, in requests that come one after the other.
  while (!(value('samples_total', 'approved_amount') > 5_000)) value = await scrape();
  const mean = value('value_sum_total', 'approved_amount', ',sign="over"') / value('samples_total', 'approved_amount');
  expect(Math.abs(mean / value('baseline', 'approved_amount') - 1)).toBeLessThan(0.05);
  for (const reason of ['missing_value', 'wrong_type', 'not_finite', 'other'])
    expect(value('errors_total', 'approved_amount', `,reason="${reason}"`)).toBe(0);
});

it('the query reads what the rules record', () => {
  const queries = customMetrics.flatMap((each) => ('promql' in each ? [String(each.promql)] : []));
  const read = queries.flatMap((query) => query.match(/modelwatch:[\w:]+/g) ?? []);
  expect(read).toEqual([RECORDED.inferenceRequestsRate.name, RECORDED.modelCpu.name]);
});
