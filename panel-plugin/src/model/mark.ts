/** Which view a frame is for, by its mark or its columns: read before anything of a view is loaded. */
import { FieldType, type DataFrame } from '@grafana/data';
import { FRAME_KINDS, INVENTORY_FIELDS as F, isObject, type FrameKind, type FrameMark } from '@modelwatch/contract';

/** The mark of a frame from our data source; undefined for any other frame. */
export function frameMark(frame: DataFrame): FrameMark | undefined {
  const mark: unknown = frame.meta?.custom?.modelwatch;
  if (!isObject(mark)) return undefined;
  const kind = FRAME_KINDS.find((known) => known === mark.kind);
  if (!kind) return undefined;
  const answered = mark.answeredAtMs;
  return typeof answered === 'number' && Number.isFinite(answered) ? { kind, answeredAtMs: answered } : { kind };
}

const DRIFT_KINDS: readonly FrameKind[] = [
  'drift-scores',
  'drift-history',
  'drift-rows-history',
  'drift-detectors',
  'distribution',
];

/** The kind of a drift frame; undefined for any other. */
export function driftKind(frame: DataFrame): FrameKind | undefined {
  const kind = frameMark(frame)?.kind;
  return kind && DRIFT_KINDS.includes(kind) ? kind : undefined;
}

const ACCURACY_KINDS: readonly FrameKind[] = [
  'accuracy-scores',
  'accuracy-history',
  'accuracy-pairs-history',
  'confusion',
  'calibration',
  'predicted-actual',
  'pair-ages',
];

/** The kind of a frame of accuracy; undefined for any other. */
export function accuracyKind(frame: DataFrame): FrameKind | undefined {
  const kind = frameMark(frame)?.kind;
  return kind && ACCURACY_KINDS.includes(kind) ? kind : undefined;
}

const SLO_KINDS: readonly FrameKind[] = ['slo-status', 'slo-budget', 'slo-events', 'slo-burn', 'slo-tiers'];

/** The kind of a frame of objectives; undefined for any other. */
export function sloKind(frame: DataFrame): FrameKind | undefined {
  const kind = frameMark(frame)?.kind;
  return kind && SLO_KINDS.includes(kind) ? kind : undefined;
}

/** Whether an answer is one of alerts. An empty one is, too: nothing fires. */
export function isAlerts(frames: readonly DataFrame[]): boolean {
  return frames.some((frame) => frameMark(frame)?.kind === 'alerts');
}

/** Whether an answer is one for the SLO view. */
export function isSlo(frames: readonly DataFrame[]): boolean {
  return frames.some(sloKind);
}

/** Whether an answer has something for the accuracy view. */
export function isAccuracy(frames: readonly DataFrame[]): boolean {
  return frames.some(accuracyKind);
}

/** Whether an answer is one for the drift view. */
export function isDrift(frames: readonly DataFrame[]): boolean {
  return frames.some(driftKind);
}

/** True for a marked frame, and for any table that has the three columns without which no model can be shown. */
export function isInventory(frame: DataFrame): boolean {
  const kind = frameMark(frame)?.kind;
  if (kind) return kind === 'inventory';
  const names = new Set(frame.fields.filter(({ type }) => type === FieldType.string).map(({ name }) => name));
  return names.has(F.namespace) && names.has(F.model) && names.has(F.health) && !hasMetricColumn(frame);
}

/** A Prometheus table of health series has the same columns, with one row per state and a number that says which holds. */
function hasMetricColumn(frame: DataFrame): boolean {
  return frame.fields.some(({ name, type }) => type === FieldType.number && /^Value( #|$)/.test(name));
}
