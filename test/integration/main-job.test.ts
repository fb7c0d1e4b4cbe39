/**
 * The main job, through the same processes that a user starts: a Kubernetes API watched, model servers asked, a real
 * Prometheus scraping and evaluating the shipped rules, a real Alertmanager receiving the alert.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { ALERTS, decodeModelDetail, decodeModelList, METRICS, RECORDED } from '@modelwatch/contract';
import { DEMO_MODELS } from '@modelwatch/demo';
import { parse, stringify } from 'yaml';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';

const ROOT = join(__dirname, '..', '..');
const MODELWATCH = join(ROOT, 'exporter', 'dist', 'main.js');
const INTERVAL = '1s';

interface QueryAnswer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}
interface Alert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly status: { readonly state: string };
}

describe('the main job', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-main-job-'));
  const programs: Program[] = [];
  const url: Record<'api' | 'control' | 'exporter' | 'prometheus' | 'alertmanager', string> = {
    api: '',
    control: '',
    exporter: '',
    prometheus: '',
    alertmanager: '',
  };
  const start = (command: string, ...args: string[]) => programs.push(startProgram(command, args));
  const modelwatch = (...args: string[]) => {
    const done = spawnSync(process.execPath, [MODELWATCH, ...args], { encoding: 'utf8' });
    return { code: done.status, text: `${done.stdout}${done.stderr}` };
  };
  const query = async (expr: string) =>
    (await getJson<QueryAnswer>(`${url.prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`)).data.result;
  const healthOf = async (model: string) =>
    (await query(`${RECORDED.modelHealth.name}{model="${model}"} == 1`)).map((series) => series.metric.health).join();
  const alerts = (name: string) => getJson<Alert[]>(`${url.alertmanager}/api/v2/alerts?filter=alertname%3D${name}`);

  beforeAll(async () => {
    for (const name of Object.keys(url) as (keyof typeof url)[]) url[name] = `http://127.0.0.1:${await freePort()}`;
    const port = (name: keyof typeof url) => new URL(url[name]).port;

    start(process.execPath, MODELWATCH, 'demo', '--api-port', port('api'), '--control-port', port('control'));
    const { standalone } = await until(
      'demo',
      () =>
        getJson<{ standalone: { name: string; url: string; metricsUrl: string; models: string[] }[] }>(
          `${url.control}/info`
        ),
      () => true
    );
    writeFileSync(
      join(folder, 'modelwatch.yml'),
      stringify({
        web: { listenAddress: '127.0.0.1', port: Number(port('exporter')) },
        kubernetes: { server: url.api },
        servers: {
          access: 'api-proxy',
          probeIntervalSeconds: 1,
          probeTimeoutSeconds: 1,
          moduleFiles: [join(ROOT, 'provisioning/servers/tgi.yaml')],
          standalone: standalone.map(({ models, ...server }) => ({
            ...server,
            models: models.map((name) => ({ name })),
          })),
        },
        prometheus: { url: url.prometheus },
      })
    );
    start(process.execPath, MODELWATCH, 'exporter', '--config.file', join(folder, 'modelwatch.yml'));

    start(
      'prometheus-alertmanager',
      `--config.file=${join(ROOT, 'provisioning/alertmanager/alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${port('alertmanager')}`,
      '--cluster.listen-address='
    );
    const rules = modelwatch('rules', '--format', 'prometheus', '--interval', INTERVAL, '--for', '0s');
    expect(rules.code).toBe(0);
    writeFileSync(join(folder, 'rules.yml'), rules.text);
    const config = parse(readFileSync(join(ROOT, 'provisioning/prometheus/prometheus.yml'), 'utf8'));
    config.global = { scrape_interval: INTERVAL, evaluation_interval: INTERVAL, scrape_timeout: INTERVAL };
    config.rule_files = [join(folder, 'rules.yml')];
    config.alerting = { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${port('alertmanager')}`] }] }] };
    config.scrape_configs = config.scrape_configs
      .filter((job: { job_name: string }) => job.job_name !== 'prometheus')
      .map((job: object) => ({
        ...job,
        scrape_interval: INTERVAL,
        scrape_timeout: INTERVAL,
        static_configs: [{ targets: [`127.0.0.1:${port('exporter')}`] }],
      }));
    writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
    start(
      'prometheus',
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${port('prometheus')}`
    );
    await until(
      'a recorded health for every model',
      () => query(`${RECORDED.modelHealth.name} == 1`),
      (r) => r.length === DEMO_MODELS,
      60_000
    );
  }, 90_000);

  afterAll(async () => {
    await Promise.all(programs.map((program) => program.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the whole fleet, each model with exactly one health and one serving state', async () => {
    await until(
      'a settled fleet',
      () => query(`count(${RECORDED.modelHealth.name}{health="healthy"} == 1)`),
      (r) => Number(r[0]?.value[1]) >= 20
    );
    const states = await query(`sum by (namespace, model) (${METRICS.modelServing.name})`);
    expect(states).toHaveLength(DEMO_MODELS);
    expect(new Set(states.map((series) => series.value[1]))).toEqual(new Set(['1']));
    expect(decodeModelList(await getJson(`${url.exporter}/api/v1/models`)).items).toHaveLength(DEMO_MODELS);
    const unread = await query(`${METRICS.exporterSourceSynced.name} == 0`);
    expect(unread.map(({ metric }) => metric.source)).toEqual([]);
    for (const { name } of [METRICS.serverAutoscalerLoadRatio, METRICS.nodeCpuAllocatable, METRICS.nodeGpusRequested]) {
      expect([name, (await query(name)).length]).not.toEqual([name, 0]);
    }
    await until(
      'request rates of the servers that give them',
      () => query(`sum by (model) (${RECORDED.inferenceRequestsRate.name} > 0)`),
      (rates) => rates.length > 10,
      60_000
    );
  });

  it('turns metric, API, page and alert with an outage, and back', async () => {
    const scenarios = await getJson<{ name: string; model: string }[]>(`${url.control}/scenarios`);
    const victim =
      scenarios
        .find((scenario) => scenario.name === 'outage')
        ?.model.split('/')
        .pop() ?? '';
    expect(victim).not.toBe('');
    await until(
      'healthy before',
      () => healthOf(victim),
      (health) => health === 'healthy'
    );

    expect(modelwatch('demo', 'scenario', 'outage', 'on', '--control-url', url.control)).toMatchObject({ code: 0 });
    await until(
      'recorded as failed',
      () => healthOf(victim),
      (health) => health === 'failed'
    );
    const [alert] = await until(
      'the alert',
      () => alerts(ALERTS.cannotServe),
      (list) => list.length === 1
    );
    expect(alert?.labels.model).toBe(victim);
    const list = decodeModelList(await getJson(`${url.exporter}/api/v1/models?health=failed`));
    expect(list.items.map((item) => item.name)).toEqual([victim]);
    const [failed] = list.items;
    const detail = decodeModelDetail(await getJson(`${url.exporter}/api/v1/models/${failed?.namespace}/${victim}`));
    expect(detail.reasons.length).toBeGreaterThan(0);
    expect(detail.history[0]).toMatchObject({ to: 'failed' });
    expect(await (await fetch(`${url.exporter}/`)).text()).toContain('1 failed');

    expect(modelwatch('demo', 'scenario', 'outage', 'off', '--control-url', url.control)).toMatchObject({ code: 0 });
    await until(
      'recorded as healthy',
      () => healthOf(victim),
      (health) => health === 'healthy'
    );
    await until(
      'the alert to resolve',
      () => alerts(ALERTS.cannotServe),
      (list) => list.length === 0,
      60_000
    );
  }, 120_000);

  it('leaves stale models behind, not blue ones and not none, when the exporter dies', async () => {
    const exporter = programs[1];
    await exporter?.stop();
    const stale = await until(
      'all models stale',
      () => query(`${RECORDED.modelHealth.name}{health="stale"} == 1`),
      (r) => r.length === DEMO_MODELS
    );
    expect(stale).toHaveLength(DEMO_MODELS);
    expect(await query(`${RECORDED.modelHealth.name}{health="healthy"} == 1`)).toHaveLength(0);
    // It fires after five minutes; that it has begun to wait is what can be seen here.
    await until(
      'the pending alert of the absent exporter',
      () => query(`ALERTS{alertname="${ALERTS.exporterAbsent}"}`),
      (list) => list.length === 1
    );
  }, 60_000);
});
