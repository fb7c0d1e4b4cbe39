/** Custom metrics of one model, as its settings declare them. */
import {
  CUSTOM_AGGREGATIONS,
  CUSTOM_DIRECTIONS,
  CUSTOM_METRIC_NAME,
  CUSTOM_SIDES,
  DRIFT_WINDOWS,
  MOST_CUSTOM_METRICS,
} from '@modelwatch/contract';
import { z } from 'zod';
import { compileExpression } from '../expressions/cel';
import { promqlProblem } from '../expressions/promql';

const MOST_EXPRESSION_CHARACTERS = 2_000;
const MOST_QUERY_CHARACTERS = 4_000;

const limit = z
  .strictObject({ above: z.number().optional(), below: z.number().optional() })
  .refine((sides) => CUSTOM_SIDES.some((side) => sides[side] !== undefined), { error: 'above, below or both' });

const text = (most: number) => z.string().min(1).max(most);

const shape = {
  /** Label `metric`, and `custom:NAME` as the channel of health. */
  name: z
    .string()
    .regex(CUSTOM_METRIC_NAME)
    .meta({ expected: 'a name of at most 63 characters: a to z, 0 to 9 and _, a letter first' }),
  description: text(500).optional(),
  /** As Grafana calls it: percentunit, s, currencyEUR. */
  unit: text(40).optional(),
  aggregation: z.enum(CUSTOM_AGGREGATIONS),
  direction: z.enum(CUSTOM_DIRECTIONS),
  /** Of a share: the one that is counted. */
  category: text(256).optional(),
  baseline: z.number().optional(),
  warning: limit.optional(),
  critical: limit.optional(),
  minimumSamples: z.number().int().min(1).max(1_000_000_000).optional(),
  /** What the value is of; of a gauge how long it stands. */
  window: z.enum(DRIFT_WINDOWS).optional(),
  /** Worked out of each prediction; where it names the actual, of each that has met its own. */
  expression: text(MOST_EXPRESSION_CHARACTERS).optional(),
};

/** In a ConfigMap of whoever owns the model. */
export const customMetrics = listOf(z.strictObject(shape).superRefine(refuseContradictions));

/** In the configuration of the exporter: a query becomes a rule of everybody's Prometheus. */
export const customMetricsOrQueries = listOf(
  z.strictObject({ ...shape, promql: text(MOST_QUERY_CHARACTERS).optional() }).superRefine(refuseContradictions)
);

function listOf<Metric extends z.ZodType<{ readonly name: string }>>(metric: Metric) {
  return z
    .array(metric)
    .max(MOST_CUSTOM_METRICS)
    .superRefine((all, context) => {
      const seen = new Set<string>();
      all.forEach(({ name }, index) => {
        const message = 'a name that no other metric of the model has';
        if (seen.has(name)) context.addIssue({ code: 'custom', path: [index, 'name'], message });
        seen.add(name);
      });
    });
}

interface Given {
  readonly aggregation: (typeof CUSTOM_AGGREGATIONS)[number];
  readonly category?: unknown;
  readonly minimumSamples?: unknown;
  readonly expression?: string | undefined;
  readonly promql?: string | undefined;
  readonly window?: unknown;
  readonly warning?: z.infer<typeof limit> | undefined;
  readonly critical?: z.infer<typeof limit> | undefined;
}

type Refuse = (path: readonly string[], message: string) => void;

/** What would be of no effect, or could never hold. */
function refuseContradictions(metric: Given, context: z.RefinementCtx): void {
  const refuse: Refuse = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
  const { aggregation, warning, critical } = metric;
  if (metric.category !== undefined && aggregation !== 'share') refuse(['category'], 'nothing, unless for a share');
  const isQuery = metric.promql !== undefined;
  if (metric.minimumSamples !== undefined && (isQuery || aggregation === 'gauge')) {
    refuse(['minimumSamples'], `nothing: a ${isQuery ? 'query says itself what it takes' : 'gauge is its last value'}`);
  }
  if (isQuery) refuseBesideQuery(metric, refuse);
  const compiled = metric.expression === undefined ? undefined : compileExpression(metric.expression, aggregation);
  if (compiled && 'problem' in compiled) refuse(['expression'], compiled.problem);
  refuseLimits(warning, critical, refuse);
}

function refuseBesideQuery({ promql = '', window, expression }: Given, refuse: Refuse): void {
  if (window !== undefined) refuse(['window'], 'nothing: a query says itself what it is of');
  if (expression !== undefined) refuse(['expression'], 'nothing beside a query');
  const problem = promqlProblem(promql);
  if (problem !== undefined) refuse(['promql'], problem);
}

function refuseLimits(warning: Given['warning'], critical: Given['critical'], refuse: Refuse): void {
  for (const side of CUSTOM_SIDES) {
    const [first, last] = [warning?.[side], critical?.[side]];
    if (first === undefined || last === undefined) continue;
    if (side === 'above' ? last >= first : last <= first) continue;
    refuse(['critical', side], `at ${side === 'above' ? 'least' : 'most'} that of warning (${first})`);
  }
  for (const [level, sides] of Object.entries({ warning, critical })) {
    const { above, below } = sides ?? {};
    if (above === undefined || below === undefined || below < above) continue;
    refuse([level, 'below'], `less than above (${above}): else no value is within both`);
  }
}
