/**
 * Posts predictions to Modelwatch, in batches and in the background. Node 20, no dependencies.
 *
 *     const watch = new Modelwatch('http://localhost:8780', { namespace: 'shop', model: 'risk' });
 *     watch.log({ amount: 12.5, country: 'DE' }, 'yes', 'order-4711');
 *     await watch.close();
 *
 * A model must not fail, or wait, because it is watched: what cannot be sent is dropped, and counted in `dropped`.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** The exporter takes 8 MiB at a time, unless events.maxBodyBytes says otherwise. */
const REQUEST_BYTES = 4_000_000;

export interface ModelwatchOptions {
  readonly namespace: string;
  readonly model: string;
  readonly version?: string;
  /** Predictions in one request. */
  readonly batch?: number;
  readonly everyMs?: number;
  /** Predictions that may wait; more are dropped. */
  readonly room?: number;
  /** Such as a login. */
  readonly headers?: Readonly<Record<string, string>>;
}

export class Modelwatch {
  dropped = 0;
  readonly #waiting: object[] = [];
  readonly #timer: NodeJS.Timeout;
  #sending: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly options: ModelwatchOptions
  ) {
    this.#timer = setInterval(() => void this.#flush(), options.everyMs ?? 1_000).unref();
  }

  log(features: Readonly<Record<string, unknown>>, prediction?: unknown, id?: string): void {
    if (this.#waiting.length >= (this.options.room ?? 20_000)) {
      this.dropped += 1;
      return;
    }
    this.#waiting.push({ id, features, prediction, timeSeconds: Date.now() / 1_000 });
  }

  /** Sends the rest. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#waiting.length > 0 || this.#sending) await this.#flush();
  }

  #flush(): Promise<void> {
    if (this.#waiting.length > 0) this.#sending ??= this.#send().finally(() => (this.#sending = undefined));
    return this.#sending ?? Promise.resolve();
  }

  async #send(): Promise<void> {
    const lines: string[] = [];
    let size = 0;
    for (const line of this.#waiting.splice(0, this.options.batch ?? 500).flatMap((event) => this.#line(event))) {
      const bytes = Buffer.byteLength(line) + 1;
      if (lines.length > 0 && size + bytes > REQUEST_BYTES) {
        await this.#post(lines.splice(0));
        size = 0;
      }
      lines.push(line);
      size += bytes;
    }
    if (lines.length > 0) await this.#post(lines);
  }

  async #post(lines: readonly string[]): Promise<void> {
    const { namespace, model, headers } = this.options;
    const address = `${this.url}/ingest/predictions/${encodeURIComponent(namespace)}/${encodeURIComponent(model)}`;
    // The same key for each try: what arrived already is not counted again.
    const key = randomUUID();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        const answer = await fetch(address, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/x-ndjson', 'Idempotency-Key': key },
          body: lines.join('\n'),
          signal: AbortSignal.timeout(30_000),
        });
        if (answer.ok) {
          this.dropped += ((await answer.json()) as { refused: number }).refused;
          return;
        }
        if (answer.status < 500 && answer.status !== 409 && answer.status !== 429) break;
      } catch {
        // Nobody answers: perhaps it is being started anew.
      }
      await pause(Math.min(30_000, 1_000 * 2 ** attempt), undefined, { ref: false });
    }
    this.dropped += lines.length;
  }

  /** JSON has no bigint; of an object that holds itself there is no text, and the others of its batch are sent. */
  #line(event: object): string[] {
    try {
      const line = { version: this.options.version, ...event };
      return [JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))];
    } catch {
      this.dropped += 1;
      return [];
    }
  }
}
