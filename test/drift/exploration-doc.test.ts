/** docs/exploration.md by the letter: its configuration in a real exporter, and each of its commands in a shell. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeModelRows, METRICS, ROW_REMOVALS } from '@modelwatch/contract';
import { loadConfig } from '../../exporter/src/config/load';
import { configSchema } from '../../exporter/src/config/schema';
import { explorationPlan } from '../../exporter/src/domain/exploration/settings';
import { startExporter } from '../../exporter/src/exporter';
import { ROW_FILTERS } from '../../exporter/src/http/api/rows';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'exploration.md'), 'utf8');
const blocks = (language: string) =>
  [...DOC.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
afterAll(() => rmSync(folder, { recursive: true }));

const shell = async (command: string, url = '') => {
  const text = command.replaceAll('localhost:8780', url).replaceAll('curl ', 'curl -sS ');
  return (await promisify(execFile)('bash', ['-ec', text], { cwd: folder, timeout: 20_000 })).stdout;
};

it('goes from a token to rows in files, and forgets', async () => {
  const [makeToken = '', ...commands] = blocks('sh');
  await shell(makeToken);
  const file = join(folder, 'modelwatch.yml');
  writeFileSync(file, blocks('yaml')[0] ?? '');
  const { events, monitoring } = loadConfig({ file, env: {}, flags: { 'kubernetes.enabled': ['false'] } }).config;
  const inFolder = {
    ...events,
    exploration: { ...events.exploration, tokenFile: join(folder, events.exploration.tokenFile ?? '') },
    joins: { ...events.joins, directory: join(folder, events.joins.directory ?? '') },
  };
  const exporter = await startExporter(
    configSchema.parse({
      ...{ monitoring, events: inFolder, kubernetes: { enabled: false }, log: { level: 'fatal' } },
      web: { listenAddress: '127.0.0.1', port: 0 },
    })
  );
  try {
    const [send = '', read = '', forget = '', files = ''] = commands;
    expect(await shell(send, exporter.url)).toContain('"accepted":1');
    const rows = decodeModelRows(JSON.parse(await shell(read, exporter.url)));
    const shown = decodeModelRows(JSON.parse(blocks('json')[0] ?? ''));
    const timeless = ({ items, ...rest }: typeof rows) => ({
      ...{ ...rest, generatedAtSeconds: 0 },
      items: items.map((item) => ({ ...item, timeSeconds: 0, actualSeconds: 0 })),
    });
    expect(timeless(rows)).toEqual(timeless(shown));
    await shell(files, exporter.url);
    expect(readFileSync(join(folder, 'wrong.csv'), 'utf8')).toContain('order-1,v14');
    expect(JSON.parse(readFileSync(join(folder, 'rows.jsonl'), 'utf8'))).toMatchObject({ id: 'order-1' });
    expect(JSON.parse(await shell(forget, exporter.url))).toEqual({ deleted: true });
    expect(decodeModelRows(JSON.parse(await shell(read, exporter.url))).items).toEqual([]);
  } finally {
    await exporter.stop();
  }
});

it('names filters, reasons, metrics and defaults that there are', () => {
  for (const { name } of ROW_FILTERS) expect(DOC).toContain(`\`${name}\``);
  for (const reason of ROW_REMOVALS) expect(DOC).toContain(`\`${reason}\``);
  const names = new Set(Object.values(METRICS).map(({ name }) => name));
  const told = [...DOC.matchAll(/modelwatch_\w+/g)].map(([name]) => name);
  expect(told.length).toBeGreaterThan(3);
  for (const name of told) expect(names).toContain(name);
  const { maxBytes, maxRowsPerModel } = configSchema.parse({ kubernetes: { enabled: true } }).events.exploration;
  expect([maxBytes, maxRowsPerModel]).toEqual([64 * 1024 * 1024, 10_000]);
  expect(explorationPlan({ enabled: true }, { maxBytes, maxRowsPerModel }, 1)).toMatchObject({
    ...{ mostRows: 1_000, sampleRatio: 1, retentionSeconds: 86_400 },
  });
});
