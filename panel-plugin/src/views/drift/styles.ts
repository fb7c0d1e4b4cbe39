import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { getChartStyles } from '../shared/chartStyles';
import { ellipsis, focusRing, getSharedStyles, small } from '../shared/styles';

export function getStyles(theme: GrafanaTheme2) {
  const { text } = theme.colors;
  const digits = { fontVariantNumeric: 'tabular-nums' } as const;
  return {
    ...getSharedStyles(theme),
    ...getChartStyles(theme),
    scroll: css({ overflow: 'auto', minHeight: 0, flex: 1, position: 'relative' }),
    head: css({
      ...small,
      ...digits,
      position: 'sticky',
      top: 0,
      zIndex: 1,
      height: 18,
      color: text.secondary,
      background: theme.colors.background.primary,
      whiteSpace: 'nowrap',
      '& > span': { position: 'absolute', top: -3 },
    }),
    rows: css({ position: 'relative' }),
    row: css({
      ...digits,
      position: 'absolute',
      left: 0,
      right: 0,
      fontSize: 12,
      color: text.secondary,
      whiteSpace: 'nowrap',
      '& > *': { position: 'absolute', top: 0, bottom: 0 },
    }),
    name: css({
      ...ellipsis,
      color: text.primary,
      a: { color: 'inherit', '&:hover': { textDecoration: 'underline' } },
    }),
    over: css({ fontWeight: 500, color: text.maxContrast }),
    plain: css({ color: text.primary }),
    strip: css({
      ...small,
      ...digits,
      position: 'sticky',
      bottom: 0,
      color: text.secondary,
      background: theme.colors.background.primary,
      '& > span': { position: 'absolute', top: 8 },
    }),
    stats: css({
      display: 'flex',
      gap: 28,
      margin: '0 0 8px',
      flex: 'none',
      whiteSpace: 'nowrap',
      ...digits,
      div: { display: 'flex', flexDirection: 'column', minWidth: 0 },
      dt: { fontSize: 12, lineHeight: '16px', color: text.secondary, fontWeight: 400 },
      dd: { fontSize: 14, lineHeight: '18px', color: text.primary, margin: 0 },
      'dd + dd': { fontSize: 12, lineHeight: '16px', color: text.secondary },
    }),
    origin: css({ ...ellipsis, maxWidth: 150, opacity: 0.85 }),
    statsRow: css({ display: 'flex', justifyContent: 'space-between', flex: 'none', gap: 14, overflow: 'hidden' }),
    list: css({
      display: 'flex',
      flexDirection: 'column',
      gap: 5,
      flex: 'none',
      button: {
        ...focusRing(theme),
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr) 72px 36px',
        gap: 8,
        alignItems: 'center',
        width: '100%',
        height: 20,
        border: 0,
        padding: 0,
        background: 'none',
        color: text.primary,
        fontSize: 14,
        lineHeight: '20px',
        letterSpacing: 'inherit',
        textAlign: 'left',
        cursor: 'pointer',
      },
    }),
    listName: css({ display: 'flex', gap: 6, alignItems: 'center', minWidth: 0, span: ellipsis }),
    listScore: css({ ...digits, textAlign: 'right' }),
    listFoot: css({ ...small, ...digits, ...ellipsis, color: text.secondary, marginTop: 'auto', flex: 'none' }),
  };
}
