import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeGrpcServers, listenGrpc } from '../sources/servers/testing/grpc-server';
import { runCheck } from './check';

const DOC = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'add-a-server.md'), 'utf8');
/** The module of the documentation. */
const SCORER = (/```yaml\n( +name: scorer[\s\S]*?)```/.exec(DOC)?.[1] ?? '').replaceAll(/^ {3}/gm, '');
const PAGE = `# TYPE scorer_requests_total counter
scorer_requests_total{model="fraud",code="200"} 8
scorer_requests_total{model="fraud",code="503"} 1
scorer_latency_ms_bucket{model="fraud",le="250"} 8
scorer_latency_ms_bucket{model="fraud",le="+Inf"} 9
scorer_latency_ms_sum{model="fraud"} 1500
scorer_latency_ms_count{model="fraud"} 9
scorer_queue_length 3
`;

describe('check of a module', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-module-'));
  const module = join(folder, 'scorer.yaml');
  const page = join(folder, 'metrics.txt');
  let server: Server;
  let url: string;
  let status = 'ok';
  let printed: string[];
  beforeAll(async () => {
    writeFileSync(module, SCORER);
    writeFileSync(page, PAGE);
    server = createServer((request, response) => {
      response.end(request.url === '/up' ? JSON.stringify({ status }) : PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(...line.split('\n')));
  });
  afterEach(() => jest.restoreAllMocks());

  const check = async (...args: readonly string[]) => runCheck([`--module=${module}`, ...args], {});

  it('asks the health service of gRPC where the module says so, and only there', async () => {
    const rpc = join(folder, 'rpc.yaml');
    writeFileSync(rpc, 'name: rpc\ngrpcHealth: {}\n');
    const { url: grpc } = await listenGrpc({ '/grpc.health.v1.Health/Check': Buffer.from([0x08, 1]) });
    expect(await runCheck([`--module=${rpc}`, `--url=${grpc}`, '--model=fraud'], {})).toBe(0);
    expect(printed.slice(0, 2)).toEqual(['server rpc -: live, ready', 'model fraud: ready']);
    await closeGrpcServers();
    await expect(runCheck([`--module=${rpc}`, `--url=${url}`], {})).rejects.toThrow(
      `--url: expected grpc://host:port or grpcs://host:port, as the module rpc asks over gRPC, got "${url}"`
    );
    await expect(check(`--url=${grpc}`)).rejects.toThrow('as the module scorer asks over HTTP');
  });

  it('shows the server, its models, the series, and what nothing reads', async () => {
    status = 'ok';
    expect(await check(`--url=${url}`, '--model=fraud')).toBe(0);
    expect(printed.slice(0, 3)).toEqual([
      'server scorer -: live, ready',
      'model fraud: ready',
      'not read of this page: scorer_queue_length',
    ]);
    expect(printed).toContain('modelwatch_probe_success 1');
    const series = `namespace="standalone",model="fraud",replica="${new URL(url).host}",version=""`;
    expect(printed).toContain(`modelwatch_inference_requests_total{${series},outcome="server_error"} 1`);
    expect(printed).toContain(`modelwatch_inference_duration_seconds_sum{${series}} 1.5`);
  });

  it('says what was expected of a server that is not well', async () => {
    status = 'warming up';
    expect(await check(`--url=${url}`, '--model=fraud')).toBe(1);
    expect(printed.slice(0, 2)).toEqual([
      'server - -: not live, not ready',
      `  invalid_response: GET ${url}/up: expected "ok" at status, got something else`,
    ]);
  });

  it('translates a saved page', async () => {
    expect(await check(`--text=${page}`, '--model=fraud')).toBe(0);
    expect(printed[0]).toBe('not read of this page: scorer_queue_length');
    expect(printed.join('\n')).toContain('outcome="success"} 8');
    expect(printed.join('\n')).not.toContain('modelwatch_probe_success');
  });

  it('tells what is wrong with the module, and with the question', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'name: bad\nhealth: { path: up }\n');
    expect(await runCheck([`--module=${join(folder, 'bad.yaml')}`, `--text=${page}`], {})).toBe(1);
    expect(printed[0]).toMatch(
      /^servers\.modules\[0\]\.health\.path: expected a path that begins with one "\/".*line 2\)$/
    );
    await expect(check()).rejects.toThrow('expected --url with the address of a server, or --text');
    await expect(check('--text=nowhere.txt')).rejects.toThrow('expected a readable file, got "nowhere.txt"');
  });
});
