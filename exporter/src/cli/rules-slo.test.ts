import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runRules } from './rules';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** @param before objectives of the configuration, which stand before those of the file */
function rules(openSlo: string, before = '[]'): string {
  const [config, file] = [join(folder, 'modelwatch.yaml'), join(folder, 'slo.yaml')];
  writeFileSync(config, `slos: ${before}\nsloFiles: [${file}]\n`);
  writeFileSync(file, openSlo);
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((printed += String(text))));
  try {
    runRules(['slo', '--config.file', config]);
  } finally {
    write.mockRestore();
  }
  return printed;
}

const OF_PIPELINE = `apiVersion: openslo/v1
kind: SLO
metadata: { name: on-time, annotations: { modelwatch.io/pipelines: bank/checks } }
spec:
  indicator:
    metadata: { name: lag }
    spec: { thresholdMetric: { metricSource: { spec: { query: lag_seconds } } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ op: lt, value: 5, target: 0.99 }]
`;

it('prints two rules for each objective with a query, and none for others', () => {
  const printed = rules(OF_PIPELINE, '[{ name: on-time, indicator: availability, objective: 0.9 }]');
  const { groups } = parse(printed) as { groups: { rules: { record: string; labels: object }[] }[] };
  const labels = { namespace: 'bank', pipeline: 'checks', slo: 'on-time', indicator: 'query' };
  expect(groups.flatMap((group) => group.rules).map((rule) => [rule.record, rule.labels])).toEqual([
    ['modelwatch:slo_counted_rate', labels],
    ['modelwatch:slo_bad_counted_rate', labels],
  ]);
});

it('refuses one of whose name another before it may be of the same pipeline, naming both places', () => {
  const other = '[{ name: on-time, indicator: availability, objective: 0.9, pipelines: { namespaces: [b*] } }]';
  expect(() => rules(OF_PIPELINE, other)).toThrow(
    /slo.yaml line 1 column 1: expected one objective on-time of bank\/checks, got another beside config slos\[0\]$/
  );
  expect(() => rules(OF_PIPELINE, other.replace('b*', 'shop'))).not.toThrow();
});

it('says what is wrong with a file, and that there is nothing to print', () => {
  expect(() => rules(OF_PIPELINE.replace('lag_seconds', 'lag('))).toThrow(/PromQL, which breaks off .*line 7 column/);
  expect(() => rules('slos: [{ name: a, indicator: drift, objective: 0.9 }]')).toThrow(
    'expected an objective with a query, got none'
  );
});
