/** What is counted of a prompt and its completion. The same for a reference and for every event, or they would not compare. */
import type { CompletionOutcome, Generation } from '@modelwatch/contract';
import { keywordOf, lengthOf, wordsOf } from './words';

/** Names of the features; in `_keyword` the keywords are those of the reference. */
export const TEXT_SIDES = ['prompt', 'completion'] as const;
export type TextSide = (typeof TEXT_SIDES)[number];

/** What texts are looked at with. */
export interface TextTools {
  /** ISO 639-1, or `unknown` where too little tells. */
  readonly languageOf: (text: string) => string;
  readonly isRefusal: (completion: string) => boolean;
}

/** Of each side; absent: the reference has none. */
export type Keywords = Readonly<Partial<Record<TextSide, ReadonlySet<string>>>>;

export type TextFeatures = Readonly<Record<string, string | number | boolean>>;

/** Names of all that the text of a side may tell. */
export function sideFeatureNames(side: TextSide): string[] {
  const ofBoth = ['length', 'words', 'language', 'keyword'];
  const more = side === 'completion' ? ['empty', 'refusal'] : [];
  return [...ofBoth, ...more].map((name) => `${side}_${name}`);
}

/** Features of one side: `prompt_length`, `prompt_words`, `prompt_language`, `prompt_keyword`. */
export function sideFeatures(
  side: TextSide,
  text: string,
  { languageOf, isRefusal }: TextTools,
  keywords: ReadonlySet<string> | undefined
): TextFeatures {
  const words = wordsOf(text);
  return {
    [`${side}_length`]: lengthOf(text),
    [`${side}_words`]: words.length,
    [`${side}_language`]: languageOf(text),
    ...(keywords && keywords.size > 0 ? { [`${side}_keyword`]: keywordOf(words, keywords) } : {}),
    ...(side === 'completion' ? { completion_empty: isEmpty(text), completion_refusal: isRefusal(text) } : {}),
  };
}

/** All that is known of a generation. What was not sent is not there, and counts as missing. */
export function generationFeatures(generation: Generation, tools: TextTools, keywords: Keywords): TextFeatures {
  const { prompt, completion, isRefused, finishReason, usage } = generation;
  return {
    ...(prompt === undefined ? {} : sideFeatures('prompt', prompt, tools, keywords.prompt)),
    ...(completion === undefined ? {} : sideFeatures('completion', completion, tools, keywords.completion)),
    ...(isRefused ? { completion_refusal: true } : {}),
    ...(finishReason === undefined ? {} : { finish_reason: finishReason }),
    ...(usage && { prompt_tokens: usage.input + usage.cached, completion_tokens: usage.output + usage.reasoning }),
  };
}

/** Undefined where nothing tells what came of the prompt. */
export function outcomeOf(
  { completion, finishReason }: Generation,
  features: Readonly<Record<string, unknown>>
): CompletionOutcome | undefined {
  if (finishReason === 'content_filter') return 'filtered';
  if (completion === undefined && finishReason === undefined) return undefined;
  if (features['completion_empty'] === true) return 'empty';
  if (features['completion_refusal'] === true) return 'refused';
  // As OpenAI and Anthropic say it.
  return finishReason === 'length' || finishReason === 'max_tokens' ? 'truncated' : 'answered';
}

function isEmpty(text: string): boolean {
  return !/[^\s\p{Cf}]/u.test(text);
}
