/** vLLM 0.32.0 on the CPU with a tiny Llama of random weights. It needs 4 GB of memory, and most of a minute to start. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { METRICS, type MetricFamily } from '@modelwatch/contract';
import { freePort } from '../support/processes';
import { itShowsOutages } from './support/outages';
import { record } from './support/record';
import { answersOk, copyOfModels, program, startServer, type RealServer } from './support/real-server';
import { send } from './support/traffic';
import { watch, type Page, type Watched } from './support/watched';

const folder = copyOfModels('vllm');
const model = 'tiny';
const PATIENCE_MS = 300_000;
let url: string;
let server: RealServer;
let watched: Watched;

const env = {
  PATH: `${dirname(program('vllm', 'python'))}:${process.env.PATH}`,
  HF_HUB_OFFLINE: '1',
  VLLM_NO_USAGE_STATS: '1',
  VLLM_CPU_KVCACHE_SPACE: '1',
};

const start = async () => {
  server = await startServer({
    command: program('vllm', 'python'),
    args: [
      ...['-m', 'vllm.entrypoints.openai.api_server', '--model', join(folder, 'tiny'), '--served-model-name', model],
      ...['--host', '127.0.0.1', '--port', new URL(url).port],
      ...['--dtype', 'float32', '--max-model-len', '128', '--max-num-seqs', '2', '--enforce-eager'],
    ],
    cwd: folder,
    env,
    isUp: answersOk(`${url}/health`),
    patienceMs: PATIENCE_MS,
  });
  return server;
};

beforeAll(async () => {
  const made = spawnSync(program('vllm', 'python'), ['make_model.py', 'tiny'], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  url = `http://127.0.0.1:${await freePort()}`;
  await start();
  watched = await watch({ name: 'llm', url, models: [{ name: model }] });
}, 2 * PATIENCE_MS);

interface Answer {
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
  readonly choices: readonly { readonly finish_reason: string }[];
}

describe('vLLM 0.32.0', () => {
  it('is seen with its model, and counts 0 before the first request', async () => {
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointReady.name)).toBe(1);
      expect(page.value(METRICS.endpointModelReady.name, { model })).toBe(1);
      expect(page.holding(METRICS.modelServing, 'state', { model })).toBe('serving');
      expect(page.tokens(model)).toEqual({ prompt: 0, generated: 0 });
      expect(page.can('tokens', 'time_to_first_token', 'inter_token', 'kv_cache', 'duration_buckets')).toEqual([
        ...[1, 1, 1, 1, 1],
      ]);
    });
  });

  it('counts requests, tokens and reasons as the answers say, and times them as the client saw them', async () => {
    const completions = `${url}/v1/completions`;
    const ask = (prompt: string, max_tokens: number) => ({ model, prompt, max_tokens, ignore_eos: true });
    const sent = [
      await send(10, { url: completions, body: ask('hello', 8), status: 200 }),
      await send(3, { url: completions, body: ask('a longer prompt', 40), status: 200 }),
      await send(4, {
        url: `${url}/v1/chat/completions`,
        body: { model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 },
        status: 200,
      }),
    ];
    // Refused before the engine: no request of it.
    await send(2, { url: completions, body: '{not json', status: 400 });
    await send(2, { url: completions, body: ask('x'.repeat(300), 1), status: 400 });
    await send(2, { url: completions, body: { ...ask('hello', 1), model: 'nope' }, status: 404 });
    const answers = sent.flatMap(({ bodies }) => bodies.map((body) => JSON.parse(body) as Answer));
    const total = (pick: (answer: Answer) => number) => answers.reduce((sum, answer) => sum + pick(answer), 0);
    const ended = (reason: string) => total(({ choices }) => choices.filter((c) => c.finish_reason === reason).length);
    const page = await watched.shows((shown) => {
      expect(shown.tokens(model)).toEqual({
        prompt: total(({ usage }) => usage.prompt_tokens),
        generated: total(({ usage }) => usage.completion_tokens),
      });
      expect(shown.requests(model)).toMatchObject({ '/success': 17 });
      const finished = (reason: string) => shown.value(METRICS.inferenceFinished.name, { model, reason });
      expect(finished('length')).toBe(ended('length'));
      expect(finished('stop')).toBe(ended('stop'));
    });
    await record(`${url}/metrics`, {
      kind: 'vllm',
      server: 'vLLM 0.32.0',
      model: model,
      requests: page.requests(model),
      tokens: page.tokens(model),
    });
    const wall = sent.reduce((sum, { seconds }) => sum + seconds, 0);
    const duration = page.histogram(METRICS.inferenceDuration, model, '');
    expect(duration?.count).toBe(17);
    expect(duration?.buckets).toBeGreaterThan(5);
    expect(duration?.sum).toBeLessThanOrEqual(wall);
    const sum = (family: MetricFamily) => page.histogram(family, model, '')?.sum ?? NaN;
    const count = (family: MetricFamily) => page.histogram(family, model, '')?.count;
    expect(count(METRICS.inferenceTimeToFirstToken)).toBe(17);
    expect(sum(METRICS.inferenceTimeToFirstToken)).toBeLessThan(sum(METRICS.inferenceDuration));
    // Between n tokens there are n - 1 steps.
    expect(count(METRICS.inferenceInterToken)).toBe(total(({ usage }) => usage.completion_tokens - 1));
    expect(sum(METRICS.inferenceTimeToFirstToken) + sum(METRICS.inferenceInterToken)).toBeLessThanOrEqual(
      1.05 * sum(METRICS.inferenceDuration)
    );
    expect(sum(METRICS.inferencePromptTokens)).toBe(total(({ usage }) => usage.prompt_tokens));
    expect(sum(METRICS.inferenceGeneratedTokens)).toBe(total(({ usage }) => usage.completion_tokens));
  });

  it('tells how many requests run and wait, and what of the KV cache they take', async () => {
    const body = { model, prompt: 'on and on', max_tokens: 110, ignore_eos: true };
    let busy = true;
    const clients = Array.from({ length: 5 }, async () => {
      while (busy) await send(1, { url: `${url}/v1/completions`, body, status: 200 });
    });
    const value = (page: Page, family: MetricFamily) => page.value(family.name, { model });
    await watched.seen((page) => {
      expect(value(page, METRICS.inferenceRunning)).toBe(2);
      expect(value(page, METRICS.inferenceWaiting)).toBe(3);
      expect(value(page, METRICS.inferenceKvCacheUsage)).toBeGreaterThan(0);
      expect(value(page, METRICS.inferenceKvCacheUsage)).toBeLessThanOrEqual(1);
    });
    busy = false;
    await Promise.all(clients);
    await watched.shows((page) => {
      expect(value(page, METRICS.inferenceRunning)).toBe(0);
      expect(value(page, METRICS.inferenceWaiting)).toBe(0);
      expect(value(page, METRICS.inferenceKvCacheUsage)).toBe(0);
    });
  });

  itShowsOutages(() => ({ watched, server, restart: start, model }));
});
