/** The proxy that the environment names for an address, chosen as Go's `net/http` does, so as kubectl does. */
import { BlockList, isIP } from 'node:net';
import { ApiError } from './errors';

/**
 * `HTTPS_PROXY` or `HTTP_PROXY` by the scheme of `server`, unless it is this machine or `NO_PROXY` exempts it. The names in
 * capitals win over those in small letters.
 * @throws ApiError with reason `credentials` for what is no URL; the value, which may hold a password, is not told
 */
export function proxyOf(server: string, env: NodeJS.ProcessEnv): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (!proxy) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const exempt = (env['NO_PROXY'] || env['no_proxy'] || '').split(',').map((entry) => entry.trim().toLowerCase());
  if (isLoopback(host)) return undefined;
  if (exempt.some((entry) => entry !== '' && matches(entry, host, port || (protocol === 'https:' ? '443' : '80')))) {
    return undefined;
  }
  return checkedProxy(proxy.includes('://') ? proxy : `http://${proxy}`, name);
}

/** @throws ApiError with reason `credentials`; `place` says where it was written */
export function checkedProxy(proxy: string, place: string): string {
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : '';
  if (!['http:', 'https:', 'socks5:'].includes(protocol)) {
    throw new ApiError('credentials', `${place}: expected an http, https or socks5 URL of a proxy, got something else`);
  }
  return proxy;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `*`, a network `10.0.0.0/8`, an address, a name with the names below it, or `.name` for those below it alone. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isIP(host) !== 0 && isInNetwork(host, entry);
  const [, name = entry, onlyPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
  if (isIP(bare)) return bare === host;
  return bare.startsWith('.') ? host.endsWith(bare) : host === bare || host.endsWith(`.${bare}`);
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const version = isIP(address);
  if (version === 0 || !/^\d+$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}
