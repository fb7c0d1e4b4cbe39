import type { ModeOption } from './layout/mode';

/** Options of the panel as they are stored in a dashboard. */
export interface PanelOptions {
  mode: ModeOption;
  /** Seconds after which a state that nobody confirmed is shown as stale. */
  staleAfterSeconds: number;
  /** Address of a dashboard of one model; `${namespace}`, `${model}` and `${cluster}` stand for its identity. */
  modelDashboard: string;
}

export const DEFAULT_OPTIONS: PanelOptions = { mode: 'auto', staleAfterSeconds: 150, modelDashboard: '' };

const MODES: readonly ModeOption[] = ['auto', 'tiles', 'list', 'table'];

/** A stored dashboard can be old or hand-written: what does not fit becomes the default. */
export function decodeOptions(stored: Partial<Record<keyof PanelOptions, unknown>>): PanelOptions {
  const { mode, staleAfterSeconds: seconds, modelDashboard } = stored;
  const usable = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
  return {
    mode: MODES.find((known) => known === mode) ?? DEFAULT_OPTIONS.mode,
    staleAfterSeconds: usable ? seconds : DEFAULT_OPTIONS.staleAfterSeconds,
    modelDashboard: typeof modelDashboard === 'string' ? modelDashboard : '',
  };
}
