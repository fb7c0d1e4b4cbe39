/** How the metrics of a server that we do not know become ours: YAML -> ServerTranslation. */
import {
  FINISH_REASONS,
  INFERENCE_HISTOGRAMS,
  INFERENCE_NUMBERS,
  REQUEST_OUTCOMES,
  TOKEN_DIRECTIONS,
  type ByLabel,
  type FamilyTranslation,
  type InferenceCapability,
  type InferenceHistogram,
  type InferenceNumber,
  type RequestOutcome,
  type ServerTranslation,
  type TranslationTarget,
} from '@modelwatch/contract';
import { z } from 'zod';

const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) =>
  z.enum(Object.keys(table) as [Key, ...Key[]]);

/** To base units. */
const UNITS = {
  seconds: 1,
  milliseconds: 1e-3,
  microseconds: 1e-6,
  nanoseconds: 1e-9,
  ratio: 1,
  percent: 1e-2,
} as const;

const labelName = z.string().superRefine((text, context) => {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(text)) {
    context.addIssue({ code: 'custom', message: 'the name of a label, as in model_name' });
  }
});
const familyName = z.string().superRefine((text, context) => {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(text)) {
    context.addIssue({ code: 'custom', message: 'the name of a metric, as in requests_total' });
  }
});

/** Value of a label -> what it means; `2xx` stands for all statuses from 200 to 299. */
function byLabel<Value extends z.ZodType<string>>(value: Value) {
  return z.strictObject({ label: labelName, values: z.record(z.string(), value), otherwise: value.optional() });
}

const TARGETS = ['requests', 'requestsBy', 'tokens', 'finishedBy', 'histogram', 'number', 'adapters'] as const;
/** Types of which there is more than one number: as a part of something else they would not say which. */
const DISTRIBUTIONS: readonly string[] = ['histogram', 'summary'];

const target = z
  .strictObject({
    requests: z.enum(REQUEST_OUTCOMES).optional(),
    requestsBy: byLabel(z.enum(REQUEST_OUTCOMES)).optional(),
    tokens: z.enum(TOKEN_DIRECTIONS).optional(),
    finishedBy: byLabel(z.enum(FINISH_REASONS)).optional(),
    histogram: keysOf<InferenceHistogram>(INFERENCE_HISTOGRAMS).optional(),
    /** Of a counter or gauge that is one half of a histogram. */
    part: z.enum(['sum', 'count']).optional(),
    number: keysOf<InferenceNumber>(INFERENCE_NUMBERS).optional(),
    /** Of several series of one model: their sum, or the highest. */
    combine: z.enum(['add', 'highest']).default('add'),
    adapters: z.strictObject({ running: labelName, waiting: labelName }).optional(),
  })
  .refine((given) => TARGETS.filter((key) => given[key] !== undefined).length === 1, {
    error: `exactly one of ${TARGETS.join(', ')}`,
  });

const labelValues = z.record(z.string(), z.array(z.string()).min(1));

const family = z
  .strictObject({
    family: familyName,
    type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
    unit: keysOf<keyof typeof UNITS>(UNITS).optional(),
    scale: z.number().positive().optional(),
    where: labelValues.optional(),
    except: labelValues.optional(),
    replaces: z.array(familyName).min(1).optional(),
    to: z.array(target).min(1),
  })
  .refine(({ unit, scale }) => unit === undefined || scale === undefined, {
    path: ['scale'],
    error: 'unit or scale, not both',
  })
  .refine(
    ({ type, to }) =>
      to.every(
        ({ histogram, part }) => histogram === undefined || (part === undefined) === DISTRIBUTIONS.includes(type)
      ),
    { path: ['to'], error: 'a part (sum or count) for each histogram of a counter or gauge, and none of other types' }
  );

