/**
 * standalone/kb-answers: a language model that answers customers of a shop. What it is asked and answers is put together
 * from sentences; its guards and customers say what they think of it.
 */
import { CHAT_TEXTS, type ChatLanguage } from './chat-texts';
import { between, Draw, round, type Weights } from './draw';
import type { Amounts } from './types';

/** One question and its answer. */
export interface Chat {
  readonly prompt: string;
  readonly completion: string;
  readonly finishReason: string;
  readonly consumer: string;
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
  };
  /** Of its guards, and how near the answer is to the page of the handbook that it was made of. */
  readonly features: {
    readonly injection: 'pass' | 'flag';
    readonly pii: 'pass' | 'masked';
    readonly toxicity: number;
    readonly similarity: number;
  };
  /** Few say what they think. */
  readonly feedback?: 'positive' | 'negative';
}

/** The namespace in which a server outside Kubernetes has its models. */
export const CHAT_MODEL = { namespace: 'standalone', model: 'kb-answers', rowsPerSecond: 6 } as const;

/** What its owner says of it, as `monitoring.models` has it. */
export const CHAT_SETTINGS = {
  consumerClasses: { shop: ['web', 'app-*'], partners: ['partner-*'], staff: ['team-*'] },
  prices: { currency: 'EUR', input: 0.8, cached: 0.2, output: 3.2 },
  guards: { injection: ['pass', 'flag'], pii: ['pass', 'masked'] },
} as const;

const LANGUAGES: Weights = { en: 70, de: 18, fr: 8, es: 4 };
const CAMPAIGN_LANGUAGES: Weights = { en: 42, de: 12, fr: 6, es: 40 };
const SUBJECTS: Weights = { parcel: 38, invoice: 20, refund: 19, password: 14, voucher: 9 };
const CAMPAIGN_SUBJECTS: Weights = { parcel: 26, invoice: 12, refund: 12, password: 10, voucher: 40 };
const CONSUMERS: Weights = {
  web: 46,
  'app-ios': 18,
  'app-android': 22,
  'partner-acme': 8,
  'team-support': 4,
  tester: 2,
};
/** What stands before each question: the instructions, and the page of the handbook. */
const CONTEXT_TOKENS = 420;
const CHARACTERS_PER_TOKEN = 4.2;

export function chat(draw: Draw, amounts: Amounts): Chat {
  const isCampaign = draw.chance(amounts('prompt-shift'));
  const language = draw.pick(isCampaign ? CAMPAIGN_LANGUAGES : LANGUAGES) as ChatLanguage;
  const subject = draw.pick(isCampaign ? CAMPAIGN_SUBJECTS : SUBJECTS);
  const isRefused = draw.chance(between(amounts('refusals'), 0.02, 0.3));
  const isCut = !isRefused && draw.chance(0.015);
  const prompt = promptOf(draw, language, subject, isCampaign);
  const completion = isRefused
    ? one(draw, CHAT_TEXTS[language].refusals)
    : answerOf(draw, language, subject, isCut ? 0.7 : 1);
  const feedback = opinion(draw, isRefused);
  return {
    prompt,
    completion,
    finishReason: isCut ? 'length' : 'stop',
    consumer: draw.pick(CONSUMERS),
    usage: {
      prompt_tokens: CONTEXT_TOKENS + tokensOf(prompt),
      completion_tokens: tokensOf(completion),
      prompt_tokens_details: { cached_tokens: draw.chance(0.8) ? 256 : 0 },
    },
    features: {
      injection: draw.chance(0.006) ? 'flag' : 'pass',
      pii: draw.chance(0.04) ? 'masked' : 'pass',
      toxicity: round(Math.min(1, draw.logNormal(0.02, 0.9)), 4),
      similarity: round(Math.max(0, Math.min(1, draw.normal(isRefused ? 0.35 : 0.82, 0.07))), 3),
    },
    ...(feedback === undefined ? {} : { feedback }),
  };
}

function promptOf(draw: Draw, language: ChatLanguage, subject: string, isCampaign: boolean): string {
  const { greetings, questions, details } = CHAT_TEXTS[language];
  const question = `${one(draw, greetings)}${one(draw, questions[subject] ?? [])}`;
  return [question, ...some(draw, details, draw.exponential(isCampaign ? 2.2 : 1.1))].join(' ');
}

/** @param share of the answer that fits into the most tokens */
function answerOf(draw: Draw, language: ChatLanguage, subject: string, share: number): string {
  // The server gave up.
  if (draw.chance(0.003)) return '';
  const { answers, hints } = CHAT_TEXTS[language];
  const answer = [one(draw, answers[subject] ?? []), ...some(draw, hints, draw.exponential(1.2))].join(' ');
  return answer.slice(0, Math.round(answer.length * share));
}

function opinion(draw: Draw, isRefused: boolean): Chat['feedback'] {
  if (!draw.chance(isRefused ? 0.25 : 0.1)) return undefined;
  return draw.chance(isRefused ? 0.08 : 0.84) ? 'positive' : 'negative';
}

function one(draw: Draw, texts: readonly string[]): string {
  return texts[Math.floor(draw.share() * texts.length)] ?? '';
}

function some(draw: Draw, texts: readonly string[], count: number): string[] {
  return Array.from({ length: Math.floor(count) }, () => one(draw, texts));
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** What it was tried with before it went live: one JSON object a line; the same for the same seed. */
export function chatTraining(rows: number, seed: number): string {
  const draw = new Draw('training', seed, CHAT_MODEL.namespace, CHAT_MODEL.model);
  const calm = () => 0;
  const lines = Array.from({ length: rows }, () => {
    const { prompt, completion, finishReason, usage, features } = chat(draw, calm);
    return JSON.stringify({
      ...{ prompt, completion, finish_reason: finishReason },
      ...{ prompt_tokens: usage.prompt_tokens, completion_tokens: usage.completion_tokens, ...features },
    });
  });
  return `${lines.join('\n')}\n`;
}
