/** From queries of segments to PromQL: nothing of them is recorded, so all is counted when it is asked, for one model. */
import {
  DRIFT_SUBJECT_LABELS,
  DRIFT_WINDOWS,
  EVENT_METRICS,
  MODEL_LABELS,
  RECORDED,
  SEGMENT_METRICS,
} from '@modelwatch/contract';
import type { ResolvedFilters } from './filters';
import { identity, subjectIdentity } from './identity';
import type { PromPart } from './parts';
import { anyOf, matcher, selector, selectorOfNames } from './promql';
import type { DistributionQuery, SegmentsQuery } from './types';
import { labelled, names } from './window';

const BIN = `${MODEL_LABELS}, reference, bin`;
const BY_VALUE = `(${MODEL_LABELS}, segment, value)`;
const BY_CLASS = `(${MODEL_LABELS}, segment, value, class, counted)`;
const BY_BIN = `(${MODEL_LABELS}, reference, segment, value, subject, feature, bin)`;
const BY_ROWS = `(${MODEL_LABELS}, reference, segment, value, category)`;

/** Of one segment, or of one value of it. */
function segmentMatchers({ segment, segment_value }: ResolvedFilters): string[] {
  return [...anyOf('segment', segment), ...anyOf('value', segment_value)];
}

/**
 * Makes a subject known that nothing is recorded of: how many bins it has stands for its rows, which are counted later. `or`
 * does not look at names, so its labels are those of no other series.
 */
function subjectsToCount(matchers: readonly string[]): string {
  const series = `count by (${DRIFT_SUBJECT_LABELS}) (${selector(SEGMENT_METRICS.segmentReference.name, matchers)})`;
  return labelled(labelled(series, 'window', 'segment'), '__name__', RECORDED.driftRows.name);
}

function refuseMany(filters: ResolvedFilters): void {
  for (const field of ['namespace', 'model'] as const) {
    const { length } = filters[field];
    if (length !== 1) {
      throw new RangeError(`Segments are of one model: choose one ${field}, not ${length === 0 ? 'all' : length}.`);
    }
  }
}

/**
 * @param rangeSeconds length of the time range
 * @throws RangeError in words unless the filters choose one model
 */
export function segmentsParts(query: SegmentsQuery, filters: ResolvedFilters, rangeSeconds: number): PromPart[] {
  refuseMany(filters);
  const ids = identity(filters);
  const matchers = [...ids, ...segmentMatchers(filters)];
  const span = query.window === undefined || query.window === 'range' ? `${rangeSeconds}s` : query.window;
  const grown = (name: string, by: string) => `sum by ${by} (increase(${selector(name, matchers)}[${span}]))`;
  const subjects = [
    RECORDED.driftRowsNeeded,
    RECORDED.driftThreshold,
    EVENT_METRICS.driftSubject,
    EVENT_METRICS.featureImportance,
  ];
  const limits = [
    RECORDED.accuracyRowsNeeded,
    RECORDED.accuracySettings,
    RECORDED.accuracyLimit,
    RECORDED.accuracyBaseline,
  ];
  return [
    {
      name: 'now',
      expr: [selectorOfNames(names([...subjects, RECORDED.driftSettings]), ids), subjectsToCount(matchers)].join(
        ' or '
      ),
    },
    {
      name: 'bins',
      expr:
        `max by ${BY_BIN} (${selector(SEGMENT_METRICS.segmentReference.name, matchers)}) or ` +
        `max by ${BY_ROWS} (${selector(SEGMENT_METRICS.segmentReferenceRows.name, matchers)})`,
    },
    {
      name: 'rows',
      expr: `${grown(SEGMENT_METRICS.segmentObservations.name, BY_BIN)} or ${grown(SEGMENT_METRICS.segmentPredictions.name, BY_VALUE)}`,
    },
    {
      name: 'pairs',
      expr: [
        labelled(grown(SEGMENT_METRICS.segmentPairs.name, BY_VALUE), 'sum', 'pairs'),
        grown(SEGMENT_METRICS.segmentClassPairs.name, BY_CLASS),
        labelled(grown(SEGMENT_METRICS.segmentSquaredErrorSum.name, BY_VALUE), 'sum', 'squared_error'),
        labelled(grown(SEGMENT_METRICS.segmentErrorSum.name, BY_VALUE), 'sum', 'absolute_error'),
        selectorOfNames(names(limits), ids),
      ].join(' or '),
    },
  ];
}

