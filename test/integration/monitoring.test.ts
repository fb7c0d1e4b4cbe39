/** References and settings that teams bring in ConfigMaps, over a real list and watch. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  API_PATHS,
  decodeEventList,
  decodeModelMonitoring,
  decodeReferenceList,
  decodeSloList,
} from '@modelwatch/contract';
import { startDemo, type Demo, type KubernetesObject } from '@modelwatch/demo';
import { hashOf } from '../../exporter/src/config/load';
import { monitoringSchema } from '../../exporter/src/config/monitoring';
import { configSchema, type Config } from '../../exporter/src/config/schema';
import { referenceOf } from '../../exporter/src/domain/testing/references';
import { startExporter, type RunningExporter } from '../../exporter/src/exporter';
import { until } from '../support/processes';

const CONFIG_MAP = { kind: 'ConfigMap', group: '', version: 'v1', plural: 'configmaps', namespaced: true };

let demo: Demo;
let exporter: RunningExporter;
let config: Config;

const configMap = (name: string, label: string, data: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', labels: { [label]: 'true' } },
  data,
});
const reference = (name: string, text: string) =>
  demo.api.apply(configMap(name, 'modelwatch.io/reference', { 'reference.json': text }));
const settings = (text: string) =>
  demo.api.apply(configMap('risk-settings', 'modelwatch.io/monitoring', { 'monitoring.yaml': text }));
const configOf = (probeIntervalSeconds: number) =>
  configSchema.parse({
    web: { listenAddress: '127.0.0.1', port: 0 },
    log: { level: 'fatal' },
    kubernetes: { server: demo.api.url, configMaps: true },
    servers: { access: 'none', probeIntervalSeconds },
    monitoring: { defaults: { window: '1h', minimumRows: 10 } },
  });

beforeAll(async () => {
  demo = await startDemo({ models: 6, moreKinds: [CONFIG_MAP], bookmarkIntervalMs: 300 });
  reference('risk-reference', JSON.stringify(referenceOf()));
  settings(
    'model: risk\nminimumRows: 900\nstarred: [amount]\nexpectedIntervalSeconds: 600\nowner: credit\nimportance: high\n'
  );
  config = configOf(15);
  const load = () => ({ config, hash: hashOf(config), ignoredVariables: [] });
  exporter = await startExporter(config, { source: { load }, lookEveryMs: 20 });
}, 60_000);
afterAll(async () => {
  await exporter.stop();
  await demo.stop();
});

const ask = async (model: string) => {
  const answer = await fetch(`${exporter.url}${API_PATHS.models}/shop/${model}/monitoring`);
  return answer.status === 404 ? undefined : decodeModelMonitoring(await answer.json());
};
const list = async () => decodeReferenceList(await (await fetch(`${exporter.url}${API_PATHS.references}`)).json());
const events = async () => {
  const { items } = decodeEventList(await (await fetch(`${exporter.url}${API_PATHS.events}`)).json());
  return items.map(({ text }) => text);
};
const scrape = async () => (await fetch(`${exporter.url}/metrics`)).text();
/** Of a model that is known by its settings alone. */
const OWNED = /^modelwatch_model_info\{namespace="shop",model="risk",.*owner="credit",importance="high".*\} 1$/m;
const PROBLEMS = 'modelwatch_exporter_monitoring_problems{source="configmaps"}';

it('are in force, each setting with where it came from', async () => {
  const told = await until(
    'reference and settings',
    () => ask('risk'),
    (now) => now?.references.length === 1 && now.settings.starred.value.length === 1
  );
  expect(told).toMatchObject({
    settings: {
      method: { value: 'psi', origin: 'default' },
      window: { value: '1h', origin: 'config' },
      minimumRows: { value: 900, origin: 'configmap shop/risk-settings' },
      starred: { value: ['amount'], origin: 'configmap shop/risk-settings' },
    },
    references: [{ id: referenceOf().id, source: 'configmap shop/risk-reference reference.json' }],
    problems: [],
  });
  const overdue = 'modelwatch_prediction_expected_interval_seconds{namespace="shop",model="risk"} 600';
  await until('its metrics', scrape, (text) => text.includes(overdue));
  await until('its owner', scrape, (text) => OWNED.test(text));
  await until('all ConfigMaps to be read', list, ({ partial }) => !partial);
  const synced = 'modelwatch_exporter_source_synced{source="kubernetes/configmaps"} 1';
  await until('their source to be synced', scrape, (text) => text.includes(synced));
});

