/** Events in the read API: what happened, latest first. */
import { array, boolean, number, object, oneOf, optional, record, string } from './decode';
import { EVENT_KINDS, EVENT_OUTCOMES, EVENT_TYPES } from './vocabulary/audit';

const event = object({
  /** The same for the same event, whoever saw it. */
  id: string,
  kind: oneOf(EVENT_KINDS),
  type: oneOf(EVENT_TYPES),
  /** `health-changed`, `alert-firing`. */
  action: string,
  /** When it happened, and when the exporter learned of it. */
  atSeconds: number,
  seenSeconds: number,
  /** As the label of our series; of the cluster that the exporter runs in there may be none. */
  cluster: optional(string),
  namespace: optional(string),
  model: optional(string),
  /** In place of a model. */
  pipeline: optional(string),
  /** What of the model: a feature, an objective, an alert. */
  subject: optional(string),
  from: optional(string),
  to: optional(string),
  outcome: optional(oneOf(EVENT_OUTCOMES)),
  reason: optional(string),
  /** One sentence. */
  text: string,
  labels: record(string),
});
export type EventView = ReturnType<typeof event>;

export const decodeEventList = object({
  items: array(event),
  /** Whether there may be more than is told: the memory holds the last ones only. */
  partial: boolean,
  /** Since when this exporter remembers. */
  rememberedSinceSeconds: number,
  generatedAtSeconds: number,
  missingShards: optional(array(object({ shard: number, why: string }))),
});
export type EventList = ReturnType<typeof decodeEventList>;
