/** What replicas send each other, and what they answer. A replica may be older or newer: all of it is looked at. */
import {
  ACTUAL_OUTCOMES,
  decode,
  DecodeError,
  FEEDBACK_REFUSALS,
  FEEDBACK_VERDICTS,
  isObject,
  type Decoder,
  type FeedbackVerdict,
} from '@modelwatch/contract';
import { MOST_RANK, REGISTERS } from '../domain/consumers/sketch';
import { CONSUMER_PERIODS, type ConsumerPart } from '../domain/consumers/windows';
import type { JoinEvent } from '../domain/accuracy/join';
import { decodeRecord, encodeRecord, scalarOf, type Answer } from '../domain/accuracy/record';

export const FORWARD_PATH = '/ingest/forwarded';
/** What a replica takes at a time from another one, whatever users may post: one must know what all others can take. */
export const MOST_FORWARDED_BYTES = 16_777_216;
/** Of one item: the rest is for what stands around it. */
export const MOST_ITEM_BYTES = MOST_FORWARDED_BYTES - 1_024;
/** Shared by all replicas; in a header of its own, beside a user of whom a password may be asked. */
export const PEER_TOKEN_HEADER = 'Modelwatch-Peer-Token';

/** By the key of joins/layout.ts: ids go from replica to replica as hashes only. */
export type ForwardItem =
  | { readonly key: string; readonly join: JoinEvent }
  | { readonly key: string; readonly feedback: { readonly version: string; readonly verdict: FeedbackVerdict } }
  /** A request or a response that came alone, as a CloudEvent in structured mode. */
  | { readonly key: string; readonly half: Readonly<Record<string, unknown>> }
  | { readonly key: string; readonly forget: true }
  /** A batch of which nothing is shown any more; the key says of which model. */
  | { readonly key: string; readonly forgetBatch: string }
  /** Who was seen in an hour or a day, for all replicas; the key says of which model. */
  | { readonly key: string; readonly consumers: SentConsumers };

export interface SentConsumers extends Omit<ConsumerPart, 'sketch'> {
  /** In base64. */
  readonly registers: string;
}

/**
 * `stored`: the owner is away, and gets it when it is back. `kept`, `waiting` and the outcomes of an actual are those of
 * joins/batch.ts; `known` and `gone` answer a deletion, and so does `waiting` where events on disk would undo it.
 * `no_room` is a refusal of feedback.
 * `malformed`: the owner could not read it, being of another version; `too_large`: it takes nothing so large. Neither gets
 * there when it is sent again.
 */
const FORWARD_ANSWERS = [
  ...ACTUAL_OUTCOMES,
  ...FEEDBACK_REFUSALS,
  ...(['kept', 'waiting', 'accepted', 'unknown_model', 'known', 'gone', 'malformed', 'stored', 'too_large'] as const),
] as const;
export type ForwardAnswer = (typeof FORWARD_ANSWERS)[number];

export interface ForwardBatch {
  /** Who sends, to whom, and how many replicas it believes there are: all must hold, or what it says goes astray. */
  readonly from: number;
  readonly to: number;
  readonly replicas: number;
  readonly items: readonly unknown[];
}

/** @throws DecodeError */
export const decodeForwardBatch: Decoder<ForwardBatch> = decode.object({
  from: decode.number,
  to: decode.number,
  replicas: decode.number,
  items: decode.array((item) => item),
});

/** What only a newer replica says is as good as a refusal; not to read it would be to ask for ever. */
const decodeAnswers = decode.object({
  answers: decode.array((answer, path): ForwardAnswer => {
    const text = decode.string(answer, path);
    return FORWARD_ANSWERS.find((each) => each === text) ?? 'malformed';
  }),
});

/** @throws DecodeError or SyntaxError when there is not one answer for each */
export function readAnswers(text: string, expected: number): readonly ForwardAnswer[] {
  const { answers } = decodeAnswers(JSON.parse(text));
  if (answers.length !== expected) throw new DecodeError('answers', answers.length, `${expected} answers`);
  return answers;
}

/** What is kept of a prediction goes as it stands on disk: who adds to that need not think of replicas. */
export function encodeItem(item: ForwardItem): string {
  if (!('join' in item) || item.join.kind !== 'prediction') return JSON.stringify(item);
  const { prediction, ...join } = item.join;
  const record = encodeRecord({ expiresSeconds: 0, prediction });
  return JSON.stringify({ key: item.key, join: { ...join, record } });
}

/** @throws DecodeError */
export function decodeItem(value: unknown): ForwardItem {
  if (!isObject(value)) throw new DecodeError('', value, 'an object with key');
  const { key, join, feedback, half, forget, forgetBatch, consumers } = value;
  if (typeof key !== 'string' || !isKey(key))
    throw new DecodeError('key', key, 'namespace, model and the hash of an id');
  if (isObject(join)) return { key, join: joinEvent(join) };
  if (isObject(half)) return { key, half };
  if (forget === true) return { key, forget };
  if (typeof forgetBatch === 'string') return { key, forgetBatch };
  if (isObject(consumers)) return { key, consumers: sentConsumers(consumers) };
  if (!isObject(feedback)) throw new DecodeError('', value, 'join, feedback, half or forget');
  const { version, verdict } = feedback;
  const known = FEEDBACK_VERDICTS.find((each) => each === verdict);
  if (typeof version !== 'string' || !known) throw new DecodeError('feedback', feedback, 'version and verdict');
  return { key, feedback: { version, verdict: known } };
}

function sentConsumers({ period, number, registers }: Readonly<Record<string, unknown>>): SentConsumers {
  const known = CONSUMER_PERIODS.find((each) => each === period);
  if (!known || typeof number !== 'number' || typeof registers !== 'string') {
    throw new DecodeError('consumers', period, 'period, number and registers');
  }
  const sketch = Buffer.from(registers, 'base64');
  if (sketch.length !== REGISTERS || sketch.some((rank) => rank > MOST_RANK)) {
    throw new DecodeError('consumers.registers', sketch.length, `${REGISTERS} bytes from 0 to ${MOST_RANK}`);
  }
  return { period: known, number, registers };
}

function isKey(key: string): boolean {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) && parts.length === 3 && parts.every((part) => typeof part === 'string');
  } catch {
    return false;
  }
}

function joinEvent(event: Readonly<Record<string, unknown>>): JoinEvent {
  const { kind, actual, name, answer, record, isChallenged } = event;
  if (kind === 'deletion') return { kind };
  const happened = scalarOf(actual);
  if (kind === 'actual' && happened !== undefined) return { kind, actual: happened };
  if (kind === 'challenger' && typeof name === 'string' && isObject(answer)) {
    return { kind, name, answer: answerOf(answer) };
  }
  if (kind === 'prediction' && typeof record === 'string') {
    const prediction = decodeRecord(record)?.prediction;
    if (prediction) return { kind, prediction, ...(isChallenged === true ? { isChallenged } : {}) };
  }
  throw new DecodeError('join', kind, 'a prediction, an actual, an answer of a challenger or a deletion');
}

function answerOf({ value, score }: Readonly<Record<string, unknown>>): Answer {
  const scalar = scalarOf(value);
  return { ...(scalar === undefined ? {} : { value: scalar }), ...(typeof score === 'number' ? { score } : {}) };
}
