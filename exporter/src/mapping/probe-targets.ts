/** Which addresses /probe may ask: names, addresses and networks, each with its ports. Pure. */
import { contains, parseAddress, parseNetwork, type Address, type Network } from './address';

export interface AllowedTarget {
  /** Small letters; `*.` at the beginning stands for one label or more. Undefined: a network. */
  readonly name?: string;
  readonly network?: Network;
  readonly ports: readonly [first: number, last: number];
}

/** `gpu-1.example.com:8000`, `*.models.svc:8000-8999`, `10.0.0.0/8:8000`, `[fd00::/8]:*`. Undefined: none of these. */
export function parseAllowedTarget(text: string): AllowedTarget | undefined {
  const found = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\*|\d{1,5}(?:-\d{1,5})?)$/.exec(text);
  const ports = found?.[3] === undefined ? undefined : parsePorts(found[3]);
  const host = found?.[1] ?? found?.[2];
  if (!ports || host === undefined) return undefined;
  const network = parseNetwork(host);
  if (network) return { network, ports };
  const isName =
    found?.[2] !== undefined &&
    /^(\*\.)?[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*\.?$/i.test(host);
  // What looks like an address and is none must not be taken for a name.
  return isName && !/^[\d.]+$/.test(host) ? { name: plainName(host), ports } : undefined;
}

function parsePorts(text: string): AllowedTarget['ports'] | undefined {
  if (text === '*') return [1, 65_535];
  const [first = 0, last = first] = text.split('-').map(Number);
  return first >= 1 && first <= last && last <= 65_535 ? [first, last] : undefined;
}

function plainName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/**
 * Networks that a name must not lead to, and a wide network does not mean: this machine, the neighbours on the wire, where
 * clouds keep credentials, and ways around all that.
 */
const SPECIAL: readonly Network[] = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.0/24',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
  'fd00:ec2::/32',
  'fe80::/10',
  'ff00::/8',
].flatMap((text) => parseNetwork(text) ?? []);
const LOOPBACK = ['127.0.0.0/8', '::1'].flatMap((text) => parseNetwork(text) ?? []);

/** Whether something may be allowed at all, before its name is resolved. */
export function mayBeAllowed(list: readonly AllowedTarget[], host: string, port: number): boolean {
  const name = plainName(host);
  return list.some((each) => hasPort(each, port) && (each.network !== undefined || isNamed(each, name)));
}

/** @param address what `host` led to, in words */
export function isAllowed(list: readonly AllowedTarget[], host: string, port: number, address: string): boolean {
  const parsed = parseAddress(address);
  if (!parsed) return false;
  const name = plainName(host);
  const special = SPECIAL.find((network) => contains(network, parsed));
  return list.some((each) => {
    if (!hasPort(each, port)) return false;
    if (each.network) return contains(each.network, parsed) && (!special || isWithin(each.network, special));
    return isNamed(each, name) && (!special || (name === 'localhost' && LOOPBACK.some((net) => contains(net, parsed))));
  });
}

function hasPort({ ports: [first, last] }: AllowedTarget, port: number): boolean {
  return port >= first && port <= last;
}

function isNamed({ name: pattern }: AllowedTarget, name: string): boolean {
  if (pattern === undefined) return false;
  return pattern.startsWith('*.')
    ? name.endsWith(pattern.slice(1)) && name.length > pattern.length - 1
    : name === pattern;
}

/** Listed on purpose: the network, or a part of it. */
function isWithin(listed: Network, special: Network): boolean {
  return listed.prefix >= special.prefix && contains(special, listed as Address);
}
