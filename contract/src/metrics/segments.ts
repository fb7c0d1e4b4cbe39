/**
 * What events amount to for rows with one value of a segment. All versions of a model together, since versions times
 * values times bins would be more series than a model may have. `value` is a value of the segment, `other` or `missing`;
 * where names may not be shown it is the place of the value in the reference, from 0.
 */
import { family, MODEL } from './family';

const SEGMENT = [...MODEL, 'segment', 'value'] as const;
const REFERENCE = [...MODEL, 'reference', 'segment', 'value'] as const;
/** `feature` is empty where `subject` is `prediction`. */
const BIN = [...REFERENCE, 'subject', 'feature', 'bin'] as const;

export const SEGMENT_METRICS = {
  segmentPredictions: family(
    'segment_predictions_total',
    'counter',
    SEGMENT,
    'Predictions by value of a segment; the values of one segment add up to all predictions since it is watched.'
  ),
  segmentObservations: family(
    'segment_observations_total',
    'counter',
    BIN,
    'Rows by value of a segment and bin of the reference: predictions first, then features by their weight, as many as there is room for.'
  ),
  segmentReference: family(
    'segment_reference_ratio',
    'gauge',
    BIN,
    'Share of the rows of the reference with the value of the segment that are in the bin, with half a row added to each bin.'
  ),
  segmentReferenceRows: family(
    'segment_reference_rows',
    'gauge',
    [...REFERENCE, 'category'],
    'Rows of the reference with the value of the segment; category is its name where that may be shown.'
  ),
  segmentSeriesRefused: family(
    'segment_series_refused',
    'gauge',
    MODEL,
    'Series of segments that there is no room for: their features are not told apart by segment.'
  ),
  segmentPairs: family(
    'segment_accuracy_pairs_total',
    'counter',
    SEGMENT,
    'Predictions whose actual is known, by value of a segment.'
  ),
  segmentClassPairs: family(
    'segment_class_pairs_total',
    'counter',
    [...SEGMENT, 'class', 'counted'],
    'Pairs of a classification by value of a segment: predicted to be of the class, of the class in truth (actual), or both.'
  ),
  segmentSquaredErrorSum: family(
    'segment_squared_error_sum_total',
    'counter',
    SEGMENT,
    'Sum of the squared differences of prediction and actual of a regression, by value of a segment.'
  ),
  segmentErrorSum: family(
    'segment_error_sum_total',
    'counter',
    [...SEGMENT, 'sign'],
    'Sum of the differences of prediction and actual of a regression by value of a segment: over where it predicted too much, under where too little; both positive.'
  ),
} as const;
