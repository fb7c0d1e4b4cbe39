/** Objectives in short form: in the configuration, in files and in ConfigMaps. */
import {
  BASELINE_METRICS,
  BURN_SEVERITIES,
  BURN_WINDOWS,
  DEFAULT_SLO_WINDOW,
  directionOf,
  IMPORTANCES,
  PLATFORMS,
  SLICED_INDICATORS,
  SLO_INDICATORS,
  SLO_METHODS,
  SLO_NAME,
  SLO_WINDOWS,
  type SloIndicator,
} from '@modelwatch/contract';
import { z } from 'zod';

const MOST_DECLARED = 1_000;
const MOST_NAMES = 100;
const MOST_TIERS = 8;

/** Of PromQL: written in OpenSLO. */
const indicators = SLO_INDICATORS.filter((indicator) => indicator !== 'query');
type Indicator = Exclude<SloIndicator, 'query'>;
const OF_PIPELINES: readonly Indicator[] = ['availability', 'latency'];
const WITH_SECONDS: readonly Indicator[] = ['latency', 'first_token', 'inter_token', 'freshness'];

const sloName = z
  .string()
  .regex(SLO_NAME)
  .meta({ expected: 'a name of at most 63 characters: a to z, 0 to 9 and - between them' });

/** `*` stands for anything. */
const patterns = z.array(z.string().min(1).max(253)).min(1).max(MOST_NAMES);
const text = z.string().min(1).max(253);

/** Whoever is written 99.9 means a percentage; 1 is a promise that nobody can keep. */
const objective = z.number().superRefine((value, context) => {
  if (value > 0 && value < 1) return;
  const share = Number((value / 100).toPrecision(12));
  const message =
    value === 1
      ? 'a share below 1: 1 leaves no budget'
      : value > 1 && value < 100
        ? `a share: ${share}`
        : 'a share above 0 and below 1';
  context.addIssue({ code: 'custom', message });
});

const tier = z.strictObject({
  severity: z.enum(BURN_SEVERITIES),
  long: z.enum(BURN_WINDOWS),
  short: z.enum(BURN_WINDOWS),
  /** 1 spends the whole budget in just its window. */
  burnRate: z.number().positive().max(1_000_000),
});

const alerts = z.strictObject({
  page: z.boolean().optional(),
  ticket: z.boolean().optional(),
  /** In place of those that follow from objective and window. */
  tiers: z
    .array(tier)
    .min(1)
    .max(MOST_TIERS)
    .superRefine((all, context) => {
      const seen = new Set<string>();
      all.forEach(({ severity, long, short }, index) => {
        const refuse = (key: string, message: string) =>
          context.addIssue({ code: 'custom', path: [index, key], message });
        if (BURN_WINDOWS.indexOf(short) >= BURN_WINDOWS.indexOf(long)) refuse('short', `a window shorter than ${long}`);
        const key = `${severity} ${long} ${short}`;
        if (seen.has(key)) refuse('severity', 'each pair of windows once for each severity');
        seen.add(key);
      });
    })
    .optional(),
});

const shape = z.strictObject({
  name: sloName,
  /** Which models; absent, and no pipelines: all. */
  models: z
    .strictObject({
      namespaces: patterns.optional(),
      names: patterns.optional(),
      platform: z.enum(PLATFORMS).optional(),
      owner: text.optional(),
      importance: z.enum(IMPORTANCES).optional(),
    })
    .optional(),
  pipelines: z
    .strictObject({
      namespaces: patterns.optional(),
      names: patterns.optional(),
      platform: z.enum(PLATFORMS).optional(),
    })
    .optional(),
  indicator: z.enum(indicators),
  objective,
  window: z.enum(SLO_WINDOWS).default(DEFAULT_SLO_WINDOW),
  method: z.enum(SLO_METHODS).default('occurrences'),
  /** Of requests and tokens how long, of data how old. */
  thresholdSeconds: z.number().positive().max(31_536_000).optional(),
  /** Of accuracy. */
  metric: z.enum(BASELINE_METRICS).optional(),
  /** Of accuracy the score, of cost that of one prediction. */
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .meta({ expected: 'a currency by its three letters, as EUR' })
    .optional(),
  /** Of timeslices: share of the events of a minute that must be good. */
  sliceTarget: z.number().gt(0).max(1).optional(),
  minEvents: z.number().int().min(1).max(1_000_000_000).optional(),
  owner: text.optional(),
  alerts: alerts.optional(),
  description: z.string().min(1).max(1_050).optional(),
});
export type GivenSlo = z.infer<typeof shape>;

