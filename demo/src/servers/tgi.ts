/** Hugging Face Text Generation Inference 3, from its documentation and source: metrics on its only port. */
import { OUTCOMES, type Distribution } from '../fleet/meter';
import { llmFigures, tokenPlan, type LlmFigures } from '../fleet/tokens';
import { histogramText, labelText, PLAIN, type Labels } from './exposition';
import { json, type HostedModel, type ModelServer, type ServerAnswer, type ServerRequest } from './model-server';
import { readCompletion } from './openai';

const MAX_INPUT = 4_095;
const MAX_TOTAL = 4_096;
/** Thirty-five steps from 0.1 ms, each half as long again. */
const SECONDS = Array.from({ length: 35 }, (_, i) => 0.0001 * 1.5 ** (i + 1));
const hundredths = (limit: number) => Array.from({ length: 100 }, (_, i) => (limit / 100) * (i + 1));
const INPUT_TOKENS = hundredths(MAX_INPUT);
const TOTAL_TOKENS = hundredths(MAX_TOTAL);
/** Time to check and cut a request into tokens, for nearly all of them. */
const VALIDATION_SECONDS = 0.0008;

export function answerTgi(server: ModelServer, { path, body }: ServerRequest, nowMs: number): ServerAnswer {
  const [model] = server.models;
  if (model === undefined) return { status: 404, body: '' };
  switch (path) {
    case '/health':
      return { status: model.state === 'ready' ? 200 : 503, body: '' };
    case '/info':
      return json(200, {
        model_id: `example/${model.name}`,
        model_sha: null,
        model_pipeline_tag: 'text-generation',
        max_concurrent_requests: 128,
        max_input_tokens: MAX_INPUT,
        max_total_tokens: MAX_TOTAL,
        version: '3.3.5',
        router: 'text-generation-router',
      });
    case '/v1/models':
      return json(200, { object: 'list', data: [{ id: `example/${model.name}`, object: 'model', created: 0 }] });
    case '/metrics':
      return metrics(model, nowMs);
    case '/generate':
    case '/v1/chat/completions':
      return generate(model, body);
    default:
      return { status: 404, body: '' };
  }
}

function generate(model: HostedModel, body: string): ServerAnswer {
  if (readCompletion(body) === undefined) {
    model.traffic.record('clientError');
    return { status: 422, contentType: 'text/plain; charset=utf-8', body: 'Failed to deserialize the JSON body' };
  }
  model.traffic.record('success');
  return json(200, { generated_text: 'ok' });
}

function family(name: string, type: string, samples: string): string {
  return `# TYPE ${name} ${type}\n${samples}\n`;
}

function scalar(name: string, type: string, value: number, labels: Labels = {}): string {
  return family(name, type, `${name}${labelText(labels)} ${value}\n`);
}

function metrics(model: HostedModel, nowMs: number): ServerAnswer {
  const { rest } = model.traffic;
  const figures = llmFigures(rest, tokenPlan(model.name), nowMs);
  const { working, waiting } = model.traffic.inFlight(nowMs);
  const counts = OUTCOMES.map((outcome) => rest.count(outcome, nowMs));
  const [success = 0, refused = 0, failed = 0] = counts;
  const failures = [
    ['validation', refused],
    ['generation', failed],
  ] as const;
  const failureLines = failures
    .filter(([, count]) => count > 0)
    .map(([err, count]) => `tgi_request_failure${labelText({ err })} ${count}\n`);
  const body =
    scalar('tgi_request_count', 'counter', success + refused + failed) +
    scalar('tgi_request_success', 'counter', success) +
    (failureLines.length === 0 ? '' : family('tgi_request_failure', 'counter', failureLines.join(''))) +
    scalar('tgi_queue_size', 'gauge', waiting) +
    scalar('tgi_batch_current_size', 'gauge', working) +
    scalar('tgi_batch_current_max_tokens', 'gauge', working * 512) +
    histograms(figures, refused + failed) +
    batches(figures);
  return { status: 200, contentType: 'text/plain; charset=utf-8', body };
}

/** Every request is checked; those that are refused go no further. */
function histograms(figures: LlmFigures, refused: number): string {
  const checked = figures.requests + refused;
  const validation: Distribution = {
    count: checked,
    sum: checked * VALIDATION_SECONDS,
    within: SECONDS.map((bound) => (bound >= VALIDATION_SECONDS ? checked : 0)),
  };
  const rows: readonly (readonly [string, readonly number[], Distribution])[] = [
    ['tgi_request_duration', SECONDS, figures.endToEnd(SECONDS)],
    ['tgi_request_validation_duration', SECONDS, validation],
    ['tgi_request_queue_duration', SECONDS, figures.queue(SECONDS)],
    ['tgi_request_inference_duration', SECONDS, figures.running(SECONDS)],
    ['tgi_request_mean_time_per_token_duration', SECONDS, figures.timePerToken(SECONDS)],
    ['tgi_request_input_length', INPUT_TOKENS, { ...figures.prompts(INPUT_TOKENS), sum: figures.promptTokens }],
    ['tgi_request_generated_tokens', TOTAL_TOKENS, { ...figures.outputs(TOTAL_TOKENS), sum: figures.outputTokens }],
  ];
  return rows
    .map(([name, bounds, values]) => family(name, 'histogram', histogramText(name, {}, bounds, values, PLAIN)))
    .join('');
}

/** Each request is prefilled once; each further token is one decoding step. */
function batches(figures: LlmFigures): string {
  const steps = { prefill: figures.requests, decode: figures.outputTokens - figures.requests } as const;
  const times = { prefill: figures.prefill(SECONDS), decode: figures.interToken(SECONDS) } as const;
  const methods = ['prefill', 'decode'] as const;
  const counters = ['tgi_batch_inference_count', 'tgi_batch_inference_success', 'tgi_batch_forward_success'];
  return (
    counters
      .map((name) =>
        family(name, 'counter', methods.map((method) => `${name}${labelText({ method })} ${steps[method]}\n`).join(''))
      )
      .join('') +
    family(
      'tgi_batch_inference_duration',
      'histogram',
      methods
        .map((method) => histogramText('tgi_batch_inference_duration', { method }, SECONDS, times[method], PLAIN))
        .join('')
    )
  );
}
