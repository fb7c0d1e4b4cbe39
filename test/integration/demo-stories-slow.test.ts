/**
 * Every scenario that happens to data, from the demo through a real exporter to a real Prometheus with the shipped rules:
 * a counter moves, the verdict is recorded, its channel and the health of the model follow, the alert names the model, and
 * what the data source asks has the row; then it is switched off and all of it clears. Models go through theirs beside each
 * other. As `npm start` has it, but for windows of three minutes in place of ten, and scrapes every ten seconds, which a
 * busy machine does not lose. Needs `npm run build`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startDemo, type Demo } from '@modelwatch/demo';
import { joinInventory } from '../../datasource-plugin/src/frames/inventory';
import type { Sample } from '../../datasource-plugin/src/frames/samples';
import { NO_FILTERS } from '../../datasource-plugin/src/query/filters';
import type { ModelwatchQuery } from '../../datasource-plugin/src/query/types';
import { buildParts } from '../../datasource-plugin/src/testing/parts';
import { CHAT_MODEL, CHAT_SETTINGS, DATA_MODELS, profileFlags } from '../../demo/src/data';
import type { DataScenarioName } from '../../demo/src/types';
import { configSchema } from '../../exporter/src/config/schema';
import { buildAccuracyRules, buildDriftRules, renderGroups, renderRules } from '../../exporter/src/rules';
import { startTestExporter, type RunningExporter } from '../support/exporter';
import { freePort, getJson, startProgram, until, type Program } from '../support/processes';
import { CHARGEBACK, CHAT, CHURN, DEMAND, OFFERS, STORIES, type Story } from './demo-stories/stories';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
const WINDOW = '3m';
const RULES = {
  ...{ intervalSeconds: 10, forSeconds: 0, driftIntervalSeconds: 10 },
  without: ['resources', 'aggregates', 'usage', 'slo'],
} as const;
/** Of batches it is two minutes. */
const EXPECTED_INTERVAL_SECONDS = 180;
/** For one step of one scenario; nights of the demo are two minutes long, and five of them must pass. */
const PATIENCE_MS = 15 * 60_000;
const LIMIT_MS = 40 * 60_000;
const BETWEEN_QUESTIONS_MS = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-stories-'));
const told = new Map<DataScenarioName, Promise<void>>();
const calmAgain: Promise<void>[] = [];
let demo: Demo;
let exporter: RunningExporter;
let prometheus: Program;
let url: string;

