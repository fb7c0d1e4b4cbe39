/** Which form fits: tried from the richest down, the first that fits without scrolling wins. Sizes in CSS pixels. */

export type Form = 'verdict' | 'tiles' | 'field' | 'list' | 'one';
/** What the options ask for. `list` is list and field where there is room for both. */
export type ModeOption = 'auto' | 'tiles' | 'list' | 'table';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What a namespace needs as tiles: `big` models take a cell each, `small` ones half a cell. */
export interface TileNeed {
  readonly big: number;
  readonly small: number;
}

export const INSET = 12;
export const BOTTOM = 8;
export const HEADLINE = 36;
const GUTTER = 128;
export const TILE_WIDTH = 216;
export const TILE_HEIGHT = 76;
export const GAP = 8;
const GROUP_GAP = 9;
const ONE_ROW_HEIGHT = 42;
export const LIST_WIDTH = 432;
export const LIST_ROW = 47;
export const SMALL_ROW = 35;
export const FIELD_GAP = 28;
export const FOOT = 18;
const LIST_FROM: Size = { width: 240, height: 118 };
const FIELD_FROM_WIDTH = 560;

/** At least one column, even where it is too narrow for a comfortable tile. */
export function tileColumns(width: number): number {
  return Math.max(1, Math.floor((width - 2 * INSET - GUTTER + GAP) / (TILE_WIDTH + GAP)));
}

/** Quiet models that fit into one row side by side need no full cell: the row is as high as the name of its group. */
export function isOneRow({ big, small }: TileNeed, columns: number): boolean {
  return big === 0 && small <= columns;
}

export function tilesHeight(groups: readonly TileNeed[], columns: number): number {
  const heights = groups.map((need) => {
    if (isOneRow(need, columns)) return ONE_ROW_HEIGHT;
    const { big, small } = need;
    const rows = Math.max(1, Math.ceil((big + Math.ceil(small / 2)) / columns));
    return rows * (TILE_HEIGHT + GAP) - GAP;
  });
  return heights.reduce((sum, height) => sum + height + GROUP_GAP, 0) - GROUP_GAP;
}

function tilesFit(size: Size, groups: readonly TileNeed[], headerHeight: number): boolean {
  if (size.width < 2 * INSET + GUTTER + TILE_WIDTH) return false;
  return headerHeight + tilesHeight(groups, tileColumns(size.width)) + BOTTOM <= size.height;
}

function listForm(size: Size): Form {
  if (size.width >= FIELD_FROM_WIDTH && size.height >= 180) return 'field';
  return size.width >= LIST_FROM.width && size.height >= LIST_FROM.height ? 'list' : 'one';
}

/** @param option `table` is no form of this layout: it is drawn elsewhere */
export function chooseForm(
  size: Size,
  groups: readonly TileNeed[],
  option: Exclude<ModeOption, 'table'>,
  headerHeight = HEADLINE
): Form {
  const smallest = listForm(size);
  if (option === 'list' || smallest === 'one') return smallest;
  if (option === 'tiles') return 'tiles';
  return tilesFit(size, groups, headerHeight) ? 'tiles' : smallest;
}

/** Whether a model that is alone has room for each of its channels beside it. */
export function verdictFits({ width, height }: Size, headerHeight = HEADLINE): boolean {
  return width >= FIELD_FROM_WIDTH && headerHeight + TILE_HEIGHT + BOTTOM <= height;
}

/** A list of one size has a headline of its own only where that leaves room for rows. */
export function listHasHeadline(size: Size): boolean {
  return size.width >= 400 && size.height >= 200;
}
