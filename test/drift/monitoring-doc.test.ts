/** docs/monitoring.md against the code: its examples load, and its table is that of the settings. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runCheck } from '../../exporter/src/cli/check';
import { runProfile } from '../../exporter/src/cli/profile';
import { loadConfig } from '../../exporter/src/config/load';
import { settingsDocumentSchema } from '../../exporter/src/config/monitoring';
import { readSettings } from '../../exporter/src/config/settings-document';
import { MONITORING_LABEL } from '../../exporter/src/domain/events/config-map';
import { DEFAULT_SETTINGS } from '../../exporter/src/domain/events/monitored';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'monitoring.md'), 'utf8');
const examples = [...DOC.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('shows configurations that load', () => {
  const configurations = examples.filter((text) => !text.includes('kind: ConfigMap'));
  expect(configurations).toHaveLength(3);
  const loaded = configurations.map((text) => {
    const file = join(folder, 'example.yaml');
    writeFileSync(file, text);
    return loadConfig({ file, env: {}, flags: {} }).config.monitoring;
  });
  expect(loaded.map(({ references }) => references.length)).toEqual([1, 3, 0]);
});

it('shows a ConfigMap whose settings are read', () => {
  const [text = ''] = examples.filter((example) => example.includes('kind: ConfigMap'));
  const map = parse(text) as { metadata: { labels: object }; data: Record<string, string> };
  expect(map.metadata.labels).toEqual({ [MONITORING_LABEL]: 'true' });
  const [document = ''] = Object.values(map.data);
  expect(readSettings(document, 'the example')).toMatchObject({
    model: 'chargeback-risk',
    starred: ['account_age_days'],
  });
});

it('goes from training data to a reference that check approves, as it says', async () => {
  const [profile = '', check = ''] = ['profile', 'check'].map(
    (command) => new RegExp(`^modelwatch ${command} (.*)$`, 'm').exec(DOC)?.[1]
  );
  const here = (text: string) => text.replaceAll('reference.json', join(folder, 'reference.json'));
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await runProfile(here(profile).split(' '))).toBe(0);
  // With the settings of the last example, whose features must be there.
  const [first, last] = [examples[0] ?? '', examples.filter((text) => text.includes('models:'))[0] ?? ''].map(
    (text) => (parse(here(text)) as { monitoring: object }).monitoring
  );
  writeFileSync(join(folder, 'modelwatch.yml'), JSON.stringify({ monitoring: { ...first, ...last } }));
  const printed: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  expect(runCheck(check.replace('modelwatch.yml', join(folder, 'modelwatch.yml')).split(' '), {})).toBe(0);
  jest.restoreAllMocks();
  const [line = '', ok] = printed.map((text) => text.replaceAll(`${folder}/`, ''));
  const { excluded } = (last as { models: [{ excluded: string[] }] }).models[0];
  expect(excluded).toHaveLength(1);
  // Without the one that is excluded: its three bins, and the four that each feature has.
  expect(line).toMatch(/ 75 of 2,000 series$/);
  expect(DOC).toContain(line.replace(' 75 of', ' 82 of'));
  expect(ok).toMatch(/^OK: modelwatch.yml \(hash [0-9a-f]{12}\)$/);
});

it('has a row for each setting, with its default', () => {
  const table = DOC.slice(DOC.indexOf('| setting |'), DOC.indexOf('They are given in three places'));
  const rows = new Map(
    table.split('\n').flatMap((line) => {
      const [, name, value] = /^\| `(\w+)` \| (.*?) \|/.exec(line) ?? [];
      return name === undefined ? [] : [[name, (value ?? '').replaceAll('`', '')] as const];
    })
  );
  const { model: _model, ...settings } = settingsDocumentSchema.shape;
  expect([...rows.keys()].sort()).toEqual(Object.keys(settings).sort());
  const { method, window, thresholds, importantFromRatio, showCategories } = DEFAULT_SETTINGS;
  const told = { method, window, importantFromRatio, showCategories };
  for (const [name, value] of Object.entries(told)) expect(rows.get(name)).toBe(String(value));
  expect(parse(rows.get('thresholds') ?? '')).toEqual(thresholds);
});
