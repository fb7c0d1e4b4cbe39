/** Which parts of accuracy fit beside and below each other, and where. Sizes in CSS pixels. */
import type { Rect } from '../neighbour';

export const PARTS = ['scores', 'history', 'predicted-actual', 'confusion', 'calibration', 'ages'] as const;
export type Part = (typeof PARTS)[number];
export type AccuracyModeOption = 'auto' | Part;

export const GAP = 16;
/** From here on scores stand beside their history; below it the history is left to the picker. */
const BESIDE_FROM = 560;
const LIST_WIDTH = 288;
const SCORE_ROW = 44;
const HISTORY_MIN_HEIGHT = 150;
/** Below this size there is a list of scores, or one drawing, and nothing else. */
const SMALL = { width: 420, height: 150 };
const DETAIL_MIN_HEIGHT = 190;
/** Those that gain by width take what is left over. */
const GROWING: readonly Part[] = ['predicted-actual', 'calibration'];

/** Width below which a part is left to the picker. @param classes of the confusion matrix */
function leastWidth(part: Part, classes: number): number {
  if (part === 'confusion') return Math.max(240, Math.min(520, 140 + classes * 34));
  return part === 'ages' ? 210 : 260;
}

export interface PlacedPart {
  readonly part: Part;
  readonly rect: Rect;
}

export interface PartsLayout {
  readonly placed: readonly PlacedPart[];
  /** Parts that the answer has and that find no room. */
  readonly left: readonly Part[];
}

export interface PartsInput {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly Part[];
  /** Scores in the list. */
  readonly scores: number;
  /** Classes of the confusion matrix. */
  readonly classes: number;
  readonly mode: AccuracyModeOption;
}

function alone(part: Part | undefined, { width, height, parts }: PartsInput): PartsLayout {
  const placed = part ? [{ part, rect: { left: 0, top: 0, width, height } }] : [];
  return { placed, left: parts.filter((one) => one !== part) };
}

/** As many of the details as fit in one row, in their order. */
function detailRow(details: readonly Part[], row: Rect, classes: number): PlacedPart[] {
  const shown: Part[] = [];
  let needed = 0;
  for (const part of details) {
    const more = leastWidth(part, classes) + (shown.length ? GAP : 0);
    if (needed + more > row.width) continue;
    needed += more;
    shown.push(part);
  }
  const growing = shown.filter((part) => GROWING.includes(part));
  const spare = (row.width - needed) / Math.max(1, growing.length);
  let { left } = row;
  return shown.map((part) => {
    const grows = growing.includes(part) || (!growing.length && part === 'confusion');
    const rect = { ...row, left, width: leastWidth(part, classes) + (grows ? spare : 0) };
    left += rect.width + GAP;
    return { part, rect };
  });
}

/** Scores and what stands beside them. */
function scoreRow(parts: readonly Part[], width: number, height: number): PlacedPart[] {
  const [first, second] = parts;
  if (!first) return [];
  if (!second) return [{ part: first, rect: { left: 0, top: 0, width, height } }];
  const left = LIST_WIDTH + GAP;
  return [
    { part: first, rect: { left: 0, top: 0, width: LIST_WIDTH, height } },
    { part: second, rect: { left, top: 0, width: width - left, height } },
  ];
}

/** Scores with their history beside them; without one, or without room below, with the first of the details. */
function upperParts({ width, parts, classes }: PartsInput): Part[] {
  if (!parts.includes('scores')) return parts.filter((part) => part === 'history');
  if (width < BESIDE_FROM) return ['scores'];
  const room = width - LIST_WIDTH - GAP;
  const beside = parts.find((part) => part !== 'scores' && (part === 'history' || leastWidth(part, classes) <= room));
  return beside ? ['scores', beside] : ['scores'];
}

/** What is asked for alone, or all that fits: scores with their history above, the details below in one row. */
export function layOutParts(input: PartsInput): PartsLayout {
  const { width, height, parts, mode } = input;
  const asked = parts.find((part) => part === mode);
  if (asked) return alone(asked, input);
  const small = width < SMALL.width || height < SMALL.height;
  if (small) return alone(parts.find((part) => part === 'scores') ?? parts[0], input);
  const first = upperParts(input);
  const details = parts.filter((part) => !first.includes(part) && part !== 'scores' && part !== 'history');
  const least = Math.max(HISTORY_MIN_HEIGHT, Math.min(input.scores, 5) * SCORE_ROW);
  const hasRow = details.length > 0 && (!first.length || height >= least + GAP + DETAIL_MIN_HEIGHT);
  const share = first.length ? Math.max(least, Math.floor((height - GAP) * 0.46)) : -GAP;
  const upper = first.length ? scoreRow(first, width, hasRow ? share : height) : [];
  const lower = hasRow
    ? detailRow(details, { left: 0, top: share + GAP, width, height: height - share - GAP }, input.classes)
    : [];
  const placed = [...upper, ...lower];
  return { placed, left: parts.filter((part) => !placed.some((one) => one.part === part)) };
}
