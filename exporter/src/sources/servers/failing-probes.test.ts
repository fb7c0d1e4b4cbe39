import type { ProbeResult } from '../../domain/observation';
import { closeServers, listen, routes, type Handler } from './testing/server';
import { MLSERVER, probeOnce, stopSources } from './testing/source';

afterEach(stopSources);

describe('a probe of something that fails', () => {
  const html: Handler = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
  const cut: Handler = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"name":');
    setTimeout(() => response.destroy(), 20);
  };
  const cases: [string, Handler, Partial<ProbeResult>, string][] = [
    ['a web page', html, { up: true, error: { cause: 'invalid_response', text: '' } }, 'got a web page'],
    [
      'a server that hangs',
      () => undefined,
      { up: false, error: { cause: 'timeout', text: '' } },
      'within the deadline',
    ],
    ['a body that ends in the middle', cut, { up: false, error: { cause: 'closed', text: '' } }, 'connection closed'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      { up: true, error: { cause: 'redirect', text: '' } },
      'expected status 200, got a redirect to another server, http://127.0.0.1:1, which is not followed',
    ],
    [
      'a server that does not let us in',
      routes({ 'GET /v2/health/live': [401, ''] }),
      { up: true, error: { cause: 'unauthorized', text: '' } },
      'expected status 200, got 401',
    ],
    [
      'something without the protocol',
      routes({}),
      { up: true, error: { cause: 'http_status', text: '' } },
      'expected status 200, got 404',
    ],
    [
      'metadata that is no JSON',
      routes({ ...MLSERVER, 'GET /v2': '{"name": "mlse' }),
      { up: true, error: { cause: 'invalid_response', text: '' } },
      'GET /v2: expected JSON',
    ],
    [
      'metadata of another shape',
      routes({ ...MLSERVER, 'GET /v2': '[1]' }),
      { up: true, error: { cause: 'invalid_response', text: '' } },
      'expected an object, got [1]',
    ],
    [
      'an index of another shape',
      routes({ ...MLSERVER, 'POST /v2/repository/index': '{"models":[]}' }),
      { up: true, error: { cause: 'invalid_response', text: '' } },
      'expected a list',
    ],
  ];
  it.each(cases)('%s is a result with its cause, never a ready one', async (_, handler, expected, words) => {
    const result = await probeOnce(await listen(handler));
    expect(result).toMatchObject({ live: false, ready: false, models: [], up: expected.up });
    expect(result.error?.cause).toBe(expected.error?.cause);
    expect(result.error?.text.replace(/http:\/\/[^/]+/, '')).toContain(words);
  });

  it('a refused connection', async () => {
    const url = await listen(routes({}));
    await closeServers();
    const result = await probeOnce(url);
    expect(result).toMatchObject({ up: false, error: { cause: 'refused' } });
  });

  it('an answer of 100 MB is refused without reading it', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const flood: Handler = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    const before = process.memoryUsage().rss;
    const result = await probeOnce(
      await listen(routes({ ...MLSERVER, 'GET /v2': flood })),
      {},
      { probeTimeoutSeconds: 5 }
    );
    expect(result.error).toMatchObject({
      cause: 'too_large',
      text: expect.stringContaining('at most 100000 bytes') as string,
    });
    expect(sent).toBeLessThan(20_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  });
});
