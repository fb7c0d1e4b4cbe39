import {
  DIRECT_KINDS,
  OPTIONAL_PARTS,
  RULE_FORMATS,
  directGroups,
  renderGroups,
  renderRules,
  type DirectKind,
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
  if (args[0] === 'inference') return runInferenceRules(args.slice(1));
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
  print(() => renderRules(format as RuleFormat, options));
}

const DIRECT_FORMATS: readonly RuleFormat[] = ['prometheus', 'prometheusrule'];

/** Rules for servers that Prometheus scrapes itself; Grafana has no use for them, they record. */
function runInferenceRules(args: readonly string[]): void {
  const flags = parseFlags(args, ['format', 'interval', 'server', 'name', 'namespace', 'release']);
  const format = DIRECT_FORMATS.find((known) => known === (single(flags, 'format') ?? 'prometheus'));
  if (!format) {
    const got = JSON.stringify(single(flags, 'format'));
    throw new UsageError(`--format: expected one of ${DIRECT_FORMATS.join(', ')}, got ${got}`);
  }
  const kinds = [...new Set((flags.server ?? DIRECT_KINDS).map(directKind))];
  const interval = single(flags, 'interval');
  const [namespace, release] = [single(flags, 'namespace'), single(flags, 'release')];
  const options: RenderOptions = {
    intervalSeconds: interval === undefined ? DEFAULT_INTERVAL_SECONDS : durationSeconds('interval', interval),
    // Beside the object of the other rules, not in its place.
    name: single(flags, 'name') ?? 'modelwatch-inference',
    ...(namespace === undefined ? {} : { namespace }),
    ...(release === undefined ? {} : { release }),
  };
  print(() => renderGroups(format, directGroups(kinds, options), options));
}

function directKind(text: string): DirectKind {
  const kind = DIRECT_KINDS.find((known) => known === text);
  if (kind) return kind;
  throw new UsageError(`--server: expected one of ${DIRECT_KINDS.join(', ')}, got ${JSON.stringify(text)}`);
}

function print(render: () => string): void {
  try {
    process.stdout.write(render());
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
