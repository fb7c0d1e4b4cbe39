/** Generative models: what prompts, completions and those who use them amount to. */

/**
 * Kinds of tokens that are counted apart, so that their sum is all tokens: `input` without those that were read from a
 * cache (`cached`), `output` without those of reasoning that nobody is shown (`reasoning`).
 */
export const USAGE_DIRECTIONS = ['input', 'cached', 'output', 'reasoning'] as const;
export type UsageDirection = (typeof USAGE_DIRECTIONS)[number];

/**
 * What came of a prompt. `filtered`: a filter of the server withheld the completion; `empty`: there is nothing to read
 * in it, and no tool was called; `refused`: it begins with a phrase of refusal; `truncated`: it ends where the most
 * tokens were reached; `answered`: none of these. The first that holds counts, so that they add up.
 */
export const COMPLETION_OUTCOMES = ['filtered', 'empty', 'refused', 'truncated', 'answered'] as const;
export type CompletionOutcome = (typeof COMPLETION_OUTCOMES)[number];

/** What somebody thought of a completion. */
export const FEEDBACK_VERDICTS = ['positive', 'neutral', 'negative'] as const;
export type FeedbackVerdict = (typeof FEEDBACK_VERDICTS)[number];

/** Why feedback on a known model is not counted. `no_room`: its version would have series, and there may be no more of them. */
export const FEEDBACK_REFUSALS = ['no_room'] as const;
export type FeedbackRefusal = (typeof FEEDBACK_REFUSALS)[number];

/** Class of consumers that were named and belong to none that is declared, and of verdicts likewise. */
export const OTHER_CONSUMERS = 'other';
/** Class of consumers that nobody named. */
export const UNKNOWN_CONSUMERS = 'unknown';
export const OTHER_VERDICTS = 'other';
