import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModelList, decodeStatus } from '@modelwatch/contract';
import { modelView, NOW, serve, snapshotOf, SYNCED, type TestServer } from '../http/fleet.fixture';
import { durationSeconds, parseFlags, UsageError } from './arguments';
import { runCheck } from './check';
import { runRules } from './rules';
import { runStatus, statusText } from './status';
import { configInput, configUsage } from './config-arguments';

describe('arguments', () => {
  it('takes flags of the configuration in both spellings, repeated ones as a list', () => {
    const args = ['--config.file=f.yaml', '--web.port', '1', '--kubernetes.namespaces=a', '--kubernetes.namespaces=b'];
    expect(configInput(args, {})).toMatchObject({
      file: 'f.yaml',
      flags: { 'web.port': ['1'], 'kubernetes.namespaces': ['a', 'b'] },
    });
  });

  it('refuses an unknown flag with the one that was meant', () => {
    expect(() => configInput(['--web.prot=1'], {})).toThrow(
      '--web.prot: expected a known flag, did you mean --web.port?'
    );
    expect(() => parseFlags(['stray'], ['url'])).toThrow(UsageError);
  });

  it('reads durations', () => {
    expect(['5s', '2m', '1h', '7', '0s'].map((text) => durationSeconds('for', text))).toEqual([5, 120, 3600, 7, 0]);
    expect(() => durationSeconds('for', 'soon')).toThrow(
      '--for: expected a duration such as 30s, 5m or 1h, got "soon"'
    );
  });

  it('shows every flag with its default', () => {
    expect(configUsage('exporter')).toMatch(/--web\.port +a whole number from 0 to 65535 \(default 8780\)/);
    expect(configUsage('exporter')).not.toContain('servers.standalone');
  });
});

