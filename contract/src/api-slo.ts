/** Objectives in the read API: what the metrics say of them, in words. How much of a budget is left only Prometheus knows. */
import { array, boolean, number, object, oneOf, optional, string } from './decode';
import { BURN_SEVERITIES, BURN_WINDOWS, SLO_INDICATORS, SLO_METHODS, SLO_WINDOWS } from './vocabulary/slo';

const tier = object({
  severity: oneOf(BURN_SEVERITIES),
  long: oneOf(BURN_WINDOWS),
  short: oneOf(BURN_WINDOWS),
  burnRate: number,
  minEvents: number,
  words: string,
});

const objective = object({
  namespace: string,
  /** One of the two. */
  model: optional(string),
  pipeline: optional(string),
  /** Label slo of the metrics. */
  name: string,
  indicator: oneOf(SLO_INDICATORS),
  method: oneOf(SLO_METHODS),
  /** Share that must be good. */
  objective: number,
  window: oneOf(SLO_WINDOWS),
  /** `99.9 % of requests answered, rolling 30 d`. */
  words: string,
  owner: optional(string),
  description: optional(string),
  tiers: array(tier),
  /** What is odd about it, in words. */
  warnings: array(string),
  /** Where it is declared. */
  origin: string,
});
export type SloObjective = ReturnType<typeof objective>;

export const decodeSloList = object({
  items: array(objective),
  /** What is declared, and selects no model or pipeline that is there now. */
  withoutSubject: array(object({ name: string, origin: string })),
  /** What was refused; of models at most 100. */
  problems: array(object({ source: string, text: string })),
  partial: boolean,
  generatedAtSeconds: number,
  missingShards: optional(array(object({ shard: number, why: string }))),
});
export type SloList = ReturnType<typeof decodeSloList>;