it('stay in force while what comes after them is wrong, over a reload of the configuration, too', async () => {
  settings('model: risk\nminimumRows: many\nstared: [amount]\n');
  const wrong = await until(
    'the refusal',
    () => ask('risk'),
    (now) => now?.problems.length === 1
  );
  const place = 'configmap shop/risk-settings monitoring.yaml';
  expect(wrong?.problems).toEqual([
    {
      source: place,
      text: `minimumRows: expected a whole number from 1 to 1000000000, got "many" (${place} line 2); stared: expected a known key, did you mean starred? (${place} line 3)`,
    },
  ]);
  expect(wrong?.settings.minimumRows).toEqual({ value: 900, origin: 'configmap shop/risk-settings' });
  expect(await scrape()).toContain(`${PROBLEMS} 1`);

  config = configOf(1);
  expect(exporter.reload()).toMatchObject({ result: 'pending' });
  await until('the reload', scrape, (text) => text.includes(`config_info{hash="${hashOf(config)}"}`), 30_000);
  expect(await ask('risk')).toMatchObject({
    settings: { minimumRows: { value: 900 } },
    references: [{ id: referenceOf().id }],
    problems: [{ source: place }],
  });
  settings('model: risk\nminimumRows: 800\n');
  await until(
    'the new settings',
    () => ask('risk'),
    (now) => now?.settings.minimumRows?.value === 800 && now.problems.length === 0
  );
  await until('no owner any more', scrape, (text) => !OWNED.test(text));
}, 60_000);

it('speak for no model of another namespace, and none without the label is read', async () => {
  reference('foreign', JSON.stringify(referenceOf({ namespace: 'bank', model: 'loan' })));
  demo.api.apply(configMap('plain', 'app', { 'reference.json': JSON.stringify(referenceOf({ model: 'plain' })) }));
  const { items } = await until('the refusal', list, (now) => now.items.length === 2);
  expect(items[0]).toMatchObject({ source: 'configmap shop/foreign reference.json', inForce: false });
  expect(items[0]?.problem).toBe(
    'namespace: expected shop, since a ConfigMap speaks for models of its namespace, got "bank"'
  );
  expect((await fetch(`${exporter.url}${API_PATHS.models}/bank/loan/monitoring`)).status).toBe(404);
  expect(await ask('plain')).toBeUndefined();
});

it('go with their ConfigMaps', async () => {
  for (const name of ['risk-reference', 'risk-settings', 'foreign']) {
    demo.api.remove({ kind: 'ConfigMap', namespace: 'shop', name });
  }
  await until(
    'nothing to be watched',
    () => ask('risk'),
    (now) => now === undefined
  );
  expect(await list()).toMatchObject({ items: [], problems: [] });
  expect(await scrape()).toContain(`${PROBLEMS} 0`);
});

