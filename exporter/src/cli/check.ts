import { readFileSync } from 'node:fs';
import { isObject, preview } from '@modelwatch/contract';
import { parseAllDocuments } from 'yaml';
import { ConfigError, loadConfig } from '../config/load';
import type { Config } from '../config/schema';
import { readWebFile } from '../config/web-file';
import { prometheusReader } from '../sources/prometheus/samples';
import { single, UsageError } from './arguments';
import { configInput } from './config-arguments';
import { checkModule } from './check-module';
import { checkQueries } from './check-queries';
import { checkMonitoring } from './check-monitoring';
import { checkSlos } from './check-slos';
import { runSuggest, SUGGEST_FLAG } from './check-suggest';
import { previewObjects } from './preview';

const OBJECT_FLAG = 'object';
/** At which traffic objectives are explained. */
const TRAFFIC_FLAG = 'requests-per-second';
const EXAMPLE_PER_SECOND = 10;
const MODULE_FLAGS = ['module', 'url', 'text', 'model'] as const;

/** Prints OK and the hash, or every refusal; with `--object` what the mappings make of it, with `--module` what a module makes of a server, with `--suggest` what could be promised. @returns the exit code */
export function runCheck(args: readonly string[], env: NodeJS.ProcessEnv): number | Promise<number> {
  if (args.includes(SUGGEST_FLAG)) {
    return runSuggest(
      args.filter((arg) => arg !== SUGGEST_FLAG),
      env
    ).catch(refused);
  }
  const input = configInput(args, env, [OBJECT_FLAG, TRAFFIC_FLAG, ...MODULE_FLAGS]);
  const [module, url, text] = MODULE_FLAGS.map((name) => single(input.flags, name));
  if (module !== undefined) {
    return checkModule({ file: module, url, text, models: input.flags['model'] ?? [] }).catch(refused);
  }
  try {
    const { config, hash, ignoredVariables } = loadConfig(input);
    const { configFile } = config.web;
    const strangers = strangersIn(config.events, configFile === undefined ? undefined : readWebFile(configFile).users);
    for (const name of ignoredVariables) console.log(`${name}: not a setting of the exporter, ignored`);
    const files = input.flags[OBJECT_FLAG] ?? [];
    if (files.length > 0) return showObjects(config, files.flatMap(readObjects));
    const ofMonitoring = checkMonitoring(config);
    const ofSlos = checkSlos(config, perSecondOf(single(input.flags, TRAFFIC_FLAG)));
    const problems = [...strangers, ...ofMonitoring.problems, ...ofSlos.problems];
    for (const line of [...ofMonitoring.lines, ...ofSlos.lines]) console.log(line);
    const end = (lines: readonly string[]) => {
      for (const line of [...lines, ...problems]) console.log(line);
      if (problems.length > 0) return 1;
      console.log(`OK: ${input.file ?? 'defaults, environment and flags'} (hash ${hash})`);
      return 0;
    };
    const { url } = config.prometheus;
    if (url === undefined || ofSlos.queried.length === 0) return end([]);
    return checkQueries(ofSlos.queried, prometheusReader(url).answer, Date.now() / 1_000).then(end);
  } catch (error) {
    return refused(error);
  }
}

/** @throws UsageError */
function perSecondOf(text: string | undefined): number {
  if (text === undefined) return EXAMPLE_PER_SECOND;
  const value = text.trim() === '' ? NaN : Number(text);
  if (value > 0 && value <= 1_000_000_000) return value;
  throw new UsageError(`--${TRAFFIC_FLAG}: expected a number above 0, got ${preview(text)}`);
}

/** Names that nobody can log in with: whoever was meant may not post. */
function strangersIn(
  { users, routeUsers }: Config['events'],
  known: ReadonlyMap<string, unknown> = new Map()
): string[] {
  const lists = {
    users,
    ...Object.fromEntries(Object.entries(routeUsers).map(([key, list]) => [`routeUsers.${key}`, list])),
  };
  return Object.entries(lists).flatMap(([key, names]) =>
    names
      .filter((name) => !known.has(name))
      .map((name) => `events.${key}: expected users in basic_auth_users of web.configFile, got ${preview(name)}`)
  );
}

/** @throws what is no refusal of a configuration */
function refused(error: unknown): number {
  if (!(error instanceof ConfigError)) throw error;
  for (const problem of error.problems) console.log(problem);
  return 1;
}

/** The objects of a file as kubectl prints them: JSON or YAML, one, several, or a List. */
function readObjects(file: string): unknown[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`--${OBJECT_FLAG}: expected a readable file, got ${preview(file)}`);
  }
  return parseAllDocuments(text, { prettyErrors: false }).flatMap((document) => {
    const [error] = document.errors;
    if (error)
      throw new UsageError(`${file}: expected JSON or YAML, got ${error.code.toLowerCase().replaceAll('_', ' ')}`);
    const object: unknown = document.toJS({ maxAliasCount: 100 });
    const items = isObject(object) ? object['items'] : undefined;
    return Array.isArray(items) ? (items as unknown[]) : [object];
  });
}

/** @returns 1 when something of the objects could not be used, or when nothing came of them. */
function showObjects(config: Config, objects: readonly unknown[]): number {
  const { snapshot, lines, drops, unmatched } = previewObjects(
    config.kubernetes.customResources,
    objects,
    Date.now() / 1000
  );
  const kinds = { model: snapshot.models, server: snapshot.servers };
  for (const [kind, views] of Object.entries(kinds)) {
    for (const { namespace, name, verdict, replicas } of views.values()) {
      console.log(`${kind} ${namespace}/${name}: ${verdict.state}`);
      for (const { reason, text } of verdict.reasons) console.log(`  ${reason}: ${text}`);
      const { desired = '-', available = '-' } = replicas;
      console.log(`  replicas: ${available} available of ${desired} desired`);
    }
  }
  for (const drop of drops) console.log(`not used: ${drop}`);
  for (const { mapping, paths } of unmatched) {
    for (const path of paths) console.log(`leads nowhere in these objects: ${mapping} ${path}`);
  }
  console.log(lines.filter((line) => /^modelwatch_(model|server)_/.test(line)).join('\n'));
  if (snapshot.models.size + snapshot.servers.size === 0) console.log('Nothing came of these objects.');
  return drops.length > 0 || snapshot.models.size + snapshot.servers.size === 0 ? 1 : 0;
}