const slo = shape.superRefine(refuseContradictions);

/** With PromQL of its owner for an indicator. Rules of its own name its model, so there is one. */
const queried = shape
  .omit({ indicator: true, thresholdSeconds: true, metric: true, atLeast: true, atMost: true, currency: true })
  .superRefine(({ models, pipelines, method, sliceTarget }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const { namespaces = ['*'], names = ['*'] } = models ?? pipelines ?? {};
    if ([...namespaces, ...names].some((one) => one.includes('*'))) {
      refuse(pipelines ? 'pipelines' : 'models', 'one model as namespace/name, since its rules name it');
    }
    if (models && pipelines) refuse('pipelines', 'models or pipelines, not both');
    if (method === 'timeslices' && sliceTarget === undefined)
      refuse('sliceTarget', 'a share above 0, up to 1, for timeslices');
    if (method !== 'timeslices' && sliceTarget !== undefined) refuse('sliceTarget', 'nothing: it is of timeslices');
  });
export type GivenQueriedSlo = z.infer<typeof queried>;

/** One objective, as another format says it in our keys. @returns it, or what is wrong with each key */
export function checkSlo(given: unknown): ReturnType<typeof slo.safeParse> {
  return slo.safeParse(given);
}

/** The same of one with a query. */
export function checkQueriedSlo(given: unknown): ReturnType<typeof queried.safeParse> {
  return queried.safeParse(given);
}

/** The list, wherever it stands. */
export const slosSchema = z.array(slo).max(MOST_DECLARED).default([]);

/** A document of its own: a file, or a key of a ConfigMap. */
export const sloDocumentSchema = z.strictObject({ slos: z.array(slo).min(1).max(MOST_DECLARED) });

/** What is missing, and what would be of no effect. */
function refuseContradictions(given: GivenSlo, context: z.RefinementCtx): void {
  const { indicator, models, pipelines, method } = given;
  const refuse = (path: keyof GivenSlo, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (models && pipelines) refuse('pipelines', 'models or pipelines, not both');
  if (pipelines && !OF_PIPELINES.includes(indicator)) {
    refuse('indicator', `of pipelines one of ${OF_PIPELINES.join(', ')}`);
  }
  const expected = (key: keyof GivenSlo, isOf: boolean, what: string, whose: string) => {
    if (isOf && given[key] === undefined) refuse(key, what);
    else if (!isOf && given[key] !== undefined) refuse(key, `nothing: it is of ${whose}`);
  };
  expected(
    'thresholdSeconds',
    WITH_SECONDS.includes(indicator),
    `a number of seconds, for ${indicator}`,
    WITH_SECONDS.join(', ')
  );
  expected('metric', indicator === 'accuracy', `one of ${BASELINE_METRICS.join(', ')}`, 'accuracy');
  expected('currency', indicator === 'cost', 'a currency, as EUR, for cost', 'cost');
  refuseBounds(given, refuse);
  const isSliced = SLICED_INDICATORS.includes(indicator);
  if (isSliced && method !== 'occurrences') refuse('method', `occurrences: ${indicator} judges minutes as it is`);
  expected('sliceTarget', method === 'timeslices', 'a share above 0, up to 1, for timeslices', 'the method timeslices');
}

function refuseBounds(
  { indicator, metric, atLeast, atMost }: GivenSlo,
  refuse: (path: keyof GivenSlo, message: string) => void
): void {
  if (indicator !== 'accuracy' && indicator !== 'cost') {
    if (atLeast !== undefined) refuse('atLeast', 'nothing: it is of accuracy');
    if (atMost !== undefined) refuse('atMost', 'nothing: it is of accuracy and cost');
    return;
  }
  const isHigher = indicator === 'accuracy' && metric !== undefined && directionOf(metric) === 'higher_is_better';
  const [wanted, other] = isHigher ? (['atLeast', 'atMost'] as const) : (['atMost', 'atLeast'] as const);
  const given = { atLeast, atMost };
  if (given[wanted] === undefined) refuse(wanted, `a number, for ${metric ?? indicator}`);
  if (given[other] !== undefined)
    refuse(other, `${wanted}: of ${metric ?? indicator} ${isHigher ? 'a higher' : 'a lower'} value is better`);
}
