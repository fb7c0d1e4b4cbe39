import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVING_RULES } from '../../exporter/src/domain/serving';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'serving.md'), 'utf8');

describe('docs/serving.md', () => {
  it('lists the rules in the order in which they decide, with their reason', () => {
    const table = DOC.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
    const rows = table.slice(1).map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.map(([, name, , why]) => [name, why])).toEqual(SERVING_RULES.map(({ name, why }) => [name, why]));
  });
});
