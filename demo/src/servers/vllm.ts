/** vLLM 0.32.0 behind its OpenAI paths, as it was recorded: `/health` is an empty 200, errors are OpenAI's. */
import {
  FASTAPI_NOT_FOUND,
  json,
  type HostedModel,
  type ModelServer,
  type ServerAnswer,
  type ServerRequest,
} from './model-server';
import { readCompletion, type Completion } from './openai';
import { vllmMetrics } from './vllm-metrics';

const EMPTY: ServerAnswer = { status: 200, body: '' };
const MAX_LENGTH = 8_192;

function error(code: number, type: string, message: string, param: string): ServerAnswer {
  return json(code, { error: { message, type, param, code } });
}

export function answerVllm(server: ModelServer, request: ServerRequest, nowMs: number): ServerAnswer {
  const { method, path } = request;
  switch (path) {
    case '/health':
    case '/ping':
      return EMPTY;
    case '/version':
      return json(200, { version: '0.32.0' });
    case '/load':
      return json(200, { server_load: server.models.reduce((sum, each) => sum + load(each, nowMs), 0) });
    case '/v1/models':
      return json(200, { object: 'list', data: server.models.map((model) => card(server, model)) });
    case '/metrics':
      return vllmMetrics(server, nowMs);
    case '/v1/completions':
    case '/v1/chat/completions':
      return method === 'POST'
        ? complete(server, path, request.body, nowMs)
        : json(405, { detail: 'Method Not Allowed' });
    default:
      return FASTAPI_NOT_FOUND;
  }
}

function load({ traffic }: HostedModel, nowMs: number): number {
  const { working, waiting } = traffic.inFlight(nowMs);
  return working + waiting;
}

function card(server: ModelServer, model: HostedModel) {
  const created = Math.floor(server.startedMs / 1_000);
  return {
    id: model.name,
    object: 'model',
    created,
    owned_by: 'vllm',
    root: '/mnt/models',
    parent: null,
    max_model_len: MAX_LENGTH,
    permission: [],
  };
}

function complete(server: ModelServer, path: string, body: string, nowMs: number): ServerAnswer {
  const asked = readCompletion(body);
  const [first] = server.models;
  if (first === undefined) return FASTAPI_NOT_FOUND;
  const refuse = (answer: ServerAnswer) => {
    first.traffic.record('clientError');
    return answer;
  };
  if (asked === undefined) {
    return refuse(
      error(400, 'Bad Request', "1 validation error:\n  {'type': 'json_invalid', 'loc': 'body.1'}", 'body.1')
    );
  }
  const model = server.models.find((each) => asked.model === undefined || each.name === asked.model);
  if (model === undefined) {
    const aliases = server.models.map((each) => each.name).join(', ');
    const message = `The model \`${asked.model ?? ''}\` does not exist. Valid aliases: ${aliases}.`;
    return refuse(error(404, 'NotFoundError', message, 'model'));
  }
  model.traffic.record('success');
  return json(200, completion(model.name, path.includes('chat'), asked, nowMs));
}

function completion(model: string, chat: boolean, asked: Completion, nowMs: number) {
  const text = 'Nothing in this text is toxic.';
  const choice = chat ? { message: { role: 'assistant', content: text } } : { text };
  const completionTokens = 8;
  return {
    id: `${chat ? 'chatcmpl' : 'cmpl'}-0000000000000000`,
    object: chat ? 'chat.completion' : 'text_completion',
    created: Math.floor(nowMs / 1_000),
    model,
    choices: [{ index: 0, ...choice, logprobs: null, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: asked.promptTokens,
      total_tokens: asked.promptTokens + completionTokens,
      completion_tokens: completionTokens,
    },
  };
}
