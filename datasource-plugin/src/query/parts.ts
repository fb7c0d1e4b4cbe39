/** Which answer a part gives; one query has each at most once. */
export type PartName =
  | 'state'
  | 'numbers'
  | 'rate'
  | 'drifted'
  | 'misjudged'
  | 'unfair'
  | 'rate-history'
  | 'health-history'
  | 'metric'
  | 'before'
  | 'now'
  | 'week-before'
  | 'drift-history'
  | 'detectors'
  | 'bins'
  | 'rows'
  | 'pairs'
  | 'actuals'
  | 'accuracy-history'
  | 'custom-history'
  | 'counts'
  | 'predicted-actual'
  | 'prediction-rows'
  | 'serving'
  | 'slo-history'
  | 'burn'
  | 'limits'
  | 'spent'
  | 'changes'
  | 'since';

/** One PromQL query: as of the end of the range, or over the range with at most `maxPoints` points a series. */
export interface PromPart {
  readonly name: PartName;
  readonly expr: string;
  readonly maxPoints?: number;
  /** Of a range: what is recorded more slowly than panels ask is not asked for twice. */
  readonly minStepSeconds?: number;
}
