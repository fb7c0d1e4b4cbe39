import type { AccuracyDetailSubject } from './accuracy';
import type { AlertsMark } from './alerts';
import type { DistributionOrigins, DistributionSubject } from './drift';

/** `meta.custom.modelwatch` of a frame from our data source, so that the panel knows it without guessing. */
export const FRAME_KINDS = [
  'inventory',
  'health-history',
  'requests-history',
  'drift-scores',
  'drift-history',
  'drift-rows-history',
  'drift-detectors',
  'distribution',
  'accuracy-scores',
  'accuracy-history',
  'accuracy-pairs-history',
  'confusion',
  'calibration',
  'predicted-actual',
  'predicted-actual-rows',
  'rows',
  'prediction-history',
  'pair-ages',
  'challengers',
  'challenger-scores',
  'fairness',
  'coverage',
  'coverage-reasons',
  'custom-metrics',
  'custom-metric-history',
  'version-scores',
  'slo-status',
  'slo-budget',
  'slo-events',
  'slo-burn',
  'slo-tiers',
  'alerts',
] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

/** Whose rows they are, and how many of those that are held were asked for and found. */
export interface RowsSubject {
  readonly namespace: string;
  readonly model: string;
  readonly held: number;
  readonly shown: number;
}

export interface FrameMark {
  readonly kind: FrameKind;
  /** Milliseconds since 1970: when the data source put the frame together. */
  readonly answeredAtMs?: number;
  /** Of a frame `distribution`. */
  readonly subject?: DistributionSubject;
  readonly origins?: DistributionOrigins;
  /** Of the frames `rows` and `predicted-actual-rows`. */
  readonly rowsOf?: RowsSubject;
  /** Of the frames `confusion`, `calibration`, `predicted-actual` and `pair-ages`. */
  readonly accuracyOf?: AccuracyDetailSubject;
  /** Of the frame `alerts`. */
  readonly alerts?: AlertsMark;
}

/** Plugin ids are part of the public interface. */
export const PANEL_PLUGIN_ID = 'modelwatch-models-panel';
export const DATASOURCE_PLUGIN_ID = 'modelwatch-models-datasource';
