/** llama.cpp's server with a tiny model of random weights, two slots. It counts tokens, not requests. */
import { join } from 'node:path';
import { METRICS } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { record } from './support/record';
import { answersOk, copyOfModels, program, startServer, type RealServer } from './support/real-server';
import { send } from './support/traffic';
import { watch, type Watched } from './support/watched';

const MODEL = 'tiny.gguf';
const folder = copyOfModels('llamacpp');
let url: string;
let server: RealServer;
let watched: Watched;

const start = async () => {
  server = await startServer({
    command: program('llamacpp', 'python'),
    args: ['serve.py', new URL(url).port, join(folder, MODEL)],
    cwd: folder,
    isUp: answersOk(`${url}/health`),
  });
  return server;
};

beforeAll(async () => {
  url = `http://127.0.0.1:${await freePort()}`;
  await start();
  watched = await watch({ name: 'workstation', url, models: [{ name: MODEL }] });
});

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
}
const usageOf = (bodies: readonly string[]) =>
  bodies
    .map((body) => (JSON.parse(body) as { usage: Usage }).usage)
    .reduce(
      (sum, usage) => ({
        prompt: sum.prompt + usage.prompt_tokens,
        generated: sum.generated + usage.completion_tokens,
        cached: sum.cached + usage.prompt_tokens_details.cached_tokens,
      }),
      { prompt: 0, generated: 0, cached: 0 }
    );

describe("llama.cpp's server", () => {
  it('is seen with its model, and has said no token before the first request', async () => {
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(1);
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      expect(page.value(METRICS.endpointModelReady.name, { model: MODEL })).toBe(1);
      expect(page.holding(METRICS.modelServing, 'state', { model: MODEL })).toBe('serving');
      expect(page.tokens(MODEL)).toEqual({ prompt: 0, generated: 0 });
      expect(page.requests(MODEL)).toEqual({});
      expect(page.can('tokens', 'running_requests', 'waiting_requests', 'prefix_cache')).toEqual([1, 1, 1, 1]);
      expect(page.can('requests', 'outcomes', 'duration', 'time_to_first_token')).toEqual([0, 0, 0, 0]);
    });
  });

  it('counts the tokens that the answers say they used', async () => {
    const completion = `${url}/v1/completions`;
    const sent = [
      await send(5, { url: completion, body: { prompt: 'hello there', max_tokens: 8 }, status: 200 }),
      await send(3, { url: completion, body: { prompt: 'another prompt', max_tokens: 20 }, status: 200 }),
      await send(4, {
        url: `${url}/v1/chat/completions`,
        body: { messages: [{ role: 'user', content: 'hello' }], max_tokens: 6 },
        status: 200,
      }),
    ];
    // Refused: no tokens.
    await send(2, { url: completion, body: '{not json', status: 400 });
    await send(2, { url: completion, body: { max_tokens: 1 }, status: 400 });
    await send(2, { url: completion, body: { prompt: 'x'.repeat(2_000), max_tokens: 1 }, status: 400 });
    const { prompt, generated, cached } = usageOf(sent.flatMap(({ bodies }) => bodies));
    const page = await watched.shows((shown) => {
      expect(shown.tokens(MODEL)).toEqual({ prompt, generated });
      expect(shown.value(METRICS.inferencePrefixCacheQueries.name, { model: MODEL })).toBe(prompt);
      expect(shown.value(METRICS.inferencePrefixCacheHits.name, { model: MODEL })).toBe(cached);
      expect(shown.requests(MODEL)).toEqual({});
    });
    await record(`${url}/metrics`, {
      kind: 'llamacpp',
      server: 'llama.cpp server of xllamacpp 2026.10.11549',
      model: MODEL,
      requests: page.requests(MODEL),
      tokens: page.tokens(MODEL),
    });
  });

  it('tells how many requests run and how many wait', async () => {
    const body = { prompt: 'on and on', n_predict: 200, ignore_eos: true };
    let busy = true;
    const clients = Array.from({ length: 5 }, async () => {
      while (busy) await send(1, { url: `${url}/completion`, body, status: 200 });
    });
    await watched.seen((page) => {
      expect(page.value(METRICS.inferenceRunning.name, { model: MODEL })).toBe(2);
      expect(page.value(METRICS.inferenceWaiting.name, { model: MODEL })).toBe(3);
    });
    busy = false;
    await Promise.all(clients);
    await watched.shows((page) => {
      expect(page.value(METRICS.inferenceRunning.name, { model: MODEL })).toBe(0);
      expect(page.value(METRICS.inferenceWaiting.name, { model: MODEL })).toBe(0);
    });
  });

  itShowsOutages(() => ({ watched, server, restart: start, model: MODEL }));
});
