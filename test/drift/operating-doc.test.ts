/** docs/operating.md against the code: its queries, its reasons, its examples. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { METRICS, RECORDED, WEB_REFUSALS } from '@modelwatch/contract';
import { parse } from 'yaml';
import { readWebFile } from '../../exporter/src/config/web-file';
import { WEB_LIMITS } from '../../exporter/src/http/web/limits';
import { createAuthority, issue } from '../support/certificates';
import { promqlProblems } from '../support/promql';

const FILE = join(__dirname, '..', '..', 'docs', 'operating.md');
const DOC = readFileSync(FILE, 'utf8');
const section = (title: string) => DOC.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
const rows = (title: string) =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    );

describe('docs/operating.md', () => {
  const queries = rows('Troubleshooting by metric').map((cells) => (cells[1] ?? '').replace(/^`|`$/g, ''));

  it('asks questions', () => {
    expect(queries.length).toBeGreaterThan(10);
  });

  it.each(queries)('asks %s of metrics and labels that exist', (query) => {
    expect(promqlProblems(query)).toEqual([]);
  });

  it('names no metric that does not exist', () => {
    const known = new Set([...Object.values(METRICS), ...Object.values(RECORDED)].map(({ name }) => name));
    const named = [...new Set(DOC.match(/\bmodelwatch[_:][a-z][a-z0-9_:]+/g))];
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('has each reason for a refusal, and the limits as they are', () => {
    const reasons = rows('Limits').map((cells) => (cells[3] ?? '').replace(/`/g, ''));
    expect([...new Set(reasons)].sort()).toEqual([...WEB_REFUSALS].sort());
    const limitOf = (what: string) => rows('Limits').find(([name]) => name === what)?.[1];
    expect(limitOf('request line and headers')).toBe(`${WEB_LIMITS.headerBytes / 1024} KiB`);
    expect(limitOf('headers')).toBe(String(WEB_LIMITS.headers));
    expect(limitOf('URL')).toBe(`${WEB_LIMITS.urlCharacters} characters`);
    expect(limitOf('headers to arrive')).toBe(`${WEB_LIMITS.headersMs / 1000} s`);
    expect(limitOf('the whole request to arrive')).toBe(`${WEB_LIMITS.requestMs / 1000} s`);
    expect(limitOf('the whole answer to be taken')).toBe(`${WEB_LIMITS.answerMs / 1000} s`);
  });

  it('shows a web configuration that is taken, and YAML for Prometheus', async () => {
    const [web = '', scrape = ''] = [...DOC.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-operating-'));
    const authority = await createAuthority('ca');
    const { cert, key } = await issue(authority, 'exporter', { dns: 'modelwatch' });
    const files = { 'web.yml': web, 'tls.crt': cert, 'tls.key': key, 'clients.crt': authority.cert };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    expect(readWebFile(join(folder, 'web.yml'))).toMatchObject({ tls: { clientAuth: 'require-and-verify' } });
    rmSync(folder, { recursive: true });
    expect(parse(scrape).scrape_configs).toHaveLength(1);
  });

  it('links to what is there', () => {
    for (const [, target = ''] of DOC.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      expect([target, existsSync(join(dirname(FILE), target))]).toEqual([target, true]);
    }
  });
});
