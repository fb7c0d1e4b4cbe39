/** Challengers: models that answer the same requests as the champion, and are not listened to. */
import type { BaselineMetric } from './accuracy';

/** Of one champion; each has its own tables of counters. */
export const MOST_CHALLENGERS = 5;

/**
 * What became of a prediction of a challenger. `paired`: the champion answered the same request. `incomparable`: it did,
 * and one of the two is not what the task asks for. `alone`: no prediction of the champion with its id came in time.
 * `missing_id`: nothing can be compared with it. `duplicate`: one with its id was there before.
 */
export const CHALLENGER_OUTCOMES = ['paired', 'incomparable', 'alone', 'missing_id', 'duplicate'] as const;
export type ChallengerOutcome = (typeof CHALLENGER_OUTCOMES)[number];

/** Whose answer is held against the actual. */
export const CHALLENGER_ROLES = ['champion', 'challenger'] as const;
export type ChallengerRole = (typeof CHALLENGER_ROLES)[number];

/** Whether an answer was the class that came true. */
export const ANSWER_VERDICTS = ['right', 'wrong'] as const;
export type AnswerVerdict = (typeof ANSWER_VERDICTS)[number];

/** Scores that both have from the same rows. */
export const CHALLENGER_SCORES = [
  ...['accuracy', 'precision', 'recall', 'f1', 'brier'],
  ...['mae', 'rmse'],
] as const satisfies readonly BaselineMetric[];
export type ChallengerScore = (typeof CHALLENGER_SCORES)[number];

/** Of which each row has its own share, so that chance can be told from a difference: these have a verdict. */
export const JUDGED_CHALLENGER_SCORES = ['accuracy', 'brier', 'mae'] as const satisfies readonly ChallengerScore[];
export type JudgedChallengerScore = (typeof JUDGED_CHALLENGER_SCORES)[number];

/**
 * The challenger, held against its champion. `no_difference`: none that chance could not have made. `too_little_data`:
 * fewer rows with an actual than are needed. `stale`: there were figures, and are no more.
 */
export const CHALLENGER_STATES = ['ahead', 'behind', 'no_difference', 'too_little_data', 'stale'] as const;
export type ChallengerState = (typeof CHALLENGER_STATES)[number];

/** In words. */
export const CHALLENGER_STATE_NAMES: Readonly<Record<ChallengerState, string>> = {
  ahead: 'ahead',
  behind: 'behind',
  no_difference: 'no difference that counts',
  too_little_data: 'too little data',
  stale: 'stale',
};