export const metricsSchema = z.strictObject({
  /** Absent: the port of the requests. */
  port: z.number().int().min(1).max(65_535).optional(),
  path: z
    .string()
    .max(500)
    .refine((text) => /^\/(?!\/)[^\s#\\]*$/.test(text), { error: 'a path that begins with one "/", as in /metrics' })
    .default('/metrics'),
  /** Labels that may name the model; the first that is there counts. Empty: the server holds one model. */
  modelLabels: z.array(labelName).default([]),
  versionLabels: z.array(labelName).default([]),
  families: z.array(family).min(1),
});
export type MetricsMapping = z.infer<typeof metricsSchema>;
type Target = z.infer<typeof target>;

export function translationOf({ modelLabels, versionLabels, families }: MetricsMapping): ServerTranslation {
  const tables = families.map(tableOf);
  return {
    modelLabels,
    versionLabels,
    families: tables,
    capabilities: capabilitiesOf(tables, versionLabels.length > 0),
  };
}

function tableOf({ unit, scale, where, except, replaces, to, ...rest }: z.infer<typeof family>): FamilyTranslation {
  const factor = scale ?? (unit && UNITS[unit]);
  return {
    ...rest,
    ...(factor === undefined || factor === 1 ? {} : { scale: factor }),
    ...(where ? { where } : {}),
    ...(except ? { except } : {}),
    ...(replaces ? { replaces } : {}),
    to: to.flatMap(targetOf),
  };
}

function targetOf(given: Target): TranslationTarget[] {
  const { requests, requestsBy, tokens, finishedBy, histogram, part, number, combine, adapters } = given;
  if (requests) return [{ requests }];
  if (requestsBy) return [{ requests: { label: requestsBy.label, ...valuesOf(requestsBy) } }];
  if (tokens) return [{ tokens }];
  if (finishedBy) return [{ finished: { label: finishedBy.label, ...valuesOf(finishedBy) } }];
  if (histogram) return [{ histogram, ...(part ? { part } : {}) }];
  if (number) return [{ number, combine }];
  return adapters ? [{ adapters }] : [];
}

function valuesOf<Value extends string>({
  values,
  otherwise,
}: {
  readonly values: Readonly<Record<string, Value>>;
  readonly otherwise?: Value | undefined;
}) {
  const all: Record<string, Value> = {};
  const entries = Object.entries<Value>(values);
  for (const [key, value] of entries) {
    all[key] = value;
    const hundred = /^([1-5])xx$/i.exec(key)?.[1];
    if (hundred) for (let rest = 0; rest < 100; rest += 1) all[String(Number(hundred) * 100 + rest)] = value;
  }
  // A status that is named by itself counts before the hundred that it is of.
  for (const [key, value] of entries) all[key] = value;
  return { values: all, ...(otherwise === undefined ? {} : { otherwise }) };
}

const OF_NUMBER: Readonly<Record<InferenceNumber, InferenceCapability>> = {
  running: 'running_requests',
  waiting: 'waiting_requests',
  responseCacheHits: 'response_cache',
  responseCacheMisses: 'response_cache',
  kvCacheUsage: 'kv_cache',
  prefixCacheQueries: 'prefix_cache',
  prefixCacheHits: 'prefix_cache',
  preemptions: 'preemptions',
};
const OF_HISTOGRAM: Readonly<Partial<Record<InferenceHistogram, InferenceCapability>>> = {
  duration: 'duration',
  execution: 'execution',
  queue: 'queue',
  batchSize: 'batch_size',
  timeToFirstToken: 'time_to_first_token',
  interToken: 'inter_token',
};

/** What a server whose metrics are read so can say of its requests. */
function capabilitiesOf(families: readonly FamilyTranslation[], versions: boolean): InferenceCapability[] {
  const found = new Set<InferenceCapability>(versions ? ['versions'] : []);
  const outcomes = new Set<string>();
  for (const { type, to } of families) {
    for (const each of to) {
      const capability = capabilityOf(each);
      if (capability) found.add(capability);
      if ('requests' in each) outcomesOf(each.requests).forEach((outcome) => outcomes.add(outcome));
      if ('histogram' in each && each.histogram === 'duration' && type === 'histogram') found.add('duration_buckets');
    }
  }
  if (outcomes.size > 1 && outcomes.has('success')) found.add('outcomes');
  if (outcomes.has('client_error') && outcomes.has('server_error')) found.add('error_sides');
  return [...found];
}

function capabilityOf(to: TranslationTarget): InferenceCapability | undefined {
  if ('requests' in to || 'counted' in to) return 'requests';
  if ('responses' in to) return undefined;
  if ('tokens' in to) return 'tokens';
  if ('finished' in to) return 'finish_reasons';
  if ('adapters' in to) return 'adapters';
  return 'number' in to ? OF_NUMBER[to.number] : OF_HISTOGRAM[to.histogram];
}

function outcomesOf(requests: RequestOutcome | ByLabel<RequestOutcome>): RequestOutcome[] {
  if (typeof requests === 'string') return [requests];
  return [...Object.values(requests.values), ...(requests.otherwise ? [requests.otherwise] : [])];
}
