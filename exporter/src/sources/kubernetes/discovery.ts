/** Which of our kinds the API server has. */
import { isObject, preview } from '@modelwatch/contract';
import type { KubernetesApi } from './api';
import { ApiError } from './errors';
import { resourceName, type Kind } from './kinds';

/**
 * The kinds that are served, by name (`models.mlops.seldon.io`), each with the first of its versions that is. The list of
 * groups is asked first, so that a stray 404 of something between us and the server is never taken for an uninstalled kind.
 * @throws ApiError when the server cannot say
 */
export async function discover(
  api: KubernetesApi,
  kinds: readonly Kind[],
  signal: AbortSignal
): Promise<Map<string, string>> {
  const groupVersions = servedVersions((await api.json('/apis', signal)).document);
  const plurals = new Map<string, Set<string>>();
  const served = new Map<string, string>();
  for (const kind of kinds) {
    for (const version of kind.versions) {
      const groupVersion = `${kind.group}/${version}`;
      if (!groupVersions.has(groupVersion)) continue;
      let known = plurals.get(groupVersion);
      if (!known) {
        known = resources((await api.json(`/apis/${groupVersion}`, signal)).document, groupVersion);
        plurals.set(groupVersion, known);
      }
      if (!known.has(kind.plural)) continue;
      served.set(resourceName(kind), version);
      break;
    }
  }
  return served;
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
