/** Objectives, as a schema for openapi.json. */
import {
  BURN_SEVERITIES,
  BURN_WINDOWS,
  SLO_INDICATORS,
  SLO_METHODS,
  SLO_WINDOWS,
  type SloList,
} from '@modelwatch/contract';
import { z } from 'zod';

const text = z.exactOptional(z.string());

const objective = z.object({
  namespace: z.string(),
  model: text.describe('Absent: it is of a pipeline.'),
  pipeline: text,
  name: z.string().describe('Label slo of the metrics.'),
  indicator: z.enum(SLO_INDICATORS),
  method: z.enum(SLO_METHODS),
  objective: z.number().describe('Share that must be good.'),
  window: z.enum(SLO_WINDOWS),
  words: z.string(),
  owner: text,
  description: text,
  tiers: z
    .array(
      z.object({
        severity: z.enum(BURN_SEVERITIES),
        long: z.enum(BURN_WINDOWS),
        short: z.enum(BURN_WINDOWS),
        burnRate: z.number(),
        minEvents: z.number().describe('Events in the long window below which the alert cannot hold.'),
        words: z.string(),
      })
    )
    .describe('Its alerts, the fastest first.'),
  warnings: z.array(z.string()).describe('What is odd about it: alerts that cannot hold, thresholds off a bound.'),
  origin: z.string().describe('Where it is declared.'),
});

export const SLO_SCHEMAS = {
  SloList: z.object({
    items: z.array(objective),
    withoutSubject: z
      .array(z.object({ name: z.string(), origin: z.string() }))
      .describe('What is declared, and selects no model or pipeline that is there now.'),
    problems: z
      .array(z.object({ source: z.string(), text: z.string() }))
      .describe('What was refused; of models at most 100.'),
    partial: z.boolean().describe('true: some ConfigMaps or models are not read yet, or the list is cut.'),
    generatedAtSeconds: z.number(),
    missingShards: z.exactOptional(z.array(z.object({ shard: z.number(), why: z.string() }))),
  }) satisfies z.ZodType<SloList>,
} as const;
