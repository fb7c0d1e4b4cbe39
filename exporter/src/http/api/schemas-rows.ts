/** Rows of data exploration, and what /ingest answers, as schemas for openapi.json. */
import { TASKS, type ModelRows } from '@modelwatch/contract';
import { z } from 'zod';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const number = z.exactOptional(z.number());

export const ROW_SCHEMAS = {
  ModelRows: z.object({
    namespace: z.string(),
    model: z.string(),
    held: z
      .object({
        rows: z.number(),
        bytes: z.number(),
        mostRows: z.number(),
        mostBytes: z.number(),
        retentionSeconds: z.number(),
        sampleRatio: z.number().describe('Share of the predictions that is held.'),
      })
      .describe('What is held now, and may be.'),
    task: z.exactOptional(z.enum(TASKS)),
    positiveClass: z.exactOptional(z.string()).describe('The class whose probability a score is.'),
    items: z.array(
      z.object({
        number: z.number().describe('Of the rows of its model, from 1 on, since the exporter began.'),
        id: z.exactOptional(z.string()),
        version: z.string(),
        timeSeconds: z.number(),
        prediction: z.exactOptional(value),
        score: number,
        actual: z.exactOptional(value),
        actualSeconds: number.describe('When it arrived.'),
        predictedClass: z.exactOptional(z.string()).describe('Of a classification; `other` of one without a name.'),
        actualClass: z.exactOptional(z.string()),
        wrong: z.exactOptional(z.boolean()).describe('Absent without an actual, and of a model without classes.'),
        segments: z.record(z.string(), value),
        features: z.record(z.string(), value),
      })
    ),
    next: number.describe('For the next page, as `before`; absent on the last one.'),
    generatedAtSeconds: z.number(),
  }) satisfies z.ZodType<ModelRows>,
  IngestReport: z.object({
    accepted: z.number(),
    duplicates: z.number(),
    waiting: z.number(),
    refused: z.number(),
    problems: z.array(z.object({ index: z.number(), reason: z.string(), message: z.string() })),
  }),
  Forgotten: z.object({ deleted: z.boolean() }),
} as const;
