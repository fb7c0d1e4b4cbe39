/** Answers as they were recorded from MLServer 1.7.1, Triton 2.51.0 and KServe 0.21.0 on 2026-11-21. */
import { ModelTraffic, TrafficMeter, USUAL_PACE } from '../fleet/meter';
import type { ModelServerKind } from '../fleet/server-kinds';
import { replyOf, type Reply } from './answer';
import type { HostedModel, ModelServer, ServerAnswer } from './model-server';

const START = Date.UTC(2026, 10, 21, 8);
const NOW = START + 600_000;
const PROFILE = {
  requestsPerSecond: 20,
  peakHour: 14,
  clientErrorRatio: 0.01,
  serverErrorRatio: 0.001,
  medianSeconds: 0.02,
};

function model(name: string, version: string, state: HostedModel['state'] = 'ready', share = 1): HostedModel {
  const reason = state === 'unavailable' ? 'Internal: weights missing' : '';
  const traffic = new ModelTraffic(new TrafficMeter(PROFILE, START, { share, pace: USUAL_PACE }));
  return { name, version, state, reason, traffic };
}

const PORTS: Readonly<Record<ModelServerKind, readonly [number, number]>> = {
  mlserver: [9000, 8082],
  triton: [8000, 8002],
  kserve: [8080, 8080],
  vllm: [8000, 8000],
  torchserve: [8080, 8082],
  tfserving: [8080, 8080],
  llamacpp: [8080, 8080],
  tgi: [80, 80],
};

function server(kind: ModelServerKind, ...models: HostedModel[]): ModelServer {
  const [http, metrics] = PORTS[kind];
  const ports = { http, metrics, management: 8081 };
  return { kind, ports, hostname: `${kind}-0`, startedMs: START, models, reachable: 'yes' };
}

function ask(target: ModelServer, call: string, body = ''): ServerAnswer {
  const [method = '', path = ''] = call.split(' ');
  const port = path === '/metrics' ? target.ports.metrics : target.ports.http;
  const reply: Reply = replyOf(target, port, { method, path, body }, NOW);
  if (typeof reply === 'string') throw new Error(reply);
  return reply;
}

/** Sample lines by their text before the value. */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))])
  );
}

const INFER = JSON.stringify({
  inputs: [{ name: 'x', shape: [2, 4], datatype: 'FP32', data: [1, 2, 3, 4, 5, 6, 7, 8] }],
});

