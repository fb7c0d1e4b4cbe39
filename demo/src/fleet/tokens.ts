/** What one request costs an LLM server: tokens, and which part of its time goes where. The same for a name. */
import { share } from '../random';
import { distribution, type Distribution, type Outcome, type Pace, type Since, type TrafficMeter } from './meter';
import { meanSeconds } from './rhythm';

/** Shares of the usual duration; they add up to 1. */
const QUEUE = 0.02;
const PREFILL = 0.14;
const DECODE = 0.84;

export interface TokenPlan {
  /** Medians per request. */
  readonly prompt: number;
  readonly output: number;
  /** Percent of the prompt that the prefix cache has. */
  readonly cachedPercent: number;
}

export function tokenPlan(model: string): TokenPlan {
  return {
    prompt: 120 + Math.floor(share(model, 'prompt') * 500),
    output: 40 + Math.floor(share(model, 'output') * 160),
    cachedPercent: 20 + Math.floor(share(model, 'cached') * 40),
  };
}

/** Who only takes in prompts makes one token of each. */
export function promptsOnly(plan: TokenPlan): TokenPlan {
  return { ...plan, output: 1 / meanSeconds(1) };
}

export interface LlmFigures {
  readonly requests: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly preemptions: number;
  prompts(bounds: readonly number[]): Distribution;
  outputs(bounds: readonly number[]): Distribution;
  endToEnd(bounds: readonly number[]): Distribution;
  queue(bounds: readonly number[]): Distribution;
  prefill(bounds: readonly number[]): Distribution;
  decode(bounds: readonly number[]): Distribution;
  /** Prefill and decode. */
  running(bounds: readonly number[]): Distribution;
  firstToken(bounds: readonly number[]): Distribution;
  /** One for each token after the first of each request. */
  interToken(bounds: readonly number[]): Distribution;
  /** One for each request: its mean time per token. */
  timePerToken(bounds: readonly number[]): Distribution;
}

/** Figures of the requests that succeeded: all others were refused before a token. */
export function llmFigures(
  meter: TrafficMeter,
  plan: TokenPlan,
  nowMs: number,
  outcome: Outcome = 'success',
  since: Since = 'process'
): LlmFigures {
  const parts = meter.parts(outcome, nowMs, since);
  const { medianSeconds } = meter.profile;
  const requests = parts.reduce((sum, part) => sum + part.count, 0);
  const promptTokens = Math.round(requests * meanSeconds(plan.prompt));
  const outputTokens = Math.round(requests * meanSeconds(plan.output));
  const more = meanSeconds(plan.output) - 1;
  // Nothing after the first, whatever a float makes of 1.
  const later = more < 1e-9 ? 0 : more;
  const timed = (factor: (pace: Pace) => number, times?: number) => (bounds: readonly number[]) =>
    distribution(parts, bounds, (pace) => medianSeconds * factor(pace), times);
  return {
    requests,
    promptTokens,
    cachedTokens: Math.floor((promptTokens * plan.cachedPercent) / 100),
    outputTokens,
    preemptions: parts.reduce((sum, { count, pace }) => sum + Math.floor(count * (pace.preemptions ?? 0)), 0),
    prompts: (bounds) => whole(distribution(parts, bounds, () => plan.prompt)),
    outputs: (bounds) => whole(distribution(parts, bounds, () => plan.output)),
    endToEnd: timed((pace) => pace.computing + pace.waiting),
    queue: timed((pace) => QUEUE * pace.computing + pace.waiting),
    prefill: timed((pace) => PREFILL * pace.computing),
    decode: timed((pace) => DECODE * pace.computing),
    running: timed((pace) => (PREFILL + DECODE) * pace.computing),
    firstToken: timed((pace) => (QUEUE + PREFILL) * pace.computing + pace.waiting),
    interToken: timed((pace) => (DECODE * pace.computing) / Math.max(1, later), later),
    timePerToken: timed((pace) => (DECODE * pace.computing) / Math.max(1, later)),
  };
}

/** Nobody makes half a token. */
function whole(values: Distribution): Distribution {
  return { ...values, sum: Math.round(values.sum) };
}
