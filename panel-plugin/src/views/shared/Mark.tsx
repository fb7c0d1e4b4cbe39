import React from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import type { HealthState } from '@modelwatch/contract';
import { neutralGrey, outlineColor, stateColor } from './palette';

/** Ink on top of a filled mark: chosen against the fill, not against the theme. */
export const ON_RED = '#FFFFFF';
export const ON_ORANGE = '#1B1204';

function shape(state: HealthState, theme: GrafanaTheme2): React.ReactNode {
  const fill = stateColor(theme, state);
  const edge = outlineColor(theme, state);
  const grey = neutralGrey(theme);
  const hand = {
    stroke: grey,
    strokeWidth: 1.6,
    fill: 'none',
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
  } as const;
  const ring = <circle cx={8} cy={8} r={6} fill="none" stroke={grey} strokeWidth={1.6} />;
  switch (state) {
    case 'failed':
      return (
        <>
          <path d="M8 .9 15.1 8 8 15.1 .9 8Z" fill={fill} stroke={edge} strokeWidth={1.2} />
          <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" {...hand} stroke={ON_RED} />
        </>
      );
    case 'degraded':
      return (
        <>
          <path d="M8 1.4 15.2 14.2H.8Z" fill={fill} stroke={edge} strokeWidth={1} strokeLinejoin="round" />
          <path d="M8 5.6v4.1m0 1.7v.9" {...hand} stroke={ON_ORANGE} strokeWidth={1.7} />
        </>
      );
    case 'healthy':
      return <circle cx={8} cy={8} r={5} fill={fill} />;
    case 'progressing':
      return (
        <>
          {ring}
          <path d="M8 3.6a4.4 4.4 0 0 1 0 8.8Z" fill={grey} />
        </>
      );
    case 'idle':
      return (
        <>
          {ring}
          <path d="M6.3 5.6v4.8M9.7 5.6v4.8" {...hand} />
        </>
      );
    case 'stale':
      return (
        <>
          {ring}
          <path d="M8 4.4V8.2l2.6 1.6" {...hand} />
        </>
      );
    case 'unknown':
      return (
        <>
          <circle cx={8} cy={8} r={6} fill="none" stroke={grey} strokeWidth={1.6} strokeDasharray="2.6 2.1" />
          <path d="M6.3 6.5C6.4 4.4 9.7 4.4 9.7 6.5 9.7 7.8 8 7.7 8 9.2M8 11v.7" {...hand} />
        </>
      );
  }
}

/** The mark of a state. Always beside its word, or inside something that is named with it. */
export function Mark({ state, size = 16 }: { state: HealthState; size?: number }) {
  const theme = useTheme2();
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" style={{ flex: 'none', display: 'block' }}>
      {shape(state, theme)}
    </svg>
  );
}

/** The same mark inside a drawing, its middle at x and y. */
export function MarkAt({ state, size, x, y }: { state: HealthState; size: number; x: number; y: number }) {
  const theme = useTheme2();
  return <g transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 16})`}>{shape(state, theme)}</g>;
}
