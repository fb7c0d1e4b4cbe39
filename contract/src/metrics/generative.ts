/** What generative models were asked and answered, what it cost, and what was thought of it. */
import { family, MODEL } from './family';

const CONSUMERS = [...MODEL, 'consumer_class'] as const;

export const GENERATIVE_METRICS = {
  completions: family(
    'generative_completions_total',
    'counter',
    [...MODEL, 'version', 'outcome'],
    'Completions by what came of the prompt: answered, truncated, refused, empty, filtered. Each has one, and they add up.'
  ),
  generativeTokens: family(
    'generative_tokens_total',
    'counter',
    [...CONSUMERS, 'direction'],
    'Tokens that events tell: input, cached (input from a cache), output, reasoning. Each counts once, and they add up. A server may count the same tokens in modelwatch_inference_tokens_total: never add the two.'
  ),
  generativeCost: family(
    'generative_cost_total',
    'counter',
    [...CONSUMERS, 'currency'],
    'Cost of these tokens, by the prices in the settings when they were counted.'
  ),
  guardVerdicts: family(
    'guard_verdicts_total',
    'counter',
    [...MODEL, 'guard', 'verdict'],
    'Verdicts of guards that the settings declare, by the name of the feature that has them; other are verdicts that are not declared.'
  ),
  feedback: family(
    'feedback_total',
    'counter',
    [...MODEL, 'version', 'verdict'],
    'Feedback on answers: positive, neutral, negative.'
  ),
} as const;
