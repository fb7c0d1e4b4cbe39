/** Lines below the drawing, one for each detector of others. Sizes in CSS pixels. */

const DETECTOR_ROW = 20;
const DETECTOR_HEAD = 22;
/** Beside a drawing of ours they take no more than this share of the room, and no more lines than this. */
const SHARE = 0.22;
const MOST = 5;

/**
 * Detectors that there is room for; at least one, where there is any.
 * @param alone whether nothing else is drawn
 */
export function detectorRows(height: number, detectors: number, alone: boolean): number {
  const room = Math.floor((height * (alone ? 1 : SHARE) - DETECTOR_HEAD) / DETECTOR_ROW);
  return Math.min(detectors, Math.max(1, alone ? room : Math.min(MOST, room)));
}

export function detectorsHeight(rows: number): number {
  return rows === 0 ? 0 : DETECTOR_HEAD + rows * DETECTOR_ROW;
}
