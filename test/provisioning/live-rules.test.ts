/**
 * Every shipped query against a real exporter in a real Prometheus, scraped in three ways: alone, as a pair of replicas,
 * and with the labels that the Prometheus Operator attaches. The answers must be the same.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECORDED } from '@modelwatch/contract';
import { OBJECTIVES, startDemo, type Demo } from '@modelwatch/demo';
import { stringify } from 'yaml';
import { configSchema } from '../../exporter/src/config/schema';
import { renderRules } from '../../exporter/src/rules';
import { startTestExporter, type RunningExporter } from '../support/exporter';
import { shippedExpressions } from '../support/expressions';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

const OPERATOR_LABELS = {
  namespace: 'monitoring',
  pod: 'modelwatch-0',
  service: 'modelwatch',
  endpoint: 'http',
  container: 'exporter',
};
const WAYS = ['alone', 'pair', 'operator'] as const;
type Way = (typeof WAYS)[number];

/** Three Prometheus servers evaluate every rule beside the demo: on a slow machine each answer takes its time. */
const PATIENCE_MS = 150_000;
/** Longer than what the test waits for: the message of what it waited for says more than that of the limit. */
const LIMIT_MS = 2 * PATIENCE_MS;
const AT_ONCE = 8;
const INTERVALS = { intervalSeconds: 3, slowIntervalSeconds: 6, sloIntervalSeconds: 6, sloCoarseIntervalSeconds: 12 };

