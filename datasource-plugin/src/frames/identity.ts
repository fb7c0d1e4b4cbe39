import type { Labels } from '@grafana/data';

/** A model in a Prometheus that may hold several clusters; `cluster` is empty where nobody sets it. */
export interface ModelId {
  readonly cluster: string;
  readonly namespace: string;
  readonly model: string;
}

/** The model that a series is about, or undefined where its labels do not say. */
export function modelIdOf(labels: Labels): ModelId | undefined {
  const { cluster = '', namespace, model } = labels;
  return namespace && model ? { cluster, namespace, model } : undefined;
}

/** What is wrong with a series that is about no model. */
export const NAMELESS = 'no label namespace or model';

/** A key that no two models share: no label can hold a NUL. */
export function modelIdKey({ cluster, namespace, model }: ModelId): string {
  return [cluster, namespace, model].join('\u0000');
}

/** `namespace/model`, with the cluster before it where there is one. */
export function modelTitle({ cluster, namespace, model }: ModelId): string {
  return [...(cluster ? [cluster] : []), namespace, model].join('/');
}

const natural = new Intl.Collator('en', { numeric: true });

/** By cluster, namespace, model; numbers in names by their value. */
export function compareModels(a: ModelId, b: ModelId): number {
  return (
    natural.compare(a.cluster, b.cluster) ||
    natural.compare(a.namespace, b.namespace) ||
    natural.compare(a.model, b.model)
  );
}
