/** What `npm start` starts, on ports of its own: the demo, the exporter as a process, Prometheus, Alertmanager, and Grafana where there is one. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDemo, type Demo } from '@modelwatch/demo';
import { parse, stringify } from 'yaml';
import { CLUSTER_EXPORTERS } from '../../../demo/src/types';
import { startExampleAlertmanager, type Sinks } from '../../support/alertmanager-example';
import { freePort, getJson, startProgram, until, type Program } from '../../support/processes';
import { httpSink, mailSink } from '../../support/sinks';
import { startGrafana } from './grafana';

const ROOT = join(__dirname, '..', '..', '..');
const MODELWATCH = join(ROOT, 'exporter', 'dist', 'main.js');
/** Twice that of `npm start`: a busy machine does not lose a scrape. */
const INTERVAL = '10s';
/** As `npm start` gives them, but for the interval; what happens to data has a test of its own. */
const RULES = [
  ...['--interval', INTERVAL, '--for', '0s', '--slo-interval', '20s', '--slo-coarse-interval', '40s'],
  ...['drift', 'accuracy', 'custom', 'usage', 'aggregates'].flatMap((part) => ['--without', part]),
];

/**
 * What only an hour or a day would clear: spans of recorded series that are shorter here, so that each is seen to end.
 * How long an alert waits before it fires is as it ships.
 */
const SHORTER: readonly { readonly record: RegExp; readonly from: string; readonly to: string }[] = [
  { record: /^modelwatch:model_(restarts|oom_kills):1h$/, from: '[1h]', to: '[8m]' },
  { record: /_changed_timestamp_seconds$/, from: '86400', to: '300' },
];

/**
 * As a user may set them: the burn rates of a budget of thirty days, each with the shortest of short windows. With its own
 * an alert on a budget ends half an hour to six hours after its cause.
 */
const TIERS = [
  { severity: 'page', long: '1h', short: '5m', burnRate: 14.4 },
  { severity: 'page', long: '6h', short: '5m', burnRate: 6 },
  { severity: 'ticket', long: '1d', short: '5m', burnRate: 3 },
  { severity: 'ticket', long: '3d', short: '5m', burnRate: 1 },
];

export interface Stack {
  readonly demo: Demo;
  readonly sinks: Sinks;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** Whether a Grafana evaluates the same rules. */
  readonly hasGrafana: boolean;
  stop(): Promise<void>;
}

interface Rules {
  readonly groups: readonly { readonly rules: { readonly record?: string; expr: string }[] }[];
}

/** The rules as `modelwatch rules` prints them. @throws if what is to be shorter is not there any more */
function rules(): string {
  const all = parse(execFileSync(process.execPath, [MODELWATCH, 'rules', ...RULES], { encoding: 'utf8' })) as Rules;
  for (const { record, from, to } of SHORTER) {
    const found = all.groups.flatMap((group) => group.rules).filter((rule) => record.test(rule.record ?? ''));
    for (const rule of found) {
      if (!rule.expr.includes(from)) throw new Error(`${rule.record}: expected ${from} in ${rule.expr}`);
      rule.expr = rule.expr.replaceAll(from, to);
    }
    if (found.length === 0) throw new Error(`${String(record)}: expected rules that record it`);
  }
  return stringify(all, { lineWidth: 0, aliasDuplicateObjects: false });
}

interface Info {
  readonly standalone: readonly { readonly models: readonly string[] }[];
  readonly schedulers: readonly object[];
  readonly slowModels: readonly object[];
  readonly slos: readonly object[];
  readonly dependencies: readonly object[];
}

async function exporterConfig(demo: Demo, port: number) {
  const info = await getJson<Info>(`${demo.controlUrl}/info`);
  return {
    web: { listenAddress: '127.0.0.1', port },
    log: { level: 'error' },
    kubernetes: { server: demo.api.url, staleAfterSeconds: 45 },
    servers: {
      access: 'api-proxy',
      probeIntervalSeconds: 10,
      moduleFiles: [join(ROOT, 'provisioning', 'servers', 'tgi.yaml')],
      standalone: info.standalone.map(({ models, ...server }) => ({
        ...server,
        models: models.map((name) => ({ name })),
      })),
      dependencies: info.dependencies,
    },
    seldon: { schedulers: info.schedulers.map((scheduler) => ({ ...scheduler, checkIntervalSeconds: 10 })) },
    models: info.slowModels,
    slos: info.slos.map((slo) => ({ ...slo, alerts: { tiers: TIERS } })),
  };
}

async function startExporter(
  demo: Demo,
  folder: string
): Promise<{ readonly target: string; readonly program: Program }> {
  const port = await freePort();
  const file = join(folder, 'modelwatch.yml');
  writeFileSync(file, stringify(await exporterConfig(demo, port)));
  const program = startProgram(process.execPath, [MODELWATCH, 'exporter', '--config.file', file]);
  const target = `127.0.0.1:${port}`;
  await until(
    'the exporter to be ready',
    async () => `${await (await fetch(`http://${target}/readyz`)).text()} ${program.output()}`,
    (answer) => answer.startsWith('ready'),
    120_000
  );
  return { target, program };
}

interface ScrapeConfigs {
  rule_files: readonly string[];
  scrape_configs: object[];
}

/** The shipped configuration with these targets, and the exporters that a cluster has. */
async function startPrometheus(folder: string, targets: { exporter: string; alertmanager: string; demo: string }) {
  const shipped = parse(
    readFileSync(join(ROOT, 'provisioning', 'prometheus', 'prometheus.yml'), 'utf8')
  ) as ScrapeConfigs;
  const at = (target: string) => ({ static_configs: [{ targets: [target] }] });
  const port = await freePort();
  const config = {
    ...shipped,
    global: { scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: INTERVAL },
    alerting: { alertmanagers: [at(targets.alertmanager)] },
    scrape_configs: [
      { job_name: 'modelwatch', honor_labels: true, ...at(targets.exporter) },
      ...CLUSTER_EXPORTERS.map((name) => ({
        ...{ job_name: name, honor_labels: true, metrics_path: `/exporters/${name}` },
        ...at(targets.demo),
      })),
    ],
  };
  writeFileSync(join(folder, 'rules.yml'), rules());
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
  const program = startProgram('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ]);
  const url = `http://127.0.0.1:${port}`;
  await until(
    'Prometheus',
    () => fetch(`${url}/-/ready`),
    ({ ok }) => ok
  );
  return { url, program };
}

/** @param folder for all that they write */
export async function startStack(folder: string): Promise<Stack> {
  const sinks = { http: await httpSink(), mail: await mailSink('secret') };
  const alertmanager = await startExampleAlertmanager(folder, sinks);
  const demo = await startDemo({ schedulers: true });
  const exporter = await startExporter(demo, folder);
  const prometheus = await startPrometheus(folder, {
    exporter: exporter.target,
    alertmanager: new URL(alertmanager.url).host,
    demo: new URL(demo.controlUrl).host,
  });
  const programs = [prometheus.program, alertmanager.program, exporter.program];
  const home = process.env.GRAFANA_HOME;
  const urls = { prometheusUrl: prometheus.url, alertmanagerUrl: alertmanager.url };
  if (home) programs.unshift(await startGrafana(home, folder, urls));
  const stop = async () => {
    for (const program of programs) await program.stop();
    await demo.stop();
    await Promise.all([sinks.http.stop(), sinks.mail.stop()]);
  };
  return { demo, sinks, ...urls, hasGrafana: Boolean(home), stop };
}
