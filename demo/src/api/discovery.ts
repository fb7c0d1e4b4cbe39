/** `/api`, `/apis`, `/apis/<group>` and `/apis/<group>/<version>`, from the kinds that are installed. */
import type { ResourceType } from './kinds';
import type { Route } from './route';

export const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.1',
  gitTreeState: 'clean',
  platform: 'linux/amd64',
};

/** `undefined` for a group or version that is not there. */
export function discover(installed: readonly ResourceType[], route: Extract<Route, { kind: 'discovery' }>): unknown {
  const { group, version, core } = route;
  if (core && version === undefined) return { kind: 'APIVersions', versions: ['v1'] };
  const groups = [...new Set(installed.map((type) => type.group))].filter((name) => name !== '');
  if (!core && group === undefined) {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((name) => groupEntry(installed, name)) };
  }
  if (version === undefined) {
    if (group === undefined || !groups.includes(group)) return undefined;
    return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(installed, group) };
  }
  const types = installed.filter((type) => type.group === (group ?? '') && type.version === version);
  if (types.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: core ? version : `${group ?? ''}/${version}`,
    resources: types.map(resourceEntry),
  };
}

function groupEntry(installed: readonly ResourceType[], name: string) {
  const versions = [...new Set(installed.filter((type) => type.group === name).map((type) => type.version))]
    // A beta version is preferred to an alpha version.
    .sort()
    .reverse()
    .map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function resourceEntry(type: ResourceType) {
  return {
    name: type.plural,
    singularName: type.kind.toLowerCase(),
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: ['create', 'get', 'list', 'patch', 'update', 'watch'],
    ...(type.shortNames === undefined ? {} : { shortNames: type.shortNames }),
  };
}
