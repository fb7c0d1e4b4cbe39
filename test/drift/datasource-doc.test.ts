import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeQuery } from '../../datasource-plugin/src/query/decode';
import { FIGURE_KINDS } from '../../datasource-plugin/src/query/figures';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'datasource.md'), 'utf8');

describe('docs/datasource.md', () => {
  it.each(Object.entries(FIGURE_KINDS))('lists the figures of %s', (kind, { figures }) => {
    const row = DOC.split('\n').find((line) => line.startsWith(`| \`${kind}\` |`)) ?? '';
    const listed = [...(row.split('|')[2] ?? '').matchAll(/`([a-z0-9_]+)`/g)].map(([, metric]) => metric);
    expect(listed).toEqual(Object.keys(figures));
  });

  it('shows queries that can be read, and mean what they say', () => {
    const examples = [...DOC.matchAll(/^\{ "refId".*\}$/gm)].map(([text]) => JSON.parse(text) as object);
    expect(examples.length).toBeGreaterThanOrEqual(5);
    for (const example of examples) expect(decodeQuery(example)).toMatchObject(example);
  });
});
