import React, { memo, useId, useMemo } from 'react';
import { useTheme2 } from '@grafana/ui';
import { cellPaths } from '../../layout/drift/paths';
import { Hatch } from '../shared/Hatch';
import { ON_ORANGE, ON_RED } from '../shared/Mark';
import { driftSteps, stateColor } from '../shared/palette';
import type { HeatmapPlan } from './heatmapPlan';

/** All cells; drawn again only when they change, never for the pointer. */
export const HeatmapCells = memo(function HeatmapCells({ plan, grey }: { plan: HeatmapPlan; grey: boolean }) {
  const theme = useTheme2();
  const hatch = useId();
  const { levels, layout } = plan;
  const { areas, triangles, diamonds, runs } = useMemo(() => cellPaths(levels, layout), [levels, layout]);
  const steps = driftSteps(theme);
  return (
    <svg
      width={layout.plotWidth}
      height={layout.rowsHeight}
      aria-hidden="true"
      style={{ display: 'block', filter: grey ? 'grayscale(1)' : undefined }}
    >
      <Hatch id={hatch} />
      {steps.map((fill, step) => (
        <path key={step} d={areas.get(step as 0 | 1 | 2 | 3)} fill={fill} />
      ))}
      <path d={areas.get('few')} fill={`url(#${hatch})`} data-level="few" />
      <path d={areas.get('none')} fill="none" stroke={theme.colors.text.secondary} data-level="none" />
      <path d={areas.get('warning')} fill={stateColor(theme, 'degraded')} data-level="warning" />
      <path d={areas.get('critical')} fill={stateColor(theme, 'failed')} data-level="critical" />
      <path d={triangles} fill={ON_ORANGE} />
      <path d={diamonds} fill={ON_RED} />
      <path d={runs} fill="none" stroke={theme.colors.text.primary} />
    </svg>
  );
});

/** Rows per column as bars. */
export const RowsStrip = memo(function RowsStrip({ plan }: { plan: HeatmapPlan }) {
  const theme = useTheme2();
  const { rows, layout } = plan;
  const most = Math.max(1, ...rows.map((value) => value ?? 0));
  const d = rows
    .map((value, column) => {
      if (value === undefined) return '';
      const height = Math.max(1, (16 * value) / most);
      const x = (column * layout.cellWidth + 0.5).toFixed(1);
      const w = (layout.cellWidth - 1).toFixed(1);
      return `M${x} ${(24 - height).toFixed(1)}h${w}V24H${x}Z`;
    })
    .join('');
  return (
    <svg width={layout.plotWidth} height={layout.stripHeight} aria-hidden="true" style={{ display: 'block' }}>
      <path d={d} fill={theme.colors.border.strong} />
    </svg>
  );
});
