/**
 * Expressions of custom metrics, in the Common Expression Language (CEL), as Kubernetes has it in resources of its own.
 * Whoever owns a model writes them: they are compiled and checked once, and have no loops, no regular expressions and no
 * access to anything but the values of one event, so that each costs no more than its length.
 */
import { createRequire } from 'node:module';
import type { CustomAggregation, CustomError } from '@modelwatch/contract';
import type * as Cel from '@marcbachmann/cel-js' with { 'resolution-mode': 'import' };

type ASTNode = Cel.ASTNode;
// An ES module; settings are read without waiting.
const { Environment } = createRequire(__filename)('@marcbachmann/cel-js') as typeof Cel;

/** What an expression sees of one prediction; null where it is not told. */
export interface ExpressionInput {
  readonly features: Readonly<Record<string, unknown>>;
  readonly prediction: unknown;
  readonly score: number | null;
  /** Only of an expression that names it. */
  readonly actual?: unknown;
}

export type ExpressionResult =
  | { readonly value: string | number | boolean }
  /** Null: this event is no sample. */
  | { readonly value: undefined }
  | { readonly error: CustomError };

export interface Expression {
  /** It waits for the actual of the prediction. */
  readonly needsActual: boolean;
  /** The features that it names. */
  readonly features: readonly string[];
  readonly evaluate: (input: ExpressionInput) => ExpressionResult;
}

const LIMITS = { maxAstNodes: 200, maxDepth: 30, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 4 };
/** Each takes time in proportion to its arguments. */
const FUNCTIONS = new Set([
  ...['has', 'size', 'double', 'int', 'string', 'bool'],
  ...['startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'trim'],
]);
const NUMBERS = ['double', 'int', 'uint', 'dyn'];
const RESULTS: Readonly<Record<CustomAggregation, readonly string[]>> = {
  sum: NUMBERS,
  average: NUMBERS,
  gauge: NUMBERS,
  share: [...NUMBERS, 'bool', 'string'],
};
const MIXED: readonly (readonly [operator: string, (one: number, other: number) => number])[] = [
  ['+', (one, other) => one + other],
  ['-', (one, other) => one - other],
  ['*', (one, other) => one * other],
  ['/', (one, other) => one / other],
];

const environment = createEnvironment();

/** All numbers of JSON are doubles: without this `features.amount * 2` would have to be `* 2.0`. */
function createEnvironment(): Cel.Environment {
  const made = new Environment({ limits: LIMITS })
    .registerVariable('features', 'map<string, dyn>')
    .registerVariable('prediction', 'dyn')
    .registerVariable('score', 'dyn')
    .registerVariable('actual', 'dyn');
  for (const [operator, apply] of MIXED) {
    made.registerOperator(`double ${operator} int`, (one: number, other: bigint) => apply(one, Number(other)));
    made.registerOperator(`int ${operator} double`, (one: bigint, other: number) => apply(Number(one), other));
  }
  return made;
}

/** @returns what is wrong with it, in words, when it cannot be one */
export function compileExpression(
  text: string,
  aggregation: CustomAggregation
): Expression | { readonly problem: string } {
  try {
    const parsed = environment.parse(text);
    const names = namesIn(parsed.ast);
    if (names.refused !== undefined) return { problem: `a CEL expression without ${names.refused}` };
    const { valid, type = '', error } = parsed.check();
    if (!valid) return { problem: `a CEL expression: ${summaryOf(error)}` };
    if (!RESULTS[aggregation].includes(type)) {
      const wanted = aggregation === 'share' ? 'a category' : 'a number';
      return { problem: `a CEL expression of ${wanted}, not of ${type}` };
    }
    if (names.needsActual && names.allFeatures) {
      return { problem: 'features by their names beside actual, since only those are kept until the actual comes' };
    }
    const run = parsed as unknown as (context: object) => unknown;
    return {
      needsActual: names.needsActual,
      features: [...names.features],
      evaluate: (input) => evaluate(run, input, aggregation),
    };
  } catch (error) {
    return { problem: `a CEL expression: ${summaryOf(error)}` };
  }
}

function evaluate(
  run: (context: object) => unknown,
  input: ExpressionInput,
  aggregation: CustomAggregation
): ExpressionResult {
  const limit = Error.stackTraceLimit;
  // An error a prediction is no exception here, and its trace is most of its cost.
  Error.stackTraceLimit = 0;
  try {
    return resultOf(run(input), aggregation);
  } catch (error) {
    return { error: REASONS[codeOf(error)] ?? 'other' };
  } finally {
    Error.stackTraceLimit = limit;
  }
}

const REASONS: Readonly<Record<string, CustomError>> = {
  no_such_key: 'missing_value',
  no_such_overload: 'wrong_type',
  division_by_zero: 'not_finite',
  modulo_by_zero: 'not_finite',
};

function resultOf(value: unknown, aggregation: CustomAggregation): ExpressionResult {
  if (value === null || value === undefined) return { value: undefined };
  const result = typeof value === 'bigint' ? Number(value) : value;
  if (typeof result === 'number') return Number.isFinite(result) ? { value: result } : { error: 'not_finite' };
  const isCategory = typeof result === 'string' || typeof result === 'boolean';
  return isCategory && aggregation === 'share' ? { value: result } : { error: 'wrong_type' };
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** Its first line: those after it draw the place. */
function summaryOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [first = ''] = text.split('\n');
  return first.slice(0, 200);
}

interface Names {
  readonly features: Set<string>;
  /** Features are asked for otherwise than by a name that stands there. */
  allFeatures: boolean;
  needsActual: boolean;
  refused?: string;
}

function namesIn(root: ASTNode): Names {
  const names: Names = { features: new Set(), allFeatures: false, needsActual: false };
  visit(root, names);
  return names;
}

function visit(node: ASTNode, names: Names): void {
  const { op } = node;
  const args = node.args as unknown;
  if (op === 'id') {
    if (args === 'features') names.allFeatures = true;
    if (args === 'actual') names.needsActual = true;
    return;
  }
  const parts = Array.isArray(args) ? (args as unknown[]) : [args];
  if ((op === 'call' || op === 'rcall') && !FUNCTIONS.has(String(parts[0]))) names.refused = `${String(parts[0])}()`;
  const name = featureOf(op, parts);
  if (name !== undefined) {
    names.features.add(name);
    return;
  }
  for (const part of parts.flat(2)) if (isNode(part)) visit(part, names);
}

/** `features.amount`, `features["amount"]` */
function featureOf(op: string, [target, key]: readonly unknown[]): string | undefined {
  if (!isNode(target) || target.op !== 'id' || (target.args as unknown) !== 'features') return undefined;
  if (op === '.' && typeof key === 'string') return key;
  const value: unknown = op === '[]' && isNode(key) && key.op === 'value' ? key.args : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
