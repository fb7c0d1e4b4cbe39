/** GET /probe of a real exporter: what it says, whom it refuses, and the scrape configuration of docs/probe.md in a real Prometheus. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { configSchema } from '../../exporter/src/config/schema';
import { startExporter, type RunningExporter } from '../../exporter/src/exporter';
import { closeGrpcServers, listenGrpc, type GrpcServer } from '../../exporter/src/sources/servers/testing/grpc-server';
import { freePort, startProgram, until } from '../support/processes';

const ROOT = join(__dirname, '..', '..');
const recorded = (path: string) =>
  readFileSync(join(ROOT, 'exporter', 'src', 'sources', 'servers', 'fixtures', path), 'utf8');
const RAY: Readonly<Record<string, string>> = {
  '/-/healthz': recorded('rayserve/healthz.json'),
  '/-/routes': recorded('rayserve/routes.json'),
  '/metrics': recorded('rayserve/metrics-after.txt'),
};

describe('GET /probe', () => {
  let server: Server;
  let exporter: RunningExporter;
  let port: number;
  let grpc: GrpcServer;
  let asked: string[] = [];
  const held: (() => void)[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const body = RAY[request.url ?? ''];
      if (request.url === '/moved/-/healthz') response.writeHead(302, { location: '/-/healthz' }).end();
      else if (request.url === '/slow/-/healthz') held.push(() => response.end('success'));
      else if (request.url === '/empty/v2/health/live') response.end();
      else response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    const module = parse(readFileSync(join(ROOT, 'provisioning', 'servers', 'rayserve.yaml'), 'utf8')) as {
      metrics: { port?: number };
    };
    module.metrics.port = port;
    const yes = Buffer.from([0x08, 1]);
    grpc = await listenGrpc({
      ServerLive: yes,
      ServerReady: yes,
      ModelReady: yes,
      '/grpc.health.v1.Health/Check': Buffer.from([0x08, 2]),
    });
    const config = configSchema.parse({
      web: {
        listenAddress: '127.0.0.1',
        port: 0,
        probeTargets: [`localhost:${port}`, new URL(grpc.url).host],
        maxConcurrentProbes: 2,
      },
      log: { level: 'error' },
      kubernetes: { enabled: false },
      servers: { modules: [module, { name: 'rpc', grpcHealth: {} }], probeTimeoutSeconds: 20 },
    });
    exporter = await startExporter(config);
  });
  afterAll(async () => {
    await exporter.stop();
    await closeGrpcServers();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    asked = [];
  });

  const probe = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${exporter.url}/probe?${query}`, { headers });
  const text = async (query: string, headers?: Record<string, string>) => (await probe(query, headers)).text();

  it('tells what the one server says', async () => {
    const answer = await probe(`target=localhost:${port}&module=rayserve`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const lines = (await answer.text()).split('\n');
    expect(lines).toContain('modelwatch_probe_success 1');
    const endpoint = `namespace="standalone",server="localhost",replica="localhost:${port}"`;
    expect(lines).toContain(`modelwatch_endpoint_up{${endpoint}} 1`);
    const model = `namespace="standalone",model="double",replica="localhost:${port}"`;
    expect(lines).toContain(`modelwatch_endpoint_model_ready{${model}} 1`);
    expect(lines).toContain(`modelwatch_inference_requests_total{${model},version="",outcome="success"} 52`);
    expect(lines).toContain(`modelwatch_inference_duration_seconds_count{${model},version=""} 54`);
    const families = lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
    expect(families.filter((name) => !/^modelwatch_(probe|endpoint|inference)_/.test(name))).toEqual([]);
    expect(families).not.toContain('modelwatch_endpoint_probes_total');
  });

  it('asks over gRPC where the address says so, by the Open Inference Protocol or a module for it', async () => {
    const { port: rpc } = new URL(grpc.url);
    const said = await text(`target=${grpc.url}&model=iris`);
    expect(said).toContain('modelwatch_probe_success 1\n');
    expect(said).toContain(
      `modelwatch_endpoint_model_ready{namespace="standalone",model="iris",replica="127.0.0.1:${rpc}"} 1\n`
    );
    expect(await text(`target=${grpc.url}&module=rpc`)).toContain('modelwatch_probe_success 0\n');
    expect(grpc.calls).toContain('/grpc.health.v1.Health/Check');
    const before = grpc.calls.length;
    for (const [query, expected] of [
      [
        `target=${grpc.url}&module=rayserve`,
        'target: expected an http:// or https:// URL, as the module rayserve asks over HTTP',
      ],
      [`target=${grpc.url}&module=vllm`, 'module: expected for gRPC one of mlserver, triton, kserve, oip'],
      [
        `target=127.0.0.1:${rpc}&module=rpc`,
        'target: expected grpc://host:port or grpcs://host:port, as the module rpc asks over gRPC',
      ],
      ['target=grpc://127.0.0.1', 'target: expected host:port, an http:// or https:// URL, or grpc://host:port'],
    ] as const) {
      const answer = await probe(query);
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(expected)]);
    }
    expect(grpc.calls).toHaveLength(before);
  });

  it('tells that a server failed, and why', async () => {
    const failed = await text(`target=localhost:${port}/elsewhere&module=rayserve`);
    expect(failed).toContain('modelwatch_probe_success 0\n');
    expect(failed).toContain('modelwatch_probe_error{cause="http_status"} 1\n');
    expect(failed).not.toContain('inference_requests');
  });

  it('follows no redirect', async () => {
    expect(await text(`target=http://localhost:${port}/moved&module=rayserve`)).toContain(
      'modelwatch_probe_error{cause="redirect"} 1'
    );
    expect(asked).toEqual(['/moved/-/healthz']);
  });

  it('gives up before Prometheus does', async () => {
    const started = performance.now();
    const slow = await text(`target=localhost:${port}/slow&module=rayserve`, {
      'X-Prometheus-Scrape-Timeout-Seconds': '0.8',
    });
    expect(slow).toContain('modelwatch_probe_error{cause="timeout"} 1');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('refuses whom it may not ask, asks nobody for it, and counts it', async () => {
    const before = await counted('probe_target');
    // The same machine and port by its address, which is not listed; where clouds keep credentials; somebody else.
    for (const target of [
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      '169.254.169.254',
      'localhost:1',
      'example.com:80',
      `0:${port}`,
    ]) {
      const answer = await probe(`target=${encodeURIComponent(target)}`);
      expect([target, answer.status]).toEqual([target, 403]);
      expect(await answer.text()).toContain('web.probeTargets');
    }
    expect(asked).toEqual([]);
    expect((await counted('probe_target')) - before).toBe(6);
  });

  it.each([
    '',
    'target=',
    'target=a&target=b',
    'target=ftp://localhost',
    'target=http://me:secret@localhost',
    'target=http://localhost/?x=1',
    'target=localhost&modul=x',
    'target=localhost&module=nope',
    'target=localhost&module=constructor',
  ])('refuses %s as no question', async (query) => {
    const answer = await probe(query);
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain('secret');
  });

  it('answers so many at a time', async () => {
    const slow = [1, 2].map(() => text(`target=localhost:${port}/slow&module=rayserve`));
    await until(
      'both to be under way',
      () => Promise.resolve(asked.length),
      (count) => count === 2
    );
    const answer = await probe(`target=localhost:${port}&module=rayserve`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    for (const release of held.splice(0)) release();
    await Promise.all(slow);
    expect(await counted('probes')).toBe(1);
  });

  it('is scraped by a real Prometheus as the documentation says', async () => {
    const doc = readFileSync(join(ROOT, 'docs', 'probe.md'), 'utf8');
    const yaml = [...doc.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
    const [ours, theirs] = [
      yaml.find((each) => each.includes('web:')),
      yaml.find((each) => each.includes('scrape_configs')),
    ];
    expect(configSchema.safeParse({ ...(parse(ours ?? '') as object) }).success).toBe(true);
    const config = parse(
      (theirs ?? '')
        .replaceAll('modelwatch-exporter:8780', new URL(exporter.url).host)
        .replaceAll('gpu-1.example.com:8000', `localhost:${port}`)
        .replaceAll('[triton]', '[rayserve]')
    ) as object;
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-probe-'));
    const listen = `127.0.0.1:${await freePort()}`;
    writeFileSync(
      join(folder, 'prometheus.yml'),
      stringify({ global: { scrape_interval: '1s', scrape_timeout: '1s' }, ...config })
    );
    const prometheus = startProgram('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${listen}`,
    ]);
    try {
      const query = `sum by (instance, model) (modelwatch_inference_requests_total)`;
      const answer = await until(
        'Prometheus to have the series',
        async () =>
          (await (await fetch(`http://${listen}/api/v1/query?query=${encodeURIComponent(query)}`)).json()) as unknown,
        (found) => JSON.stringify(found).includes('double')
      );
      expect(answer).toMatchObject({
        data: {
          result: [{ metric: { instance: `localhost:${port}`, model: 'double' }, value: [expect.any(Number), '54'] }],
        },
      });
    } finally {
      await prometheus.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  async function counted(reason: string): Promise<number> {
    const page = await (await fetch(`${exporter.url}/metrics`)).text();
    const line = page.split('\n').find((each) => each.includes(`refused_requests_total{reason="${reason}"}`));
    return Number(line?.split(' ').at(-1));
  }
});
