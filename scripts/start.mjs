/**
 * `npm start`: the whole of Modelwatch on one machine, with a simulated fleet in place of a cluster.
 * Everything it writes is in .cache/start; Ctrl-C ends everything it started.
 */
import { randomBytes } from 'node:crypto';
import { rmSync, symlinkSync, writeFileSync, cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from './lib/yaml.mjs';
import { isFree, ownerOf, portOf, PORTS } from './lib/ports.mjs';
import { giveUp, note, step, table } from './lib/say.mjs';
import { cacheFolder, checkNode, ensurePackages, ensurePrograms, ROOT, run, which } from './lib/setup.mjs';
import { answers, Stack } from './lib/stack.mjs';

/** Short, so that a scenario shows within seconds. Real installations scrape every 30 s. */
const INTERVAL = '5s';
const DRIFT_INTERVAL = '10s';
/** Budgets of a month, told within a minute of the start. */
const SLO_INTERVALS = ['--slo-interval', '20s', '--slo-coarse-interval', '40s'];
const CLUSTER_JOBS = ['kubelet', 'kube-state-metrics', 'node-exporter', 'dcgm-exporter'];
const MODELWATCH = join(ROOT, 'exporter/dist/main.js');

checkNode();
const models = modelsArgument();
const ports = Object.fromEntries(Object.keys(PORTS).map((name) => [name, port(name)]));
const at = (name) => `http://127.0.0.1:${ports[name]}`;

ensurePackages();
ensurePrograms(['prometheus', 'promtool', 'prometheus-alertmanager']);
const programs = {
  prometheus: which('prometheus'),
  alertmanager: which('prometheus-alertmanager'),
  grafana: grafanaHome(),
};
await refuseTakenPorts();
run('node', ['scripts/build.mjs', ...(programs.grafana ? [] : ['--no-plugins'])]);

const folder = cacheFolder('start');
const rowsToken = randomBytes(24).toString('hex');
const exporterConfig = join(folder, 'modelwatch.yml');
const stack = new Stack((name, how, log) => {
  console.error(`\n✗ ${name} ended (${how}). Its last words are in ${log}`);
  void stack.end().then(() => process.exit(1));
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    console.log('\nEnding everything.');
    void stack.end().then(() => process.exit(0));
  });
}

step('Starting');
try {
  await startDemo();
  await startExporter();
  if (programs.alertmanager) await startAlertmanager();
  if (programs.prometheus) await startPrometheus();
  if (programs.grafana) await startGrafana();
} catch (error) {
  await stack.end();
  giveUp(`${error.message}\nThe logs are in ${folder}`);
}
report();

function port(name) {
  try {
    return portOf(name);
  } catch (error) {
    return giveUp(error.message);
  }
}

function modelsArgument() {
  const [name, value, ...rest] = process.argv.slice(2).flatMap((argument) => argument.split('='));
  if (name === undefined) return '28';
  const unknown = name === '--models' ? rest[0] : name;
  if (unknown !== undefined) giveUp(`start: unknown argument ${unknown}; expected nothing or --models N`);
  const text = value ?? '';
  if (!/^[1-9]\d{0,5}$/.test(text)) giveUp(`--models: expected a whole number from 1, got ${JSON.stringify(text)}`);
  return text;
}

/** Folder of an unpacked Grafana, from GRAFANA_HOME or beside the program on PATH. */
function grafanaHome() {
  const home = process.env.GRAFANA_HOME;
  if (home && !existsSync(join(home, 'bin', 'grafana')))
    giveUp(`GRAFANA_HOME=${home}: expected bin/grafana in that folder`);
  if (home) return home;
  const installed = '/usr/share/grafana';
  return which('grafana') && existsSync(join(installed, 'bin', 'grafana')) ? installed : undefined;
}

async function refuseTakenPorts() {
  const wanted = ['exporter', 'demoApi', 'demoControl', ...Object.keys(programs).filter((name) => programs[name])];
  const taken = [];
  for (const name of wanted) if (!(await isFree(ports[name]))) taken.push(name);
  if (taken.length === 0) return;
  giveUp(
    `These ports are in use:\n${taken
      .map(
        (name) =>
          `${ports[name]} (${name}): ${ownerOf(ports[name])}. End it, or choose another: ${PORTS[name].variable}=PORT npm start`
      )
      .join('\n')}`
  );
}

