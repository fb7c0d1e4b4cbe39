/** llama.cpp's server, as it was recorded: no labels at all, no count of requests or errors, any model name is taken. */
import { meanSeconds } from '../fleet/rhythm';
import { llmFigures, tokenPlan } from '../fleet/tokens';
import { header } from './exposition';
import { json, type HostedModel, type ModelServer, type ServerAnswer, type ServerRequest } from './model-server';
import { readCompletion } from './openai';

const CONTEXT = 8_192;
const SLOTS = 4;
const NOT_FOUND = refusal(404, 'not_found_error', 'File Not Found');

function refusal(code: number, type: string, message: string): ServerAnswer {
  return utf8(json(code, { error: { code, message, type } }));
}

function utf8(answer: ServerAnswer): ServerAnswer {
  return { ...answer, contentType: 'application/json; charset=utf-8' };
}

export function answerLlamacpp(server: ModelServer, { path, body }: ServerRequest, nowMs: number): ServerAnswer {
  const [model] = server.models;
  if (model === undefined) return NOT_FOUND;
  const loading = model.state === 'loading';
  switch (path) {
    case '/health':
    case '/v1/health':
      return loading ? refusal(503, 'unavailable_error', 'Loading model') : utf8(json(200, { status: 'ok' }));
    case '/v1/models':
    case '/models':
      return utf8(json(200, models(server, model)));
    case '/props':
      return utf8(json(200, { total_slots: SLOTS, model_alias: model.name, model_path: fileOf(model) }));
    case '/slots':
      return utf8(json(200, slots(model, nowMs)));
    case '/metrics':
      return metrics(model, nowMs);
    case '/completion':
    case '/v1/completions':
    case '/v1/chat/completions':
      if (readCompletion(body) === undefined) {
        return refusal(400, 'invalid_request_error', 'parse error at line 1, column 1');
      }
      model.traffic.record('success');
      return utf8(json(200, { choices: [{ text: 'ok', index: 0, finish_reason: 'length' }], model: fileOf(model) }));
    default:
      return NOT_FOUND;
  }
}

function fileOf(model: HostedModel): string {
  return `/models/${model.name}.gguf`;
}

/** Started with `--alias`, so that it calls its model what everybody calls it. */
function models(server: ModelServer, model: HostedModel) {
  const alias = model.name;
  const created = Math.floor(server.startedMs / 1_000);
  const meta = { vocab_type: 2, n_vocab: 128_256, n_ctx: CONTEXT, n_ctx_train: CONTEXT, n_params: 8_030_261_312 };
  return {
    models: [{ name: alias, model: alias, type: 'model', capabilities: ['completion'] }],
    object: 'list',
    data: [{ id: alias, aliases: [alias], object: 'model', created, owned_by: 'llamacpp', meta }],
  };
}

function slots(model: HostedModel, nowMs: number) {
  const { working } = model.traffic.inFlight(nowMs);
  return Array.from({ length: SLOTS }, (_, id) => ({
    id,
    n_ctx: CONTEXT,
    speculative: false,
    is_processing: id < working,
  }));
}

function metrics(model: HostedModel, nowMs: number): ServerAnswer {
  const { rest } = model.traffic;
  const plan = tokenPlan(model.name);
  const figures = llmFigures(rest, plan, nowMs);
  const promptSeconds = figures.prefill([]).sum;
  const outputSeconds = figures.decode([]).sum;
  const { working, waiting } = model.traffic.inFlight(nowMs);
  const computed = figures.promptTokens - figures.cachedTokens;
  const perSecond = (tokens: number, seconds: number) =>
    seconds === 0 ? 0 : Number((tokens / seconds).toPrecision(6));
  const longest =
    figures.requests === 0 ? 0 : Math.min(CONTEXT, Math.round(4 * meanSeconds(plan.prompt + plan.output)));
  // The maximum is typed as a counter by the server itself; both throughputs are tokens per second.
  const rows: readonly (readonly [string, 'counter' | 'gauge', string, number])[] = [
    ['prompt_tokens_total', 'counter', 'Number of prompt tokens processed, excluding cached tokens', computed],
    ['prompt_tokens_cached_total', 'counter', 'Number of prompt tokens reused from the cache', figures.cachedTokens],
    ['prompt_seconds_total', 'counter', 'Total time spent processing prompts', rounded(promptSeconds)],
    ['tokens_predicted_total', 'counter', 'Number of generation tokens processed', figures.outputTokens],
    ['tokens_predicted_seconds_total', 'counter', 'Total time spent generating tokens', rounded(outputSeconds)],
    ['n_decode_total', 'counter', 'Total number of llama_decode() calls', figures.outputTokens],
    ['n_tokens_max', 'counter', 'Largest observed sequence length (prompt + generation)', longest],
    ['prompt_tokens_seconds', 'gauge', 'Average prompt throughput in tokens/s', perSecond(computed, promptSeconds)],
    [
      'predicted_tokens_seconds',
      'gauge',
      'Average generation throughput in tokens/s',
      perSecond(figures.outputTokens, outputSeconds),
    ],
    ['requests_processing', 'gauge', 'Number of requests processing', working],
    ['requests_deferred', 'gauge', 'Number of requests deferred', waiting],
    ['n_busy_slots_per_decode', 'gauge', 'Average number of busy slots per llama_decode() call', Math.max(1, working)],
  ];
  const body = rows
    .map(([name, type, help, value]) => `${header(`llamacpp:${name}`, type, help)}llamacpp:${name} ${value}\n`)
    .join('');
  return { status: 200, contentType: 'text/plain; version=0.0.4', body };
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(6));
}
