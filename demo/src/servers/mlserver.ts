/** MLServer 1.7.1, as it was recorded: empty 200s, 404 for what is not there, 400 for what is not ready yet. */
import { addUp, OUTCOMES, type TrafficMeter } from '../fleet/meter';
import { header, histogramText, labelText, PYTHON_BUCKETS, pythonFloat, type Labels } from './exposition';
import {
  FASTAPI_NOT_FOUND as NOT_FOUND,
  json,
  parseModelPath,
  readInferBody,
  scores,
  type HostedModel,
  type ModelServer,
  type ServerAnswer,
  type ServerRequest,
} from './model-server';

const EMPTY: ServerAnswer = { status: 200, body: '' };
const NOT_READY: ServerAnswer = { status: 400, body: '' };
const METHOD_NOT_ALLOWED = json(405, { detail: 'Method Not Allowed' });

const INDEX_STATES = { ready: 'READY', loading: 'UNKNOWN', unavailable: 'UNAVAILABLE' } as const;

export function answerMlserver(server: ModelServer, request: ServerRequest): ServerAnswer {
  return answerServer(server, request) ?? answerModel(server, request);
}

/** What concerns the whole server; `undefined` for other paths. */
function answerServer(server: ModelServer, { method, path, body }: ServerRequest): ServerAnswer | undefined {
  switch (path) {
    case '/v2/health/live':
      return method === 'GET' ? EMPTY : METHOD_NOT_ALLOWED;
    case '/v2/health/ready':
      if (method !== 'GET') return METHOD_NOT_ALLOWED;
      return server.models.some((model) => model.state === 'loading') ? NOT_READY : EMPTY;
    case '/v2':
      return json(200, { name: 'mlserver', version: '1.7.1', extensions: [] });
    case '/v2/repository/index':
      return method === 'POST' ? index(server, body) : METHOD_NOT_ALLOWED;
    default:
      return undefined;
  }
}

function answerModel(server: ModelServer, { method, path, body }: ServerRequest): ServerAnswer {
  const target = parseModelPath(path);
  if (target === undefined || !['', 'ready', 'infer'].includes(target.verb)) return NOT_FOUND;
  const { model: name, version, verb } = target;
  if ((verb === 'infer') !== (method === 'POST')) return METHOD_NOT_ALLOWED;
  const model = server.models.find((each) => each.name === name && each.state !== 'unavailable');
  if (model === undefined) return json(404, { error: `Model ${name} not found` });
  if (version !== undefined && version !== model.version) {
    return json(404, { error: `Model ${name} with version ${version} not found` });
  }
  if (verb === 'ready') return model.state === 'ready' ? EMPTY : NOT_READY;
  return verb === 'infer' ? infer(model, body) : metadata(model);
}

function index(server: ModelServer, body: string): ServerAnswer {
  const onlyReady = /"ready"\s*:\s*true/.test(body);
  const models = server.models.filter((model) => !onlyReady || model.state === 'ready');
  return json(
    200,
    // MLServer never says a reason.
    models.map((model) => ({
      name: model.name,
      version: model.version,
      state: INDEX_STATES[model.state],
      reason: '',
    }))
  );
}

function metadata(model: HostedModel): ServerAnswer {
  return json(200, {
    name: model.name,
    versions: [],
    platform: '',
    inputs: [{ name: 'predict', datatype: 'FP32', shape: [-1, 4] }],
    outputs: [{ name: 'predict', datatype: 'FP32', shape: [-1] }],
    parameters: {},
  });
}

function infer(model: HostedModel, body: string): ServerAnswer {
  const input = readInferBody(body);
  if (input.kind === 'malformed') {
    model.traffic.record('clientError');
    const detail = { type: 'json_invalid', loc: ['body', 1], msg: 'JSON decode error', input: {} };
    return json(422, { detail: [{ ...detail, ctx: { error: 'unexpected character' } }] });
  }
  if (input.kind === 'no-inputs') {
    model.traffic.record('clientError');
    const detail = { type: 'missing', loc: ['body', 'inputs'], msg: 'Field required', input: input.value };
    return json(422, { detail: [detail] });
  }
  model.traffic.record('success');
  return json(200, {
    model_name: model.name,
    model_version: model.version === '' ? null : model.version,
    id: '00000000-0000-4000-8000-000000000000',
    parameters: {},
    outputs: [
      {
        name: 'predict',
        shape: [input.rows, 1],
        datatype: 'FP32',
        parameters: { content_type: 'np' },
        data: scores(input.rows),
      },
    ],
  });
}

const INFER_PATH = '/v2/models/{model_name}/infer';
const HTTP_CODES = [
  ['200', 'success'],
  ['422', 'clientError'],
  ['500', 'serverError'],
] as const;

/** Port 8082. Requests that were refused with 422 show in the HTTP family alone, as in the real server. */
export function mlserverMetrics(server: ModelServer, nowMs: number): ServerAnswer {
  const loaded = [...server.models, ...(server.unloaded ?? [])];
  const body =
    httpRequests(loaded, nowMs) +
    grpcRequests(loaded, nowMs) +
    modelRequests(loaded, nowMs) +
    queue(loaded, nowMs) +
    durations(loaded, nowMs) +
    header('rest_server_requests_in_progress', 'gauge', 'Total HTTP requests currently in progress') +
    `rest_server_requests_in_progress{app_name="mlserver",method="POST"} ${pythonFloat(
      loaded.reduce((sum, { traffic }) => sum + Math.floor(traffic.rest.inFlight(nowMs).working), 0)
    )}\n`;
  return { status: 200, contentType: 'text/plain; version=1.0.0; charset=utf-8', body };
}

