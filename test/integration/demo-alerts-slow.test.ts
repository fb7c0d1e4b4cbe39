/**
 * Every scenario that happens to servers and requests, from the demo through the exporter to a real Prometheus with the
 * shipped rules and an Alertmanager with the example of ours: the alerts that the documentation promises fire and name whom
 * they concern, nobody else is called, and each ends after its scenario. With GRAFANA_HOME also by the shipped rules of
 * Grafana. Needs `npm run build`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ALERTS, type AlertName } from '@modelwatch/contract';
import { SCENARIO_TABLE } from '../../demo/src/fleet/scenarios';
import { getJson, until } from '../support/processes';
import { startStack, type Stack } from './demo-alerts/stack';
import { STORIES, type ServingScenarioName } from './demo-alerts/stories';

const SCENARIOS = Object.keys(STORIES) as ServingScenarioName[];
/** For one step of one scenario: a ticket waits a quarter of an hour. */
const PATIENCE_MS = 25 * 60_000;
const LIMIT_MS = 45 * 60_000;
const BETWEEN_QUESTIONS_MS = 2_000;

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-alerts-'));
const told = new Map<ServingScenarioName, Promise<void>>();
let stack: Stack;

type Labels = Readonly<Record<string, string>>;
interface Routed {
  readonly labels: Labels;
  readonly status: { readonly state: string };
}
interface Message {
  readonly alerts: readonly { readonly status: string; readonly labels: Labels }[];
}

async function ask(expr: string): Promise<readonly Labels[]> {
  const { data } = await getJson<{ data: { result: readonly { metric: Labels }[] } }>(
    `${stack.prometheusUrl}/api/v1/query?query=${encodeURIComponent(expr)}`
  );
  return data.result.map(({ metric }) => metric);
}

/** What Grafana has sent to Alertmanager and not taken back. */
async function copies(alert: AlertName, whom: string): Promise<readonly Routed[]> {
  const matchers = ['grafana_folder!=""', `alertname="${alert}"`, ...(whom ? whom.split(', ') : [])];
  const query = matchers.map((matcher) => `filter=${encodeURIComponent(matcher)}`).join('&');
  return getJson<readonly Routed[]>(`${stack.alertmanagerUrl}/api/v2/alerts?${query}`);
}

/** Gives the seconds that it took. Many ask at once: none of them without a breath. */
async function wait<T>(what: string, question: () => Promise<T>, satisfied: (answer: T) => boolean): Promise<number> {
  const startMs = Date.now();
  const asked = async () => {
    await pause(BETWEEN_QUESTIONS_MS);
    return question();
  };
  await until(what, asked, satisfied, PATIENCE_MS);
  return Math.round((Date.now() - startMs) / 1_000);
}
const finds = (what: string, expr: string, expected = true) =>
  wait(
    `${what}: ${expr}`,
    () => ask(expr),
    ({ length }) => length > 0 === expected
  );

const alertsOf = (alert: AlertName, whom: string, more = '') =>
  `ALERTS{${[`alertname="${alert}"`, whom, more].filter(Boolean).join(', ')}}`;

/** By Prometheus, and by Grafana, whose copy Alertmanager keeps back. */
async function fires(alert: AlertName, whom: string, scenario: ServingScenarioName): Promise<string> {
  const seconds = await finds(`${scenario}: ${alert} fires`, alertsOf(alert, whom, 'alertstate="firing"'));
  if (!stack.hasGrafana) return `${seconds} s`;
  const more = await wait(
    `${scenario}: Grafana fires ${alert}`,
    () => copies(alert, whom),
    (all) => all.some(({ status }) => status.state === 'suppressed')
  );
  return `${seconds} s, by Grafana ${more} s later`;
}

async function ends(alert: AlertName, whom: string, scenario: ServingScenarioName): Promise<string> {
  const seconds = await finds(`${scenario}: ${alert} ends`, alertsOf(alert, whom), false);
  if (!stack.hasGrafana) return `${seconds} s`;
  const more = await wait(
    `${scenario}: Grafana ends ${alert}`,
    () => copies(alert, whom),
    ({ length }) => length === 0
  );
  return `${seconds} s, by Grafana ${more} s later`;
}

