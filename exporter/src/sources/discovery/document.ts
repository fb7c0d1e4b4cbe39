/**
 * A document of service discovery as Prometheus has it, in files (`file_sd`) and by HTTP (`http_sd`): a list of groups,
 * each with `targets` (host:port) and `labels`. Each target becomes a standalone server with the models that its label
 * `model` names.
 */
import { IMPORTANCES, isObject, preview, SERVER_KINDS } from '@modelwatch/contract';
import type { DeclaredModel } from '../../domain/observation';
import { GRPC_KIND_EXPECTATION, isAskable, isGrpc, isServerUrl } from '../../mapping/server-url';
import { isModelName } from '../servers/names';
import type { Drop } from '../servers/probe';

export const MAX_SERVERS = 5_000;
/** Names in a label `model`, separated by commas. */
const MAX_MODELS = 100;

/** The models of each server, by the name of the server. */
export type Discovered = ReadonlyMap<string, readonly DeclaredModel[]>;

/** A document that is none; what was known before stays. The message names place, value and expectation. */
export class DocumentError extends Error {}

/** @throws DocumentError when the whole is none; of its parts those that cannot be used are dropped and counted */
export function readDocument(document: unknown, place: string, drop: Drop): Discovered {
  if (!Array.isArray(document))
    throw new DocumentError(`${place}: expected a list of targets, got ${preview(document)}`);
  const found = new Map<string, DeclaredModel[]>();
  let over = 0;
  for (const [index, group] of document.entries()) {
    const at = `${place} [${index}]`;
    const { targets, labels = {} } = isObject(group) ? group : {};
    if (!Array.isArray(targets) || !isObject(labels)) {
      throw new DocumentError(`${at}: expected targets (a list) and labels, got ${preview(group)}`);
    }
    for (const target of targets as unknown[]) {
      if (found.size >= MAX_SERVERS) over += 1;
      else for (const model of modelsOf(target, labels, at, drop)) add(found, model, at, drop);
    }
  }
  if (over > 0) drop('over_limit', `${place}: expected at most ${MAX_SERVERS} servers, got ${over} more`);
  return found;
}

function add(found: Map<string, DeclaredModel[]>, model: DeclaredModel, at: string, drop: Drop): void {
  const before = found.get(model.server);
  if (!before) found.set(model.server, [model]);
  else if (before[0]?.url !== model.url) {
    drop('name_conflict', `${at}: expected one target for the server ${preview(model.server)}, got two`);
  } else if (!before.some(({ name }) => name === model.name)) before.push(model);
}

type Labels = Readonly<Record<string, unknown>>;

function modelsOf(target: unknown, labels: Labels, at: string, drop: Drop): DeclaredModel[] {
  const scheme = text(labels, '__scheme__') ?? 'http';
  const base = typeof target === 'string' && /^[^/\s@?#]{1,260}$/.test(target) ? `${scheme}://${target}` : '';
  if (!isServerUrl(base)) {
    drop(
      'wrong_type',
      `${at}: expected host:port (and http, https, grpc or grpcs as __scheme__), got ${preview(target)}`
    );
    return [];
  }
  const names = (text(labels, 'model') ?? '').split(',').map((name) => name.trim());
  const server = text(labels, 'name') ?? String(target);
  if (!names.every(isModelName) || !isModelName(server) || names.length > MAX_MODELS) {
    const { model, name } = labels;
    drop(
      'missing_field',
      `${at}: expected a label model with up to ${MAX_MODELS} names, got ${preview({ model, name })}`
    );
    return [];
  }
  const module = text(labels, 'module');
  const serverKind = oneOf(SERVER_KINDS, labels, 'kind', at, drop);
  if (!isAskable(base, serverKind)) {
    drop('unknown_value', `${at} kind: expected ${GRPC_KIND_EXPECTATION}, got ${preview(serverKind)}`);
    return [];
  }
  const metricsUrl = metricsUrlOf(base, labels, at, drop);
  const importance = oneOf(IMPORTANCES, labels, 'importance', at, drop);
  const [owner, version] = [text(labels, 'owner'), text(labels, 'version')];
  return names.map((name) => ({
    name,
    server,
    url: base,
    ...(metricsUrl === undefined ? {} : { metricsUrl }),
    ...(module === undefined ? {} : { module }),
    ...(serverKind === undefined ? {} : { serverKind }),
    ...(importance === undefined ? {} : { importance }),
    ...(owner === undefined ? {} : { owner }),
    ...(version === undefined ? {} : { version }),
  }));
}

/** By a path on the same host and port, so never by a path of a server on gRPC. */
function metricsUrlOf(base: string, labels: Labels, at: string, drop: Drop): string | undefined {
  const path = text(labels, '__metrics_path__');
  if (path === undefined || !URL.canParse(path, base) || !path.startsWith('/')) return undefined;
  if (isGrpc(base)) {
    drop(
      'unknown_value',
      `${at} __metrics_path__: expected none with gRPC, whose port has no metrics, got ${preview(path)}`
    );
    return undefined;
  }
  const url = new URL(path, base);
  return url.host === new URL(base).host ? url.toString() : undefined;
}

function text(labels: Labels, name: string): string | undefined {
  const value = labels[name];
  return typeof value === 'string' && value !== '' && value.length <= 2_000 ? value : undefined;
}

function oneOf<Value extends string>(
  known: readonly Value[],
  labels: Labels,
  name: string,
  at: string,
  drop: Drop
): Value | undefined {
  const given = text(labels, name);
  const found = known.find((each) => each === given);
  if (given !== undefined && !found)
    drop('unknown_value', `${at} ${name}: expected one of ${known.join(', ')}, got ${preview(given)}`);
  return found;
}
