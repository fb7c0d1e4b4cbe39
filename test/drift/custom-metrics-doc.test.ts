/** docs/custom-metrics.md against the code: its examples load, its commands do what it says, its tables are those of the settings. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CUSTOM_AGGREGATIONS, CUSTOM_ERRORS, CUSTOM_STATES } from '@modelwatch/contract';
import { customMetricsOrQueries } from '../../exporter/src/config/custom-metrics';
import { loadConfig } from '../../exporter/src/config/load';
import { startExporter } from '../../exporter/src/exporter';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'custom-metrics.md'), 'utf8');
const blocks = (kind: string) =>
  [...DOC.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
/** First cells of the table that begins so. */
const firstCells = (head: string) =>
  (DOC.split(head)[1]?.split('\n\n')[0] ?? '')
    .split('\n')
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''));
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('shows expressions that can be compiled', () => {
  const file = join(folder, 'expressions.yaml');
  writeFileSync(file, blocks('yaml')[1] ?? '');
  const { config } = loadConfig({ file, env: {}, flags: {} });
  expect(config.monitoring.models[0]?.customMetrics?.map(({ name }) => name)).toEqual([
    'approved_amount',
    'lost_amount',
    'sure',
  ]);
});

it('has commands that do what it says', async () => {
  const file = join(folder, 'example.yaml');
  writeFileSync(file, blocks('yaml')[0] ?? '');
  const { config } = loadConfig({ file, env: {}, flags: { 'web.port': ['0'], 'log.level': ['fatal'] } });
  const exporter = await startExporter({ ...config, kubernetes: { ...config.kubernetes, enabled: false } });
  try {
    const [post = ''] = blocks('sh').map((text) => text.replaceAll('http://localhost:8780', exporter.url));
    const { stdout } = await promisify(execFile)('bash', ['-ec', post]);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(blocks('json')[0] ?? ''));
    const answer = await fetch(`${exporter.url}/api/v1/models/shop/risk/monitoring`);
    expect(await answer.json()).toMatchObject({
      customMetrics: [{ name: 'rejected_share' }, { name: 'open_tickets' }],
    });
  } finally {
    await exporter.stop();
  }
});

it('has all keys, aggregations and states, and no others', () => {
  expect(firstCells('| key | | |').sort()).toEqual(Object.keys(customMetricsOrQueries.element.shape).sort());
  expect(firstCells('| aggregation | value |').sort()).toEqual([...CUSTOM_AGGREGATIONS].sort());
  expect(firstCells('| `reason` | |').sort()).toEqual([...CUSTOM_ERRORS].sort());
  expect(firstCells('| state | |').sort()).toEqual([...CUSTOM_STATES].sort());
});
