/** What every platform says of an entity, in one shape. The rules of serving.ts see nothing else. */
import type { ServingReason, ServingState } from '@modelwatch/contract';
import type { Replicas } from './views';

/** Something that is wrong. `detail` is free text from outside, already cut. */
export interface Cause {
  readonly reason: ServingReason;
  readonly detail?: string;
}

/** What the controller of the resource says. `none`: it has said nothing conclusive yet. */
export type Declared = 'ready' | 'failed' | 'progressing' | 'none';

/** What the probes of one endpoint say about the entity. */
export interface EndpointFact {
  readonly replica: string;
  /**
   * `pending`: no verdict from probes yet. `absent`: answers, but need not hold the model.
   * `silent`: was probed before, not any more.
   */
  readonly state: 'serving' | 'loading' | 'down' | 'silent' | 'pending' | 'absent';
  readonly cause?: Cause;
}

export interface ServingFacts {
  /** The watch that the entity rests on; absent for what is not on Kubernetes. */
  readonly source?: { readonly fresh: boolean; readonly lastContactSeconds?: number };
  /** No server of it is watched by anybody. */
  readonly notWatched?: true;
  /** The last known state before this verdict. */
  readonly lastState?: ServingState;
  /** The controller has written a status. */
  readonly hasStatus: boolean;
  readonly deleting: boolean;
  /** Nobody wants it to run, on purpose. */
  readonly intendedZero?: 'scaled_to_zero' | 'stopped';
  readonly declared: Declared;
  /** An earlier version serves while this one is rolled out, or nobody counts replicas: none is no sign of loading. */
  readonly servesMeanwhile?: boolean;
  readonly replicas: Replicas;
  /** Keeps it from serving whatever its replicas say (no route, a part in the path of each request). */
  readonly fatal?: Cause;
  /** Parts that it rests on and that nobody can vouch for. */
  readonly unconfirmed?: { readonly state: 'stale' | 'unknown'; readonly cause: Cause };
  /** What is wrong according to status, pods and steps, in any order. */
  readonly causes: readonly Cause[];
  /** Wrong outside of it: it serves, and still does not do its whole work. Never fails it, only degrades. */
  readonly impaired?: readonly Cause[];
  /** What it waits for while it does not come up (or does not go): said beside the reason, decides nothing. */
  readonly awaits?: Cause;
  /** A status was written, in words that are in none of our lists: these words. */
  readonly oddStatus?: string;
  /** The model was still being loaded when its causes struck. */
  readonly whileLoading: boolean;
  /** Endpoints that Kubernetes calls ready, or that the configuration declares. */
  readonly endpoints: readonly EndpointFact[];
  /** How many of the endpoints should serve. */
  readonly expectedEndpoints: number;
  /** Some probe of it was answered since the exporter started. */
  readonly everAnswered: boolean;
}

export const NO_FACTS: ServingFacts = {
  hasStatus: false,
  deleting: false,
  declared: 'none',
  replicas: {},
  causes: [],
  whileLoading: false,
  endpoints: [],
  expectedEndpoints: 0,
  everAnswered: false,
};

const MAX_TEXT = 300;

/** One line of at most 300 characters: messages of controllers can be pages long. */
export function cutText(text: string): string {
  const line = text
    .slice(0, 4 * MAX_TEXT)
    .replace(/\s+/g, ' ')
    .trim();
  const chars = Array.from(line);
  return chars.length > MAX_TEXT ? `${chars.slice(0, MAX_TEXT - 1).join('')}…` : line;
}

/** A cause with its free text cut, or without one. */
export function cause(reason: ServingReason, detail?: string): Cause {
  const cut = detail === undefined ? '' : cutText(detail);
  return cut ? { reason, detail: cut } : { reason };
}
