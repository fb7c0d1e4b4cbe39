import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createFleet } from '../../domain/fleet';
import type { Observation } from '../../domain/observation';
import { NO_TELEMETRY } from '../../domain/telemetry';
import { readDocument, MAX_SERVERS } from './document';
import { createDiscovery, type DiscoveryOptions } from './index';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-discovery-'));
afterAll(() => rmSync(folder, { recursive: true }));

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

/** A fleet that is told what is discovered, and what else was told. */
function start(options: Partial<DiscoveryOptions>) {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  const told: Observation[] = [];
  const drops: string[] = [];
  const errors: string[] = [];
  const telemetry = {
    ...NO_TELEMETRY,
    dropped: (_: string, reason: string, detail: string) => void drops.push(`${reason} ${detail}`),
    error: (source: string, reason: string) => void errors.push(`${source} ${reason}`),
  };
  const tell = (observation: Observation) => {
    told.push(observation);
    fleet.observe(observation);
  };
  const all = { files: [], httpSd: [], taken: [], lookEveryMs: 10, ...options };
  running.push(createDiscovery(all, tell, telemetry));
  const targets = new Map<string, { url: string; models: readonly string[] }>();
  const view = () => {
    const { set, gone } = fleet.takeTargets();
    for (const { server } of gone) targets.delete(server);
    for (const { endpoint, url, models } of set) targets.set(endpoint.server, { url, models });
    fleet.flush(Date.now() / 1000);
    const { models, sources } = fleet.snapshot();
    const names = [...models.values()].map(({ name, owner }) => (owner ? `${name} of ${owner}` : name)).sort();
    return { names, targets: [...targets.keys()].sort(), sources };
  };
  return { told, drops, errors, targets, view };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await pause(5);
  }
}

const group = (target: string, labels: Record<string, string>) => [{ targets: [target], labels }];

describe('files of service discovery', () => {
  it('bring servers, change them and take them away', async () => {
    const write = (name: string, document: unknown) => {
      writeFileSync(join(folder, `.${name}`), typeof document === 'string' ? document : JSON.stringify(document));
      renameSync(join(folder, `.${name}`), join(folder, name));
    };
    write('a.json', group('gpu-1:8000', { model: 'llm, embed', owner: 'support' }));
    write('ignored.txt', group('x:1', { model: 'x' }));
    const { view, targets, drops, errors } = start({
      files: [join(folder, '*.json'), join(folder, '*.yaml')],
      taken: ['mine'],
    });
    expect(view()).toMatchObject({
      names: ['embed of support', 'llm of support'],
      targets: ['gpu-1:8000'],
      sources: [{ source: 'discovery/files', state: 'synced', objects: 1 }],
    });
    expect(targets.get('gpu-1:8000')).toEqual({ url: 'http://gpu-1:8000', models: ['llm', 'embed'] });

    write(
      'b.yaml',
      '- targets: [gpu-2:8000, "[fd00::1]:80"]\n  labels: { model: llm, __scheme__: https }\n- targets: [h:1]\n  labels: { model: m, name: mine }\n'
    );
    await until('the second file to be read', () => view().targets.length === 3);
    expect(view()).toMatchObject({
      names: ['embed of support', 'llm of support'],
      targets: ['[fd00::1]:80', 'gpu-1:8000', 'gpu-2:8000'],
    });
    expect(targets.get('gpu-2:8000')?.url).toBe('https://gpu-2:8000');
    expect(drops.at(-1)).toMatch(/^name_conflict .*expected a server of its own name, got "mine" again$/);

    write('a.json', '[{"targets": ["gpu-1:8000"');
    await until('the broken file to be told', () => view().sources[0]?.state === 'failing');
    expect(view().sources[0]?.message).toMatch(
      /^a\.json: expected JSON, got .*; what was read of them before is kept$/
    );
    expect(view().targets).toContain('gpu-1:8000');
    expect(errors).toContain('discovery/files invalid_response');

    write('a.json', group('gpu-1:9000', { model: 'llm' }));
    await until('the change to be seen', () => view().targets.includes('gpu-1:9000'));
    expect(view()).toMatchObject({ names: ['llm'], sources: [{ state: 'synced' }] });
    rmSync(join(folder, 'a.json'));
    rmSync(join(folder, 'b.yaml'));
    await until('all to be gone', () => view().names.length === 0);
    expect(view().targets).toEqual([]);
  });
});

