import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite } from './figures';

const MODELWATCH = join(__dirname, '..', '..', 'exporter', 'dist', 'main.js');
/** MODELWATCH_BENCH_ROWS=10000000 measures the ten million that docs speak of, in a file of 2.8 GB. */
const ROWS = Number(process.env['MODELWATCH_BENCH_ROWS'] ?? 400_000);
const COLUMNS = 50;
/** Told by the process itself at its end: the most memory that it ever had. */
const TELL_MEMORY = 'process.on("exit",()=>process.stderr.write(`maxRSS=${process.resourceUsage().maxRSS}`))';

/** `modelwatch profile` of a CSV file, as a process, against reading, decoding and splitting the same text as often. */
export const profile: Suite = {
  name: 'profile',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-bench-profile-'));
    try {
      const [file, quarter] = [join(folder, 'train.csv'), join(folder, 'quarter.csv')];
      await writeCsv(file, ROWS);
      await writeCsv(quarter, ROWS / 4);
      const small = await profiled(quarter);
      const whole = await profiled(file);
      const split = await splitTwice(file);
      const what = `${(ROWS / 1e6).toFixed(1)}M rows x ${COLUMNS} columns`;
      return [
        {
          name: `reference of ${what}`,
          value: whole.seconds,
          unit: 's' as const,
          yardstick: { name: 'the same text decoded and split at commas, twice', value: split },
          // Ten million rows in ten minutes.
          target: (ROWS / 1e6) * 60,
        },
        {
          name: `peak memory, ${what}`,
          value: whole.megabytes,
          unit: 'MB' as const,
          yardstick: { name: 'of a quarter of the rows', value: small.megabytes },
          target: 600,
        },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

function profiled(file: string): Promise<{ seconds: number; megabytes: number }> {
  const started = performance.now();
  const preload = `data:text/javascript,${encodeURIComponent(TELL_MEMORY)}`;
  const args = ['--import', preload, MODELWATCH, 'profile', file, '--output', `${file}.json`];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, _, stderr) => {
      const memory = /maxRSS=(\d+)/.exec(stderr)?.[1];
      if (error || memory === undefined) return reject(error ?? new Error(`no memory was told: ${stderr}`));
      resolve({ seconds: (performance.now() - started) / 1_000, megabytes: Number(memory) / 1_000 });
    });
  });
}

async function splitTwice(file: string): Promise<number> {
  const started = performance.now();
  for (let reading = 0; reading < 2; reading++) {
    let cells = 0;
    for await (const text of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
      for (const line of String(text).split('\n')) cells += line.split(',').length;
    }
    if (cells < ROWS * COLUMNS) throw new Error(`expected ${ROWS * COLUMNS} cells, got ${cells}`);
  }
  return (performance.now() - started) / 1_000;
}

/** Forty columns of numbers in four shapes and ten of categories; the same file in every run. */
async function writeCsv(file: string, rows: number): Promise<void> {
  let state = 7;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const shapes = [
    () => (next() + next() + next() - 1.5).toFixed(6),
    () => String(Math.floor(next() * 1e6)),
    () => Math.exp(3 + next()).toFixed(2),
    () => String(Math.floor(next() * 10)),
  ];
  const cell = (column: number) => (column < 40 ? shapes[column % 4]?.() : `c${Math.floor(next() * 50)}`);
  const out = createWriteStream(file);
  out.write(`${Array.from({ length: COLUMNS }, (_, column) => `f${column}`).join(',')}\n`);
  for (let row = 0; row < rows; row++) {
    const line = `${Array.from({ length: COLUMNS }, (_, column) => cell(column)).join(',')}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
