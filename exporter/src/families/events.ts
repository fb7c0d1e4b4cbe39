/** What inference events amounted to, and the references that they are compared with. */
import {
  binsOf,
  CONSUMER_WINDOWS,
  DRIFT_LEVELS,
  EVENT_DROP_REASONS,
  METRICS,
  REFUSED_REQUEST_REASONS,
  driftRowsNeeded,
  SMOOTHING_ROWS,
  type ColumnReference,
  type EventDropReason,
} from '@modelwatch/contract';
import type { ModelEvents } from '../domain/events/model-events';
import type { MonitoringSettings } from '../domain/events/monitored';
import type { WatchedColumn, WatchPlan } from '../domain/events/plan';
import { thresholdsOf } from '../domain/events/settings';
import type { BinCounts } from '../domain/events/slot';
import type { Row } from './row';
import { escapeLabel, formatValue, histogramRow, known, row } from './text';

/** Each series is 0 in the first scrape that has it: what came before it was there would be no increase. */
export const eventRows: readonly Row<ModelEvents>[] = [
  row(METRICS.predictions, (model: ModelEvents) =>
    [...model.slots.values()].map(({ version, predictions, seen }) => ({
      labels: { ...id(model), version },
      value: seen ? predictions : 0,
    }))
  ),
  row(METRICS.lastPrediction, (model: ModelEvents) => known(id(model), model.lastSeconds)),
  row(METRICS.consumers, ({ namespace, model, consumers }: ModelEvents) =>
    consumers.isUsed
      ? CONSUMER_WINDOWS.map((window) => ({
          labels: { namespace, model, window },
          value: consumers.estimates[window],
        }))
      : []
  ),
  row(METRICS.eventsReceived, (model: ModelEvents) => counter(model, model.received)),
  row(METRICS.eventsMissingId, (model: ModelEvents) => counter(model, model.missingId)),
  row(METRICS.eventsImplausibleTime, (model: ModelEvents) => counter(model, model.implausibleTime)),
  row(METRICS.eventsUncompared, (model: ModelEvents) => counter(model, model.coverage.uncompared)),
  row(METRICS.eventsAbsentFeatures, (model: ModelEvents) => counter(model, model.coverage.absentFeatures)),
  row(METRICS.eventsUnknownFeatures, (model: ModelEvents) => counter(model, model.coverage.unknownFeatures)),
  row(METRICS.predictionsRepresented, (model: ModelEvents) => counter(model, model.coverage.represented)),
  row(METRICS.ingestRefusedRequests, (model: ModelEvents) =>
    REFUSED_REQUEST_REASONS.map((reason) => ({
      labels: { ...id(model), reason },
      value: model.seen ? model.coverage.refusedRequests[reason] : 0,
    }))
  ),
  histogramRow(METRICS.eventLag, (model: ModelEvents) => {
    const { lag, seen } = model;
    const buckets = lag.buckets().map(({ le, count }) => ({ le, count: seen ? count : 0 }));
    return [{ labels: id(model), buckets, sum: seen ? lag.sum : 0, count: seen ? lag.count : 0 }];
  }),
  row(METRICS.eventSeriesRefused, (model: ModelEvents) =>
    model.declared || model.seriesRefused > 0 ? [{ labels: id(model), value: model.seriesRefused }] : []
  ),
];

/** Of a model, or of events whose model is not known. */
export interface DropsView {
  readonly namespace: string;
  readonly model: string;
  readonly dropped: Readonly<Record<EventDropReason, number>>;
  readonly seen: boolean;
}

export const eventDropRows: readonly Row<DropsView>[] = [
  row(METRICS.eventsDropped, (view: DropsView) =>
    EVENT_DROP_REASONS.map((reason) => ({
      labels: { ...id(view), reason },
      value: view.seen ? view.dropped[reason] : 0,
    }))
  ),
];

/** The counts of one column, of one version against one reference. */
export interface ColumnCountsView {
  readonly namespace: string;
  readonly model: string;
  readonly version: string;
  readonly bins: BinCounts;
  readonly column: WatchedColumn;
}

/** These are most of all lines, so what those of a column have in common is written once. */
export const binRows: readonly Row<ColumnCountsView>[] = [
  {
    family: METRICS.featureObservations,
    render: (view) =>
      view.column.subject === 'feature' ? binLines(view, `feature="${escapeLabel(view.column.feature)}",`) : '',
  },
  {
    family: METRICS.predictionObservations,
    render: (view) => (view.column.subject === 'prediction' ? binLines(view, '') : ''),
  },
];

function binLines({ namespace, model, version, bins, column }: ColumnCountsView, feature: string): string {
  const family = column.subject === 'feature' ? METRICS.featureObservations : METRICS.predictionObservations;
  const start =
    `${family.name}{namespace="${escapeLabel(namespace)}",model="${escapeLabel(model)}",version="${escapeLabel(version)}",` +
    `reference="${bins.plan.reference.id}",${feature}bin="`;
  return column.labels
    .map((label, bin) => `${start}${label}"} ${bins.seen ? (bins.counts[column.offset + bin] ?? 0) : 0}\n`)
    .join('');
}

