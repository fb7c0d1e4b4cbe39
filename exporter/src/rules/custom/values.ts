/** One value for each custom metric, from counters, last values and queries. */
import { METRICS, RECORDED, type DriftWindow, type MetricFamily } from '@modelwatch/contract';
import { ID } from '../promql';
import { chosenSettings } from '../settings';
import type { RecordingRule } from '../types';

/** What identifies a metric. */
export const METRIC = `${ID}, metric`;
export const ON = `on (${METRIC})`;
export const INFO = RECORDED.customMetricInfo.name;
const IN_WINDOW = `on (${METRIC}, window)`;
const SAMPLES = RECORDED.customMetricSamples.name;
const SUM = RECORDED.customMetricSum.name;
const QUERIED = RECORDED.customMetricQueried.name;
const WINDOW_SECONDS: Record<DriftWindow, number> = { '10m': 600, '1h': 3_600, '1d': 86_400, '7d': 604_800 };

const told = (family: MetricFamily, labels: readonly string[] = []) =>
  `max by (${[METRIC, ...labels].join(', ')}) (${family.name})`;

export function settingsRules(): RecordingRule[] {
  return [
    { record: INFO, expr: chosenSettings(METRICS.customMetricInfo, RECORDED.customMetricInfo, METRIC) },
    { record: RECORDED.customMetricLimit.name, expr: told(METRICS.customMetricLimit, ['level', 'side']) },
    { record: RECORDED.customMetricBaseline.name, expr: told(METRICS.customMetricBaseline) },
  ];
}

/** Only metrics of this window are summed over it; the hour is what days are made of. */
export function sumRules(window: DriftWindow): RecordingRule[] {
  const whose = window === '1h' ? 'window!="10m"' : `window="${window}"`;
  const ofThose = (expr: string) => `${expr}\nand ${ON} ${INFO}{aggregation!="gauge", ${whose}}`;
  const rule = (record: string, expr: string) => ({ record, expr: ofThose(expr), labels: { window } });
  if (window === '1d' || window === '7d') {
    return [SAMPLES, SUM].map((record) => rule(record, `sum_over_time(${record}{window="1h"}[${window}:1h])`));
  }
  const added = ({ name }: MetricFamily, matchers = '') =>
    `sum by (${METRIC}) (increase(${name}${matchers}[${window}]))`;
  const signed = (sign: string) => added(METRICS.customMetricValueSum, `{sign="${sign}"}`);
  return [
    rule(SAMPLES, added(METRICS.customMetricSamples)),
    rule(SUM, `(${signed('over')} - ${ON} ${signed('under')} or ${ON} ${added(METRICS.customMetricMatched)})`),
  ];
}

/** Seconds of each window for the metrics that have it. */
export function windowSeconds(more = 0): string {
  const each = Object.entries(WINDOW_SECONDS).map(
    ([window, seconds]) => `${INFO}{window="${window}"} * ${seconds + more}`
  );
  return `(${each.join(' or ')})`;
}

/** What the samples of its own window amount to, while there are enough of them. */
function counted(): string {
  const own = (series: string, aggregations: string) =>
    `(${series} and ${IN_WINDOW} ${INFO}{aggregation=~"${aggregations}"})`;
  const enough = `(${own(SAMPLES, '.+')} >= ${ON} ${told(METRICS.customMetricSamplesNeeded)})`;
  return `(
  ${own(`${SUM} / ${IN_WINDOW} (${SAMPLES} > 0)`, 'average|share')}
  or
  ${own(SUM, 'sum')}
) and ${ON} ${enough}`;
}

/** Of several exporters the latest sample; remembered for a day after an exporter is gone, as an old one is no value. */
function lastGauge(): string {
  const last = ({ name }: MetricFamily) => `last_over_time(${name}[1d])`;
  const at = last(METRICS.customMetricLastTimestamp);
  const latest = `max by (${METRIC}) (${at})`;
  return `(
  (${last(METRICS.customMetricLastValue)} and ${at} >= ${ON} group_left () ${latest})
  and ${ON} (time() - ${latest} <= ${ON} ${windowSeconds()})
  and ${ON} ${INFO}{aggregation="gauge", source!="promql"}
)`;
}

/** NaN is what a query says that divides nothing by nothing: no value. */
const queried = () => `${QUERIED} and ${ON} abs(${QUERIED}) < Inf and ${ON} ${INFO}{source="promql"}`;

export function valueRule(): RecordingRule {
  const parts = [counted(), lastGauge(), queried()].map((expr) => `max by (${METRIC}) (${expr})`);
  return { record: RECORDED.customMetricValue.name, expr: parts.join('\nor\n') };
}
