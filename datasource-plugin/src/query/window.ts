/** Windows of what is recorded, and how dense a history of it is worth asking for. */
import { MODEL_LABELS, RECORDED, type DriftWindow } from '@modelwatch/contract';
import { matcher, selector } from './promql';

/** ` @ end()` in a range query: models and windows are chosen by what holds at the end of the range. */
export type At = '' | ' @ end()';

/** A cell of a heatmap needs room. */
export const SCORE_MAX_POINTS = 60;
/** Over long ranges: rules of drift and accuracy are seldom evaluated more often. */
const LONG_STEP_SECONDS = 120;
/** Over ranges up to this a fast rule is worth a point of its own. */
const LONG_RANGE_SECONDS = 7200;
const SHORT_STEP_SECONDS = 15;

/** Models of one answer: what one screen can show, and what one browser can hold with hundreds of features each. */
export const MAX_MODELS = 20;

export const names = (series: readonly { readonly name: string }[]): string[] => series.map(({ name }) => name);

/**
 * Keeps the window that is asked for, or of each model the one of its settings.
 * @param settings selector of the settings that say the window of each model
 */
export function ofWindow(
  series: (matchers: readonly string[]) => string,
  window: DriftWindow | undefined,
  settings: string
): string {
  if (window) return series([matcher('window', '=', window)]);
  return `${series([])} and on (${MODEL_LABELS}, window) ${settings}`;
}

/** Of each model its task, its positive class, and the window that its verdict rests on. */
export function accuracySettings(ids: readonly string[], at: At): string {
  return `${selector(RECORDED.accuracySettings.name, ids)}${at}`;
}

/** Least step over a range, so that a short one still has as many points as there is room for. */
export function leastStepSeconds(rangeSeconds: number): number {
  if (rangeSeconds > LONG_RANGE_SECONDS) return LONG_STEP_SECONDS;
  return Math.max(SHORT_STEP_SECONDS, Math.ceil(rangeSeconds / SCORE_MAX_POINTS));
}

/** Label `window` tells what was counted over. */
export function labelled(expr: string, label: string, value: string): string {
  return `label_replace(${expr}, "${label}", "${value}", "", "")`;
}
