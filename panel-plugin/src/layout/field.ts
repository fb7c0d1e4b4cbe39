/** The fleet as marks, one per model, in blocks per namespace that fill the shortest column first. */
import type { HealthState } from '@modelwatch/contract';

export interface FieldBlock {
  readonly title: string;
  /** Worst first; the index is the place in the block. */
  readonly states: readonly HealthState[];
}

export interface Mark {
  readonly block: number;
  readonly index: number;
  /** Middle of the mark. */
  readonly x: number;
  readonly y: number;
  readonly state: HealthState;
  /** True for the 16 px marks of what needs help. */
  readonly big: boolean;
}

export interface BlockHead {
  readonly block: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Healthy models of a namespace drawn as one bar, where marks of the smallest pitch would not fit. */
export interface Bar {
  readonly block: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly count: number;
  /** Place in the block of the first model that it stands for. */
  readonly from: number;
}

export interface FieldLayout {
  readonly pitch: number;
  readonly marks: readonly Mark[];
  readonly heads: readonly BlockHead[];
  readonly bars: readonly Bar[];
  readonly width: number;
  readonly height: number;
}

const PITCHES = [17, 11, 9] as const;
const COLUMN_WIDTH = 178;
const COLUMN_GAP = 22;
const HEAD_HEIGHT = 24;
const BLOCK_GAP = 10;
/** Above this many marks a canvas is cheaper than elements. */
export const CANVAS_FROM = 500;
const BAR_HEIGHT = 12;

function isBig(state: HealthState): boolean {
  return state === 'failed' || state === 'degraded';
}

interface Grid {
  readonly pitch: number;
  readonly perRow: number;
  readonly bars: boolean;
}

function drawn(block: FieldBlock, bars: boolean): readonly HealthState[] {
  return bars ? block.states.filter((state) => state !== 'healthy') : block.states;
}

function blockHeight(block: FieldBlock, { pitch, perRow, bars }: Grid): number {
  const states = drawn(block, bars);
  const slots = states.reduce((sum, state) => sum + slotsOf(state, perRow), 0);
  const bar = bars && states.length < block.states.length ? BAR_HEIGHT : 0;
  return HEAD_HEIGHT + Math.ceil(slots / perRow) * Math.max(pitch, 11) + bar + BLOCK_GAP;
}

/** A big mark takes two places, unless a row has only one. */
function slotsOf(state: HealthState, perRow: number): number {
  return isBig(state) && perRow > 1 ? 2 : 1;
}

function placeMarks(block: FieldBlock, at: BlockHead, grid: Grid): { marks: Mark[]; bottom: number } {
  const { pitch, perRow } = grid;
  const row = Math.max(pitch, 11);
  const marks: Mark[] = [];
  let slot = 0;
  drawn(block, grid.bars).forEach((state, index) => {
    const slots = slotsOf(state, perRow);
    if ((slot % perRow) + slots > perRow) slot += perRow - (slot % perRow);
    const left = at.x + (slot % perRow) * pitch;
    const y = at.y + HEAD_HEIGHT + Math.floor(slot / perRow) * row + row / 2;
    marks.push({ block: at.block, index, x: left + (slots * pitch) / 2, y, state, big: isBig(state) });
    slot += slots;
  });
  return { marks, bottom: at.y + HEAD_HEIGHT + Math.ceil(slot / perRow) * row };
}

function layOut(blocks: readonly FieldBlock[], width: number, pitch: number, bars: boolean): FieldLayout {
  const fit = Math.floor((width + COLUMN_GAP) / (COLUMN_WIDTH + COLUMN_GAP));
  const columns = Math.max(1, Math.min(fit, blocks.length));
  const columnWidth = (width - COLUMN_GAP * (columns - 1)) / columns;
  const grid = { pitch, perRow: Math.max(1, Math.floor(columnWidth / pitch)), bars };
  const bottoms = Array.from({ length: columns }, () => 0);
  const out = { marks: [] as Mark[], heads: [] as BlockHead[], bars: [] as Bar[] };
  blocks.forEach((block, index) => {
    const y = Math.min(...bottoms);
    const column = bottoms.indexOf(y);
    const head = { block: index, x: column * (columnWidth + COLUMN_GAP), y, width: grid.perRow * pitch - 2 };
    out.heads.push(head);
    const placed = placeMarks(block, head, grid);
    out.marks.push(...placed.marks);
    const hidden = block.states.length - placed.marks.length;
    if (hidden > 0) {
      out.bars.push({ ...head, y: placed.bottom + 3, count: hidden, from: placed.marks.length });
    }
    bottoms[column] = Math.max(y + blockHeight(block, grid), placed.bottom + (hidden > 0 ? BAR_HEIGHT : 0) + BLOCK_GAP);
  });
  return { pitch, ...out, width, height: Math.max(0, ...bottoms) - BLOCK_GAP };
}

/** The widest pitch that fits the height; past that the healthy of a namespace become one bar. */
export function layOutField(blocks: readonly FieldBlock[], width: number, height: number): FieldLayout {
  for (const pitch of PITCHES) {
    const layout = layOut(blocks, width, pitch, false);
    if (layout.height <= height) return layout;
  }
  return layOut(blocks, width, PITCHES[2], true);
}

/** The mark under a point, or undefined. Reaches a little further than what is drawn, for fingers. */
export function markAt(layout: FieldLayout, x: number, y: number): Mark | undefined {
  const reach = Math.max(layout.pitch, 16) / 2 + 1;
  let best: Mark | undefined;
  let bestDistance = reach;
  for (const mark of layout.marks) {
    const distance = Math.max(Math.abs(mark.x - x), Math.abs(mark.y - y));
    if (distance < bestDistance) [best, bestDistance] = [mark, distance];
  }
  return best;
}
