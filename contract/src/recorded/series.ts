/** The shape of a series that our rules record; one file per subject stands beside this. */
export interface RecordedSeries {
  readonly name: string;
  /** All that it can have; `cluster` is absent where Prometheus adds none. */
  readonly labels: readonly string[];
  readonly help: string;
}

const MODEL_ID = ['cluster', 'namespace', 'model'] as const;
/** What identifies a model in a `by` or `on` of PromQL. */
export const MODEL_LABELS = MODEL_ID.join(', ');

/** A series with its own labels; the prefix is added here. */
export function series(name: string, labels: readonly string[], help: string): RecordedSeries {
  return { name: `modelwatch:${name}`, labels, help };
}

/** A series for each model; `labels` are those beside the model's. */
export function ofModel(name: string, labels: readonly string[], help: string): RecordedSeries {
  return series(name, [...MODEL_ID, ...labels], help);
}
