/** What a value in a status can mean, and how a mapping writes it: `failed load_failed`. Pure. */
import { SERVING_REASONS, type ServingReason } from '@modelwatch/contract';

/** Worst first: of several values at one path the worst counts. */
export const MAPPED_STATES = [
  'failed',
  'degraded',
  'not_ready',
  'progressing',
  'rolling_out',
  'deleting',
  'none',
  'stopped',
  'scaled_to_zero',
  'ready',
  'skip',
] as const;
export type MappedState = (typeof MAPPED_STATES)[number];

export interface Meaning {
  readonly state: MappedState;
  /** Why, for `failed` and `degraded`. */
  readonly reason?: ServingReason;
}

const EXPLAINED: readonly MappedState[] = ['failed', 'degraded'];
/** Reasons that the exporter finds out itself; a status cannot give them. */
const OWN_REASONS: readonly ServingReason[] = [
  'exporter_silent',
  'source_silent',
  'probe_silent',
  'no_status',
  'loading',
  'rolling_out',
  'terminating',
  'scaled_to_zero',
  'stopped',
];
const REASONS = SERVING_REASONS.filter((reason) => !OWN_REASONS.includes(reason));

/** What was expected instead; undefined: it is a meaning. */
export function meaningProblem(text: string): string | undefined {
  const [state, reason, ...more] = text.split(' ');
  const known = MAPPED_STATES.find((each) => each === state);
  if (known === undefined) return `one of ${MAPPED_STATES.join(', ')}`;
  if (reason === undefined) return undefined;
  if (!EXPLAINED.includes(known)) return `${known} alone: only ${EXPLAINED.join(' and ')} take a reason`;
  if (more.length === 0 && REASONS.some((each) => each === reason)) return undefined;
  return `${known} and one reason of ${REASONS.join(', ')}`;
}

/** @param text that `meaningProblem` has nothing against; anything else means `none` */
export function parseMeaning(text: string): Meaning {
  const [word, why] = text.split(' ');
  const state = MAPPED_STATES.find((each) => each === word) ?? 'none';
  const reason = REASONS.find((each) => each === why);
  return reason === undefined ? { state } : { state, reason };
}
