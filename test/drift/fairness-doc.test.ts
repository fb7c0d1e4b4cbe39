/** docs/fairness.md against the code: its settings load and are in force, and it names metrics, states and limits that are there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAIRNESS_METRICS, FAIRNESS_ROWS_NEEDED, METRICS, RATE_OF_FAIRNESS, RECORDED } from '@modelwatch/contract';
import { loadConfig } from '../../exporter/src/config/load';
import { accuracyPlan } from '../../exporter/src/domain/accuracy/settings';
import { fairnessPlan, fairnessProblems, USUAL_LIMITS } from '../../exporter/src/domain/fairness/settings';
import { segmentsOf } from '../../exporter/src/domain/segments/plan';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'fairness.md'), 'utf8');
const [settings = ''] = [...DOC.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');

it('shows settings that load, and are in force', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
  const file = join(folder, 'modelwatch.yml');
  writeFileSync(file, settings);
  const { monitoring } = loadConfig({ file, env: {}, flags: {} }).config;
  rmSync(folder, { recursive: true });
  const [model] = monitoring.models;
  const accuracy = accuracyPlan({
    references: [{ task: 'classification', classes: ['false', 'true'] }],
    settings: {},
    window: '1d',
  });
  const segments = segmentsOf([], { segments: model?.segments ?? [], showCategories: false });
  expect(fairnessProblems(model?.fairness, accuracy, segments)).toEqual([]);
  expect(fairnessPlan(model?.fairness, accuracy, segments)?.attributes).toEqual([
    { column: 'age_group', referenceGroup: '35-54' },
  ]);
});

it('names each metric with its rate and usual limits, and series that there are', () => {
  for (const metric of FAIRNESS_METRICS) {
    const row = DOC.split('\n').find((line) => line.startsWith(`| \`${metric}\``));
    expect(row).toContain(metric === 'disparate_impact' ? 'the same' : RATE_OF_FAIRNESS[metric]);
    const { warning, critical } = USUAL_LIMITS[metric] ?? {};
    expect(row).toContain(`| ${warning}, ${critical} |`);
  }
  expect(DOC).toContain(`| \`minimumRows\` | \`${FAIRNESS_ROWS_NEEDED}\` |`);
  const names = new Set([...Object.values(METRICS), ...Object.values(RECORDED)].map(({ name }) => name));
  const told = [...DOC.matchAll(/modelwatch[:_](?:fairness|segment)_\w+/g)].map(([name]) => name);
  expect(told.length).toBeGreaterThan(4);
  for (const name of told) expect(names).toContain(name);
});
