/** Which of our kinds the API server has. */
import { isObject, preview } from '@modelwatch/contract';
import type { KubernetesApi } from './api';
import { ApiError } from './errors';
import { resourceName, type Kind } from './kinds';

/**
 * Names (`models.mlops.seldon.io`) of those of the kinds that are served. The list of groups is asked first, so that a
 * stray 404 of something between us and the server is never taken for an uninstalled kind.
 * @throws ApiError when the server cannot say
 */
export async function discover(api: KubernetesApi, kinds: readonly Kind[], signal: AbortSignal): Promise<Set<string>> {
  const versions = servedVersions((await api.json('/apis', signal)).document);
  const wanted = new Set(kinds.map(({ group, version }) => `${group}/${version}`));
  const served = new Set<string>();
  for (const groupVersion of wanted) {
    if (!versions.has(groupVersion)) continue;
    const plurals = resources((await api.json(`/apis/${groupVersion}`, signal)).document, groupVersion);
    for (const kind of kinds) {
      if (`${kind.group}/${kind.version}` === groupVersion && plurals.has(kind.plural)) served.add(resourceName(kind));
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
