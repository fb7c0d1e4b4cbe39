import {
  OPTIONAL_PARTS,
  RULE_FORMATS,
  renderRules,
  type OptionalPart,
  type RenderOptions,
  type RuleFormat,
} from '../rules';
import { durationSeconds, parseFlags, single, UsageError } from './arguments';

/** Flags that are passed on as text, and the option that each sets. */
const TEXT_FLAGS = {
  name: 'name',
  namespace: 'namespace',
  release: 'release',
  'datasource-uid': 'datasourceUid',
  folder: 'folder',
  receiver: 'receiver',
  'runbook-base-url': 'runbookBaseUrl',
} as const satisfies Record<string, keyof RenderOptions>;
const DURATION_FLAGS = {
  interval: 'intervalSeconds',
  for: 'forSeconds',
  'stale-after': 'staleAfterSeconds',
} as const satisfies Record<string, keyof RenderOptions>;
const NUMBER_FLAGS = {
  'errors-warning': 'errorsWarningRatio',
  'errors-critical': 'errorsCriticalRatio',
  'slow-warning': 'slowWarningRatio',
  'slow-critical': 'slowCriticalRatio',
  'min-requests': 'minRequests',
} as const satisfies Record<string, keyof RenderOptions>;
const DEFAULT_INTERVAL_SECONDS = 30;

/** Prints the rules. @throws UsageError */
export function runRules(args: readonly string[]): void {
  const flags = parseFlags(args, [
    'format',
    'without',
    ...[TEXT_FLAGS, DURATION_FLAGS, NUMBER_FLAGS].flatMap(Object.keys),
  ]);
  const format = single(flags, 'format') ?? 'prometheus';
  if (!RULE_FORMATS.includes(format as RuleFormat)) {
    throw new UsageError(`--format: expected one of ${RULE_FORMATS.join(', ')}, got ${JSON.stringify(format)}`);
  }
  const options: { -readonly [Key in keyof RenderOptions]: RenderOptions[Key] } = {
    intervalSeconds: DEFAULT_INTERVAL_SECONDS,
    without: (flags.without ?? []).map(optionalPart),
  };
  for (const [flag, option] of entries(TEXT_FLAGS)) {
    const value = single(flags, flag);
    if (value !== undefined) options[option] = value;
  }
  for (const [flag, option] of entries(DURATION_FLAGS)) {
    const value = single(flags, flag);
    if (value !== undefined) options[option] = durationSeconds(flag, value);
  }
  for (const [flag, option] of entries(NUMBER_FLAGS)) {
    const value = single(flags, flag);
    // Empty would be 0, and what is no number is none: the refusal of the option says what it takes.
    if (value !== undefined) options[option] = value.trim() === '' ? NaN : Number(value);
  }
  try {
    process.stdout.write(renderRules(format as RuleFormat, options));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function optionalPart(text: string): OptionalPart {
  const part = OPTIONAL_PARTS.find((known) => known === text);
  if (part) return part;
  throw new UsageError(`--without: expected one of ${OPTIONAL_PARTS.join(', ')}, got ${JSON.stringify(text)}`);
}

function entries<Option extends string>(table: Readonly<Record<string, Option>>): [string, Option][] {
  return Object.entries(table);
}