/** Whether a distribution is to be of one value of a segment. */
export function isOfSegment(
  { filters: stored }: DistributionQuery,
  { segment, segment_value }: ResolvedFilters
): boolean {
  const asked = [stored?.segment, stored?.segment_value, segment, segment_value];
  return asked.some((values) => (values?.length ?? 0) > 0);
}

function refuseManyValues(filters: ResolvedFilters): void {
  for (const [field, name] of [
    ['segment', 'segment'],
    ['segment_value', 'value of it'],
  ] as const) {
    if (filters[field].length > 1) throw new RangeError(`A distribution is of one segment: choose one ${name}.`);
  }
  if (filters.version.length > 0) {
    throw new RangeError('Rows of a segment are counted for all versions together: choose no version.');
  }
}

/**
 * Of one value of a segment, beside what the reference says of that value. Without a value, as a variable of a model without
 * segments has none, there is nothing to ask.
 * @throws RangeError in words where several are chosen
 */
export function segmentDistributionParts(
  query: DistributionQuery,
  filters: ResolvedFilters,
  rangeSeconds: number
): PromPart[] {
  refuseManyValues(filters);
  if (filters.segment.length === 0 || filters.segment_value.length === 0) return [];
  const ids = identity(filters);
  const isOfFeature = query.subject !== 'prediction';
  const of = isOfFeature ? subjectIdentity(filters) : ids;
  const subject = [...of, matcher('subject', '=', isOfFeature ? 'feature' : 'prediction')];
  const matchers = [...subject, ...segmentMatchers(filters)];
  const settings = selector(RECORDED.driftSettings.name, ids);
  const counted = (span: string, window = span) =>
    labelled(
      `sum by (${BIN}) (increase(${selector(SEGMENT_METRICS.segmentObservations.name, matchers)}[${span}]))`,
      'window',
      window
    );
  const ofModel = (span: string) => `${counted(span)} and on (${MODEL_LABELS}, window) ${settings}`;
  const spans = DRIFT_WINDOWS.map(ofModel).join(' or ');
  const asked = query.window === 'range' ? counted(`${rangeSeconds}s`, 'range') : query.window && counted(query.window);
  const edges = isOfFeature ? EVENT_METRICS.featureReference : EVENT_METRICS.predictionReference;
  const valueRows = selector(SEGMENT_METRICS.segmentReferenceRows.name, [...ids, ...segmentMatchers(filters)]);
  return [
    {
      name: 'now',
      expr: [
        selectorOfNames(
          names([RECORDED.driftRowsNeeded, RECORDED.driftThreshold, EVENT_METRICS.driftSubject]),
          subject
        ),
        ...(isOfFeature ? [selector(EVENT_METRICS.featureImportance.name, of)] : []),
        selectorOfNames(names([EVENT_METRICS.referenceInfo, EVENT_METRICS.lastPrediction]), ids),
        settings,
        subjectsToCount(matchers),
        labelled(`max by (${MODEL_LABELS}, reference) (${valueRows})`, '__name__', EVENT_METRICS.referenceRows.name),
      ].join(' or '),
    },
    {
      name: 'bins',
      // The edges are those of the whole feature, and told there alone.
      expr:
        `0 * max by (${BIN}, from, to, category) (${selector(edges.name, of)}) + on (${BIN}) group_left () ` +
        `max by (${BIN}) (${selector(SEGMENT_METRICS.segmentReference.name, matchers)})`,
    },
    { name: 'rows', expr: asked ?? spans },
  ];
}
