/** What is watched of a model's data: its references and the settings of whoever owns it. */
import type { AccuracySettings } from '../accuracy/settings';
import type { BatchSettings } from '../batches/settings';
import type { ChallengerSetting } from '../challengers/known';
import type { DeclaredMetric } from '../custom/settings';
import type { ExplorationSettings } from '../exploration/settings';
import type { PredictionLogSettings } from '../prediction-log';
import type { SegmentSetting } from '../segments/plan';
import type { FairnessSettings } from '../fairness/settings';
import type { GenerativeSettings } from '../generative/settings';
import type { DriftMethod, DriftWindow, Importance, Reference } from '@modelwatch/contract';

export interface DriftThresholds {
  /** Values of the statistic. */
  readonly warning: number;
  readonly critical: number;
}

/** The effective settings of one model, after defaults. */
export interface MonitoringSettings {
  readonly method: DriftMethod;
  /** The window that the verdict rests on. */
  readonly window: DriftWindow;
  readonly thresholds: DriftThresholds;
  /** Of single features, by name. */
  readonly featureThresholds: Readonly<Record<string, DriftThresholds>>;
  /** Absent: 30 rows for each bin. */
  readonly minimumRows?: number;
  /** Features to watch; absent: all of the reference. */
  readonly tracked?: readonly string[];
  readonly excluded: readonly string[];
  /** Features whose drift counts as that of an important one, whatever the reference says. */
  readonly starred: readonly string[];
  /** Importance from which the drift of a feature makes its model critical; a feature without importance always does. */
  readonly importantFromRatio: number;
  /** Features whose categories may become labels, since they are no personal data; true: all. */
  readonly showCategories: boolean | readonly string[];
  /** How long the model may go without a prediction before that is news; absent: as long as it likes. */
  readonly expectedIntervalSeconds?: number;
  readonly accuracy: AccuracySettings;
  /** Models that answer the same requests and are compared with it. */
  readonly challengers: readonly ChallengerSetting[];
  readonly customMetrics: readonly DeclaredMetric[];
  /** By whose values rows are told apart; absent: the segments of the reference. */
  readonly segments?: readonly SegmentSetting[];
  /** Absent: its batches are not told apart. */
  readonly batches?: BatchSettings;
  readonly generative: GenerativeSettings;
  /** Absent: no rows are held. */
  readonly exploration?: ExplorationSettings;
  /** Absent: none of its predictions is logged. */
  readonly predictionLog?: PredictionLogSettings;
  /** Absent: nobody asked for it. */
  readonly fairness?: FairnessSettings;
  /** Absent: as the model itself says, or the configuration. */
  readonly owner?: string;
  readonly importance?: Importance;
}

export interface MonitoredReference {
  readonly reference: Reference;
  /** The version whose predictions are compared with it; absent: all versions that have no reference of their own. */
  readonly version?: string;
}

export interface MonitoredModel {
  readonly namespace: string;
  readonly model: string;
  /** At most one per version. Empty: predictions are counted, and compared with nothing. */
  readonly references: readonly MonitoredReference[];
  readonly settings: MonitoringSettings;
  /** Who declared its challengers: `config`, `configmap namespace/name`; absent where nobody did. */
  readonly challengersFrom?: string;
}

export const DEFAULT_SETTINGS: MonitoringSettings = {
  method: 'psi',
  window: '1d',
  thresholds: { warning: 0.1, critical: 0.25 },
  featureThresholds: {},
  excluded: [],
  starred: [],
  importantFromRatio: 0.05,
  showCategories: false,
  accuracy: {},
  challengers: [],
  customMetrics: [],
  generative: {},
};
