import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { INSET, LIST_WIDTH, TILE_HEIGHT } from '../../layout/mode';
import { neutralGrey, stateColor, tint, withAlpha } from './palette';

const ellipsis = { whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis', minWidth: 0 } as const;
const small = { fontSize: 12, lineHeight: '18px' } as const;
const plainButton = {
  border: 0,
  background: 'none',
  padding: 0,
  margin: 0,
  textAlign: 'left',
  font: 'inherit',
} as const;

/** Ring for keyboards only. */
function focusRing(theme: GrafanaTheme2) {
  return {
    '&:focus': { outline: 'none', boxShadow: 'none' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  };
}

function bigTile(theme: GrafanaTheme2) {
  const grey = neutralGrey(theme);
  const edge = (state: 'failed' | 'degraded', alpha: number) => ({
    background: tint(theme, state),
    borderColor: withAlpha(stateColor(theme, state), alpha),
    '&::before': { background: stateColor(theme, state) },
  });
  const silent = {
    background: tint(theme, 'stale'),
    border: `1px dashed ${theme.colors.border.strong}`,
    '&::before': { background: `repeating-linear-gradient(180deg,${grey} 0 3px,transparent 3px 6px)` },
  };
  return {
    position: 'relative',
    display: 'block',
    width: '100%',
    height: TILE_HEIGHT,
    padding: '5px 8px 5px 13px',
    borderRadius: 4,
    border: '1px solid transparent',
    overflow: 'hidden',
    '&::before': { content: '""', position: 'absolute', left: 0, top: 0, bottom: 0, width: 5 },
    '&[data-state=failed]': edge('failed', theme.isDark ? 0.75 : 0.5),
    '&[data-state=degraded]': edge('degraded', theme.isDark ? 0.32 : 0.55),
    '&[data-state=stale]': silent,
    '&[data-state=unknown]': silent,
  } as const;
}

export function getStyles(theme: GrafanaTheme2) {
  const { text, border } = theme.colors;
  const button = {
    ...plainButton,
    color: text.primary,
    cursor: 'pointer',
    letterSpacing: 'inherit',
    ...focusRing(theme),
  };
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
      b: { color: text.maxContrast },
    }),
    calm: css({ ...small, ...ellipsis, color: text.secondary, marginTop: -8, marginBottom: 8 }),
    legend: css({ display: 'flex', flex: 'none', gap: 4, alignItems: 'center', ...small, color: text.secondary }),
    legendItem: css({
      ...button,
      ...small,
      display: 'flex',
      gap: 4,
      alignItems: 'center',
      whiteSpace: 'nowrap',
      color: text.secondary,
      padding: '1px 5px',
      borderRadius: 4,
      b: { color: text.primary, fontVariantNumeric: 'tabular-nums' },
      '&:hover': { background: theme.colors.action.hover },
      '&[aria-pressed=true]': { background: theme.colors.action.selected },
    }),
    filterBar: css({ display: 'flex', gap: 8, alignItems: 'center', ...small, marginBottom: 8, color: text.secondary }),
    search: css({
      ...small,
      height: 24,
      width: 200,
      padding: '0 8px',
      color: text.primary,
      background: theme.components.input.background,
      border: `1px solid ${theme.components.input.borderColor}`,
      borderRadius: 4,
      ...focusRing(theme),
    }),
    scroll: css({ overflow: 'auto', minHeight: 0, flex: 1, margin: '-4px -4px 0', padding: '4px 4px 0' }),
    group: css({
      display: 'flex',
      gap: 12,
      '& + &': { marginTop: 4, paddingTop: 4, borderTop: `1px solid ${border.weak}` },
    }),
    gutter: css({
      width: 116,
      flex: 'none',
      paddingTop: 4,
      h3: { ...ellipsis, fontSize: 14, lineHeight: '20px', fontWeight: 500 },
      p: { ...small, color: text.secondary },
    }),
    cells: css({ flex: 1, display: 'grid', gap: 8, minWidth: 0 }),
    pair: css({ display: 'flex', flexDirection: 'column', gap: 4, minWidth: 0 }),
    big: css({ ...button, ...bigTile(theme) }),
    tileTop: css({
      display: 'flex',
      gap: 6,
      alignItems: 'center',
      height: 20,
      '& > svg:last-child': { marginTop: -4 },
    }),
    tileName: css({ ...ellipsis, flex: 1, fontWeight: 500, fontSize: 14, lineHeight: '20px', color: text.maxContrast }),
    why: css({
      fontSize: 12,
      lineHeight: '15px',
      height: 30,
      overflow: 'hidden',
      display: '-webkit-box',
      WebkitLineClamp: 2,
      WebkitBoxOrient: 'vertical',
    }),
    tileMeta: css({
      display: 'flex',
      gap: 12,
      fontSize: 12,
      lineHeight: '15px',
      color: text.secondary,
      whiteSpace: 'nowrap',
      fontVariantNumeric: 'tabular-nums',
      b: { color: text.primary },
    }),
    quiet: css({
      ...button,
      display: 'flex',
      gap: 7,
      alignItems: 'center',
      width: '100%',
      minWidth: 0,
      height: 36,
      padding: '0 8px 0 6px',
      borderRadius: 4,
      '&:hover': { background: theme.colors.action.hover },
    }),
    quietText: css({ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }),
    quietName: css({ ...ellipsis, fontSize: 14, lineHeight: '17px' }),
    quietMeta: css({
      ...ellipsis,
      fontSize: 12,
      lineHeight: '15px',
      color: text.secondary,
      fontVariantNumeric: 'tabular-nums',
    }),
    dense: css({ display: 'flex', gap: 28, minHeight: 0, flex: 1 }),
    list: css({ flex: 'none', overflow: 'auto', margin: -4, padding: 4 }),
    listWide: css({ width: LIST_WIDTH + 8 }),
    row: css({
      ...button,
      display: 'grid',
      gridTemplateColumns: '16px 1fr auto',
      columnGap: 8,
      width: '100%',
      height: 44,
      marginBottom: 3,
      padding: '4px 8px',
      borderRadius: 4,
      svg: { marginTop: 1 },
      '&[data-state=failed]': {
        background: tint(theme, 'failed'),
        boxShadow: `inset 0 0 0 1px ${withAlpha(stateColor(theme, 'failed'), theme.isDark ? 0.75 : 0.5)}`,
      },
      '&[data-state=degraded]': { background: tint(theme, 'degraded') },
      '&[data-state=stale], &[data-state=unknown]': { background: tint(theme, 'stale') },
    }),
    smallRow: css({
      ...button,
      display: 'grid',
      gridTemplateColumns: '16px 1fr auto',
      columnGap: 8,
      width: '100%',
      height: 32,
      marginBottom: 3,
    }),
    rowName: css({ ...ellipsis, fontWeight: 500, fontSize: 14, lineHeight: '18px', color: text.maxContrast }),
    rowSpace: css({ fontSize: 12, fontWeight: 400, color: text.secondary, marginLeft: 2 }),
    rowSince: css({ ...small, color: text.secondary, fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
    rowWhy: css({ ...ellipsis, gridColumn: '2 / 4', fontSize: 12, lineHeight: '16px' }),
    field: css({ position: 'relative', flex: 1, minWidth: 0, overflow: 'auto', margin: -4, padding: 4 }),
    fieldHead: css({ fontSize: 12, fill: text.primary, fontWeight: 500 }),
    fieldCount: css({ fontSize: 12, fill: text.secondary, fontVariantNumeric: 'tabular-nums' }),
    fieldProxy: css({ ...button, position: 'absolute', borderRadius: 4, pointerEvents: 'none' }),
    foot: css({
      marginTop: 'auto',
      display: 'flex',
      gap: 10,
      alignItems: 'center',
      ...small,
      color: text.secondary,
      whiteSpace: 'nowrap',
      overflow: 'hidden',
      span: { display: 'flex', gap: 4, alignItems: 'center' },
      b: { color: text.primary },
    }),
    one: css({ ...button, display: 'flex', gap: 8, alignItems: 'center', width: '100%' }),
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
