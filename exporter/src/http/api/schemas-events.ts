/** Events, as a schema for openapi.json. */
import { EVENT_KINDS, EVENT_OUTCOMES, EVENT_TYPES, type EventList } from '@modelwatch/contract';
import { z } from 'zod';

const text = z.exactOptional(z.string());

const event = z.object({
  id: z.string().describe('The same for the same event, whoever saw it: event.id of the log.'),
  kind: z.enum(EVENT_KINDS),
  type: z.enum(EVENT_TYPES),
  action: z.string(),
  atSeconds: z.number().describe('When it happened.'),
  seenSeconds: z.number().describe('When the exporter learned of it.'),
  cluster: text,
  namespace: text,
  model: text,
  pipeline: text.describe('In place of a model.'),
  subject: text.describe('What of the model: a feature, an objective, an alert.'),
  from: text,
  to: text,
  outcome: z.exactOptional(z.enum(EVENT_OUTCOMES)),
  reason: text,
  text: z.string().describe('One sentence.'),
  labels: z.record(z.string(), z.string()),
});

export const EVENT_SCHEMAS = {
  EventList: z.object({
    items: z.array(event),
    partial: z.boolean().describe('true: there may have been more; the memory holds the last ones only.'),
    rememberedSinceSeconds: z.number(),
    generatedAtSeconds: z.number(),
    missingShards: z.exactOptional(z.array(z.object({ shard: z.number(), why: z.string() }))),
  }) satisfies z.ZodType<EventList>,
} as const;
