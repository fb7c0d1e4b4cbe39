/** From queries of challengers to exact PromQL: what is recorded of them, and how champion and challenger serve. */
import { CHALLENGER_METRICS, RECORDED, type DriftWindow } from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { BY_MODEL, identity } from './identity';
import type { PromPart } from './parts';
import { matcher, selector, selectorOfNames } from './promql';
import type { ChallengersQuery } from './types';
import { accuracySettings, names, ofWindow } from './window';

const OF_WINDOW = names([
  RECORDED.challengerPairs,
  RECORDED.challengerExpected,
  RECORDED.challengerJudgedPairs,
  RECORDED.challengerAgreement,
  RECORDED.challengerDifference,
  RECORDED.challengerScore,
  RECORDED.challengerLead,
  RECORDED.challengerMargin,
  RECORDED.challengerState,
]);
/** Of a model; and of one of its versions, where the challenger is one. */
const SERVING = names([RECORDED.inferenceDurationP50, RECORDED.inferenceDurationP95, RECORDED.inferenceErrorsRatio]);
const SERVING_VERSION = names([RECORDED.inferenceVersionDurationP95, RECORDED.inferenceVersionErrorsRatio]);

function now(filters: ResolvedFilters, window: DriftWindow | undefined): string {
  const ids = identity(filters);
  const settings = accuracySettings(ids, '');
  const recorded = ofWindow((more) => selectorOfNames(OF_WINDOW, [...ids, ...more]), window, settings);
  const said = selector(CHALLENGER_METRICS.challengerInfo.name, ids);
  const needed = selector(RECORDED.accuracyRowsNeeded.name, ids);
  return `${recorded} or ${said} or ((${needed} or ${settings}) and on ${BY_MODEL} ${said})`;
}

/** The challenger is another model, and may be one of another namespace. */
function serving(filters: ResolvedFilters): string {
  const ids = identity(filters);
  const said = selector(CHALLENGER_METRICS.challengerInfo.name, ids);
  const from = (expr: string, label: string) =>
    `label_replace(${expr}, "${label}", "$1", "challenger_${label}", "(.+)")`;
  const both = `(group by ${BY_MODEL} (${said}) or group by ${BY_MODEL} (${from(from(said, 'namespace'), 'model')}))`;
  const anywhere = matcher('namespace', '!=', '');
  const drift = `${selector(RECORDED.modelChannel.name, [anywhere, matcher('channel', '=', 'drift')])} == 1`;
  const ofModel = `(${selectorOfNames(SERVING, [anywhere])} or ${drift})`;
  return `(${ofModel} or ${selectorOfNames(SERVING_VERSION, [anywhere])}) and on ${BY_MODEL} ${both}`;
}

export function challengerParts({ window }: ChallengersQuery, filters: ResolvedFilters): PromPart[] {
  return [
    { name: 'now', expr: now(filters, window) },
    { name: 'serving', expr: serving(filters) },
  ];
}
