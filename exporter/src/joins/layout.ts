/**
 * How open predictions stand in the store. `r` and the id: what is known of it. `e`, a time and the id: when that ends.
 * `t` and a model: how many there are of it. All of one change are written together, so they agree after a crash.
 */
import { createHash } from 'node:crypto';
import type { KeyRange } from './store';

export interface JoinKey {
  readonly namespace: string;
  readonly model: string;
  readonly id: string;
}

/** Seconds until the year 5138 have so many digits. */
const DIGITS = 11;

/** Of the hash of an id: two of 10^12 ids share it once in 10^14 such stores. */
const HASH_BYTES = 16;

/**
 * What stands for an id. A hash, since ids may be personal data, and LevelDB keeps what was deleted until it tidies up its
 * files. Unlike names with a separator in between, no two models share it, whatever is in their names.
 */
export function keyOf({ namespace, model, id }: JoinKey): string {
  const hash = createHash('sha256').update(id).digest().subarray(0, HASH_BYTES).toString('base64url');
  return JSON.stringify([namespace, model, hash]);
}

export function modelOf(key: string): { readonly namespace: string; readonly model: string } {
  const [namespace = '', model = ''] = JSON.parse(key) as string[];
  return { namespace, model };
}

/** Of the key of totals. */
export function modelOfTotals(key: string): { readonly namespace: string; readonly model: string } {
  return modelOf(key.slice(1));
}

export function recordKey(key: string): string {
  return `r${key}`;
}

export function endKey(expiresSeconds: number, key: string): string {
  return `e${timeOf(expiresSeconds)}${key}`;
}

export function keyOfEnd(end: string): string {
  return end.slice(1 + DIGITS);
}

export function secondsOfEnd(end: string): number {
  return Number(end.slice(1, 1 + DIGITS));
}

/** Where the ends from one second on begin. */
export function endsFrom(seconds: number): string {
  return `e${timeOf(seconds)}`;
}

/** Behind all ends. */
export const AFTER_ENDS = 'f';

export function totalsKey({ namespace, model }: { readonly namespace: string; readonly model: string }): string {
  return `t${JSON.stringify([namespace, model])}`;
}

export const TOTALS: KeyRange = { from: 't', before: 'u' };

/** Of one model. */
export interface Totals {
  /** Predictions that wait for their actual. */
  readonly open: number;
  /** Actuals that wait for their prediction. */
  readonly waiting: number;
  readonly pairs: number;
  /** Of keys and texts; what the disk holds is up to twice as much while old files are tidied up. */
  readonly bytes: number;
}

export const NO_TOTALS: Totals = { open: 0, waiting: 0, pairs: 0, bytes: 0 };

export function encodeTotals({ open, waiting, pairs, bytes }: Totals): string {
  return JSON.stringify([open, waiting, pairs, bytes]);
}

export function decodeTotals(text: string): Totals {
  const [open = 0, waiting = 0, pairs = 0, bytes = 0] = JSON.parse(text) as number[];
  return { open, waiting, pairs, bytes };
}

/** Nothing is kept of it any more. */
export function isEmpty({ open, waiting, pairs }: Totals): boolean {
  return open + waiting + pairs === 0;
}

function timeOf(seconds: number): string {
  return String(Math.max(0, Math.floor(seconds))).padStart(DIGITS, '0');
}