async function ask(expr: string): Promise<Sample[]> {
  interface Answer {
    readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
  }
  const { data } = await getJson<Answer>(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** Waits until Prometheus finds something, or nothing. Many ask at once: none of them without a breath. */
async function found(what: string, expr: string, expected = true): Promise<void> {
  const asked = async () => {
    await pause(BETWEEN_QUESTIONS_MS);
    return ask(expr);
  };
  await until(`${what}: ${expr}`, asked, ({ length }) => length > 0 === expected, PATIENCE_MS);
}

/** Every part as the data source asks it. */
async function answers(query: ModelwatchQuery, { namespace, model }: { namespace: string; model: string }) {
  const filters = { ...NO_FILTERS, namespace: [namespace], model: [model] };
  const parts = buildParts(query, filters, 600).filter(({ maxPoints }) => maxPoints === undefined);
  const all = await Promise.all(parts.map(({ expr }) => ask(expr)));
  return Object.fromEntries(parts.map(({ name }, index) => [name, all[index] ?? []]));
}

const idOf = (labels: string) => {
  const [, namespace = '', model = ''] = /namespace="(.+)", model="(.+)"/.exec(labels) ?? [];
  return { namespace, model };
};
const OF: Readonly<Record<DataScenarioName, string>> = {
  ...{ 'sudden-shift': CHARGEBACK, 'new-category': CHARGEBACK, 'label-flip': CHARGEBACK },
  ...{ 'challenger-ahead': CHARGEBACK, 'review-backlog': CHARGEBACK, 'events-stop': CHARGEBACK },
  ...{ 'malformed-events': CHARGEBACK },
  ...{ 'gradual-shift': CHURN, 'unfair-group': CHURN, 'late-actuals': CHURN },
  ...{ 'missing-column': DEMAND, 'too-little-traffic': DEMAND, 'bad-batch': OFFERS },
  ...{ 'prompt-shift': CHAT, refusals: CHAT },
};

async function shows({ scenario, counter, state, channel, alert, health, reason, row }: Story): Promise<void> {
  const model = OF[scenario];
  await found(`${scenario}: the counter`, counter);
  await found(`${scenario}: the verdict`, state);
  await found(
    `${scenario}: the channel`,
    `modelwatch:model_channel{${model}, channel="${channel[0]}", status="${channel[1]}"}`
  );
  // One that is held for some minutes is there as pending before.
  if (alert) await found(`${scenario}: the alert`, `ALERTS{alertname="${alert}", ${model}}`);
  await until(
    `${scenario}: the health and its reason`,
    async () => {
      await pause(BETWEEN_QUESTIONS_MS);
      const query: ModelwatchQuery = { refId: 'A', kind: 'inventory', sparklines: false };
      const parts = await answers(query, idOf(model));
      const { state: states = [], numbers = [], rate = [], ...more } = parts;
      return joinInventory({ state: states, numbers, rate, ...more }).rows[0];
    },
    (found) => found !== undefined && health.includes(found.health) && (reason?.test(found.reason ?? '') ?? true),
    PATIENCE_MS
  );
  if (!row) return;
  await until(
    `${scenario}: the row of the data source`,
    async () => {
      await pause(BETWEEN_QUESTIONS_MS);
      return answers(row.query, idOf(model));
    },
    row.isThere,
    PATIENCE_MS
  );
}

async function clears({ scenario, state, channel, alert }: Story): Promise<void> {
  const model = OF[scenario];
  await found(`${scenario}: the verdict is undone`, state, false);
  // Not merely another status: a scrape that a busy machine lost would be one, too.
  await found(
    `${scenario}: the channel is calm`,
    `modelwatch:model_channel{${model}, channel="${channel[0]}", status="ok"}`
  );
  if (alert) await found(`${scenario}: the alert is gone`, `ALERTS{alertname="${alert}", ${model}}`, false);
}

/** Begins, and is over when it has cleared. */
function tell(scenario: DataScenarioName): Promise<void> {
  const story = STORIES[scenario];
  const run = async () => {
    demo.setScenario(scenario, true);
    const startMs = Date.now();
    try {
      await shows(story);
    } finally {
      demo.setScenario(scenario, false);
    }
    const shownMs = Date.now();
    await clears(story);
    const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
    process.stdout.write(
      `${scenario}: shown after ${seconds(shownMs - startMs)}, clear ${seconds(Date.now() - shownMs)} later\n`
    );
  };
  const promise = run();
  told.set(scenario, promise);
  return promise.catch(() => undefined);
}

const isCalm = (model: string, channel: string) =>
  found(`${model} is calm`, `modelwatch:model_channel{${model}, channel="${channel}", status="ok"}`);
const isHealthy = (model: string) =>
  found(`${model} is healthy again`, `modelwatch:model_health{${model}, health="healthy"} == 1`);

/** Those of a model that change the same figures come one after the other. */
const TRACKS: readonly (() => Promise<void>)[] = [
  async () => {
    await Promise.all([isCalm(CHARGEBACK, 'drift'), isCalm(CHARGEBACK, 'accuracy')]);
    // First, while the hour in which it is judged is young.
    await tell('malformed-events');
    await Promise.all([tell('sudden-shift'), tell('label-flip'), tell('review-backlog')]);
    await Promise.all([tell('new-category'), tell('challenger-ahead')]);
    await tell('events-stop');
    await isHealthy(CHARGEBACK);
  },
  async () => {
    const gradual = tell('gradual-shift');
    await Promise.all([isCalm(CHURN, 'fairness'), isCalm(CHURN, 'accuracy')]);
    await tell('unfair-group');
    await tell('late-actuals');
    await gradual;
    await isHealthy(CHURN);
  },
  async () => {
    await isCalm(DEMAND, 'drift');
    await tell('missing-column');
    await tell('too-little-traffic');
    // Not healthy: a feature that was absent is a part of the rows of the last hour that nobody saw (`coverage`).
  },
  async () => {
    await isCalm(CHAT, 'drift');
    await tell('prompt-shift');
    await tell('refusals');
    await isHealthy(CHAT);
  },
  async () => {
    await tell('bad-batch');
    await isHealthy(OFFERS);
  },
];

/** As `npm start` makes them. */
function references(): { file: string }[] {
  const models = [
    ...DATA_MODELS.map((model) => ({ ...model, flags: profileFlags(model) })),
    { ...CHAT_MODEL, importance: undefined, flags: ['--prompt', 'prompt', '--completion', 'completion'] },
  ];
  return models.map(({ namespace, model, importance, flags }) => {
    const name = `${namespace}/${model}`;
    const file = (ending: string) => join(folder, `${model}${ending}`);
    const data = importance ? file('.csv') : file('.jsonl');
    const made = execFileSync(process.execPath, [MODELWATCH, 'demo', 'training-data', name], { maxBuffer: 2 ** 27 });
    writeFileSync(data, made);
    writeFileSync(file('.importance.json'), JSON.stringify(importance ?? {}));
    const more = importance ? ['--importance', file('.importance.json')] : ['--model', name];
    const args = [MODELWATCH, 'profile', data, ...flags, ...more, '--output', file('.json')];
    execFileSync(process.execPath, args, { stdio: 'pipe' });
    return { file: file('.json') };
  });
}

function configuration(port: number) {
  const settings = { window: '10m', showCategories: true };
  return configSchema.parse({
    web: { listenAddress: '127.0.0.1', port },
    monitoring: {
      references: references(),
      models: [
        ...DATA_MODELS.map(({ namespace, model, challenger, customMetrics, batches, fairness, decisionThreshold }) => ({
          ...{ namespace, model, ...settings, expectedIntervalSeconds: EXPECTED_INTERVAL_SECONDS },
          accuracy: { minimumRows: 1000, ...(decisionThreshold === undefined ? {} : { decisionThreshold }) },
          ...(challenger === undefined ? {} : { challengers: [{ name: challenger }] }),
          ...(customMetrics === undefined ? {} : { customMetrics }),
          // Ten nights are twenty minutes.
          ...(batches === undefined ? {} : { batches: { ...batches, last: 5 } }),
          ...(fairness === undefined ? {} : { fairness }),
        })),
        { namespace: CHAT_MODEL.namespace, model: CHAT_MODEL.model, ...settings, generative: CHAT_SETTINGS },
      ],
    },
    events: { maxSeriesPerModel: 4_000, joins: { directory: join(folder, 'joins') } },
  });
}

async function startPrometheus(target: string): Promise<void> {
  const shorter = (text: string) => text.replaceAll('[10m]', `[${WINDOW}]`);
  const write = (name: string, text: string) => writeFileSync(join(folder, `${name}.rules.yml`), shorter(text));
  write('all', renderRules('prometheus', RULES));
  write('drift', renderGroups('prometheus', buildDriftRules(RULES, ['10m']), RULES));
  write('accuracy', renderGroups('prometheus', buildAccuracyRules(RULES, ['10m']), RULES));
  const config = {
    global: { scrape_interval: '10s', scrape_timeout: '10s', evaluation_interval: '10s' },
    rule_files: ['*.rules.yml'],
    scrape_configs: [{ job_name: 'modelwatch', honor_labels: true, static_configs: [{ targets: [target] }] }],
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  prometheus = startProgram('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ]);
  await until(
    'Prometheus',
    () => fetch(`${url}/-/ready`),
    ({ ok }) => ok
  );
}

beforeAll(async () => {
  const port = await freePort();
  const { web, monitoring, events } = configuration(port);
  demo = await startDemo({ eventsUrl: `http://127.0.0.1:${port}` });
  exporter = await startTestExporter(demo, { web, monitoring, events });
  await startPrometheus(new URL(exporter.url).host);
  calmAgain.push(...TRACKS.map((track) => track()));
  for (const track of calmAgain) track.catch(() => undefined);
}, LIMIT_MS);

afterAll(async () => {
  await prometheus?.stop();
  await demo?.stop();
  await exporter?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

it.each(Object.keys(STORIES) as DataScenarioName[])(
  '%s shows, and clears',
  async (scenario) => {
    await until(
      `${scenario} to begin`,
      () => Promise.resolve(told.has(scenario)),
      (hasBegun) => hasBegun,
      LIMIT_MS
    );
    await told.get(scenario);
  },
  LIMIT_MS
);

it('has every model healthy at the end', () => Promise.all(calmAgain), LIMIT_MS);
