/** One value per model over time, as one wide frame: a time field and a field per model. */
import { createDataFrame, FieldType, type DataFrame, type FieldConfig } from '@grafana/data';
import {
  HEALTH_STATES,
  INVENTORY_FIELDS,
  type FrameKind,
  type FrameMark,
  type HealthState,
} from '@modelwatch/contract';
import { healthConfig, UNITS } from './appearance';
import { compareModels, modelIdKey, modelIdOf, modelTitle, type ModelId } from './identity';
import type { FrameContext } from './inventoryFrame';
import type { Series } from './samples';

/** What one model was at each time at which anything is known of it. */
export interface ModelHistory<T> {
  readonly id: ModelId;
  readonly valueAt: ReadonlyMap<number, T>;
}

/** How many series name no model: no history can show them. */
export function countNameless(series: readonly Series[]): number {
  return series.filter(({ labels }) => !modelIdOf(labels)).length;
}

/** Gathers series by model; series that name no model are left out (see countNameless). `pick` chooses where two meet at one time. */
function gather<T>(
  series: readonly Series[],
  valueOf: (series: Series, value: number) => T | undefined,
  pick: (before: T, value: T) => T
): Array<ModelHistory<T>> {
  const byKey = new Map<string, { id: ModelId; valueAt: Map<number, T> }>();
  for (const one of series) {
    const id = modelIdOf(one.labels);
    if (!id) continue;
    const key = modelIdKey(id);
    const history = byKey.get(key) ?? { id, valueAt: new Map<number, T>() };
    byKey.set(key, history);
    one.timesMs.forEach((timeMs, index) => {
      const number = one.values[index] ?? null;
      const value = number === null ? undefined : valueOf(one, number);
      if (value === undefined) return;
      const before = history.valueAt.get(timeMs);
      history.valueAt.set(timeMs, before === undefined ? value : pick(before, value));
    });
  }
  return [...byKey.values()].sort((a, b) => compareModels(a.id, b.id));
}

/** Health of each model over time. A time at which no health is recorded has no entry: a gap stays a gap. */
export function healthHistories(series: readonly Series[]): Array<ModelHistory<HealthState>> {
  return gather<HealthState>(
    series,
    ({ labels }, value) => (value === 1 ? HEALTH_STATES.find((health) => health === labels['health']) : undefined),
    (before, value) => (HEALTH_STATES.indexOf(value) < HEALTH_STATES.indexOf(before) ? value : before)
  );
}

interface WideField {
  readonly name: string;
  readonly type: FieldType;
  readonly config: (title: string) => FieldConfig;
}

function wideFrame<T>(
  histories: ReadonlyArray<ModelHistory<T>>,
  field: WideField,
  context: FrameContext,
  kind?: FrameKind
): DataFrame {
  const times = [...new Set(histories.flatMap(({ valueAt }) => [...valueAt.keys()]))].sort((a, b) => a - b);
  const mark: FrameMark | undefined = kind && { kind, answeredAtMs: context.answeredAtMs };
  return createDataFrame({
    refId: context.refId,
    meta: {
      preferredVisualisationType: 'graph',
      // Words cannot be drawn as lines: Explore takes this panel, which every Grafana has.
      ...(field.type === FieldType.string && { preferredVisualisationPluginId: 'state-timeline' }),
      ...(mark && { custom: { modelwatch: mark } }),
      ...(context.notices?.length && { notices: [...context.notices] }),
    },
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: times },
      ...histories.map(({ id, valueAt }) => ({
        name: field.name,
        type: field.type,
        labels: { ...(id.cluster && { cluster: id.cluster }), namespace: id.namespace, model: id.model },
        config: field.config(modelTitle(id)),
        values: times.map((time) => valueAt.get(time) ?? null),
      })),
    ],
  });
}

/** Field `health` per model, labelled with cluster, namespace and model. */
export function healthHistoryFrame(series: readonly Series[], context: FrameContext): DataFrame {
  const field = { name: INVENTORY_FIELDS.health, type: FieldType.string, config: healthConfig };
  return wideFrame(healthHistories(series), field, context, 'health-history');
}

function numbers(series: readonly Series[]): Array<ModelHistory<number>> {
  return gather<number>(
    series,
    (_series, value) => value,
    (before, value) => Math.max(before, value)
  );
}

/** Field `requests_per_second` per model: the sparklines of an inventory. */
export function requestsHistoryFrame(series: readonly Series[], context: FrameContext): DataFrame {
  const config = (title: string): FieldConfig => ({ displayNameFromDS: title, unit: UNITS.requestsPerSecond });
  const field = { name: INVENTORY_FIELDS.requestsPerSecond, type: FieldType.number, config };
  return wideFrame(numbers(series), field, context, 'requests-history');
}
