/** Addresses of declared model servers: over HTTP, or over gRPC for those that listen on nothing else. Pure. */
import type { ServerKind } from '@modelwatch/contract';
import type { Module } from './module';

/** Kinds with a gRPC form of the Open Inference Protocol: what such a server says of itself decides between them. */
const GRPC_KINDS: readonly ServerKind[] = ['mlserver', 'triton', 'kserve', 'oip'];

export const SERVER_URL_EXPECTATION = 'an http:// or https:// URL, or grpc://host:port or grpcs://host:port';
export const GRPC_KIND_EXPECTATION = `for gRPC one of ${GRPC_KINDS.join(', ')}, or none, as only the Open Inference Protocol is spoken there`;

export function isGrpc(url: string): boolean {
  return /^grpcs?:\/\//i.test(url);
}

/** gRPC has no usual port, and no path before its own: neither is guessed or dropped. */
export function isServerUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, pathname, search, hash } = new URL(url);
  if (!isGrpc(url)) return /^https?:$/.test(protocol) && hostname !== '';
  return hostname !== '' && port !== '' && port !== '0' && /^\/?$/.test(pathname) && search === '' && hash === '';
}

/** Whether a server of this kind, or of none that is known, can be asked over the protocol of its address. */
export function isAskable(url: string, kind: ServerKind | undefined): boolean {
  return !isGrpc(url) || kind === undefined || GRPC_KINDS.includes(kind);
}

/** What the address of a server must be for its module; nothing where it is. */
export function misaddressed(
  url: string,
  { name, grpcHealth }: Pick<Module, 'name' | 'grpcHealth'>
): string | undefined {
  if (isGrpc(url) === (grpcHealth !== undefined)) return undefined;
  return grpcHealth
    ? `grpc://host:port or grpcs://host:port, as the module ${name} asks over gRPC`
    : `an http:// or https:// URL, as the module ${name} asks over HTTP`;
}
