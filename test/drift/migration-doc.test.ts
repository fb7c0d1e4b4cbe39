/** docs/coming-from-kube-state-metrics.md and docs/custom-resources.md: names and queries that exist, examples that load. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runCheck } from '../../exporter/src/cli/check';
import { schemaAt } from '../../exporter/src/config/keys';
import { MAPPED_STATES } from '../../exporter/src/mapping/states';
import { labelsOfMetric, readPromql } from '../support/promql';

const doc = (name: string) => readFileSync(join(__dirname, '..', '..', 'docs', name), 'utf8');
const MIGRATION = doc('coming-from-kube-state-metrics.md');
const MAPPINGS = doc('custom-resources.md');
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(
    ([, , block = '']) => block
  );
/** Series of others that a query of ours may be joined with. */
const OTHERS = /^(kube_|container_)/;

describe.each([
  ['coming-from-kube-state-metrics.md', MIGRATION],
  ['custom-resources.md', MAPPINGS],
])('docs/%s', (_, text) => {
  it('names only metrics that exist', () => {
    const names = [...new Set(text.match(/\bmodelwatch_[a-z_]+/g))];
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => labelsOfMetric(name) === undefined)).toEqual([]);
  });
});

describe('the queries for people who come from kube-state-metrics', () => {
  const queries = blocks(MIGRATION, 'promql').map((block) => block.trim());
  const pairs = queries.flatMap((query, index) => (index % 2 ? [] : [[query, queries[index + 1] ?? ''] as const]));

  it('are fifteen pairs', () => {
    expect(pairs).toHaveLength(15);
  });

  it.each(pairs)('%s', (before, after) => {
    const [old, ours] = [readPromql(before), readPromql(after)];
    expect([...old.errors, ...ours.errors]).toEqual([]);
    expect(old.selectors.filter(({ metric }) => !OTHERS.test(metric))).toEqual([]);
    expect(ours.selectors.some(({ metric }) => metric.startsWith('modelwatch_'))).toBe(true);
    for (const { metric, matchers } of ours.selectors.filter((selector) => !OTHERS.test(selector.metric))) {
      const labels = labelsOfMetric(metric) ?? [];
      expect(matchers.filter(({ label }) => !labels.includes(label))).toEqual([]);
    }
    for (const { kind, labels } of ours.groupings) {
      if ((kind === 'by' || kind === 'on') && labels.length > 0) expect(labels).toContain('cluster');
    }
  });
});

describe('the page on mappings', () => {
  const mapping = schemaAt(['kubernetes', 'customResources', 0]);
  const rows = MAPPINGS.split('\n').flatMap((line) => /^\| `([^`]+)`/.exec(line)?.[1] ?? []);

  it('has a row for each key of the schema', () => {
    const { models, server, pods, ...own } = mapping?.properties ?? {};
    expect(rows).toEqual(expect.arrayContaining([...Object.keys(own), 'models', 'server', 'pods.labels']));
    expect(Object.keys(pods?.properties ?? {})).toEqual(['labels']);
    const entity = { ...models?.properties, ...server?.properties };
    const flat = Object.entries(entity).flatMap(([key, { properties }]) =>
      properties ? Object.keys(properties).map((part) => `${key}.${part}`) : [key]
    );
    expect(rows).toEqual(expect.arrayContaining(flat));
    expect(rows).toEqual(expect.arrayContaining(Object.keys(models?.properties?.['state']?.items?.properties ?? {})));
  });

  it('explains each state', () => {
    expect(rows).toEqual(expect.arrayContaining([...MAPPED_STATES]));
  });

  it('shows an example that the schema takes, and that reads a good and a bad object', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
    const example = blocks(MAPPINGS, 'yaml').find((block) => block.includes('name: scorer')) ?? '';
    const file = join(folder, 'scorer.yaml');
    writeFileSync(file, example);
    expect(parse(example)).toMatchObject({ kind: 'Scorer' });
    const printed: string[] = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    const look = (status: unknown) => {
      const object = join(folder, 'object.json');
      const metadata = { name: 'fraud', namespace: 'pay' };
      writeFileSync(object, JSON.stringify({ apiVersion: 'ml.example.com/v1', kind: 'Scorer', metadata, status }));
      runCheck([`--kubernetes.custom-resource-files=${file}`, `--object=${object}`], {});
      return printed.splice(0).slice(0, 3);
    };
    const ready = (status: string, reason: string) => ({
      readyReplicas: status === 'True' ? 1 : 0,
      conditions: [{ type: 'Ready', status, reason, message: 'no' }],
    });
    expect(look(ready('True', 'Fine'))[0]).toBe('model pay/fraud: serving');
    expect(look(ready('False', 'ImageError'))).toEqual([
      'model pay/fraud: failed',
      '  image_pull_failed: Image pull fails: 0 of 1 replica ready (no)',
      '  replicas: 0 available of 1 desired',
    ]);
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
});
