/** What samples of custom metrics amount to, and what is declared of them. */
import { CUSTOM_ERRORS, CUSTOM_REFUSALS, METRICS, type CustomRefusal } from '@modelwatch/contract';
import type { CustomSlot } from '../domain/custom/counts';
import { limitPoints, samplesNeeded, sourceOf, windowOf } from '../domain/custom/settings';
import type { ModelEvents } from '../domain/events/model-events';
import type { Row } from './row';
import { known, row } from './text';

interface Named {
  readonly namespace: string;
  readonly model: string;
}

/** One metric of a model. Each counter is 0 in the first scrape that has it. */
export interface CustomSlotView extends Named {
  readonly slot: CustomSlot;
}

export const customRows: readonly Row<CustomSlotView>[] = [
  row(METRICS.customMetricSamples, (view: CustomSlotView) => counter(view, view.slot.samples)),
  row(METRICS.customMetricValueSum, (view: CustomSlotView) =>
    ['sum', 'average'].includes(view.slot.metric.aggregation)
      ? (['over', 'under'] as const).map((sign) => ({
          labels: { ...idOf(view), sign },
          value: view.slot.seen ? view.slot[sign] : 0,
        }))
      : []
  ),
  row(METRICS.customMetricMatched, (view: CustomSlotView) =>
    view.slot.metric.aggregation === 'share' ? counter(view, view.slot.matched) : []
  ),
  row(METRICS.customMetricLastValue, (view: CustomSlotView) => known(idOf(view), view.slot.last?.value)),
  row(METRICS.customMetricErrors, (view: CustomSlotView) =>
    view.slot.expression === undefined
      ? []
      : CUSTOM_ERRORS.map((reason) => ({
          labels: { ...idOf(view), reason },
          value: view.slot.seen ? view.slot.errors[reason] : 0,
        }))
  ),
  row(METRICS.customMetricLastTimestamp, (view: CustomSlotView) => known(idOf(view), view.slot.last?.atSeconds)),
];

/** Of a model, or of samples whose model has no custom metrics. */
export interface CustomRefusalsView extends Named {
  readonly refused: Readonly<Record<CustomRefusal, number>>;
  readonly seen: boolean;
}

export const customRefusalRows: readonly Row<CustomRefusalsView>[] = [
  row(METRICS.customMetricRefused, ({ namespace, model, refused, seen }: CustomRefusalsView) =>
    CUSTOM_REFUSALS.map((reason) => ({ labels: { namespace, model, reason }, value: seen ? refused[reason] : 0 }))
  ),
];

/** What is declared. */
export const customSettingRows: readonly Row<ModelEvents>[] = [
  row(METRICS.customMetricInfo, (model: ModelEvents) =>
    metricsOf(model).map(({ labels, metric }) => ({
      labels: {
        ...{ ...labels, unit: metric.unit ?? '', aggregation: metric.aggregation, direction: metric.direction },
        ...{ window: windowOf(metric) ?? '', source: sourceOf(metric) },
      },
      value: 1,
    }))
  ),
  row(METRICS.customMetricBaseline, (model: ModelEvents) =>
    metricsOf(model).flatMap(({ labels, metric }) => known(labels, metric.baseline))
  ),
  row(METRICS.customMetricLimit, (model: ModelEvents) =>
    points(model).map(({ labels, point }) => ({ labels, value: point.limit }))
  ),
  row(METRICS.customMetricRecovery, (model: ModelEvents) =>
    points(model).map(({ labels, point }) => ({ labels, value: point.recovery }))
  ),
  row(METRICS.customMetricSamplesNeeded, (model: ModelEvents) =>
    metricsOf(model).flatMap(({ labels, metric }) => known(labels, samplesNeeded(metric)))
  ),
];

function metricsOf({ namespace, model, settings }: ModelEvents) {
  return (settings?.customMetrics ?? []).map((metric) => ({
    labels: { namespace, model, metric: metric.name },
    metric,
  }));
}

function points(model: ModelEvents) {
  return metricsOf(model).flatMap(({ labels, metric }) =>
    limitPoints(metric).map((point) => ({ labels: { ...labels, level: point.level, side: point.side }, point }))
  );
}

function idOf({ namespace, model, slot }: CustomSlotView) {
  return { namespace, model, metric: slot.metric.name };
}

function counter(view: CustomSlotView, value: number) {
  return [{ labels: idOf(view), value: view.slot.seen ? value : 0 }];
}
