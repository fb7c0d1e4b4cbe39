/** TensorFlow Serving 2, from its documentation and source: numbers with six digits, microseconds, names with colons. */
import { OUTCOMES } from '../fleet/meter';
import { histogramText, labelText, type Hand } from './exposition';
import {
  json,
  readInferBody,
  scores,
  type HostedModel,
  type ModelServer,
  type ServerAnswer,
  type ServerRequest,
} from './model-server';

/** Thirty-three bounds from 10 µs, each 1.8 times the one before; the last but one is about 20 minutes. */
const MICROSECONDS = Array.from({ length: 33 }, (_, i) => 10 * 1.8 ** i);
const CODES = { success: 'OK', clientError: 'INVALID_ARGUMENT', serverError: 'INTERNAL' } as const;

/** As `%g` of C writes: six digits and no more, of sums too. */
function sixDigits(value: number): string {
  const text = String(Number(value.toPrecision(6)));
  if (Math.abs(value) < 1e6) return text;
  return Number(value.toPrecision(6))
    .toExponential()
    .replace(/e\+(\d)$/, 'e+0$1');
}

const HAND: Hand = { number: String, sum: sixDigits, bound: sixDigits, sorted: false, countFirst: false };

export function answerTfserving(server: ModelServer, request: ServerRequest, nowMs: number): ServerAnswer {
  const { method, path, body } = request;
  if (path === '/monitoring/prometheus/metrics') return metrics(server, nowMs);
  const [, name = '', version, verb] =
    /^\/v1\/models\/([^/:]+)(?:\/versions\/(\d+))?(?:[/:](metadata|predict))?$/.exec(path) ?? [];
  if (name === '') return json(404, { error: `Malformed request: ${method} ${path}` });
  const model = server.models.find((each) => each.name === name);
  if (model === undefined) return json(404, { error: `Servable not found for request: Latest(${name})` });
  if (version !== undefined && version !== model.version) {
    return json(404, { error: `Servable not found for request: Specific(${name}, ${version})` });
  }
  if (verb === 'predict') return method === 'POST' ? predict(model, body) : json(404, { error: 'Malformed request' });
  if (verb === 'metadata') {
    return json(200, { model_spec: { name, signature_name: '', version: model.version }, metadata: {} });
  }
  return json(200, { model_version_status: [status(model)] });
}

function status(model: HostedModel) {
  const state = { ready: 'AVAILABLE', loading: 'LOADING', unavailable: 'END' }[model.state];
  const error =
    model.state === 'unavailable'
      ? { error_code: 'NOT_FOUND', error_message: model.reason }
      : { error_code: 'OK', error_message: '' };
  return { version: model.version, state, status: error };
}

function predict(model: HostedModel, body: string): ServerAnswer {
  if (readInferBody(body).kind === 'malformed') {
    model.traffic.record('clientError');
    return json(400, { error: 'JSON Parse error: Invalid value. at offset: 0' });
  }
  model.traffic.record('success');
  return json(200, { predictions: scores(1) });
}

function metrics(server: ModelServer, nowMs: number): ServerAnswer {
  const { models } = server;
  let counts = '# TYPE :tensorflow:serving:request_count counter\n';
  let requests = '# TYPE :tensorflow:serving:request_latency histogram\n';
  let runtime = '# TYPE :tensorflow:serving:runtime_latency histogram\n';
  let loads = '# TYPE :tensorflow:cc:saved_model:load_attempt_count counter\n';
  for (const { name, traffic, version } of models) {
    for (const outcome of OUTCOMES) {
      const count = traffic.count(outcome, nowMs);
      if (count === 0) continue;
      counts += `:tensorflow:serving:request_count${labelText({ model_name: name, status: CODES[outcome] })} ${count}\n`;
    }
    const bounds = MICROSECONDS.map((bound) => bound / 1e6);
    const { count, sum, within } = traffic.durations('success', nowMs, bounds);
    const values = { count, within, sum: sum * 1e6 };
    const latency = ':tensorflow:serving:request_latency';
    requests += histogramText(
      latency,
      { model_name: name, API: 'predict', entrypoint: 'REST' },
      MICROSECONDS,
      values,
      HAND
    );
    // The runtime has nearly all of the time: what is left is reading and writing JSON.
    const inside = { ...values, sum: sum * 0.97e6 };
    const run = ':tensorflow:serving:runtime_latency';
    runtime += histogramText(run, { model_name: name, API: 'Predict', runtime: 'TF1' }, MICROSECONDS, inside, HAND);
    const path = `/mnt/models/${version}`;
    loads += `:tensorflow:cc:saved_model:load_attempt_count${labelText({ model_path: path, status: 'success' })} 1\n`;
  }
  return { status: 200, contentType: 'text/plain', body: loads + counts + requests + runtime };
}
