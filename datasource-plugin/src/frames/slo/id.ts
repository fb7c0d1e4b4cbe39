import type { Labels } from '@grafana/data';

/** An objective of a model or of a pipeline: one of the two is empty. */
export interface SloId {
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
  readonly pipeline: string;
  readonly slo: string;
}

/** What is wrong with a series that is of no objective. */
export const NO_OBJECTIVE = 'no labels that name an objective';

/** The objective that a series is of, or undefined where its labels do not say. */
export function sloIdOf(labels: Labels): SloId | undefined {
  const { cluster = '', namespace, model = '', pipeline = '', slo } = labels;
  return namespace && slo && (model || pipeline) ? { cluster, namespace, model, pipeline, slo } : undefined;
}

/** No two objectives share one: no label holds a NUL. */
export function sloKey({ cluster, namespace, model, pipeline, slo }: SloId): string {
  return [cluster, namespace, model, pipeline, slo].join('\u0000');
}

const natural = new Intl.Collator('en', { numeric: true });

export function compareSlos(a: SloId, b: SloId): number {
  return (
    natural.compare(a.cluster, b.cluster) ||
    natural.compare(a.namespace, b.namespace) ||
    natural.compare(a.model || a.pipeline, b.model || b.pipeline) ||
    natural.compare(a.slo, b.slo)
  );
}
