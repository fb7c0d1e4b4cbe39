import { DRIFT_METHODS, DRIFT_WINDOWS, type DriftMethod } from '@modelwatch/contract';
import {
  DIRECT_KINDS,
  OPTIONAL_PARTS,
  RULE_FORMATS,
  buildAccuracyRules,
  buildDriftRules,
  buildQueriedRules,
  buildQueriedSloRules,
  buildSloRules,
  directGroups,
  renderGroups,
  renderRules,
  type QueriedSlo,
  type RenderOptions,
  type RuleFormat,
} from '../rules';
import { ConfigError, loadConfig } from '../config/load';
import type { Config } from '../config/schema';
import { clashesOfQueries } from '../domain/slo/clashes';
import { CONFIG_FILE_FLAG, durationSeconds, parseFlags, single, UsageError, type Flags } from './arguments';
import { declaredSlos } from './check-slos';

/** Flags that are passed on as text, and the option that each sets. */
const TEXT_FLAGS = {
  name: 'name',
  namespace: 'namespace',
  release: 'release',
  'datasource-uid': 'datasourceUid',
  folder: 'folder',
  receiver: 'receiver',
  'runbook-base-url': 'runbookBaseUrl',
  'grafana-url': 'grafanaUrl',
} as const satisfies Record<string, keyof RenderOptions>;
const DURATION_FLAGS = {
  interval: 'intervalSeconds',
  for: 'forSeconds',
  'stale-after': 'staleAfterSeconds',
  'drift-interval': 'driftIntervalSeconds',
  'slo-interval': 'sloIntervalSeconds',
  'slo-coarse-interval': 'sloCoarseIntervalSeconds',
} as const satisfies Record<string, keyof RenderOptions>;
const NUMBER_FLAGS = {
  'errors-warning': 'errorsWarningRatio',
  'errors-critical': 'errorsCriticalRatio',
  'slow-warning': 'slowWarningRatio',
  'slow-critical': 'slowCriticalRatio',
  'min-requests': 'minRequests',
  'quality-margin': 'qualityMarginRatio',
} as const satisfies Record<string, keyof RenderOptions>;
const DEFAULT_INTERVAL_SECONDS = 30;

type Options = { -readonly [Key in keyof RenderOptions]: RenderOptions[Key] };

/** Prints the rules. @throws UsageError */
export function runRules(args: readonly string[]): void {
  if (args[0] === 'inference') return runInferenceRules(args.slice(1));
  if (args[0] === 'drift') return runDriftRules(args.slice(1));
  if (args[0] === 'accuracy') return runAccuracyRules(args.slice(1));
  if (args[0] === 'slo') return runSloRules(args.slice(1));
  if (args[0] === 'custom') return runCustomRules(args.slice(1));
  const flags = parseFlags(args, [
    'format',
    'without',
    'drift-method',
    ...[TEXT_FLAGS, DURATION_FLAGS, NUMBER_FLAGS].flatMap(Object.keys),
  ]);
  const format = formatOf(flags);
  const options = optionsOf(flags, {
    intervalSeconds: DEFAULT_INTERVAL_SECONDS,
    without: (flags.without ?? []).map((text) => oneOf(OPTIONAL_PARTS, 'without', text)),
    ...methodsOf(flags, 'drift-method'),
  });
  print(() => renderRules(format, options));
}

/**
 * The groups of drift alone. Without the window of an hour they are an addition to rules that have it, and print no more
 * than their own groups.
 */
function runDriftRules(args: readonly string[]): void {
  const flags = parseFlags(args, [
    'format',
    'method',
    'window',
    'interval',
    'quality-margin',
    ...Object.keys(TEXT_FLAGS),
  ]);
  const format = formatOf(flags);
  const windows = listOf(flags, 'window', DRIFT_WINDOWS);
  const options = { ...optionsOfPart(flags, 'modelwatch-drift'), ...methodsOf(flags, 'method') };
  print(() => renderGroups(format, buildDriftRules(options, windows), options));
}

/** The groups of accuracy alone; as those of drift. */
function runAccuracyRules(args: readonly string[]): void {
  const flags = parseFlags(args, ['format', 'window', 'interval', ...Object.keys(TEXT_FLAGS)]);
  const format = formatOf(flags);
  const windows = listOf(flags, 'window', DRIFT_WINDOWS);
  const options = optionsOfPart(flags, 'modelwatch-accuracy');
  print(() => renderGroups(format, buildAccuracyRules(options, windows), options));
}

/** The groups of objectives alone; one set for all that are declared. */
function runSloRules(args: readonly string[]): void {
  const flags = parseFlags(args, [CONFIG_FILE_FLAG, 'format', 'interval', ...Object.keys(TEXT_FLAGS)]);
  const { [CONFIG_FILE_FLAG]: files, ...others } = flags;
  const file = files?.at(-1);
  if (file !== undefined) return runQueriedSloRules(file, others);
  const options = optionsOfPart(others, 'modelwatch-slo', 'sloIntervalSeconds');
  print(() => renderGroups(formatOf(flags), buildSloRules(options), options));
}

