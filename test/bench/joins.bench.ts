import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { KeyedEvent } from '../../exporter/src/joins/batch';
import { createJoiner, type Joiner } from '../../exporter/src/joins/joiner';
import { keyOf } from '../../exporter/src/joins/layout';
import { openStore, StoreError } from '../../exporter/src/joins/store';
import type { Suite } from './figures';

const OPEN = 1_000_000;
const JOINED = 100_000;
const PER_REQUEST = 500;
/** Before this many are open, memory is that of the process itself and of LevelDB's buffers. */
const WARM = 100_000;

/** Predictions and actuals through the store on disk, one process, with a million open predictions. */
export const joins: Suite = {
  name: 'joins',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-bench-joins-'));
    let joiner = await start(folder);
    try {
      await submit(joiner, range(0, WARM), prediction);
      const [few, fewOnDisk] = [rss(), bytesOnDisk(folder)];
      const filled = await timed(() => submit(joiner, range(WARM, OPEN), prediction));
      const many = rss();
      const onDisk = bytesOnDisk(folder);
      await joiner.stop();
      const opened = await timed(async () => (joiner = await start(folder)));
      // In the order in which nobody predicted: as actuals come.
      const ids = range(0, JOINED).map((index) => (index * 7_919) % OPEN);
      const joined = await timed(() => submit(joiner, ids, () => ({ kind: 'actual', actual: true })));
      return [
        { name: '100,000 actuals joined with 1M open predictions', value: joined, unit: 'ms', target: 20_000 },
        {
          name: '100,000 predictions kept beside up to 1M others',
          value: filled / ((OPEN - WARM) / 100_000),
          unit: 'ms',
          target: 5_000,
        },
        { name: 'start with 1M open predictions', value: opened, unit: 'ms', target: 5_000 },
        {
          name: 'memory of the process with 1M open predictions',
          value: many,
          unit: 'MB',
          yardstick: { name: 'with 100,000', value: few },
          target: few + 100,
        },
        {
          name: '1M open predictions on disk',
          value: onDisk,
          unit: 'MB',
          yardstick: { name: '100,000 of them', value: fewOnDisk },
        },
      ];
    } finally {
      await joiner.stop();
      rmSync(folder, { recursive: true });
    }
  },
};

/** Resolves when the store is open and its numbers are known. */
function start(folder: string): Promise<Joiner> {
  return new Promise((resolve, reject) => {
    const joiner = createJoiner({
      open: () => openStore(folder),
      windowSeconds: 604_800,
      waitSeconds: 3_600,
      mostRecords: 2_000_000,
      mostBytes: 1_000_000_000,
      mostWaiting: 200_000,
      nowSeconds: () => Date.now() / 1_000,
      retryMs: 1_000,
      onEffects: () => undefined,
      onTotals: () => undefined,
      onState: (state) => (state instanceof StoreError ? reject(state) : resolve(joiner)),
    });
  });
}

/** As requests bring them: several at a time, each waiting for its answer. */
async function submit(
  joiner: Joiner,
  indexes: readonly number[],
  eventOf: (index: number) => KeyedEvent['event']
): Promise<void> {
  let next = 0;
  const sender = async () => {
    while (next < indexes.length) {
      const mine = indexes.slice(next, (next += PER_REQUEST));
      await joiner.submit(mine.map((index) => ({ key: keyOf(nameOf(index)), event: eventOf(index) })));
    }
  };
  await Promise.all(Array.from({ length: 4 }, sender));
}

const nameOf = (index: number) => ({ namespace: 'shop', model: 'risk', id: `order-${index}` });
const prediction = (index: number): KeyedEvent['event'] => ({
  kind: 'prediction',
  prediction: { version: 'v3', timeSeconds: Date.now() / 1_000, value: (index % 1_000) / 1_000 },
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** Of what is alive: the ids that this process makes up are garbage. */
function rss(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().rss / 1e6;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function bytesOnDisk(folder: string): number {
  const path = join(folder, 'open-predictions');
  return readdirSync(path).reduce((sum, file) => sum + statSync(join(path, file)).size, 0) / 1e6;
}
