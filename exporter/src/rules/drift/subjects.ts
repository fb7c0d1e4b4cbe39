/** What drift is judged by: its subjects, their references, thresholds and settings, each once however many exporters say it. */
import { DRIFT_SUBJECT_LABELS, METRICS, RECORDED, type DriftWindow } from '@modelwatch/contract';
import { ID } from '../promql';
import { chosenSettings } from '../settings';
import type { RecordingRule } from '../types';

export { DRIFT_SUBJECT_LABELS as SUBJECT };
export const BIN = `${DRIFT_SUBJECT_LABELS}, bin`;

const FEATURE = { subject: 'feature' } as const;
const PREDICTION = { subject: 'prediction' } as const;

/** Bins of one window, as recorded. */
export function binRows(window: DriftWindow): string {
  return window === '1h' ? RECORDED.binRows.name : `${RECORDED.windowBinRows.name}{window="${window}"}`;
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

/** Rows by bin counted over `window`: short windows from the counters, long ones from hours that are recorded already. */
export function binRowsRules(window: DriftWindow): RecordingRule[] {
  if (window === '1d' || window === '7d') {
    const record = RECORDED.windowBinRows.name;
    // Full hours: the counters of a whole day would be read again and again.
    return [{ record, expr: `sum_over_time(${RECORDED.binRows.name}[${window}:1h])`, labels: { window } }];
  }
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
