/** Segments: groups of rows that are told apart by the value of a column. */

/** Columns of one model. */
export const MOST_SEGMENTS = 2;

/** Values of one column; rows with another are `other`. */
export const MOST_SEGMENT_VALUES = 10;

/** Rows with none of the values, and rows without a value. A value that is called so is among them. */
export const SEGMENT_RESTS = ['other', 'missing'] as const;
export type SegmentRest = (typeof SEGMENT_RESTS)[number];

export function isSegmentRest(value: string): value is SegmentRest {
  return (SEGMENT_RESTS as readonly string[]).includes(value);
}
