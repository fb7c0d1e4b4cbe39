import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, RECORDED, type MetricFamily } from '@modelwatch/contract';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'metrics.md'), 'utf8');

/** Rows of all tables whose first cell is a name in backticks: name, other cells. */
const rows = DOC.split('\n').flatMap((line) => {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, '|'));
  const name = /^`(modelwatch[a-z0-9_:]+)`$/.exec(cells[1] ?? '')?.[1];
  return name ? [{ name, cells: cells.slice(2, -1) }] : [];
});
const labelsOf = (labels: readonly string[]) => labels.map((label) => `\`${label}\``).join(', ') || '–';

describe('docs/metrics.md', () => {
  it('has one row for each metric and recorded series, and no other', () => {
    const names = [...Object.values(METRICS), ...Object.values(RECORDED)].map(({ name }) => name);
    expect(rows.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it.each(Object.values<MetricFamily>(METRICS).map((family) => [family.name, family] as const))(
    'tells the truth about %s',
    (name, family) => {
      const open = family.openPrefix === undefined ? [] : [`${family.openPrefix}*`];
      const labels = labelsOf([...family.labels, ...open]);
      expect(rows.find((row) => row.name === name)?.cells).toEqual([family.type, labels, family.help]);
    }
  );

  it.each(Object.values(RECORDED).map((series) => [series.name, series] as const))(
    'tells the truth about %s',
    (name, series) => {
      expect(rows.find((row) => row.name === name)?.cells).toEqual([labelsOf(series.labels), series.help]);
    }
  );
});
