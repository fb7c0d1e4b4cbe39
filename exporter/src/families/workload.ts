/** Rows that models and servers have alike: what their pods request, and their autoscalers. */
import type { MetricFamily } from '@modelwatch/contract';
import type { Replicas } from '../domain/views';
import type { AutoscalerView, PodTotals } from '../domain/workload-views';
import type { Row } from './row';
import { known, row } from './text';

type Id<Label extends string> = Readonly<Record<Label, string>>;

/** As the platform counts them, else those that the workloads lack. */
export function unavailable({ desired, available, updated, unavailable: counted }: Replicas): number | undefined {
  if (counted !== undefined || updated === undefined) return counted;
  return desired === undefined || available === undefined ? undefined : Math.max(0, desired - available);
}

type Bound = 'cpuRequested' | 'memoryRequested' | 'cpuLimit' | 'memoryLimit';
export type BoundFamilies<Label extends string> = Readonly<Record<Bound, MetricFamily<Label>>> & {
  readonly gpusRequested: MetricFamily<Label | 'resource'>;
};

export function boundRows<View, Label extends string>(
  families: BoundFamilies<Label>,
  id: (view: View) => Id<Label>,
  of: (view: View) => PodTotals | undefined
): Row<View>[] {
  return [
    row(families.cpuRequested, (view: View) => known(id(view), of(view)?.requests.cpuCores)),
    row(families.memoryRequested, (view: View) => known(id(view), of(view)?.requests.memoryBytes)),
    row(families.gpusRequested, (view: View) => gpuSamples(id(view), of(view)?.requests.gpus)),
    row(families.cpuLimit, (view: View) => known(id(view), of(view)?.limits.cpuCores)),
    row(families.memoryLimit, (view: View) => known(id(view), of(view)?.limits.memoryBytes)),
  ];
}

export function gpuSamples<Label extends string>(
  labels: Id<Label>,
  gpus: Readonly<Record<string, number>> | undefined
): { readonly labels: Id<Label | 'resource'>; readonly value: number }[] {
  return Object.entries(gpus ?? {}).map(([resource, value]) => ({
    // TypeScript does not see that a generic record with one more key is a record of both.
    labels: { ...labels, resource } as Id<Label | 'resource'>,
    value,
  }));
}

type Scaling = 'min' | 'max' | 'current' | 'desired' | 'limited' | 'able' | 'active' | 'loadRatio';

export function autoscalerRows<View, Label extends string>(
  families: Readonly<Record<Scaling, MetricFamily<Label>>>,
  id: (view: View) => Id<Label>,
  of: (view: View) => AutoscalerView | undefined
): Row<View>[] {
  const value = (family: MetricFamily<Label>, pick: (scaler: AutoscalerView) => number | boolean | undefined) =>
    row(family, (view: View) => {
      const scaler = of(view);
      const picked = scaler && pick(scaler);
      return known(id(view), picked === undefined ? undefined : Number(picked));
    });
  return [
    value(families.min, ({ minReplicas }) => minReplicas),
    value(families.max, ({ maxReplicas }) => maxReplicas),
    value(families.current, ({ currentReplicas }) => currentReplicas),
    value(families.desired, ({ desiredReplicas }) => desiredReplicas),
    value(families.limited, ({ limited }) => limited),
    value(families.able, ({ able }) => able),
    value(families.active, ({ active }) => active),
    value(families.loadRatio, ({ loadRatio }) => loadRatio),
  ];
}