/** A column of a reference, and what a model asks of it. */
export interface ReferenceColumnView {
  readonly namespace: string;
  readonly model: string;
  readonly settings: MonitoringSettings;
  readonly plan: WatchPlan;
  readonly column: WatchedColumn;
}

function thresholdsOfColumn({ settings, column }: ReferenceColumnView) {
  return thresholdsOf(settings, column.subject === 'feature' ? column.feature : undefined);
}

function rowsNeeded(view: ReferenceColumnView): number {
  const { method, minimumRows } = view.settings;
  return minimumRows ?? driftRowsNeeded(view.column.column.bins.length, method, thresholdsOfColumn(view).warning);
}

export const referenceColumnRows: readonly Row<ReferenceColumnView>[] = [
  row(METRICS.featureReference, (view: ReferenceColumnView) =>
    view.column.subject === 'feature'
      ? ratios(view).map(({ labels, value }) => ({ labels: { ...labels, feature: view.column.feature }, value }))
      : []
  ),
  row(METRICS.predictionReference, (view: ReferenceColumnView) =>
    view.column.subject === 'prediction' ? ratios(view) : []
  ),
  row(METRICS.driftSubject, (view: ReferenceColumnView) => [
    { labels: { ...subjectOf(view), type: view.column.column.type, weight: weightOf(view) }, value: 1 },
  ]),
  row(METRICS.featureImportance, (view: ReferenceColumnView) =>
    view.column.subject === 'feature'
      ? known({ ...referenceOf(view), feature: view.column.feature }, view.column.column.importance)
      : []
  ),
  row(METRICS.driftThreshold, (view: ReferenceColumnView) =>
    DRIFT_LEVELS.map((level) => ({ labels: { ...subjectOf(view), level }, value: thresholdsOfColumn(view)[level] }))
  ),
  row(METRICS.driftRowsNeeded, (view: ReferenceColumnView) => [{ labels: subjectOf(view), value: rowsNeeded(view) }]),
];

export const referenceRows: readonly Row<ModelEvents>[] = [
  row(METRICS.referenceInfo, (model: ModelEvents) =>
    model.plans.map(({ reference, version = '' }) => ({
      labels: { ...id(model), reference: reference.id, reference_name: reference.name, version },
      value: 1,
    }))
  ),
  row(METRICS.referenceRows, (model: ModelEvents) =>
    [...new Map(model.plans.map(({ reference }) => [reference.id, reference.rows]))].map(([reference, value]) => ({
      labels: { ...id(model), reference },
      value,
    }))
  ),
  row(METRICS.driftSettings, ({ settings, plans, ...model }: ModelEvents) =>
    settings && plans.length > 0
      ? [{ labels: { ...id(model), method: settings.method, window: settings.window }, value: 1 }]
      : []
  ),
  row(METRICS.predictionExpectedInterval, (model: ModelEvents) =>
    known(id(model), model.settings?.expectedIntervalSeconds)
  ),
];

function id({ namespace, model }: { readonly namespace: string; readonly model: string }) {
  return { namespace, model };
}

function counter(model: ModelEvents, value: number) {
  return [{ labels: id(model), value: model.seen ? value : 0 }];
}

function referenceOf(view: ReferenceColumnView) {
  return { ...id(view), reference: view.plan.reference.id };
}

function subjectOf(view: ReferenceColumnView) {
  return { ...referenceOf(view), subject: view.column.subject, feature: view.column.feature };
}

/** A feature of unknown importance, and the prediction itself, may make a model critical. */
function weightOf({ column, settings }: ReferenceColumnView) {
  const { importance } = column.column;
  if (column.subject === 'prediction' || importance === undefined) return 'high';
  return settings.starred.includes(column.feature) || importance >= settings.importantFromRatio ? 'high' : 'low';
}

function ratios(view: ReferenceColumnView) {
  const { column } = view.column;
  const bins = binsOf(column);
  const all = view.plan.reference.rows + SMOOTHING_ROWS * bins.length;
  return bins.map(({ bin, count }, index) => ({
    labels: { ...referenceOf(view), bin, ...edgesOf(column, index, isShown(view)) },
    value: (count + SMOOTHING_ROWS) / all,
  }));
}

/** Categories may be personal data: they are named only where somebody said so. */
function isShown({ settings: { showCategories }, column }: ReferenceColumnView): boolean {
  if (column.column.type === 'boolean' || showCategories === true) return true;
  return Array.isArray(showCategories) && showCategories.includes(column.column.name);
}

function edgesOf(column: ColumnReference, index: number, shown: boolean) {
  if (column.type !== 'numeric') return { from: '', to: '', category: (shown && column.bins[index]?.category) || '' };
  const bin = column.bins[index];
  return { from: bin ? formatValue(bin.from) : '', to: bin ? formatValue(bin.to) : '', category: '' };
}
