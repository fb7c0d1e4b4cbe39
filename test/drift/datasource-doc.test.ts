import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertableOf } from '../../datasource-plugin/src/query/alertable';
import { decodeQuery, QUERY_KINDS } from '../../datasource-plugin/src/query/decode';
import { ALERT_NOTIFICATIONS } from '@modelwatch/contract';
import { FIGURE_KINDS } from '../../datasource-plugin/src/query/figures';
import { NO_FILTERS } from '../../datasource-plugin/src/query/filters';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'datasource.md'), 'utf8');

describe('docs/datasource.md', () => {
  it.each(Object.entries(FIGURE_KINDS))('lists the figures of %s', (kind, { figures }) => {
    const row = DOC.split('\n').find((line) => line.startsWith(`| \`${kind}\` |`)) ?? '';
    const listed = [...(row.split('|')[2] ?? '').matchAll(/`([a-z0-9_]+)`/g)].map(([, metric]) => metric);
    expect(listed).toEqual(Object.keys(figures));
  });

  it('says of each kind what a rule alerts on, or that nothing can', () => {
    const [, table = ''] = DOC.split('\n## To alert on\n');
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const kindsOf = (row: string) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind);
    const listed = rows.flatMap((row) => kindsOf(row).map((kind) => [kind, /\| nothing:/.test(row)] as const));
    const plain = QUERY_KINDS.filter((kind) => !(kind in FIGURE_KINDS));
    const known = plain.map(
      (kind) => [kind, 'whyNot' in alertableOf(decodeQuery({ refId: 'A', kind }), NO_FILTERS)] as const
    );
    expect(new Map(listed)).toEqual(new Map(known));
  });

  it('says each word of what becomes of an alert', () => {
    const listed = [...DOC.matchAll(/^\| `(\w+)` \| /gm)].map(([, word]) => word);
    expect(listed).toEqual(expect.arrayContaining([...ALERT_NOTIFICATIONS]));
  });

  it('shows queries that can be read, and mean what they say', () => {
    const examples = [...DOC.matchAll(/^\{ "refId".*\}$/gm)].map(([text]) => JSON.parse(text) as object);
    expect(examples.length).toBeGreaterThanOrEqual(5);
    for (const example of examples) expect(decodeQuery(example)).toMatchObject(example);
  });
});
