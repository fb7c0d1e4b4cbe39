import type { HealthState } from '@modelwatch/contract';
import { modelView, NOW, serve, snapshotOf, SYNCED, SYNCING, type TestServer } from '../fleet.fixture';
import type { HealthReader } from '../health';
import type { ModelView } from '../../domain/views';
import type { Snapshot } from '../../domain/fleet-interface';
import { bytes, lowerFirst, span } from './words';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop(0);
  server = undefined;
});

async function pageOf(snapshot: Snapshot, override: Parameters<typeof serve>[1] = {}): Promise<string> {
  server = await serve(snapshot, override);
  const answer = await fetch(`${server.url}/`);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return (await answer.text()).replaceAll('\u00a0', ' ');
}

/** What a person reads, in reading order. */
function words(html: string): string {
  return html
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([:,.])/g, '$1');
}

function recorded(health: HealthState): HealthReader {
  return {
    status: () => ({ source: 'prometheus', readAtSeconds: NOW - 4 }),
    of: () => ({ health, source: 'prometheus' }),
    poll: () => Promise.resolve(),
    start: () => undefined,
    stop: () => undefined,
  };
}

const SICK: ModelView[] = [
  modelView('payments', 'calm-2'),
  modelView('payments', 'calm-10'),
  modelView('growth', 'churn', 'degraded', 'replicas_unavailable', 1080),
  modelView('payments', 'fraud-scorer', 'failed', 'out_of_memory', 2220),
  modelView('support', 'summary', 'stale', 'source_silent', 1560),
];

