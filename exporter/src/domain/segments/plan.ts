/** Which segments of a model are told apart, and what the reference says of each value. */
import { binsOf, isSegmentRest, segmentRows, type ColumnReference, type Reference } from '@modelwatch/contract';
import { booleanOf, DEFAULT_MISSING_VALUES, MissingValues } from '../values';
import { segmentFinder, segmentPlaces, type FindSegment } from './values';

/** A segment as the owner of a model declares it. */
export interface SegmentSetting {
  readonly column: string;
  /** Shown by name; without them those of the reference. */
  readonly values?: readonly string[] | undefined;
}

export interface SegmentSettings {
  /** Absent: those of the reference. */
  readonly segments?: readonly SegmentSetting[];
  readonly showCategories: boolean | readonly string[];
}

export interface Segment {
  readonly column: string;
  /** Values, `other` and `missing`. */
  readonly places: readonly string[];
  /** Of each place, as the label `value` has it. */
  readonly labels: readonly string[];
  /** Whether values are labels by their name. */
  readonly isShown: boolean;
  readonly find: FindSegment;
}

/** The first reference that has a segment says its values, unless the owner does. */
export function segmentsOf(references: readonly Reference[], settings: SegmentSettings): Segment[] {
  const known = references.flatMap(({ segments = [], missingValues }) =>
    segments.map(({ column, values }) => ({ column, values: values.map(({ value }) => value), missingValues }))
  );
  const wanted: readonly SegmentSetting[] =
    settings.segments ?? [...new Set(known.map(({ column }) => column))].map((column) => ({ column }));
  return wanted.flatMap(({ column, values }): Segment[] => {
    const found = known.find((each) => each.column === column);
    const named = (values ?? found?.values ?? []).filter((value) => !isSegmentRest(value));
    if (named.length === 0) return [];
    const missing = found?.missingValues ?? references[0]?.missingValues ?? DEFAULT_MISSING_VALUES;
    const places = segmentPlaces(named);
    const isShown = values !== undefined || mayShow(column, named, settings.showCategories);
    return [
      {
        ...{ column, places, isShown },
        labels: isShown ? places : places.map((place, index) => (index < named.length ? String(index) : place)),
        find: segmentFinder(named, new MissingValues(missing)),
      },
    ];
  });
}

/** Values may be personal data as categories are. */
function mayShow(column: string, values: readonly string[], shown: SegmentSettings['showCategories']): boolean {
  if (values.every((value) => booleanOf(value) === value)) return true;
  return typeof shown === 'boolean' ? shown : shown.includes(column);
}

/**
 * Rows of a reference by bin, for each place of a segment. Undefined where it tells nothing of the value: then `other`
 * would hold rows of it, and tells nothing either.
 */
export function referenceCounts(column: ColumnReference, segment: Segment): (readonly number[] | undefined)[] {
  const byValue = column.segments?.[segment.column];
  if (!byValue) return segment.places.map(() => undefined);
  const of = (value: string) => (Object.hasOwn(byValue, value) ? byValue[value] : undefined);
  const named = segment.places.filter((place) => !isSegmentRest(place));
  const isWhole = named.every((value) => of(value) !== undefined);
  return segment.places.map((place) => {
    if (place !== 'other') return of(place);
    return isWhole ? othersOf(binsOf(column).length, byValue, named) : undefined;
  });
}

/** What the reference has by name and the segment has not is among the others. */
function othersOf(
  bins: number,
  byValue: Readonly<Record<string, readonly number[]>>,
  named: readonly string[]
): readonly number[] {
  const others = Object.entries(byValue).filter(([value]) => value !== 'missing' && !named.includes(value));
  return Array.from({ length: bins }, (_, bin) => others.reduce((sum, [, counts]) => sum + (counts[bin] ?? 0), 0));
}

/** Rows of a reference for each place of a segment, by the same rule. */
export function referenceRows(reference: Reference, segment: Segment): (number | undefined)[] {
  const found = reference.segments?.find(({ column }) => column === segment.column);
  const rows = new Map(found ? segmentRows(found) : []);
  const named = segment.places.filter((place) => !isSegmentRest(place));
  const isWhole = found !== undefined && named.every((value) => rows.has(value));
  return segment.places.map((place) => {
    if (place !== 'other') return rows.get(place);
    if (!isWhole) return undefined;
    return [...rows].reduce((sum, [value, each]) => sum + (value === 'missing' || named.includes(value) ? 0 : each), 0);
  });
}

/** What is kept of a row until its actual comes: column, value, column, value. Values without a name are `other`. */
export function segmentsKept(segments: readonly Segment[], features: Readonly<Record<string, unknown>>): string[] {
  return segments.flatMap((segment) => [segment.column, segment.places[placeOf(segment, features)] ?? '']);
}

/** A value that is not there is missing, whatever the object inherits. */
export function placeOf({ column, find }: Segment, features: Readonly<Record<string, unknown>>): number {
  const value = features[column];
  return find(typeof value === 'function' ? undefined : value);
}
