/**
 * The rows of a reference become the shares that numpy has, in what a real exporter says. What the rules make of those
 * shares is held against scipy by the vector of the same case (drift-rules.test.ts).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '../../exporter/src/config/schema';
import { numericFeature, referenceOf } from '../../exporter/src/domain/testing/references';
import { startExporter } from '../../exporter/src/exporter';

interface Case {
  readonly reference_rows?: readonly number[];
  readonly reference: readonly number[];
}

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-smoothing-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('gives the shares of a reference as numpy smooths its rows', async () => {
  const cases = JSON.parse(readFileSync(join(__dirname, 'fixtures/drift-statistics.json'), 'utf8')) as readonly Case[];
  const { reference_rows: rows = [], reference = [] } = cases.find((each) => each.reference_rows) ?? {};
  const special = Object.fromEntries(
    (['below', 'above', 'missing', 'invalid'] as const).map((name, index) => [
      name,
      { count: rows[index + 3] ?? NaN, share: 0 },
    ])
  );
  const feature = { ...numericFeature('f', rows.slice(0, 3)), special } as ReturnType<typeof numericFeature>;
  const file = join(folder, 'reference.json');
  const all = rows.reduce((sum, count) => sum + count, 0);
  writeFileSync(file, JSON.stringify(referenceOf({ rows: all, features: [feature] })));
  const exporter = await startExporter(
    configSchema.parse({
      log: { level: 'fatal' },
      kubernetes: { enabled: false },
      monitoring: { references: [{ file }] },
      web: { listenAddress: '127.0.0.1', port: 0 },
    })
  );
  const text = await (await fetch(`${exporter.url}/metrics`)).text();
  await exporter.stop();
  const told = [...text.matchAll(/^modelwatch_feature_reference_ratio\{.*bin="(\w+)".*\} (\S+)$/gm)];
  expect(told.map(([, bin]) => bin)).toEqual(['0', '1', '2', 'below', 'above', 'missing', 'invalid']);
  told.forEach(([, , share], index) => expect(Number(share)).toBeCloseTo(reference[index] ?? NaN, 12));
});
