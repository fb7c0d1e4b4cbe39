/**
 * Bodies of OpenAI's API, as vLLM, KServe's Hugging Face runtime, llama.cpp and TGI have it too: chat completions
 * (`messages`, `choices`), completions (`prompt`, `choices`) and responses (`input`, `output`), also as the chunks of a
 * stream. Source: the OpenAPI document of openai/openai-openapi.
 */
import { DecodeError, decodeUsage, isObject, type Generation, type PredictionEvent } from '@modelwatch/contract';
import { UnreadableRequest } from './format';

type Fields = Readonly<Record<string, unknown>>;

const MOST_REASON_CHARACTERS = 64;

export function isGeneration(response: Fields): boolean {
  return Array.isArray(response['choices']) || (response['object'] === 'response' && Array.isArray(response['output']));
}

/** Of several completions the first. @throws DecodeError without anything of the texts */
export function readGeneration(
  request: Fields,
  response: Fields,
  responsePlace: string
): Required<Pick<PredictionEvent, 'generation'>> & Pick<PredictionEvent, 'consumer'> {
  const prompt = promptOf(request);
  const { usage } = response;
  const consumer = [request['user'], request['safety_identifier']].find((each) => typeof each === 'string');
  return {
    generation: {
      ...(prompt === undefined ? {} : { prompt }),
      ...(Array.isArray(response['choices']) ? choice(response, responsePlace) : output(response)),
      ...(usage === undefined || usage === null ? {} : { usage: decodeUsage(usage, `${responsePlace}.usage`) }),
    },
    ...(consumer === undefined || consumer === '' ? {} : { consumer }),
  };
}

/** What was asked last: what came before it, and what the application always says, would hide what changes. */
function promptOf(request: Fields): string | undefined {
  const { messages, prompt, input } = request;
  const list = Array.isArray(messages) ? messages : Array.isArray(input) ? input : undefined;
  if (list) {
    const last = (list as unknown[]).filter(isObject).findLast(({ role }) => role === 'user');
    return last && textOf(last['content']);
  }
  if (typeof input === 'string') return input;
  if (Array.isArray(prompt)) return typeof prompt[0] === 'string' ? prompt[0] : undefined;
  return typeof prompt === 'string' ? prompt : undefined;
}

/** A text, or the parts of one; pictures and sounds are no text. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts = (content as unknown[]).filter(isObject).map(({ text }) => text);
  return texts.filter((text) => typeof text === 'string').join('\n');
}

function choice({ choices }: Fields, place: string): Generation {
  const [first] = choices as unknown[];
  if (!isObject(first)) throw new DecodeError(`${place}.choices[0]`, typeof first, 'an object');
  const message = isObject(first['message']) ? first['message'] : {};
  const { content, refusal, tool_calls: calls } = message;
  const isRefused = typeof refusal === 'string' && refusal !== '';
  const isCall = Array.isArray(calls) && calls.length > 0;
  const text = isRefused ? refusal : (textOf(first['text']) ?? textOf(content) ?? (isCall ? undefined : ''));
  return {
    // With a call of a tool there is nothing to read, and nothing is missing.
    ...(text === undefined || (isCall && text === '') ? {} : { completion: text }),
    ...(isRefused ? { isRefused } : {}),
    ...finishReasonOf(first['finish_reason']),
  };
}

/** Of the API of responses: what its messages say, one after the other. */
function output(response: Fields): Generation {
  const items = (response['output'] as unknown[]).filter(isObject);
  const parts = items.flatMap(({ content }) => (Array.isArray(content) ? (content as unknown[]).filter(isObject) : []));
  const isRefused = parts.some(({ type }) => type === 'refusal');
  const texts = parts.map(({ text, refusal }) => text ?? refusal).filter((text) => typeof text === 'string');
  const isCall = items.some(({ type }) => type === 'function_call');
  const { incomplete_details: incomplete } = response;
  const reason = isObject(incomplete) ? incomplete['reason'] : undefined;
  return {
    ...(texts.length === 0 && isCall ? {} : { completion: texts.join('\n') }),
    ...(isRefused ? { isRefused } : {}),
    ...finishReasonOf(reason === 'max_output_tokens' ? 'length' : (reason ?? (isCall ? 'tool_calls' : 'stop'))),
  };
}

function finishReasonOf(value: unknown): Pick<Generation, 'finishReason'> {
  return typeof value === 'string' && value.length <= MOST_REASON_CHARACTERS ? { finishReason: value } : {};
}

const DATA = 'data:';

export function isStream(text: string): boolean {
  return text.startsWith(DATA);
}

/** The chunks of a stream of server-sent events, put together as the one response that they are. @throws UnreadableRequest */
export function streamedResponse(text: string): Fields {
  let content = '';
  let isCall = false;
  let finishReason: unknown;
  let usage: unknown;
  for (const line of text.split('\n')) {
    const chunk = chunkOf(line.trim());
    if (chunk === undefined) continue;
    usage = chunk['usage'] ?? usage;
    const { choices } = chunk;
    const first = Array.isArray(choices)
      ? (choices as unknown[]).find((each) => isObject(each) && (each['index'] ?? 0) === 0)
      : undefined;
    if (!isObject(first)) continue;
    const delta = isObject(first['delta']) ? first['delta'] : {};
    content += textOf(first['text']) ?? textOf(delta['content']) ?? '';
    isCall ||= Array.isArray(delta['tool_calls']);
    finishReason = first['finish_reason'] ?? finishReason;
  }
  const message = { content, ...(isCall ? { tool_calls: [{}] } : {}) };
  return { choices: [{ message, finish_reason: finishReason }], usage };
}

function chunkOf(line: string): Fields | undefined {
  const data = line.startsWith(DATA) ? line.slice(DATA.length).trim() : '';
  if (data === '' || data === '[DONE]') return undefined;
  try {
    const chunk: unknown = JSON.parse(data);
    return isObject(chunk) ? chunk : undefined;
  } catch {
    throw new UnreadableRequest('body: expected JSON in each data: of the stream');
  }
}