function httpLabels(status: string): Labels {
  return { app_name: 'mlserver', method: 'POST', path: INFER_PATH, status_code: status };
}

function httpRequests(models: readonly HostedModel[], nowMs: number): string {
  let requests = header('rest_server_requests_total', 'counter', 'Total HTTP requests');
  let durations = header('rest_server_request_duration_seconds', 'histogram', 'HTTP request duration, in seconds');
  for (const [status, outcome] of HTTP_CODES) {
    const all = addUp(
      models.map(({ traffic }) => traffic.rest.durations(outcome, nowMs, PYTHON_BUCKETS)),
      PYTHON_BUCKETS
    );
    if (all.count === 0) continue;
    const labels = httpLabels(status);
    requests += `rest_server_requests_total${labelText(labels)} ${pythonFloat(all.count)}\n`;
    durations += histogramText('rest_server_request_duration_seconds', labels, PYTHON_BUCKETS, all);
  }
  return requests + durations;
}

const GRPC_LABELS = {
  grpc_method: 'ModelInfer',
  grpc_service: 'inference.GRPCInferenceService',
  grpc_type: 'UNARY',
} as const;

/** What comes from pipelines. Errors are started and never handled: the real server forgets them. */
function grpcRequests(models: readonly HostedModel[], nowMs: number): string {
  const meters = models
    .map(({ traffic }) => traffic.grpc)
    .filter((meter): meter is TrafficMeter => meter !== undefined);
  const all = addUp(
    meters.flatMap((meter) => OUTCOMES.map((outcome) => meter.durations(outcome, nowMs, PYTHON_BUCKETS))),
    PYTHON_BUCKETS
  );
  if (all.count === 0) return '';
  const handled = meters.reduce((sum, meter) => sum + meter.count('success', nowMs), 0);
  const [started, done, handling] = [
    'grpc_server_started_total',
    'grpc_server_handled_total',
    'grpc_server_handling_seconds',
  ];
  return (
    `${header(started, 'counter', 'Total number of RPCs started on the server.')}` +
    `${started}${labelText(GRPC_LABELS)} ${pythonFloat(all.count)}\n` +
    header(done, 'counter', 'Total number of RPCs completed on the server, regardless of success or failure.') +
    `${done}${labelText({ grpc_code: 'OK', ...GRPC_LABELS })} ${pythonFloat(handled)}\n` +
    header(
      handling,
      'histogram',
      'Histogram of response latency (seconds) of gRPC that had been application-level handled by the server.'
    ) +
    histogramText(handling, GRPC_LABELS, PYTHON_BUCKETS, all)
  );
}

/** The version is the word None as long as nobody calls a version by its URL. */
function modelLabels(model: HostedModel): string {
  return labelText({ model: model.name, version: 'None' });
}

function modelRequests(models: readonly HostedModel[], nowMs: number): string {
  let failures = header('model_infer_request_failure_total', 'counter', 'Model infer request failure count');
  let successes = header('model_infer_request_success_total', 'counter', 'Model infer request success count');
  for (const model of models) {
    const success = model.traffic.count('success', nowMs);
    const failure = failuresOf(model, nowMs);
    // A series appears with the first request of its model.
    if (success + failure === 0) continue;
    failures += `model_infer_request_failure_total${modelLabels(model)} ${pythonFloat(failure)}\n`;
    successes += `model_infer_request_success_total${modelLabels(model)} ${pythonFloat(success)}\n`;
  }
  return failures + successes;
}

/** Over gRPC a request that cannot be read comes as far as the model: only HTTP refuses it before. */
function failuresOf({ traffic }: HostedModel, nowMs: number): number {
  return traffic.count('serverError', nowMs) + (traffic.grpc?.count('clientError', nowMs) ?? 0);
}

function queue(models: readonly HostedModel[], nowMs: number): string {
  const count = models.reduce(
    (sum, model) => sum + model.traffic.count('success', nowMs) + failuresOf(model, nowMs),
    0
  );
  // One request in the queue each time: only bounds from 1 up hold it.
  const within = PYTHON_BUCKETS.map((bound) => (bound >= 1 ? count : 0));
  return (
    header('parallel_request_queue', 'histogram', 'counter of request queue size for workers') +
    histogramText('parallel_request_queue', {}, PYTHON_BUCKETS, { count, sum: count, within })
  );
}

function durations(models: readonly HostedModel[], nowMs: number): string {
  const name = 'model_infer_request_duration';
  let text = header(name, 'summary', 'Model infer request duration');
  for (const model of models) {
    const { traffic } = model;
    const all = addUp([
      traffic.durations('success', nowMs),
      traffic.durations('serverError', nowMs),
      ...(traffic.grpc === undefined ? [] : [traffic.grpc.durations('clientError', nowMs)]),
    ]);
    if (all.count === 0) continue;
    text += `${name}_count${modelLabels(model)} ${pythonFloat(all.count)}\n`;
    text += `${name}_sum${modelLabels(model)} ${pythonFloat(all.sum)}\n`;
  }
  return text;
}