async function startDemo() {
  stack.start('demo', process.execPath, [
    MODELWATCH,
    'demo',
    '--models',
    models,
    '--api-port',
    String(ports.demoApi),
    '--control-port',
    String(ports.demoControl),
    '--events-url',
    at('exporter'),
  ]);
  await answers(`${at('demoControl')}/scenarios`);
}

function emptyFolder(name) {
  rmSync(join(folder, name), { recursive: true, force: true });
  return cacheFolder('start', name);
}

/** What the models with data were trained on, as their owners would profile it. */
function makeReferences(dataModels) {
  return dataModels.map(({ namespace, model, importance, profileFlags }) => {
    const file = (name) => join(cacheFolder('start', 'references'), `${model}${name}`);
    const data = run(process.execPath, [MODELWATCH, 'demo', 'training-data', `${namespace}/${model}`], { quiet: true });
    writeFileSync(file('.csv'), data);
    writeFileSync(file('.importance.json'), JSON.stringify(importance));
    const flags = [...profileFlags, '--importance', file('.importance.json'), '--output', file('.json')];
    run(process.execPath, [MODELWATCH, 'profile', file('.csv'), ...flags], { quiet: true });
    return { file: file('.json') };
  });
}

/** What the models that are prompted were tried with before they went live. */
function makeTextReferences(chatModels) {
  return chatModels.map(({ namespace, model, profileFlags }) => {
    const file = (name) => join(cacheFolder('start', 'references'), `${model}${name}`);
    const data = run(process.execPath, [MODELWATCH, 'demo', 'training-data', `${namespace}/${model}`], { quiet: true });
    writeFileSync(file('.jsonl'), data);
    run(process.execPath, [MODELWATCH, 'profile', file('.jsonl'), ...profileFlags, '--output', file('.json')], {
      quiet: true,
    });
    return { file: file('.json') };
  });
}

async function startExporter() {
  const { standalone, schedulers, slowModels, slos, dependencies, dataModels, chatModels } = await fetch(
    `${at('demoControl')}/info`
  ).then((response) => response.json());
  const config = {
    web: { listenAddress: '127.0.0.1', port: ports.exporter },
    // The demo bookmarks every 10 s, so silence shows sooner than by default.
    kubernetes: { server: at('demoApi'), staleAfterSeconds: 45 },
    servers: {
      access: 'api-proxy',
      probeIntervalSeconds: 5,
      moduleFiles: [join(ROOT, 'provisioning/servers/tgi.yaml')],
      standalone: standalone.map(({ models: names, ...server }) => ({
        ...server,
        models: names.map((model) => ({ name: model })),
      })),
      dependencies,
    },
    // Real ones do not want to be asked this often.
    seldon: { schedulers: schedulers.map((scheduler) => ({ ...scheduler, checkIntervalSeconds: 10 })) },
    models: slowModels,
    slos,
    monitoring: {
      references: [...makeReferences(dataModels), ...makeTextReferences(chatModels)],
      // A day, as in real installations, is long for somebody who tries a scenario.
      models: [
        ...dataModels.map(
          ({ namespace, model, challenger, customMetrics, batches, fairness, decisionThreshold, exploration }) => ({
            // Batches come every two minutes, rows of others all the time.
            ...{ namespace, model, window: '10m', showCategories: true, expectedIntervalSeconds: 300 },
            // With fewer, a score is off its baseline by 5 % now and then by chance.
            accuracy: { minimumRows: 1000, ...(decisionThreshold === undefined ? {} : { decisionThreshold }) },
            ...(challenger === undefined ? {} : { challengers: [{ name: challenger }] }),
            ...(customMetrics === undefined ? {} : { customMetrics }),
            ...(batches === undefined ? {} : { batches }),
            ...(fairness === undefined ? {} : { fairness }),
            ...(exploration === undefined ? {} : { exploration }),
          })
        ),
        ...chatModels.map(({ namespace, model, generative }) => ({
          ...{ namespace, model, window: '10m', showCategories: true, generative },
        })),
      ],
    },
    // Ids begin anew with each start, and so do the predictions that wait for their actual.
    events: {
      // One model has segments, a challenger and estimates of its accuracy: more counters than the default lets a model have.
      maxSeriesPerModel: 4_000,
      joins: { directory: emptyFolder('joins') },
      exploration: { tokenFile: rowsTokenFile() },
    },
    ...(programs.prometheus ? { prometheus: { url: at('prometheus') } } : {}),
    ...(programs.grafana ? { grafana: { url: at('grafana') } } : {}),
    demo: { url: at('demoControl') },
  };
  writeFileSync(exporterConfig, stringify(config));
  stack.start('exporter', process.execPath, [MODELWATCH, 'exporter', '--config.file', exporterConfig]);
  await answers(`${at('exporter')}/readyz`);
}

