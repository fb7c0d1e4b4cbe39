/**
 * Pre-rendered exposition. Knows nothing of models: families have a header, and objects contribute text to them.
 * The text of samples is the same in Prometheus text 0.0.4 and OpenMetrics 1.0; only headers and the end differ.
 */
export interface FamilyHeader {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
}

export type Format = 'prometheus' | 'openmetrics';

export interface ExpositionStore {
  /** `texts[i]` belongs to `families[i]` of the group; replaces what the object said before. */
  set(group: string, objectKey: string, texts: readonly string[]): void;
  delete(group: string, objectKey: string): void;
  /** An atomic view: later changes do not show in it. Chunks of about 64 kB, in the order of the groups. */
  view(format: Format): { readonly chunks: Iterable<Buffer>; readonly series: number };
}
