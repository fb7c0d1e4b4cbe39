/**
 * What a generative model was asked and answered, as it is posted. Texts are looked at and let go: nothing keeps them,
 * and no message repeats them.
 */
import { DecodeError, isObject } from './decode';
import type { UsageDirection } from './vocabulary/generative';

/** Tokens that were paid for, by what they were; each counts once. */
export type TokenUsage = Readonly<Record<UsageDirection, number>>;

export interface Generation {
  readonly prompt?: string;
  /** Absent where a tool was called instead, or nothing was sent. */
  readonly completion?: string;
  /** The server says that this is a refusal, whatever its words are. */
  readonly isRefused?: boolean;
  /** Why the model stopped, as servers say it: `stop`, `length`, `content_filter`, `tool_calls`. */
  readonly finishReason?: string;
  readonly usage?: TokenUsage;
}

const MOST_REASON_CHARACTERS = 64;
const MOST_TOKENS = 1_000_000_000;

type Fields = Readonly<Record<string, unknown>>;

/** Of an event in our own JSON; undefined when it has nothing of a generation. @throws DecodeError */
export function decodeGeneration(value: Fields, path: string): Generation | undefined {
  const { prompt, completion, finishReason, usage } = value;
  const isNone = (each: unknown) => each === undefined || each === null;
  if (isNone(prompt) && isNone(completion) && isNone(finishReason) && isNone(usage)) return undefined;
  return {
    ...(isNone(prompt) ? {} : { prompt: textOf(prompt, path, 'prompt') }),
    ...(isNone(completion) ? {} : { completion: textOf(completion, path, 'completion') }),
    ...(isNone(finishReason) ? {} : { finishReason: reasonOf(finishReason, path) }),
    ...(isNone(usage) ? {} : { usage: decodeUsage(usage, at(path, 'usage')) }),
  };
}

/**
 * Tokens as model servers tell them: of OpenAI's chat completions and completions (`prompt_tokens`,
 * `completion_tokens`; of these `prompt_tokens_details.cached_tokens`, `completion_tokens_details.reasoning_tokens`), of
 * its responses (`input_tokens`, `output_tokens` and their details), and of Anthropic's messages (the same names, where
 * `cache_read_input_tokens` and `cache_creation_input_tokens` come on top). @throws DecodeError
 */
export function decodeUsage(value: unknown, path: string): TokenUsage {
  if (!isObject(value))
    throw new DecodeError(path, kindOf(value), 'an object with prompt_tokens and completion_tokens');
  const tokens = (from: Fields, name: string, place = path): number | undefined => {
    const count = from[name];
    if (count === undefined || count === null) return undefined;
    if (Number.isSafeInteger(count) && Number(count) >= 0 && Number(count) <= MOST_TOKENS) return Number(count);
    throw new DecodeError(at(place, name), count, `a whole number from 0 to ${MOST_TOKENS}`);
  };
  const detail = (list: string, name: string): number | undefined => {
    const details = value[list];
    return isObject(details) ? tokens(details, name, at(path, list)) : undefined;
  };
  const asked = tokens(value, 'prompt_tokens') ?? tokens(value, 'input_tokens');
  const answered = tokens(value, 'completion_tokens') ?? tokens(value, 'output_tokens');
  if (asked === undefined && answered === undefined) {
    throw new DecodeError(at(path, 'prompt_tokens'), undefined, 'a whole number, or input_tokens');
  }
  const within =
    detail('prompt_tokens_details', 'cached_tokens') ?? detail('input_tokens_details', 'cached_tokens') ?? 0;
  const beside = tokens(value, 'cache_read_input_tokens') ?? 0;
  const made = tokens(value, 'cache_creation_input_tokens') ?? 0;
  const reasoning =
    detail('completion_tokens_details', 'reasoning_tokens') ?? detail('output_tokens_details', 'reasoning_tokens') ?? 0;
  // Some servers leave those of reasoning out of the sum: none is counted twice, and none is lost.
  return {
    input: Math.max(0, (asked ?? 0) - within) + made,
    cached: within + beside,
    output: Math.max(0, (answered ?? 0) - reasoning),
    reasoning,
  };
}

/** What kind of value came in place of another, in words: the value itself may be anybody's text. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

function textOf(value: unknown, path: string, field: string): string {
  if (typeof value === 'string') return value;
  throw new DecodeError(at(path, field), kindOf(value), 'a text');
}

function reasonOf(value: unknown, path: string): string {
  if (typeof value === 'string' && value.length <= MOST_REASON_CHARACTERS) return value;
  throw new DecodeError(
    at(path, 'finishReason'),
    kindOf(value),
    `a text of at most ${MOST_REASON_CHARACTERS} characters`
  );
}

function at(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