/** What rows of models are read with: for this run alone, and for whoever can read the folder. */
function rowsTokenFile() {
  writeFileSync(join(folder, 'rows-token'), rowsToken, { mode: 0o600 });
  return join(folder, 'rows-token');
}

async function startAlertmanager() {
  stack.start('alertmanager', programs.alertmanager, [
    `--config.file=${join(ROOT, 'provisioning/alertmanager/alertmanager.yml')}`,
    `--storage.path=${cacheFolder('start', 'alertmanager-data')}`,
    `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
    '--cluster.listen-address=',
  ]);
  await answers(`${at('alertmanager')}/-/ready`);
}

/** A cluster has these already, and Prometheus scrapes them; here the demo speaks for them. */
function clusterJob(name) {
  return {
    job_name: name,
    // Each tells of many pods and nodes.
    honor_labels: true,
    metrics_path: `/exporters/${name}`,
    scrape_interval: INTERVAL,
    scrape_timeout: INTERVAL,
    static_configs: [{ targets: [`127.0.0.1:${ports.demoControl}`] }],
  };
}

/** Writes what `modelwatch rules` prints, and gives the path of the file. */
function ruleFile(name, ...args) {
  const file = join(folder, name);
  writeFileSync(file, run(process.execPath, [MODELWATCH, 'rules', ...args], { quiet: true }));
  return file;
}

/** The shipped scrape configuration and rules, with our ports and the short interval, and drift and accuracy within minutes. */
async function startPrometheus() {
  const config = parse(readFileSync(join(ROOT, 'provisioning/prometheus/prometheus.yml'), 'utf8'));
  config.global = {
    ...config.global,
    scrape_interval: INTERVAL,
    evaluation_interval: INTERVAL,
    scrape_timeout: INTERVAL,
  };
  config.rule_files = [
    ruleFile(
      'rules.yml',
      ...['--interval', INTERVAL, '--for', '0s', '--drift-interval', DRIFT_INTERVAL, ...SLO_INTERVALS],
      ...(programs.grafana ? ['--grafana-url', at('grafana')] : [])
    ),
    ruleFile('drift-10m.rules.yml', 'drift', '--window', '10m', '--interval', DRIFT_INTERVAL),
    ruleFile('accuracy-10m.rules.yml', 'accuracy', '--window', '10m', '--interval', DRIFT_INTERVAL),
    ruleFile('custom.rules.yml', 'custom', '--config.file', exporterConfig, '--interval', INTERVAL),
  ];
  config.alerting = { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${ports.alertmanager}`] }] }] };
  for (const job of config.scrape_configs) {
    job.scrape_interval = INTERVAL;
    job.scrape_timeout = INTERVAL;
    job.static_configs = [
      { targets: [`127.0.0.1:${job.job_name === 'prometheus' ? ports.prometheus : ports.exporter}`] },
    ];
  }
  config.scrape_configs.push(...CLUSTER_JOBS.map(clusterJob));
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
  // The simulated counters begin anew with each start: against an older history they would look like a flood.
  rmSync(join(folder, 'prometheus-data'), { recursive: true, force: true });
  stack.start('prometheus', programs.prometheus, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${cacheFolder('start', 'prometheus-data')}`,
    '--storage.tsdb.retention.time=2d',
    `--web.listen-address=127.0.0.1:${ports.prometheus}`,
    '--web.enable-lifecycle',
  ]);
  await answers(`${at('prometheus')}/-/ready`);
}

async function startGrafana() {
  const plugins = cacheFolder('start', 'grafana', 'plugins');
  for (const [id, source] of [
    ['modelwatch-models-panel', 'panel-plugin/dist'],
    ['modelwatch-models-datasource', 'datasource-plugin/dist'],
  ]) {
    rmSync(join(plugins, id), { recursive: true, force: true });
    symlinkSync(join(ROOT, source), join(plugins, id));
  }
  const provisioning = join(folder, 'grafana', 'provisioning');
  rmSync(provisioning, { recursive: true, force: true });
  cpSync(join(ROOT, 'provisioning/grafana'), provisioning, { recursive: true });
  stack.start('grafana', join(programs.grafana, 'bin', 'grafana'), ['server', '--homepath', programs.grafana], {
    GF_SERVER_HTTP_ADDR: '127.0.0.1',
    GF_SERVER_HTTP_PORT: String(ports.grafana),
    GF_PATHS_DATA: cacheFolder('start', 'grafana', 'data'),
    GF_PATHS_LOGS: cacheFolder('start', 'grafana', 'logs'),
    GF_PATHS_PLUGINS: plugins,
    GF_PATHS_PROVISIONING: provisioning,
    GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: 'modelwatch-models-panel,modelwatch-models-datasource',
    GF_AUTH_ANONYMOUS_ENABLED: 'true',
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Admin',
    GF_AUTH_BASIC_ENABLED: 'false',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    // Grafana would otherwise fetch plugins of its own at the first start.
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: join(provisioning, 'dashboards', 'fleet.json'),
    MODELWATCH_PROMETHEUS_URL: at('prometheus'),
    MODELWATCH_EXPORTER_URL: at('exporter'),
    MODELWATCH_ROWS_TOKEN: rowsToken,
    MODELWATCH_ALERTMANAGER_URL: at('alertmanager'),
  });
  await answers(`${at('grafana')}/api/health`, { patienceMs: 90_000 });
}

function report() {
  const rows = [
    ['What', 'Where', 'What to see there'],
    ['Exporter', `${at('exporter')}/`, 'the fleet, its worst reasons, and switches for scenarios'],
    ['Demo fleet', at('demoApi'), `a Kubernetes API with ${models} models; ${at('demoControl')}/scenarios`],
  ];
  const absent = (name, how) => rows.push([name, 'not found', how]);
  if (programs.prometheus)
    rows.push([
      'Prometheus',
      `${at('prometheus')}/graph?g0.expr=modelwatch%3Amodel_health%20%3D%3D%201`,
      'the recorded health of every model',
    ]);
  else absent('Prometheus', 'sudo apt-get install --no-install-recommends prometheus');
  if (programs.alertmanager) rows.push(['Alertmanager', at('alertmanager'), 'alerts, once a scenario is on']);
  else absent('Alertmanager', 'sudo apt-get install --no-install-recommends prometheus-alertmanager');
  if (programs.grafana)
    rows.push([
      'Grafana',
      `${at('grafana')}/d/modelwatch-fleet?from=now-15m&refresh=5s`,
      'the Fleet and Model dashboards, without a login',
    ]);
  else absent('Grafana', 'unpack Grafana 12.4 or later, then: GRAFANA_HOME=FOLDER npm start');
  step('Running');
  console.log(table(rows));
  console.log('');
  note(
    `Try: node exporter/dist/main.js demo scenario outage on${ports.demoControl === PORTS.demoControl.fallback ? '' : ` --control-url ${at('demoControl')}`}`
  );
  note('The panel without Grafana: npm run workbench, in another terminal.');
  note(
    `Everything is scraped every ${INTERVAL} here, and a model that cannot serve alerts at once; real installations are calmer. Ctrl-C ends all.`
  );
}
