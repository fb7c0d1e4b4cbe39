/** File, environment and flags -> Config. Flags win over the environment, the environment over the file. */
import { createHash } from 'node:crypto';
import { isObject } from '@modelwatch/contract';
import { CONFIG_FILE_ENV, CONFIG_KEYS, schemaAt, type ConfigKey } from './keys';
import { nearest } from './nearest';
import { ConfigError, refusals } from './refusals';
import { configSchema, type Config } from './schema';
import { withMappingFiles } from './mapping-files';
import { withBodies } from './synthetic';
import { readYamlFile } from './yaml-file';

export interface ConfigInput {
  /** Path of the YAML file; absent: `MODELWATCH_CONFIG_FILE`, else no file. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flag name without dashes -> its values in the order in which they were given. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Hash of the configuration in force, defaults included: 12 hexadecimal digits of its SHA-256. */
  readonly hash: string;
  /** Environment variables with our prefix that are none of our settings: told, not refused. */
  readonly ignoredVariables: readonly string[];
}

export { ConfigError } from './refusals';

type Tree = Record<string, unknown>;
/** Dotted path -> where its value came from, for refusals. */
type Origins = Map<string, string>;

/** The file that is read, if any. */
export function configFileOf(input: Pick<ConfigInput, 'file' | 'env'>): string | undefined {
  return input.file ?? input.env[CONFIG_FILE_ENV];
}

/** @throws ConfigError with all refusals. */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const problems: string[] = [];
  const origins: Origins = new Map();
  const file = configFileOf(input);
  const main = file === undefined ? undefined : readYamlFile(file, problems);
  const tree: Tree = main ? dropEmptySections(main.value) : {};
  const ignoredVariables = foldEnvironment(tree, input.env, origins, problems);
  foldFlags(tree, input.flags, origins);
  const yaml = withMappingFiles(tree, main, (path) => readYamlFile(path, problems));
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) {
    const placeOf = (path: readonly PropertyKey[]) =>
      origins.get(path.filter((part) => typeof part === 'string').join('.')) ?? yaml?.placeOf(path);
    for (const issue of parsed.error.issues) problems.push(...refusals(issue, { tree, schemaAt, placeOf }));
  }
  const config = parsed.success ? withFiles(parsed.data, problems) : undefined;
  if (problems.length > 0 || !config) throw new ConfigError([...new Set(problems)]);
  return { config, hash: hashOf(config), ignoredVariables };
}

function withFiles(config: Config, problems: string[]): Config {
  const { servers } = config;
  return { ...config, servers: { ...servers, synthetic: withBodies(servers.synthetic, problems) } };
}

/** Same configuration, same hash, in whatever order its keys were written. */
export function hashOf(config: Config): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(config)))
    .digest('hex')
    .slice(0, 12);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])])
  );
}

/** `web:` with nothing under it is how YAML writes an empty section; an empty value stays and is refused. */
function dropEmptySections(value: unknown, path: readonly string[] = []): Tree {
  if (!isObject(value)) return {};
  const out: Tree = {};
  for (const [key, entry] of Object.entries(value)) {
    const childPath = [...path, key];
    const isSection = schemaAt(childPath)?.type === 'object';
    if (entry === null && isSection) continue;
    out[key] = isSection && isObject(entry) ? dropEmptySections(entry, childPath) : entry;
  }
  return out;
}

/** @returns the variables that were left alone. */
function foldEnvironment(tree: Tree, env: ConfigInput['env'], origins: Origins, problems: string[]): string[] {
  const byEnv = new Map(CONFIG_KEYS.map((key) => [key.env, key]));
  const ignored: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('MODELWATCH_') || name === CONFIG_FILE_ENV || value === undefined) continue;
    if (isServiceLink(name, value)) continue;
    const key = byEnv.get(name);
    if (!key) {
      // The prefix is shared with the start script and with what others set for a pod; only a near miss is a typo.
      const guess = nearest(name, [...byEnv.keys(), CONFIG_FILE_ENV], 2);
      if (guess) problems.push(`${name}: expected a known environment variable, did you mean ${guess}?`);
      else ignored.push(name);
    } else if (key.fileOnly) {
      problems.push(`${name}: expected ${key.path} in the file, a list of objects has no environment variable`);
    } else {
      assign(tree, key, [value]);
      origins.set(key.path, `from ${name}`);
    }
  }
  return ignored;
}

/**
 * Kubernetes puts `<SERVICE>_PORT=tcp://...` and the like into every pod for each Service of its namespace; one that is
 * called `modelwatch` would look like our own variables.
 */
function isServiceLink(name: string, value: string): boolean {
  return /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)/.test(name) || /^(tcp|udp|sctp):\/\//.test(value);
}

function foldFlags(tree: Tree, flags: ConfigInput['flags'], origins: Origins): void {
  for (const key of CONFIG_KEYS) {
    const values = flags[key.flag];
    if (!values || key.fileOnly) continue;
    assign(tree, key, values);
    origins.set(key.path, `from --${key.flag}`);
  }
}

function assign(tree: Tree, key: ConfigKey, values: readonly string[]): void {
  const path = key.path.split('.');
  const leaf = path.pop() ?? '';
  let section = tree;
  for (const part of path) {
    if (!isObject(section[part])) section[part] = {};
    section = section[part] as Tree;
  }
  section[leaf] = fromText(key, values);
}

/** Text that is not what the schema wants is left as it is, so that the schema refuses it with the text in view. */
function fromText(key: ConfigKey, values: readonly string[]): unknown {
  const last = values[values.length - 1] ?? '';
  switch (key.node.type) {
    case 'number':
    case 'integer':
      return last.trim() !== '' && Number.isFinite(Number(last)) ? Number(last) : last;
    case 'boolean':
      return last === 'true' ? true : last === 'false' ? false : last;
    case 'array':
      return values
        .flatMap((value) => value.split(','))
        .map((value) => value.trim())
        .filter((value) => value !== '');
    default:
      return last;
  }
}
