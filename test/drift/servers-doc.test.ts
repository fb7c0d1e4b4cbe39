/** docs/servers.md: each table has a row for each family that is translated, with what becomes of it, and no other row. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { configSchema } from '../../exporter/src/config/schema';
import { cannotSay, rowsOf, TABLES } from '../support/servers-doc';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'servers.md'), 'utf8');

/** By heading of the third level, what stands under it. */
const SECTIONS = new Map(
  DOC.split(/^### /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text.split(/^## /m)[0] ?? ''])
);

describe('docs/servers.md', () => {
  it('begins with a configuration that is one', () => {
    const yaml = /^```yaml\n([^]*?)^```/m.exec(DOC)?.[1] ?? '';
    expect(configSchema.parse(parse(yaml)).servers.standalone).toMatchObject([{ name: 'laptop', models: [] }]);
  });

  it.each(Object.entries(TABLES))('says of %s what becomes of each of its families', (name, table) => {
    const section = SECTIONS.get(name) ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(rowsOf(table));
  });

  it.each(Object.entries(TABLES))('says of %s what it cannot say', (name, table) => {
    expect(SECTIONS.get(name)).toContain(cannotSay(table));
  });
});
