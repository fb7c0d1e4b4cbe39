import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { INSET } from '../../layout/mode';

export const ellipsis = { whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis', minWidth: 0 } as const;
export const small = { fontSize: 12, lineHeight: '18px' } as const;

/** Ring for keyboards only. */
export function focusRing(theme: GrafanaTheme2) {
  return {
    '&:focus': { outline: 'none', boxShadow: 'none' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  };
}

/** A native select in a line of small words. */
export function getPickerStyle({ colors }: GrafanaTheme2) {
  return {
    ...small,
    '&:focus': { outline: 'none' },
    '&:focus-visible': { outline: `2px solid ${colors.primary.main}`, outlineOffset: -1 },
    flex: 'none',
    height: 20,
    padding: '0 4px',
    border: `1px solid ${colors.border.medium}`,
    borderRadius: 4,
    background: colors.background.primary,
    color: colors.text.primary,
    letterSpacing: 'inherit',
    cursor: 'pointer',
  } as const;
}

/** What the views have in common: the frame inside the panel, and the sentence that each opens with. */
export function getSharedStyles(theme: GrafanaTheme2) {
  return {
    view: css({
      display: 'flex',
      flexDirection: 'column',
      padding: `0 ${INSET}px 8px`,
      overflow: 'hidden',
      fontWeight: 400,
      'b, strong': { fontWeight: 500 },
      'ul, ol': { listStyle: 'none', margin: 0, padding: 0 },
      p: { margin: 0 },
      h3: { margin: 0 },
    }),
    headline: css({ display: 'flex', alignItems: 'center', gap: 8, minHeight: 28, marginBottom: 8, flex: 'none' }),
    say: css({
      flex: 1,
      ...ellipsis,
      fontSize: 16,
      lineHeight: '22px',
      fontWeight: 400,
      b: { color: theme.colors.text.maxContrast },
    }),
    faint: css({ color: theme.colors.text.secondary }),
    hidden: css({
      position: 'absolute',
      width: 1,
      height: 1,
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      whiteSpace: 'nowrap',
    }),
  };
}
