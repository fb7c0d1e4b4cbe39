/** docs/segments.md against the code: its example loads, its metrics are there, and its rules compute what numpy does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRICS } from '@modelwatch/contract';
import { loadConfig } from '../../exporter/src/config/load';
import { SEGMENT_SHARE } from '../../exporter/src/domain/segments/counts';
import { testRules } from '../support/promtool';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'segments.md'), 'utf8');
const [settings = '', rules = ''] = [...DOC.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');

interface Vectors {
  readonly bins: readonly string[];
  readonly reference: Readonly<Record<string, readonly number[]>>;
  readonly perMinute: Readonly<Record<string, readonly number[]>>;
  readonly rows: Readonly<Record<string, number>>;
  readonly psi: Readonly<Record<string, number>>;
  readonly whole: readonly number[];
}
const VECTORS = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'segments.json'), 'utf8')) as Vectors;

it('shows settings that load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-doc-'));
  const file = join(folder, 'modelwatch.yml');
  writeFileSync(file, settings);
  const { monitoring } = loadConfig({ file, env: {}, flags: {} }).config;
  rmSync(folder, { recursive: true });
  expect(monitoring.models[0]?.segments).toEqual([{ column: 'device_type', values: ['android', 'ios', 'web'] }]);
});

it('names metrics that there are, and the share that segments have', () => {
  const names = new Set(Object.values(METRICS).map(({ name }) => name));
  const told = [...DOC.matchAll(/modelwatch_segment_\w+/g)].map(([name]) => name);
  expect(told.length).toBeGreaterThan(8);
  for (const name of told) expect(names).toContain(name);
  expect(DOC).toContain('may have half of the series');
  expect(SEGMENT_SHARE).toBe(0.5);
});

it('has rules that score each value as numpy does, from two exporters, and whose rows add up to the whole', () => {
  const input: Record<string, string> = {};
  const add = (name: string, labels: string, values: string) => {
    input[`${name}{namespace="shop",model="chargeback-risk",${labels}}`] = values;
  };
  for (const [value, rows] of Object.entries(VECTORS.perMinute)) {
    rows.forEach((step, index) => {
      const of = `reference="r1",segment="device_type",value="${value}",subject="prediction",feature="",bin="${VECTORS.bins[index]}"`;
      const first = Math.floor(step / 3);
      add(METRICS.segmentObservations.name, `${of},pod="a"`, `0+${first}x120`);
      add(METRICS.segmentObservations.name, `${of},pod="b"`, `100+${step - first}x120`);
      for (const pod of ['a', 'b']) {
        add(METRICS.segmentReference.name, `${of},pod="${pod}"`, `${VECTORS.reference[value]?.[index]}x120`);
      }
    });
  }
  const of = (value: string) =>
    `{namespace="shop",model="chargeback-risk",reference="r1",segment="device_type",value="${value}"}`;
  const scores = Object.keys(VECTORS.psi);
  const near = (name: string, value: string, expected: number) => ({
    expr: `abs(${name}{value="${value}"} - ${expected}) < bool 1e-9`,
    at: '100m',
    samples: { [of(value)]: 1 },
  });
  const whole = VECTORS.whole.map((rows, index) => ({
    expr: `sum without (value) (segment:prediction_bins:rows1h{bin="${VECTORS.bins[index]}"})`,
    at: '100m',
    samples: {
      [`{namespace="shop",model="chargeback-risk",reference="r1",segment="device_type",bin="${VECTORS.bins[index]}"}`]:
        rows,
    },
  }));
  const expect_ = [
    ...scores.map((value) => near('segment:prediction:psi1h', value, VECTORS.psi[value] ?? NaN)),
    ...scores.map((value) => near('segment:prediction:rows1h', value, VECTORS.rows[value] ?? NaN)),
    // Without a row there is no score, and not a score of 0.
    { expr: 'segment:prediction:psi1h{value="other"}', at: '100m', samples: {} },
    ...whole,
  ];
  const result = testRules(rules, [{ name: 'segments', input, expect: expect_ }], 60);
  expect(result.output).toContain('SUCCESS');
  expect(result.ok).toBe(true);
});
