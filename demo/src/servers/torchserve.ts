/**
 * TorchServe 0.12.0, as it was recorded, with `metrics_mode=prometheus` and without tokens: three ports, `/ping` that
 * says Healthy whatever its workers do, and a comma after the last label.
 */
import { type ModelTraffic } from '../fleet/meter';
import { cpuCores, residentBytes } from './cost';
import { header, pythonFloat, type Labels } from './exposition';
import {
  readInferBody,
  scores,
  type HostedModel,
  type ModelServer,
  type ServerAnswer,
  type ServerRequest,
} from './model-server';

const MEBIBYTE = 1_048_576;
const HOST_MEBIBYTES = 131_072;
const WORKERS = 2;

/** Its JSON is written for people. */
function pretty(status: number, value: unknown): ServerAnswer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value, null, 2)}\n` };
}

function failure(code: number, type: string, message: string): ServerAnswer {
  return pretty(code, { code, type, message });
}

const RESOURCE_NOT_FOUND = failure(
  404,
  'ResourceNotFoundException',
  'Requested resource is not found, please refer to API document.'
);

function modelNotFound(name: string): ServerAnswer {
  return failure(404, 'ModelNotFoundException', `Model not found: ${name}`);
}

/** Port 8080. */
export function answerTorchserve(server: ModelServer, { method, path, body }: ServerRequest): ServerAnswer {
  if (path === '/ping') return pretty(200, { status: 'Healthy' });
  const [, name] = /^\/predictions\/([^/]+)(?:\/[^/]+)?$/.exec(path) ?? [];
  if (name === undefined || method !== 'POST') return RESOURCE_NOT_FOUND;
  const model = server.models.find((each) => each.name === name);
  if (model === undefined) return modelNotFound(name);
  if (model.state !== 'ready' || readInferBody(body).kind === 'malformed') {
    model.traffic.record('serverError');
    return failure(503, 'InternalServerException', 'Prediction failed');
  }
  model.traffic.record('success');
  return { status: 200, body: JSON.stringify({ y: scores(3) }, null, 2) };
}

/** Port 8081. */
export function torchserveManagement(
  server: ModelServer,
  { method, path }: ServerRequest,
  nowMs: number
): ServerAnswer {
  if (method !== 'GET') return failure(405, 'MethodNotAllowedException', 'Requested method is not allowed.');
  if (path === '/models') {
    return pretty(200, { models: server.models.map(({ name }) => ({ modelName: name, modelUrl: `${name}.mar` })) });
  }
  const [, name] = /^\/models\/([^/]+)(?:\/[^/]+)?$/.exec(path) ?? [];
  if (name === undefined) return RESOURCE_NOT_FOUND;
  const model = server.models.find((each) => each.name === name);
  return model === undefined ? modelNotFound(name) : pretty(200, [describe(server, model, nowMs)]);
}

function describe(server: ModelServer, model: HostedModel, nowMs: number) {
  const status = { ready: 'READY', loading: 'LOADING', unavailable: 'UNLOADING' }[model.state];
  const { waiting } = model.traffic.inFlight(nowMs);
  return {
    modelName: model.name,
    modelVersion: model.version,
    modelUrl: `${model.name}.mar`,
    runtime: 'python',
    minWorkers: WORKERS,
    maxWorkers: WORKERS,
    batchSize: 1,
    maxBatchDelay: 100,
    responseTimeout: 120,
    deviceType: 'cpu',
    loadedAtStartup: true,
    workers: Array.from({ length: WORKERS }, (_, i) => ({
      id: String(9_000 + i),
      startTime: new Date(server.startedMs).toISOString(),
      status,
      memoryUsage: Math.floor(residentBytes('torchserve', [model.traffic], nowMs) / WORKERS),
      pid: 120 + i,
      gpu: false,
      gpuUsage: 'N/A',
    })),
    jobQueueStatus: { remainingCapacity: Math.max(0, 100 - waiting), pendingRequests: waiting },
  };
}

function labelled(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}",`)
    .join('')}}`;
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  unit: string,
  samples: readonly (readonly [Labels, number])[]
) {
  const help = `Torchserve prometheus ${type} metric with unit: ${unit}`;
  const lines = samples.map(([labels, value]) => `${name}${labelled(labels)} ${pythonFloat(value)}\n`);
  return header(name, type, help) + lines.join('');
}

/** Requests as the server counts them, failures included. */
function answered(traffic: ModelTraffic, nowMs: number): number {
  return traffic.count('success', nowMs) + traffic.count('serverError', nowMs);
}

/** Port 8082. */
export function torchserveMetrics(server: ModelServer, nowMs: number): ServerAnswer {
  const hostname = server.hostname;
  const host: Labels = { Level: 'Host', Hostname: hostname };
  const count = (outcome: 'success' | 'clientError' | 'serverError') =>
    server.models.reduce((sum, { traffic }) => sum + traffic.count(outcome, nowMs), 0);
  // The kubelet asks /ping every 10 s, and that counts too.
  const pings = Math.floor(Math.max(0, nowMs - server.startedMs) / 10_000);
  const used = residentBytes(
    'torchserve',
    server.models.map((model) => model.traffic),
    nowMs
  );
  const cores = cpuCores(
    'torchserve',
    server.models.map((model) => model.traffic),
    nowMs
  );
  // A class of status codes has no sample before its first request.
  const requests = (name: string, value: number) =>
    family(name, 'counter', 'Count', value === 0 ? [] : [[host, value]]);
  const body =
    requests('Requests2XX', count('success') + pings) +
    requests('Requests4XX', count('clientError')) +
    requests('Requests5XX', count('serverError')) +
    family('MemoryUsed', 'gauge', 'Megabytes', [[host, used / MEBIBYTE]]) +
    family('MemoryAvailable', 'gauge', 'Megabytes', [[host, HOST_MEBIBYTES - used / MEBIBYTE]]) +
    family('CPUUtilization', 'gauge', 'Percent', [[host, Number(Math.min(100, cores * 100).toFixed(1))]]) +
    family('GPUUtilization', 'gauge', 'Percent', []) +
    modelFamilies(server, nowMs);
  return { status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body };
}

function modelFamilies(server: ModelServer, nowMs: number): string {
  const hostname = server.hostname;
  const asked = server.models.filter(({ traffic }) => answered(traffic, nowMs) > 0);
  // The version is the word default as long as nobody names one in the URL.
  const each = (value: (traffic: ModelTraffic) => number) =>
    asked.map(({ name, traffic }): [Labels, number] => [
      { model_name: name, model_version: 'default', hostname },
      value(traffic),
    ]);
  const seconds = (traffic: ModelTraffic) =>
    traffic.durations('success', nowMs).sum + traffic.durations('serverError', nowMs).sum;
  const waited = (traffic: ModelTraffic) =>
    traffic.waitedSeconds('success', nowMs) + traffic.waitedSeconds('serverError', nowMs);
  const last = asked.map(({ name, traffic }): [Labels, number] => {
    const { profile, pace } = traffic.rest;
    const milliseconds = Number((profile.medianSeconds * pace.computing * 1_000).toFixed(2));
    return [{ ModelName: name, Level: 'Model', Hostname: hostname }, milliseconds];
  });
  const host: Labels = { Level: 'Host', Hostname: hostname };
  const wait = Math.max(
    0,
    ...asked.map(({ traffic }) => traffic.rest.profile.medianSeconds * traffic.rest.pace.waiting)
  );
  return (
    family(
      'ts_inference_requests_total',
      'counter',
      'Count',
      each((traffic) => answered(traffic, nowMs))
    ) +
    family(
      'ts_inference_latency_microseconds',
      'counter',
      'Microseconds',
      each((traffic) => seconds(traffic) * 1e6)
    ) +
    family(
      'ts_queue_latency_microseconds',
      'counter',
      'Microseconds',
      // Even an idle queue costs a little.
      each((traffic) => (waited(traffic) + answered(traffic, nowMs) * 0.0003) * 1e6)
    ) +
    family('PredictionTime', 'gauge', 'ms', last) +
    family('HandlerTime', 'gauge', 'ms', last) +
    family('QueueTime', 'gauge', 'Milliseconds', [[host, Math.round(wait * 1_000)]]) +
    family('WorkerThreadTime', 'gauge', 'Milliseconds', [[host, 2]]) +
    family(
      'WorkerLoadTime',
      'gauge',
      'Milliseconds',
      server.models.map(({ name, version }) => [{ WorkerName: `W-9000-${name}_${version}`, ...host }, 1480])
    )
  );
}
