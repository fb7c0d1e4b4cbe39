import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { neutralGrey, stateColor } from './palette';
import { ellipsis, focusRing, small } from './styles';

/** What drawings have in common, and the lines of words around them. */
export function getChartStyles(theme: GrafanaTheme2) {
  const { text, border } = theme.colors;
  const digits = { fontVariantNumeric: 'tabular-nums' } as const;
  return {
    caption: css({
      ...small,
      display: 'flex',
      flex: 'none',
      gap: 14,
      marginBottom: 6,
      marginTop: -4,
      color: text.secondary,
      '& > p': { ...ellipsis, flex: 1 },
    }),
    key: css({
      ...small,
      display: 'flex',
      flex: 'none',
      gap: 14,
      color: text.secondary,
      li: { display: 'flex', gap: 5, alignItems: 'center', whiteSpace: 'nowrap' },
    }),
    proxy: css({
      ...focusRing(theme),
      position: 'absolute',
      border: 0,
      padding: 0,
      margin: 0,
      background: 'none',
      borderRadius: 2,
    }),
    through: css({ pointerEvents: 'none' }),
    svg: css({
      display: 'block',
      text: {
        fontSize: 12,
        fill: text.secondary,
        letterSpacing: 0,
        ...digits,
      },
      '.t': { fill: text.primary },
      '.x': { fill: text.maxContrast, fontWeight: 500 },
      '.q': { fill: text.primary, fontSize: 14 },
      '.halo': {
        paintOrder: 'stroke',
        stroke: theme.colors.background.primary,
        strokeWidth: 4,
        strokeLinejoin: 'round',
      },
      '.grid': { stroke: border.weak, fill: 'none' },
      '.axis': { stroke: border.medium, fill: 'none' },
      '.mark': { stroke: text.secondary, strokeDasharray: '3 3', fill: 'none' },
      '.reference': { stroke: text.primary, strokeWidth: 1.5, fill: 'none' },
      '.current': { fill: stateColor(theme, 'healthy'), opacity: 0.75 },
      '.few': { fill: 'none', stroke: neutralGrey(theme), strokeDasharray: '2 2' },
      '.adds': { fill: text.secondary, opacity: 0.55 },
      '.most': { fill: text.primary },
      '.tail': { stroke: text.secondary, fill: text.secondary },
    }),
    chart: css({ position: 'relative', flex: 1, minHeight: 0, overflow: 'auto' }),
  };
}
