import { join } from 'node:path';
import { freePort, startProgram, until } from '../support/processes';
import type { Figure, Suite } from './figures';
import type { ReaderFigures } from './sync/reader';

const SIZES = [10_000, 30_000, 100_000];
const LARGEST = 100_000;

/**
 * First list and watch of pods of 5 kB by the Kubernetes source alone, from an API server that is not the limit; each
 * side is a process of its own. The yardstick fetches and parses the same bytes.
 */
export const sync: Suite = {
  name: 'sync',
  run: async () => {
    const figures: Omit<Figure, 'suite'>[] = [];
    for (const pods of SIZES) {
      const parsed = await measure(pods, 'paged', 'parse');
      const yardstick = { name: 'fetch and JSON.parse of the same pods', value: parsed.listMs / 1_000 };
      for (const mode of ['streamed', 'paged'] as const) {
        const read = await measure(pods, mode, 'source');
        const name = `${pods} pods, ${mode}`;
        figures.push(
          {
            name: `${name}: to synced`,
            value: read.listMs / 1_000,
            unit: 's',
            yardstick,
            ...(pods === LARGEST ? { target: 5 } : {}),
          },
          { name: `${name}: longest event-loop stall in the list`, value: read.listStallMs, unit: 'ms', target: 15 },
          { name: `${name}: peak RSS`, value: read.peakMb, unit: 'MB' }
        );
        if (pods === LARGEST) {
          figures.push({
            name: `${name}: 20,000 watch events`,
            value: 20_000 / read.eventsPerSecond,
            unit: 's',
            target: 1,
          });
        }
      }
    }
    return figures;
  },
};

async function measure(pods: number, mode: string, what: 'source' | 'parse'): Promise<ReaderFigures> {
  const port = await freePort();
  const start = (name: string, ...args: string[]) =>
    startProgram(process.execPath, ['--import', 'tsx', join(__dirname, 'sync', name), ...args]);
  const api = start('api.ts', String(port), String(pods), mode);
  try {
    const listening = () => Promise.resolve(api.output());
    await until('the API server', listening, (output) => output.includes('listening'));
    const reader = start('reader.ts', `http://127.0.0.1:${port}`, String(pods), what);
    await reader.ended;
    return JSON.parse(reader.output()) as ReaderFigures;
  } finally {
    await api.stop();
  }
}
