/** MLServer 1.7.1, as it was recorded: empty 200s, 404 for what is not there, 400 for what is not ready yet. */
import { meanSeconds } from '../fleet/rhythm';
import { header, histogramText, labelText, PYTHON_BUCKETS, pythonFloat } from './exposition';
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

const EMPTY: ServerAnswer = { status: 200, body: '' };
const NOT_READY: ServerAnswer = { status: 400, body: '' };
const NOT_FOUND = json(404, { detail: 'Not Found' });
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
  const seconds = meanSeconds(model.meter.profile.medianSeconds);
  if (input.kind === 'malformed') {
    model.meter.record('clientError', seconds);
    const detail = { type: 'json_invalid', loc: ['body', 1], msg: 'JSON decode error', input: {} };
    return json(422, { detail: [{ ...detail, ctx: { error: 'unexpected character' } }] });
  }
  if (input.kind === 'no-inputs') {
    model.meter.record('clientError', seconds);
    const detail = { type: 'missing', loc: ['body', 'inputs'], msg: 'Field required', input: input.value };
    return json(422, { detail: [detail] });
  }
  model.meter.record('success', seconds);
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
  const loaded = server.models.filter((model) => model.state !== 'loading');
  const text =
    httpRequests(loaded, nowMs) + modelRequests(loaded, nowMs) + queue(loaded, nowMs) + durations(loaded, nowMs);
  const inProgress =
    header('rest_server_requests_in_progress', 'gauge', 'Total HTTP requests currently in progress') +
    `rest_server_requests_in_progress{app_name="mlserver",method="POST"} ${pythonFloat(
      loaded.reduce((sum, model) => sum + model.meter.inFlight(nowMs), 0)
    )}\n`;
  return { status: 200, contentType: 'text/plain; version=1.0.0; charset=utf-8', body: text + inProgress };
}

function httpLabels(status: string): Readonly<Record<string, string>> {
  return { app_name: 'mlserver', method: 'POST', path: INFER_PATH, status_code: status };
}

function httpRequests(models: readonly HostedModel[], nowMs: number): string {
  let requests = header('rest_server_requests_total', 'counter', 'Total HTTP requests');
  let durations = header('rest_server_request_duration_seconds', 'histogram', 'HTTP request duration, in seconds');
  for (const [status, outcome] of HTTP_CODES) {
    const tallies = models.map((model) => model.meter.tally(outcome, nowMs, PYTHON_BUCKETS));
    const count = tallies.reduce((sum, tally) => sum + tally.count, 0);
    if (count === 0) continue;
    requests += `rest_server_requests_total${labelText(httpLabels(status))} ${pythonFloat(count)}\n`;
    durations += histogramText('rest_server_request_duration_seconds', httpLabels(status), {
      count,
      sumSeconds: tallies.reduce((sum, tally) => sum + tally.sumSeconds, 0),
      within: PYTHON_BUCKETS.map((_, i) => tallies.reduce((sum, tally) => sum + (tally.within[i] ?? 0), 0)),
    });
  }
  return requests + durations;
}

/** The version is the word None as long as nobody calls a version by its URL. */
function modelLabels(model: HostedModel): string {
  return labelText({ model: model.name, version: 'None' });
}

function modelRequests(models: readonly HostedModel[], nowMs: number): string {
  let failures = header('model_infer_request_failure_total', 'counter', 'Model infer request failure count');
  let successes = header('model_infer_request_success_total', 'counter', 'Model infer request success count');
  for (const model of models) {
    const { count: success } = model.meter.tally('success', nowMs);
    const { count: failure } = model.meter.tally('serverError', nowMs);
    // A series appears with the first request of its model.
    if (success + failure === 0) continue;
    failures += `model_infer_request_failure_total${modelLabels(model)} ${pythonFloat(failure)}\n`;
    successes += `model_infer_request_success_total${modelLabels(model)} ${pythonFloat(success)}\n`;
  }
  return failures + successes;
}

function queue(models: readonly HostedModel[], nowMs: number): string {
  const count = models.reduce(
    (sum, model) => sum + model.meter.tally('success', nowMs).count + model.meter.tally('serverError', nowMs).count,
    0
  );
  // One request in the queue each time: only bounds from 1 up hold it.
  const within = PYTHON_BUCKETS.map((bound) => (bound >= 1 ? count : 0));
  return (
    header('parallel_request_queue', 'histogram', 'counter of request queue size for workers') +
    histogramText('parallel_request_queue', {}, { count, sumSeconds: count, within })
  );
}

function durations(models: readonly HostedModel[], nowMs: number): string {
  let text = header('model_infer_request_duration', 'summary', 'Model infer request duration');
  for (const model of models) {
    const success = model.meter.tally('success', nowMs);
    const failure = model.meter.tally('serverError', nowMs);
    const count = success.count + failure.count;
    if (count === 0) continue;
    text += `model_infer_request_duration_count${modelLabels(model)} ${pythonFloat(count)}\n`;
    text += `model_infer_request_duration_sum${modelLabels(model)} ${pythonFloat(success.sumSeconds + failure.sumSeconds)}\n`;
  }
  return text;
}
