import { proxyOf } from './proxy';

const HTTPS_PROXY = 'http://proxy.internal:3128';

describe('proxyOf', () => {
  it.each<[server: string, env: NodeJS.ProcessEnv, expected: string | undefined]>([
    ['https://10.96.0.1:443', { HTTPS_PROXY }, HTTPS_PROXY],
    ['https://api', { https_proxy: HTTPS_PROXY }, HTTPS_PROXY],
    ['https://api', { HTTPS_PROXY: 'proxy.internal:3128' }, HTTPS_PROXY],
    ['https://api', { HTTP_PROXY: HTTPS_PROXY }, undefined],
    ['http://api', { HTTP_PROXY: HTTPS_PROXY }, HTTPS_PROXY],
    ['https://api', {}, undefined],
    // This machine is never behind a proxy.
    ['https://127.0.0.1:6443', { HTTPS_PROXY }, undefined],
    ['https://localhost:6443', { HTTPS_PROXY }, undefined],
    ['https://[::1]:6443', { HTTPS_PROXY }, undefined],
  ])('%s with %j goes to %s', (server, env, expected) => expect(proxyOf(server, env)).toBe(expected));

  it.each<[noProxy: string, server: string, exempt: boolean]>([
    ['*', 'https://api.example.com', true],
    ['10.96.0.0/12', 'https://10.96.0.1:443', true],
    ['10.96.0.0/12', 'https://10.200.0.1:443', false],
    ['10.96.0.0/12', 'https://api.example.com', false],
    ['fd00::/8', 'https://[fd12::1]:443', true],
    ['fd00::/8', 'https://10.0.0.1', false],
    ['10.96.0.1', 'https://10.96.0.1', true],
    ['10.96.0.1:443', 'https://10.96.0.1', true],
    ['10.96.0.1:443', 'https://10.96.0.1:6443', false],
    ['example.com', 'https://api.example.com', true],
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://badexample.com', false],
    ['.example.com', 'https://api.example.com', true],
    ['.example.com', 'https://example.com', false],
    ['*.example.com', 'https://api.example.com', true],
    ['API.example.com:6443', 'https://api.Example.com:6443', true],
    ['a, example.com , b', 'https://api.example.com', true],
    ['10.0.0.0/99,nonsense/8,,:', 'https://10.0.0.1', false],
  ])('NO_PROXY=%s: %s is exempt: %s', (noProxy, server, exempt) => {
    expect(proxyOf(server, { HTTPS_PROXY, NO_PROXY: noProxy })).toBe(exempt ? undefined : HTTPS_PROXY);
    expect(proxyOf(server, { HTTPS_PROXY, no_proxy: noProxy })).toBe(exempt ? undefined : HTTPS_PROXY);
  });

  it('does not tell what is no URL of a proxy', () => {
    const refused = () => proxyOf('https://api', { HTTPS_PROXY: 'ftp://me:hunter2@proxy' });
    expect(refused).toThrow('HTTPS_PROXY: expected an http, https or socks5 URL of a proxy, got something else');
    expect(refused).not.toThrow('hunter2');
  });
});
