import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../exporter/src/config/load';
import { readPromql } from '../support/promql';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'synthetic.md'), 'utf8');

/** Loads a configuration from a file in a folder of its own. */
function load(yaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-synthetic-'));
  try {
    writeFileSync(join(folder, 'request.json'), '{"inputs":[]}');
    const file = join(folder, 'modelwatch.yaml');
    writeFileSync(file, yaml.replaceAll('FOLDER', folder));
    return loadConfig({ file, env: {}, flags: {} }).config.servers.synthetic;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const declare = (request: string, more = '') =>
  `servers:\n  synthetic:\n    - {namespace: a, model: b, request: ${request}${more}}\n`;

describe('docs/synthetic.md', () => {
  it('shows an example that loads, and a query that is one', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(DOC) ?? [];
    expect(load(yaml)[0]).toMatchObject({ model: 'fraud-scorer', expect: { status: [200] }, timeoutSeconds: 2 });
    const [, query = ''] = /```promql\n([\s\S]*?)```/.exec(DOC) ?? [];
    expect(readPromql(query).errors).toEqual([]);
  });

  it('is right about bodies in files', () => {
    expect(load(declare('{bodyFile: FOLDER/request.json}'))[0]?.request.body).toBe('{"inputs":[]}');
  });

  it.each([
    ['{bodyFile: FOLDER/none.json}', '', 'request.bodyFile: expected a file that can be read, got ENOENT'],
    ['{body: a, bodyFile: b}', '', 'either body or bodyFile'],
    ['{}', '', 'either body or bodyFile'],
    ['{body: a, url: "http://ann:secret@box/x"}', '', 'an address without user and password'],

    ['{body: a}', ', intervalSeconds: 5', 'intervalSeconds: expected a number from 10'],
    ['{body: a}', ', timeoutSeconds: 90', 'at most intervalSeconds'],
    ['{body: a}', ', expect: {values: [{path: "a["}]}', 'values[0].path'],
    ['{body: a}', ', expect: {values: [{path: a}]}', 'one of equals, min, max or length'],
  ])('refuses %s%s', (request, more, text) => {
    expect(() => load(declare(request, more))).toThrow(text);
  });
});
