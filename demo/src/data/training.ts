/** The data that a model was trained on, as a data scientist would have it: a table with the truth in it. */
import { Draw } from './draw';
import type { DataModel, Value } from './types';

/** Nothing has happened yet. */
const CALM = () => 0;

/** CSV with a header; the same for the same seed. */
export function trainingCsv(model: DataModel, rows: number, seed: number): string {
  const draw = new Draw('training', seed, model.namespace, model.model);
  const lines: string[] = [];
  for (let i = 0; i < rows; i++) {
    const { features, prediction, actual } = model.row(draw, CALM);
    if (i === 0) lines.push([...Object.keys(features), model.target, model.predictionColumn].join(','));
    lines.push([...Object.values(features), actual, prediction].map(cell).join(','));
  }
  return `${lines.join('\n')}\n`;
}

function cell(value: Value): string {
  return value === null ? '' : String(value);
}
