/** What events amount to by segment, and what references say of each value. */
import { binsOf, DECISIONS, METRICS, OTHER_CLASSES, SMOOTHING_ROWS } from '@modelwatch/contract';
import type { ModelEvents } from '../domain/events/model-events';
import type { WatchPlan } from '../domain/events/plan';
import { CLASS_SUMS, PAIR_SUMS, type SegmentTable, type TableContent } from '../domain/segments/counts';
import { referenceCounts, referenceRows } from '../domain/segments/plan';
import type { Row } from './row';
import { escapeLabel, row } from './text';

/** A table of a model. Each series is 0 in the first scrape that has it. */
export interface SegmentTableView {
  readonly namespace: string;
  readonly model: string;
  readonly table: SegmentTable;
}

type Content<Kind extends TableContent['kind']> = Extract<TableContent, { readonly kind: Kind }>;

/** One line for each value of the segment. */
function byValue<Label extends string>(
  { namespace, model, table }: SegmentTableView,
  parts: (sum: (at: number) => number) => readonly (readonly [Readonly<Record<Label, string>>, number])[]
) {
  const { segment, width, counts, seen } = table;
  return segment.labels.flatMap((value, place) =>
    parts((at) => (seen ? (counts[place * width + at] ?? 0) : 0)).map(([labels, number]) => {
      const own: { namespace: string; model: string; segment: string; value: string } = {
        ...{ namespace, model, segment: segment.column, value },
      };
      return { labels: { ...own, ...labels }, value: number };
    })
  );
}

function pairsOf({ table: { content } }: SegmentTableView): Content<'pairs'>['plan'] | undefined {
  return content.kind === 'pairs' ? content.plan : undefined;
}

const isRegression = (view: SegmentTableView) => pairsOf(view)?.task === 'regression';
const none: Readonly<Record<never, string>> = {};

export const segmentRows: readonly Row<SegmentTableView>[] = [
  row(METRICS.segmentPredictions, (view: SegmentTableView) =>
    view.table.content.kind === 'predictions' ? byValue(view, (sum) => [[none, sum(0)]]) : []
  ),
  row(METRICS.segmentDecisions, (view: SegmentTableView) =>
    view.table.content.kind === 'decisions'
      ? byValue(view, (sum) => DECISIONS.map((decision, at) => [{ decision }, sum(at)] as const))
      : []
  ),
  row(METRICS.segmentPairs, (view: SegmentTableView) =>
    pairsOf(view) ? byValue(view, (sum) => [[none, sum(PAIR_SUMS.pairs)]]) : []
  ),
  row(METRICS.segmentClassPairs, (view: SegmentTableView) => {
    const { task, classes = [] } = pairsOf(view) ?? {};
    if (task !== 'classification') return [];
    return byValue(view, (sum) =>
      [...classes, OTHER_CLASSES].flatMap((name, index) =>
        Object.entries(CLASS_SUMS).map(([counted, at]) => [{ class: name, counted }, sum(3 * index + at)] as const)
      )
    );
  }),
  row(METRICS.segmentSquaredErrorSum, (view: SegmentTableView) =>
    isRegression(view) ? byValue(view, (sum) => [[none, sum(PAIR_SUMS.squaredError)]]) : []
  ),
  row(METRICS.segmentErrorSum, (view: SegmentTableView) =>
    isRegression(view)
      ? byValue(view, (sum) => (['over', 'under'] as const).map((sign) => [{ sign }, sum(PAIR_SUMS[sign])] as const))
      : []
  ),
  {
    family: METRICS.segmentObservations,
    render: (view) => (view.table.content.kind === 'bins' ? binLines(view, view.table.content) : ''),
  },
];

/** These are most of all lines, so what those of a value have in common is written once. */
function binLines({ namespace, model, table }: SegmentTableView, { reference, column }: Content<'bins'>): string {
  const { segment, width, counts, seen } = table;
  const start =
    `${METRICS.segmentObservations.name}{namespace="${escapeLabel(namespace)}",model="${escapeLabel(model)}",` +
    `reference="${reference}",segment="${escapeLabel(segment.column)}",value="`;
  const end = `",subject="${column.subject}",feature="${escapeLabel(column.feature)}",bin="`;
  return segment.labels
    .map((value, place) => {
      const line = `${start}${escapeLabel(value)}${end}`;
      const of = (bin: number) => (seen ? (counts[place * width + bin] ?? 0) : 0);
      return column.labels.map((label, bin) => `${line}${label}"} ${of(bin)}\n`).join('');
    })
    .join('');
}

/** What the reference says of a table of bins. Nothing of a value that it does not have. */
export const segmentShareRows: readonly Row<SegmentTableView>[] = [
  row(METRICS.segmentReference, ({ namespace, model, table: { segment, content } }: SegmentTableView) => {
    if (content.kind !== 'bins') return [];
    const { reference, column } = content;
    const bins = binsOf(column.column);
    const { subject, feature } = column;
    return referenceCounts(column.column, segment).flatMap((counts, place) => {
      if (!counts) return [];
      const all = counts.reduce((sum, each) => sum + each, 0) + SMOOTHING_ROWS * bins.length;
      return bins.map(({ bin }, index) => ({
        labels: {
          ...{ namespace, model, reference, segment: segment.column, value: segment.labels[place] ?? '' },
          ...{ subject, feature, bin },
        },
        value: ((counts[index] ?? 0) + SMOOTHING_ROWS) / all,
      }));
    });
  }),
];

export interface SegmentReferenceView {
  readonly model: ModelEvents;
  readonly plan: WatchPlan;
}

export const segmentReferenceRows: readonly Row<SegmentReferenceView>[] = [
  row(
    METRICS.segmentReferenceRows,
    ({ model: { namespace, model, segments }, plan: { reference } }: SegmentReferenceView) =>
      segments.segments.flatMap((segment) =>
        referenceRows(reference, segment).flatMap((rows, place) => {
          if (rows === undefined) return [];
          const [value, name] = [segment.labels[place] ?? '', segment.places[place] ?? ''];
          const isNamed = segment.isShown && place < segment.places.length - 2;
          return [
            {
              labels: {
                ...{ namespace, model, reference: reference.id, segment: segment.column, value },
                category: isNamed ? name : '',
              },
              value: rows,
            },
          ];
        })
      )
  ),
];

export const segmentRoomRows: readonly Row<ModelEvents>[] = [
  row(METRICS.segmentSeriesRefused, ({ namespace, model, segments }: ModelEvents) =>
    segments.segments.length > 0 ? [{ labels: { namespace, model }, value: segments.refused }] : []
  ),
];
