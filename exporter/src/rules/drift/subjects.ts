/** What drift is judged by: its subjects, their references, thresholds and settings, each once however many exporters say it. */
import { DRIFT_SUBJECT_LABELS, METRICS, RECORDED, type DriftWindow, type RecordedSeries } from '@modelwatch/contract';
import { ID } from '../promql';
import { chosenSettings } from '../settings';
import type { RecordingRule } from '../types';

export { DRIFT_SUBJECT_LABELS as SUBJECT };

/** Subjects that make a model, or a batch, a warning at most. */
export const LOW_WEIGHT = `max by (${DRIFT_SUBJECT_LABELS}) (${METRICS.driftSubject.name}{subject="feature", weight="low"})`;

const FEATURE = { subject: 'feature' } as const;
const PREDICTION = { subject: 'prediction' } as const;

/** Windows of full hours: the counters of a whole day would be read again and again. */
export function isOfHours(window: DriftWindow): window is '1d' | '7d' {
  return window === '1d' || window === '7d';
}

/** Windows whose rows by bin are those of the last hour, or sums of such. */
export function isHourly(window: DriftWindow): boolean {
  return window === '1h' || isOfHours(window);
}

/** Rows by bin of one window. Sums of hours are not recorded: to read them back would cost as much as to add them up. */
export function binRows(window: DriftWindow): string {
  const hourly = RECORDED.binRows.name;
  if (isOfHours(window)) return `sum_over_time(${hourly}[${window}:1h])`;
  return window === '1h' ? hourly : `${RECORDED.windowBinRows.name}{window="${window}"}`;
}

/** Two rules for one series cost less than a union: features and predictions differ by a label that only these know. */
export function binReferenceRules(): RecordingRule[] {
  const record = RECORDED.binReference.name;
  return [
    {
      record,
      expr: `max by (${ID}, reference, feature, bin) (${METRICS.featureReference.name})`,
      labels: FEATURE,
    },
    { record, expr: `max by (${ID}, reference, bin) (${METRICS.predictionReference.name})`, labels: PREDICTION },
  ];
}

/** Of what is added up to longer windows, and of short ones: rows by bin from the counters. */
export function binRowsRules(window: DriftWindow): RecordingRule[] {
  if (isOfHours(window)) return [];
  const ofWindow = window === '1h' ? {} : { window };
  const record = window === '1h' ? RECORDED.binRows.name : RECORDED.windowBinRows.name;
  return [
    {
      record,
      expr: `sum by (${ID}, reference, feature, bin) (increase(${METRICS.featureObservations.name}[${window}]))`,
      labels: { ...FEATURE, ...ofWindow },
    },
    {
      record,
      expr: `sum by (${ID}, reference, bin) (increase(${METRICS.predictionObservations.name}[${window}]))`,
      labels: { ...PREDICTION, ...ofWindow },
    },
  ];
}

/** Every bin of the reference must be counted, or what falls into the others would be taken for all. */
export function binsRule(): RecordingRule {
  const bins = (series: RecordedSeries) => `count by (${DRIFT_SUBJECT_LABELS}) (${series.name})`;
  return {
    record: RECORDED.driftBins.name,
    expr: `${bins(RECORDED.binReference)} == on (${DRIFT_SUBJECT_LABELS}) ${bins(RECORDED.binRows)}`,
  };
}

export function settingsRules(): RecordingRule[] {
  return [
    { record: RECORDED.driftSettings.name, expr: chosenSettings(METRICS.driftSettings, RECORDED.driftSettings) },
    {
      record: RECORDED.driftThreshold.name,
      expr: `max by (${DRIFT_SUBJECT_LABELS}, level) (${METRICS.driftThreshold.name})`,
    },
    {
      record: RECORDED.driftRowsNeeded.name,
      expr: `max by (${DRIFT_SUBJECT_LABELS}) (${METRICS.driftRowsNeeded.name})`,
    },
  ];
}