describe('landing page', () => {
  it('says first what is worst, since when and why, then how many need help', async () => {
    const html = await pageOf(snapshotOf(SICK));
    expect(html).toContain('<title>1 failed, 1 degraded, 1 stale: Modelwatch exporter</title>');
    expect(words(html)).toContain('fraud-scorer failed 37 min ago: out of memory: 0 of 3 replicas ready');
    expect(words(html)).toContain('2 of 5 models need help, 1 has no verdict. State at 03:18:07 UTC');
    const order = ['fraud-scorer', 'churn', 'summary'].map((name) => html.indexOf(`>${name}</a>`));
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(html).toContain(
      'href="/api/v1/models/payments/fraud-scorer" title="fraud-scorer" aria-label="fraud-scorer, failed"'
    );
  });

  it('never calls a model healthy when only serving is known', async () => {
    const serving = await pageOf(snapshotOf(SICK.slice(0, 2)));
    expect(words(serving)).toContain('All 2 models serving');
    expect(words(serving)).toContain('Serving only, other channels are not counted: no Prometheus is given');
    expect(words(serving)).not.toMatch(/\d (models )?healthy/);
    await server?.stop(0);
    const healthy = await pageOf(snapshotOf(SICK.slice(0, 2)), { health: recorded('healthy') });
    expect(words(healthy)).toContain('All 2 models healthy');
    expect(healthy).toContain('<title>2 healthy: Modelwatch exporter</title>');
  });

  it('shows a degraded health of Prometheus although the model serves', async () => {
    const text = words(await pageOf(snapshotOf(SICK.slice(0, 1)), { health: recorded('degraded') }));
    expect(text).toContain('calm-2 is degraded');
    expect(text).toContain('can serve; Prometheus has recorded it as degraded');
    // It has served for an hour; since when it is degraded only Prometheus knows.
    expect(text).toContain('calm-2 is degraded: can serve');
    expect(text).not.toMatch(/\b(60 min|1 h)\b/);
  });

  it('does not say "all" of one model', async () => {
    const text = words(await pageOf(snapshotOf(SICK.slice(0, 1)), { health: recorded('healthy') }));
    expect(text).toContain('The only model is healthy');
  });

  it('shows no model before the first sync, but what it waits for', async () => {
    const text = words(await pageOf(snapshotOf(SICK, { everSynced: false, synced: false, sources: [SYNCING] })));
    expect(text).toContain('Not synced yet: waiting for Kubernetes, Seldon models');
    expect(text).not.toContain('fraud-scorer');
  });

  it('says what to do about an empty fleet, and which kinds are not installed', async () => {
    const absent = { ...SYNCED, title: 'Seldon experiments', state: 'absent' as const };
    const text = words(await pageOf(snapshotOf([], { sources: [SYNCED, absent] })));
    expect(text).toContain('No models found: the sources below are what was asked');
    expect(text).toContain('1 kind more not installed Seldon experiments');
  });

  it('counts instead of marks above 200 models, and names what it leaves out', async () => {
    const many = Array.from({ length: 250 }, (_, index) => modelView('payments', `m-${index}`, 'failed', 'crash_loop'));
    const html = await pageOf(snapshotOf(many));
    expect(html.match(/class="crit"/g)).toHaveLength(1 + 1 + 200);
    expect(words(html)).toContain('250 failed');
    expect(words(html)).toContain('+ 50 more');
  });

  it('escapes whatever a name or a message holds, and needs no script', async () => {
    const evil = '"><script>alert(1)<script x="';
    const view = modelView('payments', evil, 'failed', 'other');
    const sources = [{ ...SYNCED, message: '<img src=x onerror=alert(2)>' }];
    const html = await pageOf(
      snapshotOf([{ ...view, verdict: { ...view.verdict, reasons: [{ reason: 'other', text: '<b>&' }] } }], { sources })
    );
    expect(html).not.toMatch(/<script|<img|<b>&(?!quot;)/);
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(1)');
    expect(html).toContain('&lt;img src=x onerror=alert(2)&gt;');
  });

  it('puts the kinds of Kubernetes that are well in one row, and those in trouble in rows of their own', async () => {
    const kind = (name: string, more: Partial<typeof SYNCED> = {}) => ({
      ...SYNCED,
      source: `kubernetes/${name}`,
      title: `Kubernetes, ${name}`,
      objects: 3,
      ...more,
    });
    const sources = ['pods', 'models', 'servers', 'nodes'].map((name, index) =>
      kind(name, { lastContactSeconds: NOW - 5 - index })
    );
    const sick = kind('deployments', { state: 'silent', message: 'no event for 150 s' });
    const text = words(await pageOf(snapshotOf([], { sources: [...sources, sick] })));
    expect(text).toContain('Kubernetes, 4 kinds synced 12 objects: pods 3, models 3, servers 3, nodes 3 8 s');
    expect(text).toContain('Kubernetes, deployments silent 3 objects; no event for 150 s');
  });

  it('offers the switches of the demo, and says so when it does not answer', async () => {
    const scenario = { name: 'outage', on: true, description: 'Pods are killed.', model: 'payments/fraud-scorer' };
    const scenarios = {
      origin: 'http://127.0.0.1:8782',
      switchUrl: () => 'http://127.0.0.1:8782/scenarios/outage',
      read: () => Promise.resolve([scenario]),
    };
    const html = await pageOf(snapshotOf(SICK), { scenarios });
    expect(html).toContain('<form method="post" action="http://127.0.0.1:8782/scenarios/outage">');
    expect(html).toContain('<input type="hidden" name="on" value="false" />');
    expect(html).toContain('http-equiv="refresh" content="5"');
    expect(words(html)).toContain('on outage Pods are killed. payments/fraud-scorer Switch off');
    await server?.stop(0);
    const silent = { ...scenarios, read: () => Promise.resolve(undefined) };
    expect(words(await pageOf(snapshotOf(SICK), { scenarios: silent }))).toContain('The demo does not answer');
  });

  it('writes spans, sizes and sentences as the panel does', () => {
    expect([0, 59, 2220, 18_720, 94_000, 615_600].map((s) => span(s).replaceAll('\u00a0', ' '))).toEqual([
      '0 s',
      '59 s',
      '37 min',
      '5 h 12 min',
      '1 d 2 h',
      '7 d 3 h',
    ]);
    expect([999, 2_100_000].map((n) => bytes(n).replace('\u00a0', ' '))).toEqual(['999 bytes', '2.1 MB']);
    expect(['Out of memory', 'OOM killed'].map(lowerFirst)).toEqual(['out of memory', 'OOM killed']);
  });
});
