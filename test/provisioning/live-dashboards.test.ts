/**
 * Every panel of every dashboard against the demo: a real exporter, and what the other exporters of a cluster say, in a
 * real Prometheus. No panel is empty for every model, server or pipeline: what nobody can fill would not be a panel.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECORDED } from '@modelwatch/contract';
import { OBJECTIVES, startDemo, type Demo } from '@modelwatch/demo';
import { stringify } from 'yaml';
import { configSchema } from '../../exporter/src/config/schema';
import { renderRules } from '../../exporter/src/rules';
import { startTestExporter, type RunningExporter } from '../support/exporter';
import { PROVISIONING, QUIET_PANELS, readDashboard } from '../support/expressions';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';

interface Series {
  readonly metric: Readonly<Record<string, string>>;
}

const INTERVALS = { intervalSeconds: 2, slowIntervalSeconds: 4, sloIntervalSeconds: 4, sloCoarseIntervalSeconds: 8 };
const EXPORTERS = ['kubelet', 'kube-state-metrics', 'node-exporter', 'dcgm-exporter'] as const;

describe('dashboards, live', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-live-dashboards-'));
  const programs: Program[] = [];
  let exporter: RunningExporter;
  let demo: Demo;
  let url = '';
  let models: readonly Series['metric'][] = [];

  const query = async (expr: string): Promise<readonly Series[]> =>
    (await getJson<{ data: { result: Series[] } }>(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`)).data
      .result;

  beforeAll(async () => {
    demo = await startDemo({ seed: 1 });
    exporter = await startTestExporter(demo, { slos: configSchema.parse({ slos: OBJECTIVES }).slos });
    writeFileSync(join(folder, 'rules.yml'), renderRules('prometheus', INTERVALS));
    const at = (address: string) => [{ targets: [new URL(address).host] }];
    const config = {
      global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '2s' },
      rule_files: [join(folder, 'rules.yml')],
      scrape_configs: [
        { job_name: 'modelwatch', honor_labels: true, static_configs: at(exporter.url) },
        ...EXPORTERS.map((name) => ({
          job_name: name,
          honor_labels: true,
          metrics_path: `/exporters/${name}`,
          static_configs: at(demo.controlUrl),
        })),
      ],
    };
    writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    programs.push(
      startProgram('prometheus', [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ])
    );
    await until(
      'requests, resources and language models in Prometheus',
      async () => {
        const wanted = [
          ...[RECORDED.inferenceRequestsPerDay, RECORDED.modelCpu, RECORDED.inferenceTimeToFirstTokenP50],
          RECORDED.sloBudgetLeft,
        ];
        const found = await Promise.all(wanted.map(({ name }) => query(name).catch(() => [])));
        return found.map((series) => series.length);
      },
      ([requests = 0, cpu = 0, tokens = 0, budgets = 0]) => requests > 20 && cpu > 20 && tokens > 0 && budgets > 10,
      200_000
    );
    models = (await query(`${RECORDED.modelInfo.name}`)).map(({ metric }) => metric);
  }, 260_000);

  afterAll(async () => {
    await Promise.all([...programs, exporter].map((one) => one?.stop()));
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  const fill = (expr: string, { namespace = '', model = '' }: Series['metric']): string =>
    expr
      .replaceAll(/=~"\$\w+"/g, '=~".*"')
      .replaceAll('"$namespace"', JSON.stringify(namespace))
      .replaceAll('"$model"', JSON.stringify(model))
      .replaceAll('${model:regex}', model)
      .replaceAll('"$slo"', '"answered"')
      .replaceAll(/\$__(rate_interval|range)/g, '1m');

  /** Queries of the panel that have an answer for no model, server or pipeline at all. */
  async function neverAnswered(exprs: readonly string[]): Promise<string[]> {
    const open = new Set(exprs);
    for (const metric of models) {
      for (const expr of open) if ((await query(fill(expr, metric))).length > 0) open.delete(expr);
      if (open.size === 0) break;
    }
    return [...open];
  }

  // No events are sent to this exporter: there is nothing of what is made of them.
  const ofEvents = ['drift', 'challengers', 'accuracy', 'fairness', 'custom-metrics', 'generative'].map(
    (name) => `${name}.json`
  );
  const dashboards = readdirSync(join(PROVISIONING, 'grafana/dashboards')).filter(
    (name) => name.endsWith('.json') && !ofEvents.includes(name)
  );

  it.each(dashboards)(
    '%s has no panel that stays empty',
    async (name) => {
      const empty: string[] = [];
      for (const { title, targets } of readDashboard(`grafana/dashboards/${name}`).panels) {
        const exprs = targets.flatMap(({ expr, hide }) =>
          // What is hidden is nothing that a panel shows.
          expr === undefined || hide ? [] : [expr.replaceAll(/ offset 1d/g, '')]
        );
        if (exprs.length === 0 || QUIET_PANELS.includes(title)) continue;
        const without = await neverAnswered(exprs);
        if (without.length > 0) empty.push(`${title}: ${without.join(' ; ')}`);
      }
      expect(empty).toEqual([]);
    },
    60_000
  );
});
