import { isIP } from 'node:net';
import { parseAddress, parseNetwork } from './address';
import { isAllowed, mayBeAllowed, parseAllowedTarget, type AllowedTarget } from './probe-targets';

const list = (...texts: readonly string[]) =>
  texts.map((text) => {
    const parsed = parseAllowedTarget(text);
    if (!parsed) throw new Error(text);
    return parsed;
  });
const allows = (allowed: readonly AllowedTarget[], host: string, port: number, address = host) =>
  mayBeAllowed(allowed, host, port) && isAllowed(allowed, host, port, address);

describe('addresses', () => {
  it.each([
    '1.2.3.4',
    '1.2.3',
    '01.2.3.4',
    '256.1.1.1',
    '::',
    '::1',
    '1::2::3',
    'fe80::1',
    '1:2:3:4:5:6:7:8',
    '1:2',
    '::1.2.3.4',
    '::1.2.3',
    '12345::',
    ':::',
    '1:2:3:4:5:6:7::',
    'g::',
  ])('%s is one when Node says so', (text) => expect(parseAddress(text) !== undefined).toBe(isIP(text) !== 0));

  it('are the same in the clothes of IPv6', () => {
    expect(parseAddress('::ffff:169.254.169.254')).toEqual(parseAddress('169.254.169.254'));
    expect(parseAddress('::ffff:a9fe:a9fe')).toEqual(parseAddress('169.254.169.254'));
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::/129', 'x/8'])('%s is no network', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});

describe('targets that may be probed', () => {
  it.each([
    '*:8000',
    'gpu',
    'gpu:',
    'gpu:0',
    'gpu:9-8',
    'gpu:70000',
    '999.1.1.1:80',
    'fd00::1:80',
    'a b:80',
    'http://gpu:80',
    '[gpu]:80',
    '*.*.a:1',
    '10.0.0.0/99:1',
  ])('%s cannot be listed', (text) => expect(parseAllowedTarget(text)).toBeUndefined());

  it('are what the list says, by name, ports and network', () => {
    const allowed = list('gpu-1.example.com:8000', '*.models.svc:8000-8001', '10.1.0.0/16:*', '[fd00::/16]:80');
    expect(allows(allowed, 'GPU-1.example.com.', 8000, '10.9.9.9')).toBe(true);
    expect(allows(allowed, 'gpu-1.example.com', 8001, '10.9.9.9')).toBe(false);
    expect(allows(allowed, 'xgpu-1.example.com', 8000, '10.9.9.9')).toBe(false);
    expect(allows(allowed, 'a.b.models.svc', 8001, '192.168.1.1')).toBe(true);
    expect(allows(allowed, 'models.svc', 8001, '192.168.1.1')).toBe(false);
    expect(allows(allowed, '10.1.2.3', 1)).toBe(true);
    expect(allows(allowed, '10.2.2.3', 1)).toBe(false);
    expect(allows(allowed, 'anything', 5, '10.1.2.3')).toBe(true);
    expect(allows(allowed, 'fd00::1', 80)).toBe(true);
    expect(allows(allowed, 'fd01::1', 80)).toBe(false);
    expect(allows([], '10.1.2.3', 80)).toBe(false);
  });

  it.each([
    '127.0.0.1',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '64:ff9b::a9fe:a9fe',
    '255.255.255.255',
  ])('are not %s, which a name leads to or a wide network holds, unless it is listed itself', (address) => {
    expect(allows(list('*.example.com:80'), 'evil.example.com', 80, address)).toBe(false);
    expect(allows(list('0.0.0.0/0:80', '[::/0]:80', '100.0.0.0/8:80', '[fd00::/8]:80'), address, 80)).toBe(false);
    const own = address.includes(':') ? `[${address}]:80` : `${address}:80`;
    expect(allows(list(own), address, 80)).toBe(true);
  });

  it('may be this machine by its name', () => {
    expect(allows(list('localhost:80'), 'localhost', 80, '127.0.0.1')).toBe(true);
    expect(allows(list('localhost:80'), 'localhost', 80, '169.254.169.254')).toBe(false);
    expect(allows(list('127.0.0.0/8:80'), '127.0.0.1', 80)).toBe(true);
  });
});
