/**
 * Pages of real servers after requests whose number and outcome is known, because the test that recorded them had sent
 * them: `npm run test:servers -- --record`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '@modelwatch/contract';
import { Differences } from './differences';
import { readPage } from './endpoint';
import { PROBES } from './probes';
import { recorded } from './testing/server';

interface Sent {
  readonly kind: ServerKind;
  readonly server: string;
  readonly model: string;
  /** By `version/outcome`. */
  readonly requests: Readonly<Record<string, number>>;
  readonly tokens: Readonly<Record<string, number>>;
}

const FIXTURES = join(__dirname, 'fixtures');
const runs = readdirSync(FIXTURES).filter((name) => existsSync(join(FIXTURES, name, 'run', 'sent.json')));
const sentOf = (run: string) => JSON.parse(recorded(`${run}/run/sent.json`)) as Sent;

it('has runs of all servers that can be run', () => {
  expect(runs).toEqual(['kserve', 'llamacpp', 'mlserver', 'torchserve', 'triton', 'vllm']);
});

it.each(runs.map((run) => [sentOf(run).server, run]))('%s: what was sent is what is counted', async (_, run) => {
  const sent = sentOf(run);
  const metrics = PROBES[sent.kind]?.metrics;
  if (!metrics) throw new Error('no metrics');
  const url = 'http://127.0.0.1:9000';
  const target = {
    endpoint: { namespace: 'ns', server: 's', replica: 's-0' },
    url,
    models: [sent.model],
    versionSuffix: false,
  };
  const page = { url: `${url}/metrics`, own: true, metrics };
  const answer = { status: 200, contentType: 'text/plain', body: Buffer.from(recorded(`${run}/run/metrics.txt`)) };
  const transport = { send: () => Promise.resolve({ ...answer, place: 'page' }), close: () => Promise.resolve() };
  // Twice: some counters are what two polls in a row saw.
  const asked = { models: [{ name: sent.model }], differences: new Differences() };
  const read = () => readPage(transport, target, page, asked, new AbortController().signal, () => undefined);
  await read();
  const { samples } = await read();
  const requests: Record<string, number> = {};
  const tokens: Record<string, number> = {};
  for (const { version, ...sample } of samples.filter((each) => each.model === sent.model)) {
    for (const [outcome, count] of Object.entries(sample.requests)) requests[`${version}/${outcome}`] = count;
    for (const [direction, count] of Object.entries(sample.tokens)) tokens[direction] = count;
  }
  expect({ requests, tokens }).toEqual({ requests: sent.requests, tokens: sent.tokens });
});
