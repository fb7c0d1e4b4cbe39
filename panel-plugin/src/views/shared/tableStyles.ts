import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

export function getTableStyles(theme: GrafanaTheme2) {
  const { text, border, background } = theme.colors;
  const ring = { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 };
  return {
    scroll: css({ overflow: 'auto', minHeight: 0, flex: 1, '&:focus-visible': ring }),
    table: css({
      width: '100%',
      borderCollapse: 'collapse',
      fontSize: 14,
      lineHeight: '20px',
      'td, th': { padding: '5px 12px 5px 0', textAlign: 'left', whiteSpace: 'nowrap', fontWeight: 400 },
      'tbody tr': { borderTop: `1px solid ${border.weak}` },
      'tbody tr:hover': { background: theme.colors.action.hover },
      'tbody th': { fontWeight: 500, color: text.maxContrast },
      'tbody td:nth-child(4)': { maxWidth: 300, overflow: 'hidden', textOverflow: 'ellipsis' },
      'thead th': { position: 'sticky', top: 0, zIndex: 1, background: background.primary, fontSize: 12 },
      'thead button': {
        border: 0,
        background: 'none',
        padding: '2px 0',
        color: text.secondary,
        font: 'inherit',
        cursor: 'pointer',
        '&:focus-visible': ring,
      },
      a: { color: text.link },
    }),
    numeric: css({ textAlign: 'right !important' as 'right', fontVariantNumeric: 'tabular-nums' }),
  };
}
