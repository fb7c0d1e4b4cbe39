/** docs/accuracy.md against the code: its examples load, its commands do what it says, its table is that of the settings. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ACTUAL_OUTCOMES } from '@modelwatch/contract';
import { SCENARIOS } from '../../demo/src';
import { loadConfig } from '../../exporter/src/config/load';
import { settingsDocumentSchema } from '../../exporter/src/config/monitoring';
import { startExporter } from '../../exporter/src/exporter';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'accuracy.md'), 'utf8');
const blocks = (kind: string) =>
  [...DOC.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
/** First cells of the table that begins so. */
const firstCells = (head: string) => (DOC.split(head)[1]?.split('\n\n')[0] ?? '').match(/(?<=^\| `)\w+(?=`)/gm) ?? [];
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
afterAll(() => rmSync(folder, { recursive: true }));

function configOf(text: string, flags: Record<string, string[]> = {}) {
  const file = join(folder, 'example.yaml');
  writeFileSync(file, text);
  return loadConfig({ file, env: {}, flags }).config;
}

it('shows configurations that load', () => {
  const [joins, settings] = blocks('yaml').map((text) => configOf(text));
  expect(joins?.events.joins).toMatchObject({ directory: 'data/joins', windowSeconds: 604_800, waitSeconds: 3_600 });
  expect(settings?.monitoring.models[0]?.accuracy).toMatchObject({ positiveClass: 'yes' });
});

it('has commands that do what it says', async () => {
  const { monitoring } = configOf(blocks('yaml')[1] ?? '');
  const config = configOf(blocks('yaml')[0] ?? '', {
    'events.joins.directory': [folder],
    'web.port': ['0'],
    'log.level': ['fatal'],
  });
  const kubernetes = { ...config.kubernetes, enabled: false };
  const exporter = await startExporter({ ...config, kubernetes, monitoring });
  try {
    const asked = blocks('sh').filter((text) => text.includes('http://localhost:8780'));
    const [post = '', forget = ''] = asked.map((text) => text.replaceAll('http://localhost:8780', exporter.url));
    const answer = (blocks('json')[0] ?? '').replaceAll(/\s/g, '');
    const { stdout } = await promisify(execFile)('bash', ['-ec', post]);
    expect(stdout.replaceAll(/\s/g, '')).toBe(answer + answer);
    expect(JSON.parse((await promisify(execFile)('bash', ['-ec', forget])).stdout)).toEqual({ deleted: true });
  } finally {
    await exporter.stop();
  }
});

it('names scenarios that the demo has', () => {
  const named = [...DOC.matchAll(/demo scenario ([\w-]+) on/g)].map(([, name]) => name);
  expect(named).toEqual(['label-flip', 'late-actuals']);
  expect(SCENARIOS).toEqual(expect.arrayContaining(named));
});

it('has a row for each setting and each outcome', () => {
  const { accuracy } = settingsDocumentSchema.shape;
  expect(firstCells('| setting of `accuracy`')).toEqual(Object.keys(accuracy.unwrap().shape));
  expect(firstCells('| `modelwatch_actuals_total{outcome}`')).toEqual(ACTUAL_OUTCOMES);
});