describe('MLServer', () => {
  const iris = server('mlserver', model('iris', 'v1'), model('gone', 'v1', 'unavailable'));

  it.each([
    ['GET /v2/health/live', 200, ''],
    ['GET /v2/health/ready', 200, ''],
    ['GET /v2', 200, '{"name":"mlserver","version":"1.7.1","extensions":[]}'],
    ['GET /v2/models/iris/ready', 200, ''],
    ['GET /v2/models/iris/versions/v1/ready', 200, ''],
    ['GET /v2/models/nope/ready', 404, '{"error":"Model nope not found"}'],
    ['GET /v2/models/gone/ready', 404, '{"error":"Model gone not found"}'],
    ['GET /v2/models/iris/versions/v9/ready', 404, '{"error":"Model iris with version v9 not found"}'],
    ['GET /v2/models/nope', 404, '{"error":"Model nope not found"}'],
    ['GET /v2/models/stats', 404, '{"error":"Model stats not found"}'],
    ['GET /v2/models/iris/stats', 404, '{"detail":"Not Found"}'],
    ['GET /', 404, '{"detail":"Not Found"}'],
    ['GET /v2/repository/index', 405, '{"detail":"Method Not Allowed"}'],
    [
      'POST /v2/repository/index',
      200,
      '[{"name":"iris","version":"v1","state":"READY","reason":""},{"name":"gone","version":"v1","state":"UNAVAILABLE","reason":""}]',
    ],
  ])('%s', (call, status, body) => {
    expect(ask(iris, call)).toMatchObject({ status, body });
  });

  it('is not ready with 400 while a model loads, and live all the time', () => {
    const loading = server('mlserver', model('iris', 'v1'), model('slow', 'v1', 'loading'));
    expect(ask(loading, 'GET /v2/health/live').status).toBe(200);
    expect(ask(loading, 'GET /v2/health/ready').status).toBe(400);
    expect(ask(loading, 'GET /v2/models/slow/ready').status).toBe(400);
    expect(ask(loading, 'GET /v2/models/iris/ready').status).toBe(200);
    expect(ask(loading, 'POST /v2/repository/index').body).toContain('"state":"UNKNOWN"');
  });

  it('has its metrics on a port of their own', () => {
    expect(replyOf(iris, 9000, { method: 'GET', path: '/metrics', body: '' }, NOW)).toMatchObject({ status: 404 });
    expect(ask(iris, 'GET /metrics').contentType).toBe('text/plain; version=1.0.0; charset=utf-8');
  });

  it('counts so that every family agrees with the others', () => {
    const found = samples(ask(server('mlserver', model('iris', 'v1')), 'GET /metrics').body);
    const of = (name: string) => found.get(name) ?? Number.NaN;
    const success = of('model_infer_request_success_total{model="iris",version="None"}');
    const failure = of('model_infer_request_failure_total{model="iris",version="None"}');
    const http = (code: string) =>
      of(
        `rest_server_requests_total{app_name="mlserver",method="POST",path="/v2/models/{model_name}/infer",status_code="${code}"}`
      );
    expect(success).toBeGreaterThan(1_000);
    expect(of('model_infer_request_duration_count{model="iris",version="None"}')).toBe(success + failure);
    expect(http('200')).toBe(success);
    expect(http('500')).toBe(failure);
    expect(http('422')).toBeGreaterThan(0);
    const mean = of('model_infer_request_duration_sum{model="iris",version="None"}') / (success + failure);
    expect(mean).toBeGreaterThan(PROFILE.medianSeconds);
    expect(mean).toBeLessThan(PROFILE.medianSeconds * 1.3);
    expect(of('parallel_request_queue_bucket{le="+Inf"}')).toBe(of('parallel_request_queue_count'));
  });

  it('says nothing of a model that was never asked', () => {
    const idle = server('mlserver', model('iris', 'v1', 'ready', 0));
    expect(ask(idle, 'GET /metrics').body).not.toContain('model="iris"');
    expect(ask(idle, 'POST /v2/models/iris/infer', INFER)).toMatchObject({ status: 200 });
    expect(ask(idle, 'GET /metrics').body).toContain(
      'model_infer_request_success_total{model="iris",version="None"} 1.0'
    );
  });

  it('answers inference, and 422 to what it cannot read', () => {
    const answer = ask(iris, 'POST /v2/models/iris/infer', INFER);
    expect(JSON.parse(answer.body)).toMatchObject({
      model_name: 'iris',
      outputs: [{ shape: [2, 1], datatype: 'FP32' }],
    });
    expect(ask(iris, 'POST /v2/models/iris/infer', '{x').status).toBe(422);
    expect(ask(iris, 'POST /v2/models/iris/infer', '{"x":1}').body).toBe(
      '{"detail":[{"type":"missing","loc":["body","inputs"],"msg":"Field required","input":{"x":1}}]}'
    );
    expect(ask(iris, 'POST /v2/models/nope/infer', INFER).status).toBe(404);
  });
});

