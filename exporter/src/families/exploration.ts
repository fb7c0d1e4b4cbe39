/** Rows that are held for data exploration. */
import { METRICS, ROW_REMOVALS } from '@modelwatch/contract';
import type { ModelEvents } from '../domain/events/model-events';
import type { RowRing } from '../domain/exploration/ring';
import type { Row } from './row';
import { row } from './text';

export const explorationRows: readonly Row<ModelEvents>[] = [
  row(
    METRICS.explorationRows,
    gauge(({ rows }) => rows)
  ),
  row(
    METRICS.explorationBytes,
    gauge(({ bytes }) => bytes)
  ),
  row(
    METRICS.explorationLimit,
    gauge(({ plan }) => plan.mostBytes)
  ),
  row(METRICS.explorationRemoved, ({ namespace, model, rows }: ModelEvents) =>
    rows
      ? ROW_REMOVALS.map((reason) => ({
          labels: { namespace, model, reason },
          value: rows.seen ? rows.removed[reason] : 0,
        }))
      : []
  ),
];

function gauge(valueOf: (rows: RowRing) => number) {
  return ({ namespace, model, rows }: ModelEvents) =>
    rows ? [{ labels: { namespace, model }, value: valueOf(rows) }] : [];
}