describe('commands', () => {
  let printed: string[];
  beforeEach(() => {
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(printed.push(String(text))));
  });
  let server: TestServer | undefined;
  afterEach(async () => {
    jest.restoreAllMocks();
    await server?.stop(0);
    server = undefined;
  });

  it('check says OK, or every refusal', () => {
    expect(runCheck([], {})).toBe(0);
    expect(printed.join('\n')).toMatch(/^OK: defaults, environment and flags \(hash [0-9a-f]{12}\)$/);
    printed.length = 0;
    expect(runCheck(['--web.port=x', '--log.level=loud'], {})).toBe(1);
    expect(printed).toHaveLength(2);
  });

  it('rules prints rules, and refuses what it does not know', () => {
    runRules(['--format', 'prometheus', '--interval', '5s', '--for', '0s']);
    expect(printed.join('')).toContain('interval: 5s');
    expect(() => runRules(['--format', 'pdf'])).toThrow(
      '--format: expected one of prometheus, prometheusrule, grafana'
    );
    expect(() => runRules(['--interval', '10m'])).toThrow(UsageError);
    expect(() => runRules(['--without', 'health'])).toThrow(
      '--without: expected one of resources, aggregates, usage, drift, accuracy, custom, slo, got "health"'
    );
    expect(printed.join('')).toContain('name: modelwatch-usage');
    expect(printed.join('')).toContain('container_cpu_usage_seconds_total');
    printed.length = 0;
    runRules(['--without', 'resources', '--without=usage']);
    expect(printed.join('')).toContain('name: modelwatch-aggregates');
    expect(printed.join('')).not.toMatch(/name: modelwatch-(usage|resources)|container_cpu/);
  });

  it('rules drift prints those of the windows that are asked for, and refuses others', () => {
    const groups = () =>
      printed
        .splice(0)
        .join('')
        .match(/(?<=name: )modelwatch-\S+/g);
    runRules(['drift']);
    expect(groups()).toEqual([
      'modelwatch-drift-references',
      'modelwatch-drift',
      'modelwatch-drift-verdicts',
      'modelwatch-batches',
      'modelwatch-drift-1d',
    ]);
    runRules(['drift', '--window', '7d,10m', '--interval', '5s']);
    expect(printed.join('')).toContain('interval: 5s');
    expect(groups()).toEqual(['modelwatch-drift-10m', 'modelwatch-drift-7d']);
    runRules(['drift', '--window', '10m', '--method=js', '--method', 'chi2,tvd']);
    expect(
      printed
        .splice(0)
        .join('')
        .match(/(?<= {10}method: )\w+/g)
    ).toEqual(['js', 'tvd', 'chi2']);
    expect(() => runRules(['drift', '--window', '2h'])).toThrow('--window: expected one of 10m, 1h, 1d, 7d, got "2h"');
    expect(() => runRules(['drift', '--method', 'ks'])).toThrow('--method: expected one of psi, js,');
    expect(() => runRules(['drift', '--interval', '10m'])).toThrow(UsageError);
    runRules(['--without', 'drift']);
    expect(printed.join('')).not.toContain('modelwatch-drift');
  });

  it('rules slo prints those of objectives alone, in every format', () => {
    runRules(['slo', '--interval', '15s']);
    const text = printed.splice(0).join('');
    expect(text.match(/(?<= name: )\S+/g)).toEqual([
      'modelwatch-slo-events',
      'modelwatch-slo-minutes',
      'modelwatch-slo-budgets',
      'modelwatch-slo',
    ]);
    expect(text.match(/(?<=interval: )\S+/g)).toEqual(['15s', '15s', '4m', '15s']);
    runRules(['slo', '--format', 'prometheusrule']);
    expect(printed.splice(0).join('')).toMatch(/kind: PrometheusRule\n.*\n +name: modelwatch-slo\n/);
    runRules(['slo', '--format=grafana']);
    expect(
      printed
        .splice(0)
        .join('')
        .match(/(?<=title: ).*/g)
    ).toEqual(['ModelwatchSLOFastBurn', 'ModelwatchSLOSlowBurn', 'ModelwatchSLONoData']);
    expect(() => runRules(['slo', '--interval', '5m'])).toThrow('sloIntervalSeconds: expected');
  });

  it('rules custom prints one for each query of the configuration', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-queries-'));
    const file = join(folder, 'modelwatch.yml');
    const metric = { name: 'asked', aggregation: 'gauge', direction: 'lower_is_better' };
    const write = (...customMetrics: object[]) =>
      writeFileSync(
        file,
        JSON.stringify({ monitoring: { models: [{ namespace: 'shop', model: 'risk', customMetrics }] } })
      );
    write({ ...metric, promql: 'sum(x)' }, { ...metric, name: 'pushed' });
    runRules(['custom', '--config.file', file, '--interval', '15s']);
    const text = printed.splice(0).join('');
    expect(text).toContain('interval: 15s');
    expect(text.match(/record: .*/g)).toEqual(['record: modelwatch:custom_metric_queried']);
    expect(text).toMatch(/namespace: shop\n +model: risk\n +metric: asked/);
    write({ ...metric, promql: 'sum(x' });
    expect(() => runRules(['custom', '--config.file', file])).toThrow('promql: expected PromQL, which breaks off');
    write(metric);
    expect(() => runRules(['custom', '--config.file', file])).toThrow('expected a custom metric with promql, got none');
    expect(() => runRules(['custom'])).toThrow('--config.file: expected the configuration of the exporter');
    rmSync(folder, { recursive: true });
  });

  it('rules accuracy prints those of the windows that are asked for', () => {
    const groups = () =>
      printed
        .splice(0)
        .join('')
        .match(/(?<=name: )modelwatch-\S+/g);
    runRules(['accuracy']);
    expect(groups()).toEqual([
      'modelwatch-accuracy',
      'modelwatch-accuracy-scores',
      'modelwatch-accuracy-estimates',
      'modelwatch-accuracy-verdicts',
      'modelwatch-accuracy-1d',
      'modelwatch-accuracy-scores-1d',
      'modelwatch-accuracy-estimates-1d',
      ...['modelwatch-challengers-1h', 'modelwatch-challengers-judged-1h'],
      ...['modelwatch-challengers-1d', 'modelwatch-challengers-judged-1d'],
      ...['modelwatch-fairness', 'modelwatch-fairness-verdicts', 'modelwatch-fairness-1d'],
    ]);
    runRules(['accuracy', '--window', '10m', '--interval', '15s']);
    expect(printed.join('')).toContain('interval: 15s');
    expect(groups()).toEqual([
      ...['modelwatch-accuracy-10m', 'modelwatch-accuracy-scores-10m', 'modelwatch-accuracy-estimates-10m'],
      ...['modelwatch-challengers-10m', 'modelwatch-challengers-judged-10m'],
      'modelwatch-fairness-10m',
    ]);
    expect(() => runRules(['accuracy', '--method', 'psi'])).toThrow(UsageError);
    runRules(['--without', 'accuracy']);
    expect(printed.join('')).not.toContain('name: modelwatch-accuracy');
  });

  it('rules inference prints those of the servers that are named, and refuses others', () => {
    runRules(['inference', '--server', 'vllm', '--server=triton', '--interval', '15s', '--format', 'prometheusrule']);
    const text = printed.join('');
    expect(text).toMatch(/name: modelwatch-inference\n/);
    expect(text).toContain('interval: 15s');
    expect(new Set(text.match(/modelwatch-direct-[a-z]+/g))).toEqual(
      new Set(['modelwatch-direct-vllm', 'modelwatch-direct-triton'])
    );
    expect(() => runRules(['inference', '--server', 'oip'])).toThrow('--server: expected one of mlserver, triton,');
    expect(() => runRules(['inference', '--format', 'grafana'])).toThrow(
      '--format: expected one of prometheus, prometheusrule, got "grafana"'
    );
    expect(() => runRules(['inference', '--interval', '10m'])).toThrow(UsageError);
  });

  it('status prints the fleet worst first, aligned, and cannot be steered by names', async () => {
    const failing = { ...SYNCED, source: 'servers', state: 'failing' as const, message: 'all refuse' };
    const fleet = snapshotOf(
      [modelView('payments', 'calm'), modelView('growth', 'red\u001b[31m', 'failed', 'out_of_memory', 2220)],
      { sources: [SYNCED, failing], synced: false }
    );
    server = await serve(fleet);
    await runStatus(['--url', `${server.url}/`], {});
    const text = printed.join('\n').replaceAll('\u00a0', ' ');
    expect(text).not.toContain('\u001b');
    const lines = text.split('\n');
    expect(lines[0]).toBe('2 models: 1 failed, 1 serving');
    expect(lines.slice(1, 3)).toEqual([
      'This is not the whole fleet: a source is not synced.',
      'Serving only: the exporter has no fresh health from Prometheus.',
    ]);
    expect(lines[4]).toMatch(/^STATE {6}MODEL {12}REPLICAS {2}FOR/);
    expect(lines[5]).toMatch(/^◆ failed {3}growth\/red \[31m {2}0 of 3 .*Out of memory: 0 of 3 replicas ready$/);
    expect(lines[6]).toMatch(/^● serving {2}payments\/calm {4}3 of 3 /);
    expect(lines.at(-1)).toBe('Source servers: failing: all refuse');
    await server.stop(0);
    await expect(runStatus(['--url', server.url], {})).rejects.toThrow(
      `${server.url}/api/v1/status: no exporter answers (`
    );
    await expect(runStatus(['--url', 'localhost'], {})).rejects.toThrow(UsageError);
  });

  it('status shows a user and a password where they are asked for, and says so where they are missing', async () => {
    server = await serve(snapshotOf([modelView('payments', 'calm')]));
    const { url } = server;
    const expected = `Basic ${Buffer.from('ops:s3cret').toString('base64')}`;
    const guarded = createServer((request, response) => {
      if (request.headers.authorization !== expected) response.writeHead(401).end();
      else void fetch(`${url}${request.url}`).then(async (answer) => response.end(await answer.text()));
    });
    await new Promise<void>((resolve) => guarded.listen(0, '127.0.0.1', resolve));
    const asked = ['--url', `http://127.0.0.1:${(guarded.address() as AddressInfo).port}`];
    await expect(runStatus(asked, {})).rejects.toThrow('it asks for a user: give --user NAME');
    await expect(runStatus([...asked, '--user', 'ops'], {})).rejects.toThrow(UsageError);
    const wrong = runStatus([...asked, '--user', 'ops'], { MODELWATCH_PASSWORD: 'guess' });
    await expect(wrong).rejects.toThrow(/^((?!guess).)*it does not know this user with this password$/);
    await runStatus([...asked, '--user', 'ops'], { MODELWATCH_PASSWORD: 's3cret' });
    expect(printed.join('\n')).toContain('1 model: 1 serving');
    guarded.closeAllConnections();
    guarded.close();
  });

  it('colours the shape alone and cuts at the width of the terminal', async () => {
    server = await serve(snapshotOf([modelView('payments', 'calm', 'degraded', 'replicas_unavailable')]));
    const { url } = server;
    const get = async (path: string) => (await fetch(`${url}${path}`)).json();
    const text = statusText(decodeStatus(await get('/api/v1/status')), decodeModelList(await get('/api/v1/models')), {
      colour: true,
      columns: 60,
      nowSeconds: NOW,
    });
    const row = text.split('\n').find((line) => line.includes('calm')) ?? '';
    expect(row).toContain('\u001b[33m▲\u001b[0m degraded  payments/calm');
    expect(row).toMatch(/…$/);
  });

  it('names the channel for which a model that serves is degraded, and not since when it serves', async () => {
    server = await serve(snapshotOf([{ ...modelView('payments', 'calm'), lastTransitionSeconds: NOW - 9_000_000 }]));
    const { url } = server;
    const get = async (path: string) => (await fetch(`${url}${path}`)).json();
    const status = decodeStatus(await get('/api/v1/status'));
    const models = decodeModelList(await get('/api/v1/models'));
    const items = models.items.map((model) => ({
      ...model,
      health: 'degraded' as const,
      channels: [{ channel: 'errors' as const, status: 'critical' as const }],
    }));
    const text = statusText(status, { ...models, items }, { colour: false, nowSeconds: NOW });
    expect(text.split('\n').at(-1)).toMatch(
      /^▲ degraded +payments\/calm +\S+ of \S+ +- +Can serve; Prometheus has recorded errors critical$/
    );
    const drifting = items.map((model) => ({
      ...model,
      channels: [{ channel: 'drift' as const, status: 'critical' as const, text: 'amount drifted: PSI 0.31' }],
    }));
    const ofDrift = statusText(status, { ...models, items: drifting }, { colour: false, nowSeconds: NOW });
    expect(ofDrift).toMatch(/Can serve; amount drifted: PSI 0.31$/);
    const rolling = items.map((model) => ({
      ...model,
      serving: 'progressing' as const,
      reasons: [{ reason: 'rolling_out' as const, text: 'Rolling out: 2 of 3 replicas ready' }],
    }));
    const of = (health: 'degraded' | 'progressing') =>
      statusText(
        status,
        { ...models, items: rolling.map((model) => ({ ...model, health })) },
        { colour: false, nowSeconds: NOW }
      );
    expect(of('degraded')).toMatch(/Prometheus has recorded errors critical$/);
    expect(of('progressing')).toMatch(/Rolling out: 2 of 3 replicas ready$/);
  });
});