describe('Triton', () => {
  const triton = server('triton', model('double', '1'), model('broken', '1', 'unavailable'));

  it.each([
    ['GET /v2/health/live', 200, ''],
    ['GET /v2/health/ready', 400, ''],
    ['GET /v2/models/double/ready', 200, ''],
    ['GET /v2/models/double/versions/1/ready', 200, ''],
    ['GET /v2/models/nope/ready', 400, '{"error":"Model version not ready"}'],
    ['GET /v2/models/broken/ready', 400, '{"error":"Model version not ready"}'],
    ['GET /v2/models/nope', 404, `{"error":"Request for unknown model: 'nope' is not found"}`],
    ['GET /v2/models/broken', 404, `{"error":"Request for unknown model: 'broken' has no available versions"}`],
    ['GET /v2/models/nope/stats', 400, `{"error":"requested model 'nope' is not available"}`],
    ['GET /', 404, '{"error":"Not Found"}'],
    ['GET /v2/repository/index', 405, '{"error":"Method Not Allowed"}'],
    [
      'POST /v2/repository/index',
      200,
      '[{"name":"double","version":"1","state":"READY"},{"name":"broken","version":"1","state":"UNAVAILABLE","reason":"Internal: weights missing"}]',
    ],
  ])('%s', (call, status, body) => {
    expect(ask(triton, call)).toMatchObject({ status, body });
  });

  it('filters its index, and is ready when all its models are', () => {
    expect(ask(triton, 'POST /v2/repository/index', '{"ready":true}').body).toBe(
      '[{"name":"double","version":"1","state":"READY"}]'
    );
    expect(ask(server('triton', model('double', '1')), 'GET /v2/health/ready').status).toBe(200);
  });

  it('counts in microseconds that add up', () => {
    const answer = ask(triton, 'GET /metrics');
    const found = samples(answer.body);
    const of = (family: string) => found.get(`${family}{model="double",version="1"}`) ?? Number.NaN;
    expect(of('nv_inference_request_success')).toBeGreaterThan(1_000);
    expect(of('nv_inference_count')).toBe(of('nv_inference_request_success'));
    expect(of('nv_inference_exec_count')).toBeLessThanOrEqual(of('nv_inference_count'));
    const parts = ['queue', 'compute_input', 'compute_infer', 'compute_output'];
    const sum = parts.reduce((total, part) => total + of(`nv_inference_${part}_duration_us`), 0);
    expect(Math.abs(of('nv_inference_request_duration_us') - sum)).toBeLessThanOrEqual(parts.length);
    expect(found.get('nv_inference_request_failure{model="double",reason="BACKEND",version="1"}')).toBeGreaterThan(0);
    expect(answer.body).not.toContain('_total{');
    expect(answer.body).not.toContain('model="broken"');
  });

  it('shows every series of a model at 0 before its first request', () => {
    const body = ask(server('triton', model('double', '1', 'ready', 0)), 'GET /metrics').body;
    expect(body).toContain('nv_inference_request_success{model="double",version="1"} 0\n');
    expect(body).toContain('nv_inference_request_duration_us{model="double",version="1"} 0\n');
  });
});

describe('KServe server', () => {
  const kserve = server('kserve', model('double', ''), model('notready', '', 'loading'));

  it.each([
    ['GET /', 200, '{"status":"alive"}'],
    ['GET /v2/health/live', 200, '{"live":true}'],
    ['GET /v2/health/ready', 200, '{"ready":true}'],
    ['GET /v2', 200, '{"name":"kserve","version":"0.21.0","extensions":["model_repository_extension"]}'],
    ['GET /v2/models/double/ready', 200, '{"name":"double","ready":true}'],
    ['GET /v2/models/notready/ready', 404, '{"error":"Model with name notready does not exist."}'],
    ['GET /v2/models/double/versions/1/ready', 501, '{"error":"Model versioning not supported yet."}'],
    ['GET /v2/models/double', 200, '{"name":"double","versions":null,"platform":"","inputs":[],"outputs":[]}'],
    ['POST /v2/repository/index', 404, '{"detail":"Not Found"}'],
  ])('%s', (call, status, body) => {
    expect(ask(kserve, call)).toMatchObject({ status, body });
  });

  it('shows failures only as predictions that were never post-processed', () => {
    const found = samples(ask(kserve, 'GET /metrics').body);
    const of = (name: string) => found.get(`${name}{model_name="double"}`) ?? Number.NaN;
    expect(of('request_predict_seconds_count')).toBeGreaterThan(of('request_postprocess_seconds_count'));
    expect(found.get('request_predict_seconds_bucket{le="+Inf",model_name="double"}')).toBe(
      of('request_predict_seconds_count')
    );
  });
});

describe('replyOf', () => {
  it('says how a server that does not answer fails', () => {
    const request = { method: 'GET', path: '/v2/health/live', body: '' };
    const down = server('mlserver', model('iris', 'v1'));
    expect(replyOf(down, 1234, request, NOW)).toBe('refused');
    down.reachable = 'refused';
    expect(replyOf(down, 9000, request, NOW)).toBe('refused');
    down.reachable = 'hanging';
    expect(replyOf(down, 9000, request, NOW)).toBe('hanging');
  });

  it('has its metrics alone blocked', () => {
    const blocked = { ...server('mlserver', model('iris', 'v1')), isMetricsBlocked: true };
    const ask = (port: number, path: string) => replyOf(blocked, port, { method: 'GET', path, body: '' }, NOW);
    expect(ask(blocked.ports.metrics, '/metrics')).toBe('hanging');
    expect(ask(blocked.ports.http, '/v2/health/live')).toMatchObject({ status: 200 });
  });
});
