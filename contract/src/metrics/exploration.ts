/** Rows that are held for data exploration, of models that have it. Of one exporter: what others hold adds up. */
import { family, MODEL } from './family';

export const EXPLORATION_METRICS = {
  explorationRows: family('exploration_rows', 'gauge', MODEL, 'Rows that are held for data exploration.'),
  explorationBytes: family('exploration_bytes', 'gauge', MODEL, 'Memory of the rows that are held.'),
  explorationLimit: family('exploration_limit_bytes', 'gauge', MODEL, 'Memory that the rows of the model may take.'),
  explorationRemoved: family(
    'exploration_rows_removed_total',
    'counter',
    [...MODEL, 'reason'],
    'Rows that are held no more, by reason; rows, bytes and retention are the usual way of a row.'
  ),
} as const;
