/** Paths of the Kubernetes API, read into what they ask for. Pure. */
import type { ResourceType } from './kinds';

export type Route =
  | { readonly kind: 'collection'; readonly type: ResourceType; readonly version: string; readonly namespace: string }
  | {
      readonly kind: 'object';
      readonly type: ResourceType;
      readonly version: string;
      readonly namespace: string;
      readonly name: string;
    }
  | {
      readonly kind: 'pod-proxy';
      readonly namespace: string;
      readonly pod: string;
      /** Absent: the first port of the pod. */
      readonly port?: number;
      readonly path: string;
    }
  | { readonly kind: 'discovery'; readonly group?: string; readonly version?: string; readonly core: boolean }
  | { readonly kind: 'version' }
  | { readonly kind: 'health' }
  | { readonly kind: 'unknown' };

const UNKNOWN: Route = { kind: 'unknown' };
const HEALTH = ['/healthz', '/livez', '/readyz'];
const POD_PROXY = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/:]+)(?::(\d+))?\/proxy(\/.*)?$/;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param types the resources that there are */
export function routeOf(path: string, types: readonly ResourceType[]): Route {
  if (HEALTH.includes(path)) return { kind: 'health' };
  if (path === '/version') return { kind: 'version' };
  const proxy = POD_PROXY.exec(path);
  if (proxy !== null) {
    const [, namespace = '', pod = '', port, rest = '/'] = proxy;
    return {
      kind: 'pod-proxy',
      namespace: decode(namespace),
      pod: decode(pod),
      ...(port === undefined ? {} : { port: Number(port) }),
      path: rest,
    };
  }
  const [root, ...parts] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  if (root === 'api') {
    const [version, ...rest] = parts;
    if (version === undefined) return { kind: 'discovery', core: true };
    return version === 'v1' ? resourceRoute('', 'v1', rest, types) : UNKNOWN;
  }
  if (root !== 'apis') return UNKNOWN;
  const [group, version, ...rest] = parts;
  if (group === undefined) return { kind: 'discovery', core: false };
  if (version === undefined) return { kind: 'discovery', core: false, group };
  return resourceRoute(group, version, rest, types);
}

function resourceRoute(group: string, version: string, rest: readonly string[], types: readonly ResourceType[]): Route {
  if (rest.length === 0) return { kind: 'discovery', core: group === '', group, version };
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2;
  const [plural, name, ...more] = inNamespace ? rest.slice(2) : rest;
  const namespace = inNamespace ? (rest[1] ?? '') : '';
  // Which versions are served is not known here.
  const type = types.find((each) => each.group === group && each.plural === plural);
  if (type === undefined || more.length > 0 || (inNamespace && !type.namespaced)) return UNKNOWN;
  if (name === undefined) return { kind: 'collection', type, version, namespace };
  if (type.namespaced && !inNamespace) return UNKNOWN;
  return { kind: 'object', type, version, namespace, name };
}
