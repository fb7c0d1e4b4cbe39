/** The prediction log from what is sent to the file: the real exporter, both switches. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from './config/schema';
import { startExporter } from './exporter';
import { createPredictionLog } from './prediction-log';
import type { LoggedEvent } from './log/events/types';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-predictions-'));
afterAll(() => rmSync(folder, { recursive: true }));
const keyFile = join(folder, 'key');
writeFileSync(keyFile, 'a-key-of-this-test\n');

const SETTINGS = { enabled: true, dropped: ['name'], masked: ['street'], hashed: ['mail'] };
const EVENT = {
  ...{
    namespace: 'shop',
    model: 'risk',
    id: 'order-1',
    version: 'v1',
    consumer: 'checkout',
    prediction: 'ok',
    score: 0.07,
  },
  features: { amount: 912.5, mail: 'ann@example.com', street: 'Elm 1', name: 'Ann', age: null, list: [1] },
};

async function linesOf(path: string, eventLog: object, predictionLog: object | undefined): Promise<string[]> {
  const exporter = await startExporter(
    configSchema.parse({
      log: { level: 'fatal' },
      kubernetes: { enabled: false },
      monitoring: { models: [{ namespace: 'shop', model: 'risk', ...(predictionLog ? { predictionLog } : {}) }] },
      eventLog: { file: { path }, ...eventLog },
      web: { listenAddress: '127.0.0.1', port: 0 },
    })
  );
  try {
    for (let again = 0; again < 2; again++) {
      const answer = await fetch(`${exporter.url}/ingest/predictions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(EVENT),
      });
      expect(answer.status).toBe(200);
    }
  } finally {
    await exporter.stop();
  }
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"modelwatch.predictions"'));
}

it('writes a prediction once, as far as its model lets it out, when both have switched it on', async () => {
  const on = { predictions: { enabled: true, hashKeyFile: keyFile } };
  const lines = await linesOf(join(folder, 'on.ndjson'), on, SETTINGS);
  expect(lines).toHaveLength(1);
  const { prediction } = (JSON.parse(lines[0] ?? '') as { modelwatch: { prediction: Record<string, unknown> } })
    .modelwatch;
  expect(prediction).toEqual({
    ...{ id: 'order-1', version: 'v1', consumer: 'checkout', output: 'ok', score: 0.07 },
    input: { amount: 912.5, mail: expect.stringMatching(/^[0-9a-f]{32}$/) as string, street: '***', age: null },
  });
  expect(lines[0]).not.toMatch(/ann@|Elm|Ann/);
  expect(await linesOf(join(folder, 'exporter-off.ndjson'), {}, SETTINGS)).toEqual([]);
  expect(await linesOf(join(folder, 'model-off.ndjson'), on, undefined)).toEqual([]);
});

describe('prediction log', () => {
  const logging = (hashKeyFile?: string, random = () => 0.5) => {
    const written: LoggedEvent[] = [];
    const problems: string[] = [];
    const log = createPredictionLog({
      sink: { write: (event) => void written.push(event) },
      config: () => ({ enabled: true, hashKeyFile }),
      ...{ host: 'exporter-0', nowSeconds: () => 1_800_000_000, random },
      onNoKey: (problem) => void problems.push(problem),
    });
    return { log, written, problems };
  };
  const inputOf = (event?: LoggedEvent) => (event?.details?.['prediction'] as { input: Record<string, unknown> }).input;

  it('masks what it has no key to hash with, and says why', () => {
    const missing = logging(join(folder, 'none'));
    missing.log.took(EVENT, SETTINGS);
    missing.log.took({ ...EVENT, id: 'order-2' }, SETTINGS);
    expect(missing.written.map((event) => inputOf(event)['mail'])).toEqual(['***', '***']);
    expect(missing.problems).toEqual([`${join(folder, 'none')}: ENOENT`]);
  });

  it('gives one value one hash, and another key another', () => {
    const other = join(folder, 'other');
    writeFileSync(other, 'another-key-of-this-test');
    const hashes = [keyFile, keyFile, other].map((file) => {
      const { log, written } = logging(file);
      log.took(EVENT, SETTINGS);
      return inputOf(written[0])['mail'];
    });
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('never lets out what is dropped, also when it was to be hashed, and only columns that are named', () => {
    const { log, written } = logging(keyFile);
    log.took(EVENT, { enabled: true, columns: ['amount'], hashed: ['mail'] });
    expect(inputOf(written[0])).toEqual({ amount: 912.5 });
  });

  it('logs a share of the predictions', () => {
    let next = 0;
    const { log, written } = logging(undefined, () => (next += 0.1) - 0.1);
    for (let index = 0; index < 10; index++)
      log.took({ ...EVENT, id: `order-${index}` }, { enabled: true, sampleRatio: 0.25 });
    expect(written).toHaveLength(3);
  });
});
