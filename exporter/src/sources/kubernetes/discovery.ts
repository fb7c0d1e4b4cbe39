/** Which of our kinds the API server has. */
import { isObject, preview } from '@modelwatch/contract';
import type { KubernetesApi } from './api';
import { ApiError, toApiError } from './errors';
import { resourceName, type Kind } from './kinds';

/**
 * The kinds that are served, by name (`models.mlops.seldon.io`), each with the first of its versions that is, or with why
 * that cannot be said: a group whose server is away takes no other with it. The list of groups is asked first, so that a
 * stray 404 of something between us and the server is never taken for an uninstalled kind.
 * @throws ApiError when the server cannot say which groups there are
 */
export async function discover(
  api: KubernetesApi,
  kinds: readonly Kind[],
  signal: AbortSignal
): Promise<Map<string, string | ApiError>> {
  const groupVersions = servedVersions((await api.json('/apis', signal)).document);
  const known = new Map<string, Promise<Set<string>>>();
  const pluralsOf = (groupVersion: string): Promise<Set<string>> => {
    const asked = known.get(groupVersion) ?? askPlurals(api, groupVersion, signal);
    known.set(groupVersion, asked);
    return asked;
  };
  const served = new Map<string, string | ApiError>();
  for (const kind of kinds) {
    const offered = kind.versions.filter((version) => groupVersions.has(`${kind.group}/${version}`));
    const found = await firstServed(kind, offered, pluralsOf);
    if (found !== undefined) served.set(resourceName(kind), found);
  }
  return served;
}

async function firstServed(
  kind: Kind,
  offered: readonly string[],
  pluralsOf: (groupVersion: string) => Promise<Set<string>>
): Promise<string | ApiError | undefined> {
  for (const version of offered) {
    try {
      if ((await pluralsOf(`${kind.group}/${version}`)).has(kind.plural)) return version;
    } catch (error) {
      return toApiError(error, `GET /apis/${kind.group}/${version}`);
    }
  }
  return undefined;
}

async function askPlurals(api: KubernetesApi, groupVersion: string, signal: AbortSignal): Promise<Set<string>> {
  return resources((await api.json(`/apis/${groupVersion}`, signal)).document, groupVersion);
}

function servedVersions(document: unknown): Set<string> {
  const groups = isObject(document) ? document['groups'] : undefined;
  if (!Array.isArray(groups)) {
    throw new ApiError('invalid_response', `GET /apis groups: expected a list, got ${preview(groups)}`);
  }
  const versions = groups.flatMap((group: unknown) => (isObject(group) ? list(group['versions']) : []));
  return new Set(versions.flatMap((version) => (isObject(version) ? [String(version['groupVersion'])] : [])));
}

function resources(document: unknown, groupVersion: string): Set<string> {
  const items = isObject(document) ? document['resources'] : undefined;
  if (!Array.isArray(items)) {
    throw new ApiError(
      'invalid_response',
      `GET /apis/${groupVersion} resources: expected a list, got ${preview(items)}`
    );
  }
  return new Set(items.flatMap((item: unknown) => (isObject(item) ? [String(item['name'])] : [])));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
