import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_KEYS, expectation, type ConfigKey } from '../../exporter/src/config/keys';
import { parse } from 'yaml';
import { readDocument } from '../../exporter/src/sources/discovery/document';
import { loadConfig } from '../../exporter/src/config/load';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');

/** Between the outer bars: key, places, expectation, default, meaning. Other tables have fewer. */
const KEY_ROW_CELLS = 5 + 2;

/** Rows of the table of keys: the key, then its other cells. */
const rows = DOC.split('\n').flatMap((line) => {
  const cells = line.split('|').map((cell) => cell.trim());
  const key = /^`([a-zA-Z.]+)`$/.exec(cells[1] ?? '')?.[1];
  return key && cells.length === KEY_ROW_CELLS ? [{ key, cells: cells.slice(2, -1) }] : [];
});

function expectedCells(key: ConfigKey): string[] {
  const places = key.fileOnly ? 'file only' : `\`${key.env}\`, \`--${key.flag}\``;
  const fallback = key.node.default === undefined ? '' : `\`${JSON.stringify(key.node.default)}\``;
  return [places, expectation(key.node), fallback];
}

describe('docs/configuration.md', () => {
  it('has one row for each key, in the order of the schema, and no other', () => {
    expect(rows.map(({ key }) => key)).toEqual(CONFIG_KEYS.map(({ path }) => path));
  });

  it.each(CONFIG_KEYS.map((key) => [key.path, key] as const))('tells the truth about %s', (path, key) => {
    const cells = rows.find((row) => row.key === path)?.cells ?? [];
    expect(cells.slice(0, 3)).toEqual(expectedCells(key));
    expect(cells[3]).toMatch(/\w.*\.$/);
  });

  it('shows examples that load', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
    const all = [...DOC.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
    // One is a piece of Prometheus' configuration, one a document of service discovery.
    const examples = all.filter((text) => !text.includes('scrape_configs:') && !text.includes('- targets:'));
    expect(examples).toHaveLength(9);
    for (const example of examples) {
      const file = join(folder, 'example.yaml');
      writeFileSync(file, example);
      expect(loadConfig({ file, env: {}, flags: {} }).config).toBeDefined();
    }
    rmSync(folder, { recursive: true });
    const discovery = all.find((text) => text.startsWith('# /etc/modelwatch/servers/'));
    const servers = readDocument(parse(discovery ?? ''), 'the example', (_, detail) => {
      throw new Error(detail);
    });
    expect([...servers.keys()]).toEqual(['gpu-1.example.com:8000', 'gpu-2.example.com:8000']);
  });
});
