/** Requests to a real server, with what the client saw of them. */
export interface Sent {
  /** As the client saw them, all requests together. */
  readonly seconds: number;
  readonly longestSeconds: number;
  readonly bodies: readonly string[];
}

export interface Call {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON; a string goes as it is. */
  readonly body?: unknown;
  /** What the server is known to answer: a test that sends something else than it thinks proves nothing. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The same call some times, one after the other. */
export async function send(times: number, { url, method = 'POST', body, status, headers }: Call): Promise<Sent> {
  const sent = { seconds: 0, longestSeconds: 0, bodies: [] as string[] };
  for (let number = 0; number < times; number += 1) {
    const startedMs = performance.now();
    const answer = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const seconds = (performance.now() - startedMs) / 1000;
    if (answer.status !== status) {
      throw new Error(`${method} ${url}: expected status ${status}, got ${answer.status}: ${text.slice(0, 300)}`);
    }
    sent.seconds += seconds;
    sent.longestSeconds = Math.max(sent.longestSeconds, seconds);
    sent.bodies.push(text);
  }
  return sent;
}

/** The body of an inference of the Open Inference Protocol with one input `x`. */
export const tensor = (data: readonly number[], more: object = {}) => ({
  inputs: [{ name: 'x', shape: [1, data.length], datatype: 'FP32', data }],
  ...more,
});
