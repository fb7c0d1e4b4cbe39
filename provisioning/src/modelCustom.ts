/** Row *Custom metrics* of the dashboard *Model*; over time they are on a dashboard of their own. */
import { customLimits, customTable } from './custom';
import { CUSTOM_LINK, row } from './parts';
import type { Panel, Variant } from './types';

/** Its first line is 0: it goes below whatever stands on the dashboard. */
export function modelCustom(variant: Variant): Panel[] {
  const metrics = customTable(variant, { id: 91, title: 'Custom metrics', gridPos: { x: 0, y: 1, w: 13, h: 7 } });
  const limits = customLimits(variant, { id: 92, title: 'Their limits', gridPos: { x: 13, y: 1, w: 11, h: 7 } });
  // Core dashboards have no fixed uid that a link could name.
  const linked = variant === 'plugins' ? { ...metrics, links: [CUSTOM_LINK] } : metrics;
  return [row(variant, 90, 'Custom metrics', 0), linked, limits];
}
