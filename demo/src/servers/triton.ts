/** Triton 2.51.0, as it was recorded: 400 for not ready and not known, microseconds, counters without `_total`. */
import { header, labelText } from './exposition';
import {
  json,
  parseModelPath,
  readInferBody,
  scores,
  type HostedModel,
  type ModelServer,
  type ServerAnswer,
  type ServerRequest,
} from './model-server';

const PLAIN = 'text/plain';
const EMPTY: ServerAnswer = { status: 200, contentType: PLAIN, body: '' };
const METHOD_NOT_ALLOWED = json(405, { error: 'Method Not Allowed' });
const NOT_FOUND = plain(404, { error: 'Not Found' });
const NOT_READY = plain(400, { error: 'Model version not ready' });
const INDEX_STATES = { ready: 'READY', loading: 'LOADING', unavailable: 'UNAVAILABLE' } as const;
const EXTENSIONS = [
  'classification',
  'sequence',
  'model_repository',
  'model_repository(unload_dependents)',
  'schedule_policy',
  'model_configuration',
  'system_shared_memory',
  'cuda_shared_memory',
  'binary_tensor_data',
  'parameters',
  'statistics',
  'trace',
  'logging',
];

/** Some of Triton's errors are JSON that says it is text. */
function plain(status: number, value: unknown): ServerAnswer {
  return { status, contentType: PLAIN, body: JSON.stringify(value) };
}

export function answerTriton(server: ModelServer, request: ServerRequest, nowMs: number): ServerAnswer {
  return answerServer(server, request, nowMs) ?? answerModel(server, request, nowMs);
}

/** What concerns the whole server; `undefined` for other paths. */
function answerServer(server: ModelServer, request: ServerRequest, nowMs: number): ServerAnswer | undefined {
  const { method, path, body } = request;
  switch (path) {
    case '/v2/health/live':
      return EMPTY;
    case '/v2/health/ready':
      // Strict readiness: one model that is not ready makes the server not ready.
      return server.models.every((model) => model.state === 'ready') ? EMPTY : { ...EMPTY, status: 400 };
    case '/v2':
      return json(200, { name: 'triton', version: '2.51.0', extensions: EXTENSIONS });
    case '/v2/repository/index':
      return method === 'POST' ? index(server, body) : METHOD_NOT_ALLOWED;
    case '/v2/models/stats':
      return json(200, { model_stats: ready(server).map((model) => statistics(model, nowMs)) });
    default:
      return undefined;
  }
}

function answerModel(server: ModelServer, { method, path, body }: ServerRequest, nowMs: number): ServerAnswer {
  const target = parseModelPath(path);
  if (target === undefined) return NOT_FOUND;
  const { model: name, version, verb } = target;
  const model = server.models.find((each) => each.name === name);
  const isServed = model?.state === 'ready' && (version === undefined || version === model.version);
  const known = isServed ? model : undefined;
  switch (verb) {
    case 'ready':
      return known === undefined ? NOT_READY : EMPTY;
    case 'stats':
      if (known !== undefined) return json(200, { model_stats: [statistics(known, nowMs)] });
      return json(400, { error: `requested model '${name}' is not available` });
    case 'infer':
      if (method !== 'POST') return METHOD_NOT_ALLOWED;
      return known === undefined ? plain(404, unknownModel(name, model)) : infer(known, body);
    case '':
      return known === undefined ? json(404, unknownModel(name, model)) : metadata(known);
    default:
      return NOT_FOUND;
  }
}

function ready(server: ModelServer): readonly HostedModel[] {
  return server.models.filter((model) => model.state === 'ready');
}

function unknownModel(name: string, model: HostedModel | undefined): { readonly error: string } {
  const what = model === undefined ? 'is not found' : 'has no available versions';
  return { error: `Request for unknown model: '${name}' ${what}` };
}

function index(server: ModelServer, body: string): ServerAnswer {
  const models = /"ready"\s*:\s*true/.test(body) ? ready(server) : server.models;
  return json(
    200,
    // A model that is ready has no reason at all, not even an empty one.
    models.map(({ name, version, state, reason }) => ({
      name,
      version,
      state: INDEX_STATES[state],
      ...(state === 'unavailable' ? { reason } : {}),
    }))
  );
}

function metadata(model: HostedModel): ServerAnswer {
  return json(200, {
    name: model.name,
    versions: [model.version],
    platform: 'onnxruntime_onnx',
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, -1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
  });
}

/** Requests that are refused before they are scheduled are counted nowhere, as in the real server. */
function infer(model: HostedModel, body: string): ServerAnswer {
  const input = readInferBody(body);
  if (input.kind === 'malformed') return json(500, { error: 'failed to parse the request JSON buffer at 1' });
  if (input.kind === 'no-inputs') {
    return json(500, { error: "Unable to parse 'inputs': attempt to access non-existing object member 'inputs'" });
  }
  model.traffic.record('success');
  return json(200, {
    model_name: model.name,
    model_version: model.version,
    outputs: [{ name: 'y', datatype: 'FP32', shape: [input.rows, 1], data: scores(input.rows) }],
  });
}

/** Where the time of a request goes when nothing waits: the rest of it is the computation itself. */
const QUEUE_SHARE = 0.04;
const INPUT_SHARE = 0.01;
const OUTPUT_SHARE = 0.01;
/** Mean number of requests that the dynamic batcher puts together. */
const BATCH_SIZE = 1.25;

