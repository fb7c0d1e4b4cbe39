/** What answers about several models have in common. */
import type { QueryResultMetaNotice } from '@grafana/data';
import { modelIdKey, modelTitle, type ModelId } from '../frames/identity';
import { MAX_MODELS } from '../query/window';

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The rows of as many models as one answer has room for.
 * @param rows worst first
 * @param which models these are, in words: `that drifted most`
 */
export function boundedModels<Row extends ModelId>(
  rows: readonly Row[],
  which: string,
  most = MAX_MODELS
): { rows: readonly Row[]; notices: QueryResultMetaNotice[] } {
  const models = [...new Set(rows.map(modelIdKey))];
  if (models.length <= most) return { rows, notices: [] };
  const shown = new Set(models.slice(0, most));
  const text = `Only the ${most} models ${which} are shown: choose a namespace or a model for the others.`;
  return { rows: rows.filter((row) => shown.has(modelIdKey(row))), notices: [{ severity: 'info', text }] };
}

/**
 * @param silent models of which nothing is recorded, by window
 * @param why in words, where the cause is one of several
 */
export function silentNotices(
  silent: ReadonlyMap<string, readonly ModelId[]>,
  what: 'drift' | 'accuracy',
  why: string
): QueryResultMetaNotice[] {
  return [...silent].map(([window, models]) => ({
    severity: 'warning',
    text: `No ${what} is recorded over ${window} of ${models.map(modelTitle).join(', ')}: ${why}.`,
  }));
}