describe('a document of service discovery by HTTP', () => {
  let server: Server;
  let answer: [status: number, body: string] = [200, '[]'];
  let headers: Record<string, unknown> = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      headers = request.headers;
      response
        .writeHead(answer[0], { location: 'http://elsewhere', 'content-type': 'application/json' })
        .end(answer[1]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('brings servers and takes them away; one that fails keeps what was there', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sd`;
    writeFileSync(join(folder, 'token'), 'sesame\n');
    const authorization = { type: 'Bearer', credentialsFile: join(folder, 'token') };
    answer = [200, JSON.stringify(group('gpu-1:8000', { model: 'llm', kind: 'vllm' }))];
    const { view, errors } = start({ httpSd: [{ url, refreshIntervalSeconds: 0.02, authorization }] });
    expect(view().sources).toMatchObject([{ source: 'discovery/http_sd_0', state: 'syncing' }]);
    await until('the first answer', () => view().names.length === 1);
    expect(view().sources).toMatchObject([{ state: 'synced', objects: 1 }]);
    expect(headers['authorization']).toBe('Bearer sesame');

    const seen = view().sources[0]?.lastContactSeconds ?? 0;
    for (const [broken, why] of [
      [[500, ''], /expected status 200, got 500/],
      [[302, ''], /a redirect .*which is not followed/],
      [[200, '{}'], /expected a list of targets, got \{\}/],
      [[200, '['], /expected JSON, got something else/],
      [[200, '[{"targets": 7}]'], /\[0\]: expected targets \(a list\) and labels/],
      [[200, ' '.repeat(5_000_000)], /expected at most 4194304 bytes/],
    ] as [[number, string], RegExp][]) {
      answer = broken;
      await until(String(why), () => why.test(view().sources[0]?.message ?? ''));
      expect(view()).toMatchObject({
        names: ['llm'],
        targets: ['gpu-1:8000'],
        sources: [{ state: 'failing', objects: 1 }],
      });
    }
    expect(view().sources[0]?.lastContactSeconds).toBeLessThan(seen + 5);
    expect(new Set(errors)).toEqual(
      new Set(['http_status', 'redirect', 'invalid_response', 'too_large'].map((why) => `discovery/http_sd_0 ${why}`))
    );
    answer = [200, '[]'];
    await until('all to be gone', () => view().names.length === 0);
    expect(view().sources).toMatchObject([{ state: 'synced', objects: 0 }]);
  });
});

describe('what a document says', () => {
  const read = (document: unknown) => {
    const drops: string[] = [];
    const found = readDocument(document, 'sd', (reason, detail) => void drops.push(`${reason} ${detail}`));
    return { found: [...found.values()].flat(), drops };
  };

  it('is all that a server of the configuration can say', () => {
    const labels = {
      model: 'm',
      name: 's',
      owner: 'o',
      importance: 'high',
      version: '3',
      module: 'tgi',
      __scheme__: 'https',
      __metrics_path__: '/m',
      env: 'prod',
    };
    expect(read(group('h:1', labels))).toEqual({
      found: [
        {
          name: 'm',
          server: 's',
          url: 'https://h:1',
          metricsUrl: 'https://h:1/m',
          owner: 'o',
          importance: 'high',
          version: '3',
          module: 'tgi',
        },
      ],
      drops: [],
    });
  });

  it.each([
    [group('h:1', {}), 'missing_field'],
    [group('h:1', { model: 'a/b' }), 'missing_field'],
    [group('h:1', { model: 'a', name: 'x/y' }), 'missing_field'],
    [group('h:1/path', { model: 'a' }), 'wrong_type'],
    [group('me:pw@h', { model: 'a' }), 'wrong_type'],
    [group('h:99999', { model: 'a' }), 'wrong_type'],
    [group('h:1', { model: 'a', __scheme__: 'ftp' }), 'wrong_type'],
    [group('h', { model: 'a', __scheme__: 'grpc' }), 'wrong_type'],
    [group('h:1', { model: 'a', __scheme__: 'grpc', kind: 'vllm' }), 'unknown_value'],
    [[{ targets: [7], labels: { model: 'a' } }], 'wrong_type'],
  ])('%j is dropped', (document, reason) => {
    const { found, drops } = read(document);
    expect(found).toEqual([]);
    expect(drops.map((drop) => drop.split(' ')[0])).toEqual([reason]);
  });

  it('is a server on gRPC, whose metrics are elsewhere', () => {
    const labels = { model: 'm', kind: 'mlserver', __scheme__: 'grpc', __metrics_path__: '/metrics' };
    const { found, drops } = read(group('h:8081', labels));
    expect(found).toEqual([{ name: 'm', server: 'h:8081', url: 'grpc://h:8081', serverKind: 'mlserver' }]);
    expect(drops).toHaveLength(1);
  });

  it('leads to no other host by its path of metrics, and drops words that it does not know', () => {
    const labels = { model: 'm', kind: 'toaster', importance: 'huge', __metrics_path__: '//elsewhere/metrics' };
    const { found, drops } = read(group('h:1', labels));
    expect(found).toEqual([{ name: 'm', server: 'h:1', url: 'http://h:1' }]);
    expect(drops).toHaveLength(2);
  });

  it('is taken up to a limit', () => {
    const targets = Array.from({ length: MAX_SERVERS + 3 }, (_, index) => `h${index}:1`);
    const { found, drops } = read([{ targets, labels: { model: 'm' } }]);
    expect(found).toHaveLength(MAX_SERVERS);
    expect(drops).toEqual([`over_limit sd: expected at most ${MAX_SERVERS} servers, got 3 more`]);
  });
});