describe('shipped rules and queries, live', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-live-rules-'));
  const prometheus: Record<Way, string> = { alone: '', pair: '', operator: '' };
  const programs: Program[] = [];
  const exporters: RunningExporter[] = [];
  let demo: Demo;

  const query = async (way: Way, expr: string) =>
    (await getJson<{ data: { result: Series[] } }>(`${prometheus[way]}/api/v1/query?query=${encodeURIComponent(expr)}`))
      .data.result;

  /** The answers of `alone`, a few at a time: all at once would hold up the scrapes and rules that they wait for. */
  async function answers(exprs: readonly string[]): Promise<Series[][]> {
    const found: Series[][] = [];
    for (let from = 0; from < exprs.length; from += AT_ONCE) {
      found.push(...(await Promise.all(exprs.slice(from, from + AT_ONCE).map((expr) => query('alone', expr)))));
    }
    return found;
  }

  /** What an answer says, without order. */
  const said = async (way: Way, expr: string) =>
    (await query(way, expr))
      .map(({ metric, value }) => `${JSON.stringify(Object.entries(metric).sort())} ${value[1]}`)
      .sort();

  async function startPrometheus(way: Way, targets: readonly string[], labels: Record<string, string>): Promise<void> {
    const file = join(folder, `${way}.yml`);
    const config = {
      global: { scrape_interval: '3s', scrape_timeout: '3s', evaluation_interval: '3s' },
      rule_files: [join(folder, 'rules.yml')],
      scrape_configs: [{ job_name: 'modelwatch', honor_labels: true, static_configs: [{ targets, labels }] }],
    };
    writeFileSync(file, stringify(config));
    const port = await freePort();
    prometheus[way] = `http://127.0.0.1:${port}`;
    programs.push(
      startProgram('prometheus', [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, way)}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ])
    );
    await until(
      `Prometheus ${way}`,
      () => fetch(`${prometheus[way]}/-/ready`),
      (answer) => answer.ok
    );
  }

  beforeAll(async () => {
    writeFileSync(join(folder, 'rules.yml'), renderRules('prometheus', INTERVALS));
    demo = await startDemo({ seed: 1, models: 24 });
    const { slos } = configSchema.parse({ slos: OBJECTIVES });
    exporters.push(await startTestExporter(demo, { slos }), await startTestExporter(demo, { slos }));
    const targets = exporters.map(({ url }) => new URL(url).host);
    await startPrometheus('alone', targets.slice(0, 1), {});
    await startPrometheus('pair', targets, {});
    await startPrometheus('operator', targets.slice(0, 1), OPERATOR_LABELS);
    for (const way of WAYS) {
      await until(
        `24 models in Prometheus ${way}`,
        () => query(way, `${RECORDED.modelHealth.name} == 1`),
        (series) => series.length === 24,
        PATIENCE_MS
      );
      await until(
        `requests in Prometheus ${way}`,
        () => query(way, RECORDED.inferenceRequestsPerDay.name),
        (series) => series.length > 10,
        PATIENCE_MS
      );
    }
  }, 2 * LIMIT_MS);

  afterAll(async () => {
    await Promise.all([...programs, ...exporters].map((one) => one.stop()));
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it(
    'gives every shipped query an answer, and data where there must be some',
    async () => {
      const [busiest] = await query('alone', `topk(1, ${RECORDED.inferenceDurationMean.name})`);
      expect(busiest).toBeDefined();
      const fill = (expr: string) =>
        expr
          .replaceAll('$cluster', '.*')
          .replaceAll('=~"$namespace"', '=~".*"')
          .replaceAll('$namespace', busiest?.metric.namespace ?? '')
          .replaceAll('$model', busiest?.metric.model ?? '')
          .replaceAll('$__rate_interval', '1m');
      // What is missing or wrong at the moment: nothing may be. And neither MLServer nor Triton has buckets of a model, nor
      // what language models have; nobody has configured what is slow, nor references, actuals and metrics of their own.
      const ofOtherServers = Object.values(RECORDED)
        .map(({ name }) => name)
        .filter((name) =>
          /_p\d\d_|slow|token|kv_cache|prefix_cache|preemptions|finished|running|waiting|fast|oom_kills|response_cache|duration_bucket|:(drift|bin|data_quality|accuracy|outcomes|class_pairs|score|challenger|custom_metric|coverage_|batch_|detector_|fairness_|calibrated_score|expected_outcomes|estimated_|model_last_prediction|out_of_range_per)/.test(
            name
          )
        );
      const mayBeEmpty = [
        '> 0',
        ' annotation',
        `: ${RECORDED.modelChannel.name}`,
        RECORDED.modelServingReason.name,
        RECORDED.sloBurning.name,
        'indicator="drift"',
        RECORDED.serverImageChanged.name,
        RECORDED.modelStorageChanged.name,
        'modelslow',
      ].concat(ofOtherServers);
      // The demo has no kubelet, no kube-state-metrics and no GPUs.
      const measuredByOthers =
        /\b(container_|kube_pod_|DCGM_)|modelwatch:(pod|namespace|server|platform)_(cpu|memory|network|disk|gpu)/;
      // Dashboards are looked at, panel by panel, in live-dashboards.test.ts.
      const ofRules = shippedExpressions().filter(
        ({ place, expr }) =>
          !/^grafana\/(dashboards|importable)\//.test(place) &&
          !measuredByOthers.test(expr) &&
          !mayBeEmpty.some((text) => `${place} ${expr}`.includes(text))
      );
      // Those that may be empty must be queries all the same.
      const others = shippedExpressions().filter(({ place }) => !/^grafana\/(dashboards|importable)\//.test(place));
      await answers(others.map(({ expr }) => fill(expr)));
      // A scrape that a busy machine lost is back with the next one.
      let open = ofRules;
      await until(
        'data for every query of a rule',
        async () => {
          const found = await answers(open.map(({ expr }) => fill(expr)));
          open = open.filter((_, index) => found[index]?.length === 0);
          return open.map(({ place }) => place);
        },
        (empty) => empty.length === 0,
        PATIENCE_MS
      );
    },
    LIMIT_MS
  );

  const STATES = [
    `${RECORDED.modelHealth.name} == 1`,
    RECORDED.modelServing.name,
    RECORDED.modelServingReason.name,
    RECORDED.modelChannel.name,
    RECORDED.modelInfo.name,
    RECORDED.modelReplicasDesired.name,
    RECORDED.modelReplicasAvailable.name,
    `count by (alertname) (ALERTS{alertstate="firing"})`,
  ];

  async function expectSame(): Promise<void> {
    for (const expr of STATES) {
      const alone = await said('alone', expr);
      for (const way of ['pair', 'operator'] as const) {
        // Exporters and Prometheus servers look at different moments: a difference must not last.
        await until(
          `${expr} the same for ${way}`,
          async () => ({ alone: await said('alone', expr), other: await said(way, expr) }),
          ({ alone: now, other }) => JSON.stringify(now) === JSON.stringify(other),
          PATIENCE_MS
        );
      }
      if (!expr.includes('ALERTS') && !expr.includes('reason')) expect(alone.length).toBeGreaterThanOrEqual(24);
    }
  }

  it(
    'answers the same for one exporter, a pair, and labels of the Operator',
    async () => {
      await expectSame();
      const total = `sum(${RECORDED.inferenceRequestsRate.name})`;
      await until(
        'the same rate of requests in each',
        () => Promise.all(WAYS.map(async (way) => Number((await query(way, total))[0]?.value[1]))),
        ([alone = Number.NaN, ...rest]) => rest.every((rate) => rate / alone > 0.7 && rate / alone < 1.4),
        PATIENCE_MS
      );
    },
    LIMIT_MS
  );

  it(
    'says the same of an outage, and of an exporter that is gone',
    async () => {
      demo.setScenario('outage', true);
      const hit =
        demo
          .scenarios()
          .find(({ name }) => name === 'outage')
          ?.model.split('/')
          .at(-1) ?? '';
      for (const way of WAYS) {
        await until(
          `the outage in ${way}`,
          () => query(way, `${RECORDED.modelHealth.name}{health="failed", model="${hit}"} == 1`),
          (series) => series.length === 1,
          PATIENCE_MS
        );
      }
      await expectSame();
      await exporters.shift()?.stop();
      // Alone: everything is stale. In the pair the other exporter goes on.
      await until(
        'every model stale without its exporter',
        () => query('alone', `${RECORDED.modelHealth.name}{health="stale"} == 1`),
        (series) => series.length === 24,
        PATIENCE_MS
      );
      await until(
        'no model stale in the pair',
        () => query('pair', `${RECORDED.modelHealth.name}{health="stale"} == 1`),
        (series) => series.length === 0,
        PATIENCE_MS
      );
    },
    LIMIT_MS
  );
});
