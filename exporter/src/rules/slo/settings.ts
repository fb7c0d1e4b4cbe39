/** Objectives as they are declared, each once however many exporters say it. */
import {
  METRICS,
  RECORDED,
  SLICED_INDICATORS,
  SLO_LABELS,
  type MetricFamily,
  type RecordedSeries,
  type SloIndicator,
} from '@modelwatch/contract';
import { ID } from '../promql';
import { chosenSettings } from '../settings';
import type { RecordingRule } from '../types';

/** Of objectives; of model and pipeline one is empty. */
export const ON = `on (${SLO_LABELS})`;
export const INFO = RECORDED.sloInfo.name;
/** What may be bad: of an objective of everything nothing may, and no budget can be told. */
export const BUDGET = `(1 - ${RECORDED.sloObjective.name} > 0)`;
/** Nobody asks such a model to answer. */
export const IDLE = `(${INFO}{model!=""} and on (${ID}) (${RECORDED.modelServing.name}{state="idle"} == 1))`;
/** Of the info of objectives that judge minutes by what rules say of their model. */
export const MINUTES = `indicator=~"${SLICED_INDICATORS.join('|')}"`;
/** Objectives whose events are slices of time. */
export const SLICED = `(${INFO}{${MINUTES}} or ${INFO}{method!="occurrences"})`;

/** 1 for each objective on models with the indicator, to be multiplied by what is known of those models. */
export function objectivesOn(indicator: SloIndicator): string {
  return `group by (${SLO_LABELS}) (${INFO}{indicator="${indicator}", model!=""})`;
}

/** One series for each objective and label in `labels`; of exporters that disagree the highest value counts. */
export function declared(family: MetricFamily, labels: readonly string[] = [], matchers = ''): string {
  return `max by (${[SLO_LABELS, ...labels].join(', ')}) (${family.name}${matchers})`;
}

/** Stays as the info does, which the rule before it chose. */
function kept(family: MetricFamily, recorded: RecordedSeries): RecordingRule {
  const untold = `(${recorded.name} unless ${ON} ${METRICS.sloInfo.name} and ${ON} ${INFO})`;
  return { record: recorded.name, expr: `max by (${recorded.labels.join(', ')}) (${family.name})\nor\n${untold}` };
}

export function settingsRules(): RecordingRule[] {
  return [
    { record: INFO, expr: chosenSettings(METRICS.sloInfo, RECORDED.sloInfo, SLO_LABELS) },
    kept(METRICS.sloObjective, RECORDED.sloObjective),
    kept(METRICS.sloBurnRateThreshold, RECORDED.sloBurnRateThreshold),
    kept(METRICS.sloBurnMinEvents, RECORDED.sloBurnMinEvents),
  ];
}

/** What is counted for an indicator, and what of it was bad: rules of their own, so that no other indicator rests on them. */
export function countedRules(indicator: SloIndicator, all: string, bad: string): RecordingRule[] {
  return [
    { record: RECORDED.sloCountedRate.name, expr: all, labels: { indicator } },
    { record: RECORDED.sloBadCountedRate.name, expr: bad, labels: { indicator } },
  ];
}