it('have objectives of their models, over a reload, too, and what is refused leaves the last good ones', async () => {
  const objectives = (text: string) =>
    demo.api.apply({
      ...configMap('slo', 'modelwatch.io/slo', { 'slo.yaml': text }),
      metadata: { name: 'slo', namespace: 'payments', labels: { 'modelwatch.io/slo': 'true' } },
    });
  const slos = async () => decodeSloList(await (await fetch(`${exporter.url}${API_PATHS.slos}`)).json());
  const of = (objective: number) =>
    `slos: [{ name: answered, indicator: availability, objective: ${objective}, models: { names: [fraud-scorer] } }]`;
  objectives(of(0.99));
  const shown = 'modelwatch_slo_objective_ratio{namespace="payments",model="fraud-scorer",pipeline="",slo="answered"}';
  await until('the objective', scrape, (text) => text.includes(`${shown} 0.99\n`));
  objectives(of(99));
  const refused = await until('the refusal', slos, ({ problems }) => problems.length === 1);
  expect(refused.problems[0]?.text).toContain('slos[0].objective: expected a share: 0.99, got 99');
  expect(refused.items.map(({ model, words }) => [model, words])).toEqual([
    ['fraud-scorer', '99 % of requests answered, rolling 30 d'],
  ]);
  await until('the count', scrape, (text) => text.includes('monitoring_problems{source="slos"} 1'));
  config = {
    ...configOf(2),
    slos: configSchema.parse({ slos: [{ name: 'all', indicator: 'drift', objective: 0.9 }] }).slos,
  };
  expect(exporter.reload()).toMatchObject({ result: 'pending' });
  // Models take what is declared anew one after the other; what was declared before is never gone.
  const seen: string[] = [];
  await until(
    'the reload',
    async () => {
      const ofScorer = (await slos()).items.filter(({ model }) => model === 'fraud-scorer');
      return seen[seen.push(ofScorer.map(({ name }) => name).join()) - 1];
    },
    (names) => names === 'all,answered',
    30_000
  );
  expect(seen.filter((names) => !names.includes('answered'))).toEqual([]);
  demo.api.remove({ kind: 'ConfigMap', namespace: 'payments', name: 'slo' });
  await until('its end', scrape, (text) => !text.includes(shown));
  const removed = 'Objective answered of configmap payments/slo slo.yaml: removed';
  const told = await until('its end in the event log', events, (texts) => texts.includes(removed));
  expect(told).toContain('Objective answered of configmap payments/slo slo.yaml: added');
  // They went with the ConfigMaps; when the exporter began they were there.
  expect(told).toContain('Settings of shop/risk: removed');
  expect(told).not.toContain('Settings of shop/risk: added');
}, 60_000);

it('are read before the exporter calls itself synced, those at addresses, too', async () => {
  let answer: () => void = () => undefined;
  const store = createServer((_request, response) => {
    answer = () => response.end(JSON.stringify(referenceOf({ model: 'late' })));
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(store.address() as AddressInfo).port}/late.json`;
  const next = configOf(15);
  const monitoring = monitoringSchema.parse({ references: [{ url }] });
  const other = await startExporter({ ...next, monitoring }, { lookEveryMs: 20 });
  const ready = async () => (await fetch(`${other.url}/readyz`)).text();
  const metrics = async () => (await fetch(`${other.url}/metrics`)).text();
  try {
    expect(await until('all else', ready, (text) => text.includes('monitoring: syncing'))).toContain(
      `monitoring: syncing: the first reading is not complete: url ${url}`
    );
    expect(await metrics()).toMatch(/^modelwatch_exporter_synced 0$/m);
    answer();
    await until('readiness', ready, (text) => text.startsWith('ready'));
    const text = await metrics();
    expect(text).toMatch(/^modelwatch_exporter_synced 1$/m);
    expect(text).toContain('modelwatch_drift_settings_info{namespace="shop",model="late"');
  } finally {
    await other.stop();
    store.closeAllConnections();
    await new Promise((resolve) => store.close(resolve));
  }
}, 60_000);

it('are not needed: without the right to read ConfigMaps the exporter is ready, and says what it does without', async () => {
  demo.api.forbid(['/api/v1/configmaps']);
  const other = await startExporter(configOf(15), { lookEveryMs: 20 });
  try {
    const ready = await until(
      'readiness',
      async () => (await fetch(`${other.url}/readyz`)).text(),
      (text) => text.startsWith('ready')
    );
    expect(ready).toMatch(/configmaps.*not allowed, and not needed/);
    const { partial } = decodeReferenceList(await (await fetch(`${other.url}${API_PATHS.references}`)).json());
    expect(partial).toBe(true);
  } finally {
    await other.stop();
  }
}, 60_000);
