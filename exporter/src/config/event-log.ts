/** Where the event log goes. Secrets are in files, never here. */
import { z } from 'zod';
import { httpClient, oneWhoWeAre } from './http-client';
import { name, urlWithoutSecrets } from './text';

/** As Elasticsearch and OpenSearch allow it for an index, an alias and a data stream. */
const INDEX = 'a name of an index: small letters, no spaces, none of \\ / * ? " < > | , # :';
const index = z
  .string()
  .min(1)
  .max(255)
  .meta({ expected: INDEX })
  .refine((text) => /^(?![-_+.])[^A-Z\\/*?"<>| ,#:]+$/.test(text), { error: INDEX });

const elasticsearch = z
  .strictObject({
    /** Its sink is called `elasticsearch/<name>` in metrics. */
    name,
    url: urlWithoutSecrets,
    index: index.default('logs-modelwatch.audit-default'),
    predictionIndex: index.default('logs-modelwatch.predictions-default'),
    /** What is not sent yet waits here; of this process alone. */
    queueDirectory: z.string().min(1),
    queueMaxBytes: z.number().int().min(1_048_576).max(1_099_511_627_776).default(268_435_456),
    timeoutSeconds: z.number().positive().max(600).default(30),
    ...httpClient,
  })
  .refine(oneWhoWeAre.test, oneWhoWeAre.refusal);

export const eventLogSchema = z
  .strictObject({
    stdout: z.boolean().default(false),
    file: z
      .strictObject({
        path: z.string().min(1).optional(),
        maxBytes: z.number().int().min(4_096).max(1_099_511_627_776).default(104_857_600),
        maxAgeSeconds: z.number().int().min(60).max(31_536_000).default(86_400),
        /** Those that were put aside; 0: all. */
        keepFiles: z.number().int().min(0).max(100_000).default(200),
      })
      .prefault({}),
    elasticsearch: z.array(elasticsearch).max(4).default([]),
    /** What models were asked and answered, of those whose settings say so. */
    predictions: z
      .strictObject({
        enabled: z.boolean().default(false),
        /** A file with the key of hashes, at least 16 characters; without one what was to be hashed is masked. */
        hashKeyFile: z.string().min(1).optional(),
      })
      .prefault({}),
    /** Events that the read API can tell. */
    remembered: z.number().int().min(1).max(100_000).default(1_000),
  })
  .superRefine(({ elasticsearch: receivers }, context) => {
    for (const key of ['name', 'queueDirectory'] as const) {
      receivers.forEach((one, place) => {
        if (receivers.findIndex((other) => other[key] === one[key]) === place) return;
        const message = 'one that no other receiver has';
        context.addIssue({ code: 'custom', path: ['elasticsearch', place, key], message });
      });
    }
  })
  .prefault({});

export type EventLogConfig = z.infer<typeof eventLogSchema>;
