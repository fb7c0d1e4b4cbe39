/** Sends what the chat model is asked and answers, its feedback a little later. */
import { CHAT_MODEL, chat, type Chat } from './chat';
import { Draw } from './draw';
import { PREDICTIONS_PATH, JSON_TYPE, type EventRequest } from './wire';
import type { Amounts } from './types';

/** How long people take to say what they think. */
const FEEDBACK_SECONDS = 20;
/** After a pause, of the machine for example: nobody makes up for hours. */
const MOST_ROWS = 1_000;

interface Opinion {
  readonly dueMs: number;
  readonly id: string;
  readonly verdict: Required<Chat>['feedback'];
}

export class ChatStream {
  private readonly draw: Draw;
  private owed = 0;
  private count = 0;
  private opinions: readonly Opinion[] = [];

  constructor(
    seed: number,
    private readonly amountsAt: (nowMs: number) => Amounts,
    private lastMs: number
  ) {
    this.draw = new Draw('events', seed, CHAT_MODEL.namespace, CHAT_MODEL.model, lastMs);
  }

  /** What is to be sent now. */
  take(nowMs: number): EventRequest[] {
    const { namespace, model, rowsPerSecond } = CHAT_MODEL;
    const amounts = this.amountsAt(nowMs);
    this.owed = Math.min(MOST_ROWS, this.owed + (rowsPerSecond * Math.max(0, nowMs - this.lastMs)) / 1_000);
    const predictions: object[] = [];
    for (; this.owed >= 1; this.owed--) {
      const id = `chat-${this.lastMs.toString(36)}-${(this.count++).toString(36)}`;
      const { feedback, ...event } = chat(this.draw, amounts);
      predictions.push({ id, timeSeconds: nowMs / 1_000, ...event });
      if (feedback)
        this.opinions = [...this.opinions, { dueMs: nowMs + FEEDBACK_SECONDS * 1_000, id, verdict: feedback }];
    }
    this.lastMs = nowMs;
    const due = this.opinions.filter(({ dueMs }) => dueMs <= nowMs);
    this.opinions = this.opinions.filter(({ dueMs }) => dueMs > nowMs);
    const feedback = due.map(({ id, verdict }) => ({ id, verdict }));
    const post = (path: string, list: object) => ({
      ...{ path, headers: JSON_TYPE },
      body: JSON.stringify({ namespace, model, ...list }),
    });
    return [
      ...(predictions.length === 0 ? [] : [post(PREDICTIONS_PATH, { predictions })]),
      ...(feedback.length === 0 ? [] : [post('/ingest/feedback', { feedback })]),
    ];
  }
}
