/** Sends batches of events to a running exporter, each once: what was lost on the way is sent again under the same key. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeApiError, decodeIngestReport, type IngestReport } from '@modelwatch/contract';

const TRIES = 6;
const TIMEOUT_MS = 60_000;
const LONGEST_WAIT_SECONDS = 30;

export interface EventSender {
  /** @throws Error with what to do, when the exporter does not take it */
  send(body: string, list?: 'predictions' | 'batches'): Promise<IngestReport>;
}

export function createEventSender(
  url: string,
  headers: Readonly<Record<string, string>>,
  wait: (seconds: number) => Promise<unknown> = (seconds) => pause(seconds * 1_000)
): EventSender {
  const once = (address: string, body: string, key: string) =>
    fetch(address, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });

  return {
    async send(body, list = 'predictions') {
      const address = `${url}/ingest/${list}`;
      const key = randomUUID();
      for (let attempt = 1; ; attempt += 1) {
        const answer = await once(address, body, key).catch((error: unknown) => causeOf(error));
        if (typeof answer !== 'string') {
          const told: unknown = await answer.json().catch(() => undefined);
          if (answer.ok || isReport(answer, told)) return decodeIngestReport(told);
          if (!isPassing(answer.status) || attempt === TRIES) throw new Error(refusal(address, answer.status, told));
        } else if (attempt === TRIES) {
          throw new Error(`${address}: no exporter answers (${answer}). Start one, or give --url.`);
        }
        const told = typeof answer === 'string' ? NaN : Number(answer.headers.get('retry-after') ?? NaN);
        await wait(Math.min(LONGEST_WAIT_SECONDS, Number.isFinite(told) ? told : 2 ** (attempt - 1)));
      }
    },
  };
}

/** All of its events were refused, each for its own reason. */
function isReport({ status }: Response, told: unknown): boolean {
  return status === 422 && typeof told === 'object' && told !== null && 'problems' in told;
}

/** Busy, away or being started: another time it may be different. */
function isPassing(status: number): boolean {
  return status === 429 || status === 409 || status >= 500;
}

function refusal(address: string, status: number, told: unknown): string {
  if (status === 401)
    return `${address}: it asks for a user: give --user NAME, and the password in MODELWATCH_PASSWORD`;
  let words = '';
  try {
    words = `: ${decodeApiError(told).error.message}`;
  } catch {
    // No answer of ours: its status says what there is to say.
  }
  return `${address}: HTTP status ${status}${words}`;
}

function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string }; message: string };
  return cause?.code ?? message;
}
