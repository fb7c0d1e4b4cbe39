/** docs/demo.md tells how the data of the demo is made up: every column, with what it usually is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_MODELS, type DataModel } from '../../demo/src/data';
import { Draw } from '../../demo/src/data/draw';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'demo.md'), 'utf8');
const ROWS = 20_000;

/** Third column of the table under the name of the model, by the first. */
function documented({ namespace, model }: DataModel): Map<string, string> {
  const [, section = ''] = DOC.split(`\n#### ${namespace}/${model}\n`);
  const [table = ''] = section.split(/\n#|\n\n(?!\|)/);
  const rows = [...table.matchAll(/^\| (\w+) \|.*\| (.+) \|$/gm)];
  return new Map(rows.map(([, name = '', usual = '']) => [name, usual]));
}

function drawn(model: DataModel): Record<string, readonly unknown[]> {
  const draw = new Draw('documentation', model.model);
  const rows = Array.from({ length: ROWS }, () => model.row(draw, () => 0));
  const columns = Object.keys(rows[0]?.features ?? {});
  return {
    ...Object.fromEntries(columns.map((name) => [name, rows.map(({ features }) => features[name])])),
    [model.target]: rows.map(({ actual }) => actual),
  };
}

/** `US 29 %` of names, the mean of numbers: to the digits of the documentation. */
function isUsual(usual: string, values: readonly unknown[]): boolean {
  const [, name, percent] = /^(\S+) (\d+) %$/.exec(usual) ?? [];
  if (name !== undefined) {
    const share = values.filter((value) => String(value) === name).length / values.length;
    return Math.abs(share - Number(percent) / 100) < 0.012;
  }
  const numbers = values.filter((value) => typeof value === 'number');
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return Math.abs(mean / Number(usual.replace(',', '')) - 1) < 0.03;
}

it.each(DATA_MODELS.map((model) => [model.model, model] as const))('says of %s what it is asked', (_name, model) => {
  const [told, columns] = [documented(model), drawn(model)];
  expect([...told.keys()].sort()).toEqual(Object.keys(columns).sort());
  expect([...told].filter(([name, usual]) => !isUsual(usual, columns[name] ?? []))).toEqual([]);
});
