/** What Prometheus said of custom metrics, joined into a row for each. */
import {
  CUSTOM_AGGREGATIONS,
  CUSTOM_DIRECTIONS,
  CUSTOM_STATES,
  RECORDED,
  type CustomAggregation,
  type CustomDirection,
  type CustomSide,
  type CustomState,
  type DriftLevel,
} from '@modelwatch/contract';
import { SAMPLES_NEEDED } from '../../query/custom';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';

export interface MetricId extends ModelId {
  readonly metric: string;
}

export type LimitKey = `${DriftLevel} ${CustomSide}`;

/** What nobody said is absent, never 0. */
export interface CustomRow extends MetricId {
  /** Absent where the metric has no limit. */
  readonly state?: CustomState | undefined;
  readonly sinceMs?: number | undefined;
  readonly value?: number | undefined;
  readonly unit?: string | undefined;
  readonly aggregation?: CustomAggregation | undefined;
  readonly direction?: CustomDirection | undefined;
  readonly baseline?: number | undefined;
  readonly limits: ReadonlyMap<LimitKey, number>;
  /** Empty: that of the query. */
  readonly window?: string | undefined;
  readonly source?: string | undefined;
  readonly samples?: number | undefined;
  readonly samplesNeeded?: number | undefined;
  readonly lastVerdictMs?: number | undefined;
}

export interface CustomJoin {
  readonly rows: readonly CustomRow[];
  /** Samples that could not be used, by what is wrong with them. */
  readonly dropped: ReadonlyMap<string, number>;
}

type Labels = Sample['labels'];

const SIDES: readonly LimitKey[] = ['warning below', 'critical below', 'warning above', 'critical above'];
export const limitOf = ({ level, side }: Labels): LimitKey | undefined =>
  SIDES.find((key) => key === `${level} ${side}`);

export function metricIdOf(labels: Labels): MetricId | undefined {
  const id = modelIdOf(labels);
  return id && labels['metric'] ? { ...id, metric: labels['metric'] } : undefined;
}

export const metricKey = (id: MetricId): string => [modelIdKey(id), id.metric].join('\u0000');

class OfMetric {
  info: Labels = {};
  readonly states = new Set<string>();
  readonly limits = new Map<LimitKey, number>();
  readonly numbers = new Map<string, number>();

  constructor(readonly id: MetricId) {}

  /** @returns what is wrong with the sample */
  take({ labels, value }: Sample): string | undefined {
    const { __name__: name = labels['figure'] ?? '', state = '' } = labels;
    switch (name) {
      case RECORDED.customMetricInfo.name:
        this.info = labels;
        return undefined;
      case RECORDED.customMetricState.name:
        if (value === 1) this.states.add(state);
        return undefined;
      case RECORDED.customMetricLimit.name: {
        const limit = limitOf(labels);
        if (!limit) return 'unknown level or side of a limit';
        this.limits.set(limit, value);
        return undefined;
      }
      default:
        this.numbers.set(name, value);
        return undefined;
    }
  }
}

function rowOf({ id, info, states, limits, numbers }: OfMetric): CustomRow {
  const number = ({ name }: { readonly name: string }) => numbers.get(name);
  const { unit, window, source } = info;
  const aggregation = CUSTOM_AGGREGATIONS.find((one) => one === info['aggregation']);
  const lastVerdict = number(RECORDED.customMetricLastVerdict);
  return {
    ...id,
    // Two may hold for a moment while rules are evaluated: the worse is shown.
    state: CUSTOM_STATES.find((one) => states.has(one)),
    value: number(RECORDED.customMetricValue),
    ...{ unit, aggregation, window, source, limits },
    direction: CUSTOM_DIRECTIONS.find((one) => one === info['direction']),
    baseline: number(RECORDED.customMetricBaseline),
    samples: number(RECORDED.customMetricSamples),
    // Of gauges and queries nobody counts samples.
    samplesNeeded: aggregation === 'gauge' || source === 'promql' ? undefined : numbers.get(SAMPLES_NEEDED),
    lastVerdictMs: lastVerdict === undefined ? undefined : lastVerdict * 1000,
  };
}

const place = ({ state }: CustomRow): number =>
  state === undefined ? CUSTOM_STATES.length : CUSTOM_STATES.indexOf(state);

/** Worst first. */
export function joinCustom(samples: readonly Sample[]): CustomJoin {
  const metrics = new Map<string, OfMetric>();
  const dropped = new Map<string, number>();
  for (const sample of samples) {
    const id = metricIdOf(sample.labels);
    const metric = id && (metrics.get(metricKey(id)) ?? new OfMetric(id));
    if (id && metric) metrics.set(metricKey(id), metric);
    const wrong = metric ? metric.take(sample) : modelIdOf(sample.labels) ? 'no label metric' : NAMELESS;
    if (wrong) dropped.set(wrong, (dropped.get(wrong) ?? 0) + 1);
  }
  const rows = [...metrics.values()]
    .map(rowOf)
    .sort((a, b) => place(a) - place(b) || compareModels(a, b) || a.metric.localeCompare(b.metric));
  return { rows, dropped };
}
