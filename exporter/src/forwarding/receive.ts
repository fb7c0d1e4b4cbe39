/** What other replicas pass on: each item is counted and joined here, and answered in its place. */
import { DecodeError, type FeedbackRefusal, type FeedbackVerdict } from '@modelwatch/contract';
import type { ConsumerPart } from '../domain/consumers/windows';
import type { KeyedEvent } from '../joins/batch';
import type { Joiner } from '../joins/joiner';
import { modelOf } from '../joins/layout';
import { decodeItem, type ForwardAnswer, type ForwardItem } from './items';

export interface ReceiverDeps {
  readonly submit: Joiner['submit'];
  /** @returns whether anything was known */
  readonly forget: (of: { readonly namespace: string; readonly model: string }, key: string) => Promise<boolean>;
  /** @returns undefined while events that wait here on disk may open the batch again */
  readonly forgetBatch: (
    of: { readonly namespace: string; readonly model: string },
    batch: string
  ) => Promise<boolean | undefined>;
  /** A prediction of a batch comes here from another replica: its pair is counted in the batch. */
  readonly batch: (of: { readonly namespace: string; readonly model: string }, batch: string) => void;
  /** Counts feedback by the key of its prediction. */
  readonly feedback: (
    of: { readonly namespace: string; readonly model: string; readonly id: string },
    feedback: { readonly version: string; readonly verdict: FeedbackVerdict }
  ) => 'unknown_model' | 'duplicate' | FeedbackRefusal | undefined;
  /** Counts what becomes of requests and responses, with pauses. */
  readonly halves: (halves: readonly Readonly<Record<string, unknown>>[]) => Promise<unknown>;
  /** @returns whether the model may be counted */
  readonly consumers: (of: { readonly namespace: string; readonly model: string }, part: ConsumerPart) => boolean;
  readonly onMalformed: (detail: string) => void;
}

/** One answer for each item, when it is on disk. @throws StoreError */
export async function receiveItems(
  values: readonly unknown[],
  { submit, forget, forgetBatch, batch, feedback, halves, consumers, onMalformed }: ReceiverDeps
): Promise<readonly ForwardAnswer[]> {
  const answers: ForwardAnswer[] = values.map(() => 'malformed');
  const joins: { readonly place: number; readonly event: KeyedEvent }[] = [];
  const exchanges: Readonly<Record<string, unknown>>[] = [];
  const deletions: Promise<void>[] = [];
  for (const [place, value] of values.entries()) {
    const item = itemOf(value, onMalformed);
    if (item === undefined) continue;
    if ('join' in item) {
      joins.push({ place, event: { key: item.key, event: item.join } });
      if (item.join.kind === 'prediction' && item.join.prediction.batch !== undefined) {
        batch(modelOf(item.key), item.join.prediction.batch);
      }
    } else if ('forget' in item) {
      const forgotten = forget(modelOf(item.key), item.key);
      deletions.push(forgotten.then((known) => void (answers[place] = known ? 'known' : 'gone')));
    } else if ('forgetBatch' in item) {
      const forgotten = forgetBatch(modelOf(item.key), item.forgetBatch);
      deletions.push(
        forgotten.then((known) => void (answers[place] = known === undefined ? 'waiting' : known ? 'known' : 'gone'))
      );
    } else if ('half' in item) {
      answers[place] = 'waiting';
      exchanges.push(item.half);
    } else if ('consumers' in item) {
      const { registers, ...part } = item.consumers;
      const sketch = Buffer.from(registers, 'base64');
      answers[place] = consumers(modelOf(item.key), { ...part, sketch }) ? 'accepted' : 'unknown_model';
    } else answers[place] = feedback({ ...modelOf(item.key), id: item.key }, item.feedback) ?? 'accepted';
  }
  const joined = submit(joins.map(({ event }) => event)).then((results) => {
    for (const [at, { place }] of joins.entries()) answers[place] = results[at] ?? 'malformed';
  });
  await Promise.all([joined, ...deletions, exchanges.length === 0 ? undefined : halves(exchanges)]);
  return answers;
}

function itemOf(value: unknown, onMalformed: ReceiverDeps['onMalformed']): ForwardItem | undefined {
  try {
    return decodeItem(value);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    onMalformed(`${error.path}: expected ${error.expected}`);
    return undefined;
  }
}
