/** docs/challengers.md against the code: its example loads, what it posts is taken and counted as it says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHALLENGER_OUTCOMES, CHALLENGER_STATES, METRICS, RECORDED } from '../../contract/src';
import { loadConfig } from '../../exporter/src/config/load';
import { startExporter } from '../../exporter/src/exporter';
import { referenceOf } from '../../exporter/src/domain/testing/references';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'challengers.md'), 'utf8');
const examples = (language: string) =>
  [...DOC.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('shows a configuration and requests that do what it says', async () => {
  const reference = join(folder, 'reference.json');
  writeFileSync(reference, JSON.stringify(referenceOf({ task: 'classification', classes: ['no', 'yes'] })));
  const file = join(folder, 'modelwatch.yaml');
  const [example = ''] = examples('yaml');
  writeFileSync(file, example.replace('reference.json', reference).replace('data/joins', join(folder, 'joins')));
  const { config } = loadConfig({ file, env: {}, flags: {} });
  const exporter = await startExporter({
    ...config,
    web: { ...config.web, port: 0, listenAddress: '127.0.0.1' },
    log: { ...config.log, level: 'fatal' },
    kubernetes: { ...config.kubernetes, enabled: false },
  });
  try {
    const scrape = async () => await (await fetch(`${exporter.url}/metrics`)).text();
    await scrape();
    const commands = examples('sh')[0]?.matchAll(/localhost:8780(\S+) .*? -d '([^']*)'/gs) ?? [];
    for (const [, path = '', body = ''] of commands) {
      const answer = await fetch(exporter.url + path, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
      });
      expect([path, answer.status, await answer.json()]).toEqual([path, 200, expect.objectContaining({ refused: 0 })]);
    }
    const verdict = `challenger="boosted-trees",champion="right",candidate="wrong"`;
    expect(await scrape()).toContain(
      `${METRICS.challengerVerdicts.name}{namespace="shop",model="risk",${verdict}} 1\n`
    );
  } finally {
    await exporter.stop();
  }
});

it('has a row for each outcome and each state, and names metrics that there are', () => {
  const rows = [...DOC.matchAll(/^\| `(\w+)`(?:, `(\w+)`)? \| [A-Z]/gm)].flatMap(([, ...names]) => names);
  const settings = ['name', 'model', 'version', undefined];
  expect(rows.filter((name) => !settings.includes(name))).toEqual([...CHALLENGER_OUTCOMES, ...CHALLENGER_STATES]);
  const families: string[] = [...Object.values(METRICS), ...Object.values(RECORDED)].map(({ name }) => name);
  const named = [...DOC.matchAll(/modelwatch[_:]challenger_[a-z_]+/g)].map(([name]) => name);
  expect(named.filter((name) => !families.includes(name))).toEqual([]);
});
