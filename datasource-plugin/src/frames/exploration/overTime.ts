/** Predicted beside actual by time of prediction, of rows that are held. */
import { ROWS_PER_POINT, type ModelRow, type ModelRows } from '@modelwatch/contract';
import { inOrder } from '../accuracy/detail';
import type { PredictedActual } from '../accuracy/predicted';
import type { Line } from '../lines';

/** More would be noise: each rests on a few rows. */
const MOST_POINTS = 40;

type Side = 'predicted' | 'actual';
type ValueOf = (row: ModelRow) => number | undefined;

/** Each point is of as many rows as the others, so that none rests on too few. */
export function predictedByRows({ namespace, model, task, positiveClass = '', items }: ModelRows): PredictedActual {
  const rows = items.filter(({ actual }) => actual !== undefined).sort((a, b) => a.timeSeconds - b.timeSeconds);
  const points = Math.min(MOST_POINTS, Math.floor(rows.length / ROWS_PER_POINT));
  const chunks = Array.from({ length: points }, (_, index) =>
    rows.slice(Math.floor((index * rows.length) / points), Math.floor(((index + 1) * rows.length) / points))
  );
  const timed = [...new Map(chunks.map((chunk) => [meanOf(chunk, ({ timeSeconds }) => timeSeconds * 1_000), chunk]))];
  const line = (side: Side, name: string, valueOf: ValueOf): Line => ({
    labels: { cluster: '', namespace, model, class: name, side },
    title: name === '' ? side : `${side}, ${name}`,
    values: new Map(
      timed.flatMap(([timeMs, chunk]): Array<[number, number]> => {
        const value = meanOf(chunk, valueOf);
        return timeMs === undefined || value === undefined ? [] : [[timeMs, value]];
      })
    ),
  });
  const timesMs = timed.flatMap(([timeMs]) => (timeMs === undefined ? [] : [timeMs]));
  if (task === 'regression') {
    const lines = [line('predicted', '', numeric('prediction')), line('actual', '', numeric('actual'))];
    return { timesMs, lines, isShare: false };
  }
  if (task !== 'classification') return { timesMs: [], lines: [], isShare: true };
  const is = (field: 'predictedClass' | 'actualClass', name: string): ValueOf => {
    return ({ [field]: found }) => (found === undefined ? undefined : Number(found === name));
  };
  if (positiveClass && rows.every(({ score }) => score !== undefined)) {
    const lines = [
      line('predicted', positiveClass, ({ score }) => score),
      line('actual', positiveClass, is('actualClass', positiveClass)),
    ];
    return { timesMs, lines, isShare: true };
  }
  const classes = new Set(rows.flatMap(({ predictedClass = '', actualClass = '' }) => [predictedClass, actualClass]));
  classes.delete('');
  const lines = inOrder(classes, positiveClass).flatMap((name) => [
    line('predicted', name, is('predictedClass', name)),
    line('actual', name, is('actualClass', name)),
  ]);
  return { timesMs, lines, isShare: true };
}

function numeric(field: 'prediction' | 'actual'): ValueOf {
  return ({ [field]: value }) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  };
}

/** Undefined where fewer rows than a point rests on have a value. */
function meanOf(rows: readonly ModelRow[], valueOf: ValueOf): number | undefined {
  const values = rows.map(valueOf).filter((value) => value !== undefined);
  if (values.length < ROWS_PER_POINT) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