interface TritonTimes {
  readonly success: number;
  readonly failure: number;
  readonly executions: number;
  readonly totalSeconds: number;
  readonly queueSeconds: number;
  readonly inputSeconds: number;
  readonly inferSeconds: number;
  readonly outputSeconds: number;
}

/** Durations cover successful requests. A slow replica computes as fast as ever: its requests wait in the queue. */
function times(model: HostedModel, nowMs: number): TritonTimes {
  const success = model.traffic.durations('success', nowMs);
  const waitedSeconds = model.traffic.waitedSeconds('success', nowMs);
  const usualSeconds = success.sum - waitedSeconds;
  return {
    success: success.count,
    failure: model.traffic.count('serverError', nowMs),
    executions: Math.ceil(success.count / BATCH_SIZE),
    totalSeconds: success.sum,
    queueSeconds: usualSeconds * QUEUE_SHARE + waitedSeconds,
    inputSeconds: usualSeconds * INPUT_SHARE,
    inferSeconds: usualSeconds * (1 - QUEUE_SHARE - INPUT_SHARE - OUTPUT_SHARE),
    outputSeconds: usualSeconds * OUTPUT_SHARE,
  };
}

function statistics(model: HostedModel, nowMs: number): unknown {
  const t = times(model, nowMs);
  const spent = (count: number, seconds: number) => ({ count, ns: Math.floor(seconds * 1e9) });
  const compute = {
    compute_input: spent(t.executions, t.inputSeconds),
    compute_infer: spent(t.executions, t.inferSeconds),
    compute_output: spent(t.executions, t.outputSeconds),
  };
  return {
    name: model.name,
    version: model.version,
    last_inference: t.success === 0 ? 0 : Math.floor(nowMs),
    inference_count: t.success,
    execution_count: t.executions,
    inference_stats: {
      success: spent(t.success, t.totalSeconds),
      fail: spent(t.failure, 0),
      queue: spent(t.success, t.queueSeconds),
      ...compute,
      cache_hit: spent(0, 0),
      cache_miss: spent(0, 0),
    },
    response_stats: {},
    batch_stats: [{ batch_size: 1, ...compute }],
    memory_usage: [],
  };
}

const micros = (seconds: number) => Math.floor(seconds * 1e6);

/** Families with labels `model` and `version`, by name, help and value. */
const COUNTERS: readonly (readonly [string, string, (t: TritonTimes) => number])[] = [
  ['nv_inference_request_success', 'Number of successful inference requests, all batch sizes', (t) => t.success],
  ['nv_inference_count', 'Number of inferences performed (does not include cached requests)', (t) => t.success],
  [
    'nv_inference_exec_count',
    'Number of model executions performed (does not include cached requests)',
    (t) => t.executions,
  ],
  [
    'nv_inference_request_duration_us',
    'Cumulative inference request duration in microseconds (includes cached requests)',
    (t) => micros(t.totalSeconds),
  ],
  [
    'nv_inference_queue_duration_us',
    'Cumulative inference queuing duration in microseconds (includes cached requests)',
    (t) => micros(t.queueSeconds),
  ],
  [
    'nv_inference_compute_input_duration_us',
    'Cumulative compute input duration in microseconds (does not include cached requests)',
    (t) => micros(t.inputSeconds),
  ],
  [
    'nv_inference_compute_infer_duration_us',
    'Cumulative compute inference duration in microseconds (does not include cached requests)',
    (t) => micros(t.inferSeconds),
  ],
  [
    'nv_inference_compute_output_duration_us',
    'Cumulative inference compute output duration in microseconds (does not include cached requests)',
    (t) => micros(t.outputSeconds),
  ],
];

const FAILURE_REASONS = ['REJECTED', 'CANCELED', 'BACKEND', 'OTHER'] as const;

/** Port 8002. Every series of a loaded model is there from the start, at 0. */
export function tritonMetrics(server: ModelServer, nowMs: number): ServerAnswer {
  const models = ready(server).map((model) => ({ model, t: times(model, nowMs) }));
  let body = '';
  for (const [name, help, value] of COUNTERS) {
    body += header(name, 'counter', help);
    for (const { model, t } of models) {
      body += `${name}${labelText({ model: model.name, version: model.version })} ${value(t)}\n`;
    }
    if (name === 'nv_inference_request_success') body += failures(models);
  }
  const pending = 'nv_inference_pending_request_count';
  body += header(pending, 'gauge', 'Instantaneous number of pending requests awaiting execution per-model.');
  for (const { model } of models) {
    const { waiting } = model.traffic.inFlight(nowMs);
    body += `${pending}${labelText({ model: model.name, version: model.version })} ${waiting}\n`;
  }
  body += header('nv_cpu_utilization', 'gauge', 'CPU utilization rate [0.0 - 1.0]') + 'nv_cpu_utilization 0.31\n';
  return { status: 200, contentType: 'text/plain; charset=utf-8', body };
}

function failures(models: readonly { readonly model: HostedModel; readonly t: TritonTimes }[]): string {
  const name = 'nv_inference_request_failure';
  let text = header(name, 'counter', 'Number of failed inference requests, all batch sizes');
  for (const { model, t } of models) {
    for (const reason of FAILURE_REASONS) {
      const value = reason === 'BACKEND' ? t.failure : 0;
      text += `${name}${labelText({ model: model.name, reason, version: model.version })} ${value}\n`;
    }
  }
  return text;
}