/** Those for objectives with queries, which the configuration and its files declare: beside the others, which serve all. */
function runQueriedSloRules(file: string, flags: Flags): void {
  const slos = queriedSlosOf(file);
  if (slos.length === 0) throw new UsageError(`${file}: expected an objective with a query, got none`);
  const options = optionsOfPart(flags, 'modelwatch-slo-queries', 'sloIntervalSeconds');
  print(() => renderGroups(formatOf(flags), buildQueriedSloRules(options, slos), options));
}

function queriedSlosOf(file: string): QueriedSlo[] {
  const { declared, problems } = declaredSlos(loaded(file));
  const clashes = clashesOfQueries(declared).map(({ place, text }) => `${place}: ${text}`);
  if (problems.length + clashes.length > 0) throw new UsageError([...problems, ...clashes].join('\n'));
  return declared.flatMap(({ spec: { name, subject, selector, query } }) => {
    if (!query) return [];
    const [namespace = '', of = ''] = [selector.namespaces?.[0], selector.names?.[0]];
    return [{ namespace, ...(subject === 'models' ? { model: of } : { pipeline: of }), slo: name, query }];
  });
}

/** Rules for the queries that the configuration declares as custom metrics; those of all others need none. */
function runCustomRules(args: readonly string[]): void {
  const flags = parseFlags(args, [CONFIG_FILE_FLAG, 'format', 'interval', ...Object.keys(TEXT_FLAGS)]);
  const file = single(flags, CONFIG_FILE_FLAG);
  if (file === undefined)
    throw new UsageError(`--${CONFIG_FILE_FLAG}: expected the configuration of the exporter, got nothing`);
  const { [CONFIG_FILE_FLAG]: _, ...others } = flags;
  const options = optionsOfPart(others, 'modelwatch-custom');
  const metrics = queriesOf(file);
  if (metrics.length === 0) throw new UsageError(`${file}: expected a custom metric with promql, got none`);
  print(() => renderGroups(formatOf(flags), buildQueriedRules(options, metrics), options));
}

function queriesOf(file: string) {
  return loaded(file).monitoring.models.flatMap(({ namespace, model, customMetrics = [] }) =>
    customMetrics.flatMap(({ name, promql }) => (promql === undefined ? [] : [{ namespace, model, name, promql }]))
  );
}

/** @throws UsageError */
function loaded(file: string): Config {
  try {
    return loadConfig({ file, env: {}, flags: {} }).config;
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message);
    throw error;
  }
}

type PartInterval = 'driftIntervalSeconds' | 'sloIntervalSeconds';

/** @param name of its object: beside that of the other rules, not in its place */
function optionsOfPart(flags: Flags, name: string, of: PartInterval = 'driftIntervalSeconds'): Options {
  const { interval: _, ...others } = flags;
  const interval = single(flags, 'interval');
  const seconds = interval === undefined ? undefined : durationSeconds('interval', interval);
  return optionsOf(others, {
    intervalSeconds: Math.min(DEFAULT_INTERVAL_SECONDS, seconds ?? DEFAULT_INTERVAL_SECONDS),
    ...(seconds === undefined ? {} : { [of]: seconds }),
    name,
  });
}

function formatOf(flags: Flags): RuleFormat {
  return oneOf(RULE_FORMATS, 'format', single(flags, 'format') ?? 'prometheus');
}

/** `--drift-method psi --drift-method js`, or `psi,js`. */
function methodsOf(flags: Flags, flag: string): { driftMethods?: readonly DriftMethod[] } {
  const driftMethods = listOf(flags, flag, DRIFT_METHODS);
  return driftMethods ? { driftMethods } : {};
}

/** Each once, in the order of `known`; undefined where the flag was not given. */
function listOf<Value extends string>(flags: Flags, flag: string, known: readonly Value[]): Value[] | undefined {
  const given = flags[flag]?.flatMap((text) => text.split(',')).map((text) => oneOf(known, flag, text));
  return given && known.filter((value) => given.includes(value));
}

function oneOf<Value extends string>(known: readonly Value[], flag: string, text: string): Value {
  const value = known.find((one) => one === text);
  if (value !== undefined) return value;
  throw new UsageError(`--${flag}: expected one of ${known.join(', ')}, got ${JSON.stringify(text)}`);
}

/** What the flags say, over `options`. */
function optionsOf(flags: Flags, options: Options): Options {
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
  return options;
}

const DIRECT_FORMATS: readonly RuleFormat[] = ['prometheus', 'prometheusrule'];

/** Rules for servers that Prometheus scrapes itself; Grafana has no use for them, they record. */
function runInferenceRules(args: readonly string[]): void {
  const flags = parseFlags(args, ['format', 'interval', 'server', 'name', 'namespace', 'release']);
  const format = oneOf(DIRECT_FORMATS, 'format', single(flags, 'format') ?? 'prometheus');
  const kinds = [...new Set((flags.server ?? DIRECT_KINDS).map((text) => oneOf(DIRECT_KINDS, 'server', text)))];
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

function print(render: () => string): void {
  try {
    process.stdout.write(render());
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function entries<Option extends string>(table: Readonly<Record<string, Option>>): [string, Option][] {
  return Object.entries(table);
}