/** Begins, and is over when all that it fired has ended. One that fires nothing stays on. */
async function tell(scenario: ServingScenarioName): Promise<void> {
  const { fires: promised, shows } = STORIES[scenario];
  const alerts = Object.entries(promised) as [AlertName, string][];
  const each = (step: typeof fires, what: string) =>
    Promise.all(
      alerts.map(async ([alert, whom]) =>
        process.stdout.write(`${scenario}: ${alert} ${what} after ${await step(alert, whom, scenario)}\n`)
      )
    );
  stack.demo.setScenario(scenario, true);
  if (shows !== undefined) await finds(`${scenario} is seen`, shows);
  if (alerts.length === 0) return;
  try {
    await each(fires, 'fires');
  } finally {
    stack.demo.setScenario(scenario, false);
  }
  await each(ends, 'is over');
}

/** Side by side, for each happens to a model of its own. But while `stale` hides InferenceServices, nothing is told to be down. */
async function tellAll(): Promise<void> {
  const start = (scenario: ServingScenarioName) => {
    const promise = tell(scenario);
    told.set(scenario, promise);
    return promise.catch(() => undefined);
  };
  const needsNews: readonly ServingScenarioName[] = ['outage', 'dependency-down', 'swapped-artifacts'];
  for (const scenario of SCENARIOS) if (scenario !== 'stale') void start(scenario);
  await Promise.allSettled(needsNews.map((scenario) => told.get(scenario)));
  await start('stale');
}

beforeAll(async () => {
  stack = await startStack(folder);
  await finds('all are calm', 'count(modelwatch:model_health{health="healthy"} == 1) >= 28');
  // What is replaced is told from what was there a minute before.
  await finds('images of a minute ago', 'modelwatch_server_image_digest_info offset 90s');
  void tellAll();
}, LIMIT_MS);

afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

it.each(SCENARIOS)(
  '%s calls whom it should, and lets them go',
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

/** `payments/fraud-scorer`, of an alert or of a scenario. */
const nameOf = ({ namespace = '', model = '' }: Labels) => `${namespace}/${model}`;
const has = (labels: Labels, whom: string) =>
  [...whom.matchAll(/(\w+)="([^"]*)"/g)].every(([, name = '', value]) => labels[name] === value);

it('calls nobody else', async () => {
  const fired = await ask(
    'group by (alertname, namespace, model, server, component, slo) (max_over_time(ALERTS{alertstate="firing"}[2h]))'
  );
  const isPromised = (labels: Labels) =>
    SCENARIOS.some((scenario) => {
      const { fires: promised, also = [] } = STORIES[scenario];
      const { namespace, model } = SCENARIO_TABLE[scenario];
      const alert = labels['alertname'] as AlertName;
      const whom = promised[alert];
      if (whom !== undefined && has(labels, whom)) return true;
      return nameOf(labels) === nameOf({ namespace, model }) && also.includes(alert);
    });
  // Nothing of KServe is known while Kubernetes is silent.
  const strangers = fired.filter((labels) => labels['alertname'] !== ALERTS.stale && !isPromised(labels));
  expect(strangers).toEqual([]);
});

it('pages for an outage, and writes a ticket for a slow burn', async () => {
  const bodies = (path: string) =>
    stack.sinks.http.posted.filter((message) => message.path === path).map(({ body }) => body);
  const tickets = () => bodies('/alerts').flatMap((body) => (body as unknown as Message).alerts);
  const states = (alert: AlertName, name: string) => {
    const ofIt = tickets().filter(({ labels }) => labels['alertname'] === alert && nameOf(labels) === name);
    return [...new Set(ofIt.map(({ status }) => status))].sort().join();
  };
  await until(
    'the end of a ticket',
    () => Promise.resolve(states(ALERTS.sloSlowBurn, 'payments/payout-timing')),
    (found) => found === 'firing,resolved'
  );
  const pages = bodies('/v2/enqueue').map((body) => JSON.stringify(body));
  expect(pages.some((page) => page.includes('payments/fraud-scorer burns'))).toBe(true);
  expect(pages.filter((page) => /payout-timing|ltv-forecast/.test(page))).toEqual([]);
  expect(tickets().filter(({ labels }) => nameOf(labels) === 'growth/ltv-forecast')).toEqual([]);
  // One alert speaks for the server and its models.
  expect(states(ALERTS.cannotServe, 'payments/fraud-scorer')).toBe('');
});
