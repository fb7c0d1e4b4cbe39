import { RUNBOOKS_URL } from '@modelwatch/contract';
import type { AccuracyModeOption } from './layout/accuracy/parts';
import type { DriftModeOption } from './layout/drift/form';
import type { ModeOption } from './layout/mode';

/** `auto` shows what the answer is of. */
export type ViewOption = 'auto' | 'health' | 'drift' | 'accuracy' | 'slo' | 'alerts';

/** Options of the panel as they are stored in a dashboard. */
export interface PanelOptions {
  view: ViewOption;
  /** Form of the health view. */
  mode: ModeOption;
  /** Form of the drift view. */
  driftMode: DriftModeOption;
  /** Part of the accuracy view that is shown first. */
  accuracyMode: AccuracyModeOption;
  /** Seconds after which a state that nobody confirmed is shown as stale. */
  staleAfterSeconds: number;
  /** Address of a dashboard of one model; `${namespace}`, `${model}` and `${cluster}` stand for its identity. */
  modelDashboard: string;
  /** Address of a dashboard of one objective; `${slo}` stands for its name, and the parts of its model as above. */
  objectiveDashboard: string;
  /** Address of the distribution of one feature; `${feature}` stands for its name, and the parts of its model as above. */
  featureDashboard: string;
  /** Address of what to do about an alert; `${alert}` stands for its name. */
  runbook: string;
}

export const DEFAULT_OPTIONS: PanelOptions = {
  view: 'auto',
  mode: 'auto',
  driftMode: 'auto',
  accuracyMode: 'auto',
  staleAfterSeconds: 150,
  modelDashboard: '',
  objectiveDashboard: '',
  featureDashboard:
    '/d/modelwatch-drift?var-cluster=${cluster}&var-namespace=${namespace}&var-model=${model}&var-feature=${feature}&${__url_time_range}',
  runbook: `${RUNBOOKS_URL}/\${alert}.md`,
};

const VIEWS: readonly ViewOption[] = ['auto', 'health', 'drift', 'accuracy', 'slo', 'alerts'];
const MODES: readonly ModeOption[] = ['auto', 'tiles', 'list', 'table'];
const DRIFT_MODES: readonly DriftModeOption[] = ['auto', 'heatmap', 'scatter', 'list', 'distribution'];
const ACCURACY_MODES: readonly AccuracyModeOption[] = [
  ...(['auto', 'scores', 'history', 'predicted-actual', 'confusion', 'calibration', 'ages'] as const),
];

/** A stored dashboard can be old or hand-written: what does not fit becomes the default. */
export function decodeOptions(stored: Partial<Record<keyof PanelOptions, unknown>>): PanelOptions {
  const { staleAfterSeconds: seconds } = stored;
  const usable = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
  const address = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  return {
    view: VIEWS.find((known) => known === stored.view) ?? DEFAULT_OPTIONS.view,
    mode: MODES.find((known) => known === stored.mode) ?? DEFAULT_OPTIONS.mode,
    driftMode: DRIFT_MODES.find((known) => known === stored.driftMode) ?? DEFAULT_OPTIONS.driftMode,
    accuracyMode: ACCURACY_MODES.find((known) => known === stored.accuracyMode) ?? DEFAULT_OPTIONS.accuracyMode,
    staleAfterSeconds: usable ? seconds : DEFAULT_OPTIONS.staleAfterSeconds,
    modelDashboard: address(stored.modelDashboard, DEFAULT_OPTIONS.modelDashboard),
    objectiveDashboard: address(stored.objectiveDashboard, DEFAULT_OPTIONS.objectiveDashboard),
    featureDashboard: address(stored.featureDashboard, DEFAULT_OPTIONS.featureDashboard),
    runbook: address(stored.runbook, DEFAULT_OPTIONS.runbook),
  };
}
