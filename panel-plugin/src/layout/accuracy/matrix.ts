/** Geometry of the confusion matrix and of the calibration diagram. Sizes in CSS pixels. */

const CELL_MIN = 32;
const CELL_MAX = 88;
const CELL_MAX_HEIGHT = 52;
const CELL_MIN_HEIGHT = 24;
const LABEL_MAX = 120;
const COUNT = 58;
/** Cells narrower than this hold a number alone. */
const ROOMY = 56;
const HEAD = 40;

export interface MatrixLayout {
  readonly label: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Whether the pairs stand below the share. */
  readonly hasCounts: boolean;
  /** Whether cells hold whole percents without their sign. */
  readonly isDense: boolean;
}

/** @param longest characters of the longest class */
export function layOutMatrix(width: number, height: number, classes: number, longest: number): MatrixLayout {
  const label = Math.min(LABEL_MAX, Math.max(48, longest * 7 + 8), Math.max(48, width * 0.3));
  const count = Math.max(1, classes);
  const cellWidth = Math.max(CELL_MIN, Math.min(CELL_MAX, Math.floor((width - label - COUNT) / count) - 1));
  const cellHeight = Math.max(CELL_MIN_HEIGHT, Math.min(CELL_MAX_HEIGHT, Math.floor((height - HEAD) / count)));
  const isDense = cellWidth < ROOMY;
  return { label, cellWidth, cellHeight, hasCounts: !isDense && cellHeight >= 38, isDense };
}

/** The blue of a share, from 0 to 3; `undefined` for none at all, so that an empty cell has no colour. */
export function shareStep(share: number): 0 | 1 | 2 | 3 | undefined {
  if (share <= 0) return undefined;
  return share < 0.1 ? 0 : share < 0.35 ? 1 : share < 0.7 ? 2 : 3;
}

const LEFT = 48;
const BOTTOM = 34;
const TOP = 8;
const RIGHT = 10;
const STRIP = 34;

export interface CalibrationLayout {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Where the bars of pairs stand. */
  readonly stripBase: number;
  readonly stripHeight: number;
}

/** The plot is no wider than one and a half times its height: a diagonal that lies flat tells little. */
export function layOutCalibration(width: number, height: number): CalibrationLayout {
  const hasStrip = height >= 170;
  const plotHeight = Math.max(40, height - TOP - BOTTOM - (hasStrip ? STRIP : 0));
  const plotWidth = Math.max(40, Math.min(width - LEFT - RIGHT, plotHeight * 1.8));
  return {
    left: LEFT,
    top: TOP,
    width: plotWidth,
    height: plotHeight,
    stripBase: TOP + plotHeight + BOTTOM + STRIP - 4,
    stripHeight: hasStrip ? STRIP - 10 : 0,
  };
}
