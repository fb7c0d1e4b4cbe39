/** KServe's Python server 0.21.0, as it was recorded: a model that is not ready is 404, the server is always ready. */
import { addUp, type Distribution } from '../fleet/meter';
import { header, histogramText, labelText, PYTHON_BUCKETS } from './exposition';
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
import { createdAt, processText } from './python-process';

const METHOD_NOT_ALLOWED = json(405, { detail: 'Method Not Allowed' });
const NO_VERSIONS = json(501, { error: 'Model versioning not supported yet.' });

function missing(name: string): ServerAnswer {
  return json(404, { error: `Model with name ${name} does not exist.` });
}

export function answerKserve(server: ModelServer, request: ServerRequest, nowMs: number): ServerAnswer {
  return answerServer(server, request, nowMs) ?? answerModel(server, request);
}

/** What concerns the whole server; `undefined` for other paths. */
function answerServer(server: ModelServer, { path }: ServerRequest, nowMs: number): ServerAnswer | undefined {
  switch (path) {
    case '/':
      return json(200, { status: 'alive' });
    case '/v2/health/live':
      return json(200, { live: true });
    case '/v2/health/ready':
      return json(200, { ready: true });
    case '/v2':
      return json(200, { name: 'kserve', version: '0.21.0', extensions: ['model_repository_extension'] });
    case '/v2/models':
    case '/v1/models':
      return json(200, { models: server.models.map((model) => model.name) });
    case '/metrics':
      return metrics(server, nowMs);
    default:
      return undefined;
  }
}

function answerModel(server: ModelServer, { method, path, body }: ServerRequest): ServerAnswer {
  const v1 = /^\/v1\/models\/([^/:]+)$/.exec(path)?.[1];
  if (v1 !== undefined) return readyModel(server, v1) ? json(200, { name: v1, ready: true }) : missing(v1);
  const target = parseModelPath(path);
  if (target === undefined || !['', 'ready', 'infer'].includes(target.verb)) return NOT_FOUND;
  if (target.version !== undefined) return NO_VERSIONS;
  if ((target.verb === 'infer') !== (method === 'POST')) return METHOD_NOT_ALLOWED;
  const model = readyModel(server, target.model);
  if (model === undefined) return missing(target.model);
  if (target.verb === 'ready') return json(200, { name: model.name, ready: true });
  if (target.verb === 'infer') return infer(model, body);
  return json(200, { name: model.name, versions: null, platform: '', inputs: [], outputs: [] });
}

function readyModel(server: ModelServer, name: string): HostedModel | undefined {
  return server.models.find((model) => model.name === name && model.state === 'ready');
}

function infer(model: HostedModel, body: string): ServerAnswer {
  const input = readInferBody(body);
  if (input.kind === 'malformed') {
    const detail = { type: 'json_invalid', loc: ['body', 1], msg: 'JSON decode error', input: {} };
    return json(422, { detail: [{ ...detail, ctx: { error: 'Expecting value' } }] });
  }
  if (input.kind === 'no-inputs') {
    const loc = ['body', 'InferenceRequest', 'inputs'];
    return json(422, { detail: [{ type: 'missing', loc, msg: 'Field required', input: input.value }] });
  }
  model.traffic.record('success');
  return json(200, {
    model_name: model.name,
    model_version: null,
    id: '',
    parameters: null,
    outputs: [{ name: 'y', shape: [input.rows, 1], datatype: 'FP32', parameters: null, data: scores(input.rows) }],
  });
}

/** No counter of requests or errors: failures show only as predictions that were never post-processed. */
function metrics(server: ModelServer, nowMs: number): ServerAnswer {
  const predict = ({ traffic }: HostedModel) =>
    addUp(
      [traffic.durations('success', nowMs, PYTHON_BUCKETS), traffic.durations('serverError', nowMs, PYTHON_BUCKETS)],
      PYTHON_BUCKETS
    );
  const body =
    processText(server, nowMs) +
    family('request_preprocess_seconds', 'pre-process request latency', server, (model) =>
      quick(predict(model).count)
    ) +
    family('request_postprocess_seconds', 'post-process request latency', server, ({ traffic }) =>
      quick(traffic.count('success', nowMs))
    ) +
    family('request_predict_seconds', 'predict request latency', server, predict) +
    family('request_explain_seconds', 'explain request latency', server, () => quick(0));
  return { status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body };
}

/** Steps around the prediction take no time worth a bucket. */
function quick(count: number): Distribution {
  return { count, sum: count * 0.000008, within: PYTHON_BUCKETS.map(() => count) };
}

function family(name: string, help: string, server: ModelServer, values: (model: HostedModel) => Distribution): string {
  let samples = '';
  let created = '';
  for (const model of server.models) {
    const found = values(model);
    // Nothing but the header until the first request.
    if (found.count === 0) continue;
    const labels = { model_name: model.name };
    samples += histogramText(name, labels, PYTHON_BUCKETS, found);
    created += `${name}_created${labelText(labels)} ${createdAt(server)}\n`;
  }
  const createdFamily = created === '' ? '' : header(`${name}_created`, 'gauge', help) + created;
  return header(name, 'histogram', help) + samples + createdFamily;
}
