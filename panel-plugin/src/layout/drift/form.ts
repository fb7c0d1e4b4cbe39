/** Which form of drift fits, and what the options ask for. */
import type { Size } from '../mode';

export type DriftForm = 'heatmap' | 'scatter' | 'list' | 'distribution';
export type DriftModeOption = 'auto' | DriftForm;

/** Below this width features by time would be a few cells beside their names. */
const HEATMAP_FROM: Size = { width: 420, height: 150 };
const SCATTER_FROM: Size = { width: 300, height: 220 };

export interface DriftContent {
  readonly hasScores: boolean;
  readonly hasHistory: boolean;
  readonly hasDistribution: boolean;
  /** Features with both a score and an importance. */
  readonly weighed: number;
}

function fits(size: Size, least: Size): boolean {
  return size.width >= least.width && size.height >= least.height;
}

/** The form that is asked for where the answer has it, else the richest one that fits. */
export function chooseDriftForm(size: Size, content: DriftContent, option: DriftModeOption): DriftForm {
  const { hasScores, hasHistory, hasDistribution, weighed } = content;
  if (hasDistribution && (!hasScores || option === 'distribution')) return 'distribution';
  if (option === 'list') return 'list';
  if (option === 'scatter') return fits(size, SCATTER_FROM) ? 'scatter' : 'list';
  if (hasHistory && fits(size, HEATMAP_FROM)) return 'heatmap';
  if (option === 'heatmap' || option === 'distribution') return 'list';
  return weighed >= 2 && fits(size, { width: HEATMAP_FROM.width, height: SCATTER_FROM.height }) ? 'scatter' : 'list';
}
