import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Observation } from '../../domain/observation';
import { Slices, SYSTEM_CLOCK, type Clock } from '../clock';
import { Lane } from '../lane';
import { createApi, type KubernetesApi } from './api';
import { createBudget } from './budget';
import type { Condition } from './condition';
import { createCredentials } from './credentials';
import { KINDS } from './kinds';
import { createStore } from './store';
import { Watcher, type WatcherDeps } from './watcher';

const PATH = '/apis/mlops.seldon.io/v1alpha1/models';
const MODELS = KINDS[0];

/** Ten times as fast as the real one. */
const CLOCK: Clock = {
  ...SYSTEM_CLOCK,
  monotonicSeconds: () => SYSTEM_CLOCK.monotonicSeconds() * 10,
  after: (seconds, then) => SYSTEM_CLOCK.after(seconds / 10, then),
};

interface Asked {
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
}

/** An API server that does exactly what the test says, one request after the other. */
class ScriptedServer {
  private readonly server: Server;
  private readonly waiting: ((asked: Asked) => void)[] = [];
  private readonly arrived: Asked[] = [];
  url = '';

  constructor() {
    this.server = createServer((request: IncomingMessage, response) => {
      const asked = { query: new URL(request.url ?? '', 'http://x').searchParams, response };
      const next = this.waiting.shift();
      if (next) next(asked);
      else this.arrived.push(asked);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  next(): Promise<Asked> {
    const asked = this.arrived.shift();
    return asked ? Promise.resolve(asked) : new Promise((resolve) => this.waiting.push(resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const model = (name: string, version: number) => ({
  metadata: { name, namespace: 'ns', uid: name, resourceVersion: String(version) },
});
const list = (version: number, items: unknown[], next?: string) => ({
  metadata: { resourceVersion: String(version), ...(next === undefined ? {} : { continue: next }) },
  items,
});
const answer = ({ response }: Asked, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;

describe('Watcher', () => {
  let server: ScriptedServer;
  let api: KubernetesApi;
  let abort: AbortController;
  let running: Promise<void>;
  let told: string[];
  let conditions: Condition[];
  let drops: string[];
  let errors: string[];
  let relists: number;
  let missing: number;

  beforeEach(async () => {
    server = new ScriptedServer();
    await server.start();
    abort = new AbortController();
    told = [];
    conditions = [];
    drops = [];
    errors = [];
    relists = 0;
    missing = 0;
    const options = { server: server.url, namespaces: [], staleAfterSeconds: 5, pageSize: 2, requestsPerSecond: 1_000 };
    const budget = createBudget(1_000, CLOCK, () => undefined);
    api = createApi(createCredentials(options), 'test', budget);
  });

  afterEach(async () => {
    abort.abort();
    await running;
    await api.close();
    await server.stop();
  });

  function run(staleAfterSeconds = 50, selector?: string, changes: Partial<WatcherDeps> = {}): void {
    if (!MODELS) throw new Error('no kinds');
    const telemetry = {
      relist: () => void relists++,
      error: (_: string, reason: string) => void errors.push(reason),
      events: () => undefined,
      waited: () => undefined,
      probeStarted: () => undefined,
      newcomersAsked: () => undefined,
      foreign: () => undefined,
      dropped: (_: string, reason: string, detail: string) => void drops.push(`${reason} ${detail}`),
    };
    const tell = (one: Observation) => {
      if (one.kind === 'resource-applied') told.push(`+${one.resource.meta.name}`);
      if (one.kind === 'resource-deleted') told.push(`-${one.name}`);
    };
    const watcher = new Watcher({
      api,
      source: 'test',
      path: PATH,
      ...(selector === undefined ? {} : { labelSelector: selector }),
      pageSize: 2,
      staleAfterSeconds,
      view: createStore(MODELS, tell, telemetry).view('v1alpha1'),
      optional: false,
      protocol: { pagedUntilMonotonicSeconds: Infinity },
      lists: new Lane(1),
      slices: new Slices(),
      clock: CLOCK,
      ...changes,
      telemetry,
      report: (condition) => conditions.push(condition),
      missing: () => void missing++,
    });
    running = watcher.run(abort.signal);
  }

  const state = () => conditions.at(-1)?.state;

  /** Resolves when it holds; what changes it is always an answer of the server. */
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  }

  it('lists page by page with the label selector, then watches from the version of the list', async () => {
    run(50, 'a=b');
    const first = await server.next();
    expect(Object.fromEntries(first.query)).toEqual({ limit: '2', labelSelector: 'a=b' });
    answer(first, list(10, [model('a', 1), model('b', 2)], 'more'));
    const second = await server.next();
    expect(Object.fromEntries(second.query)).toEqual({ limit: '2', continue: 'more', labelSelector: 'a=b' });
    answer(second, list(10, [model('c', 3)]));
    const watch = await server.next();
    expect(Object.fromEntries(watch.query)).toMatchObject({
      watch: 'true',
      resourceVersion: '10',
      allowWatchBookmarks: 'true',
      labelSelector: 'a=b',
    });
    const timeout = Number(watch.query.get('timeoutSeconds'));
    expect(timeout).toBeGreaterThanOrEqual(300);
    expect(timeout).toBeLessThanOrEqual(600);
    expect(told).toEqual(['+a', '+b', '+c']);
    expect(relists).toBe(1);
    expect(state()).toBe('synced');
  });

  it('goes on from the last event or bookmark after a clean end, and in the middle of a line', async () => {
    run();
    answer(await server.next(), list(10, [model('a', 1)]));
    let watch = await server.next();
    watch.response.write(line('MODIFIED', model('a', 11)) + line('BOOKMARK', { metadata: { resourceVersion: '15' } }));
    watch.response.end();
    watch = await server.next();
    expect(watch.query.get('resourceVersion')).toBe('15');
    const text = line('ADDED', model('b', 16)) + line('DELETED', model('a', 17));
    watch.response.write(text.slice(0, -10));
    watch.response.end();
    watch = await server.next();
    expect(watch.query.get('resourceVersion')).toBe('16');
    watch.response.write(line('DELETED', model('a', 17)) + line('ADDED', model('c', 18)));
    watch.response.end();
    await server.next();
    expect(told).toEqual(['+a', '+a', '+b', '-a', '+c']);
    expect(relists).toBe(1);
    expect(conditions.some((one) => one.state === 'failing')).toBe(false);
  });

  it.each([
    ['as a status', (asked: Asked) => void answer(asked, { code: 410 }, 410)],
    ['as an event', (asked: Asked) => void asked.response.end(line('ERROR', { kind: 'Status', code: 410 }))],
  ])('lists again after 410 %s, and tells only what changed in between', async (_, expire) => {
    run();
    answer(await server.next(), list(10, [model('a', 1), model('b', 2), model('c', 3)]));
    expire(await server.next());
    answer(await server.next(), list(20, [model('a', 1), model('c', 19)]));
    const watch = await server.next();
    expect(watch.query.get('resourceVersion')).toBe('20');
    expect(told).toEqual(['+a', '+b', '+c', '+c', '-b']);
    expect(relists).toBe(2);
  });

  it('begins a list anew whose continue token expired, and sweeps nothing before it is whole', async () => {
    run();
    answer(await server.next(), list(10, [model('a', 1), model('b', 2)]));
    answer(await server.next(), { code: 410 }, 410);
    answer(await server.next(), list(20, [model('b', 2)], 'more'));
    answer(await server.next(), { code: 410 }, 410);
    const again = await server.next();
    expect(again.query.get('continue')).toBeNull();
    expect(told).toEqual(['+a', '+b']);
    answer(again, list(21, [model('a', 1)]));
    await server.next();
    expect(told).toEqual(['+a', '+b', '-b']);
  });

  it('counts an unreadable event and lists again, so that nothing is lost with it', async () => {
    run();
    answer(await server.next(), list(10, [model('a', 1)]));
    (await server.next()).response.end(`{"type":"MODIFIED","obj\n${line('ADDED', model('never', 12))}`);
    answer(await server.next(), list(20, [model('b', 15)]));
    await server.next();
    expect(drops).toEqual([expect.stringMatching(/^malformed_json GET .+models: expected a watch event as JSON/)]);
    expect(told).toEqual(['+a', '+b', '-a']);
  });

  it('counts an event of an unknown type and goes on', async () => {
    run();
    answer(await server.next(), list(10, []));
    const watch = await server.next();
    watch.response.write(line('MOVED', model('a', 11)) + line('ADDED', model('b', 12)));
    watch.response.end();
    await server.next();
    expect(told).toEqual(['+b']);
    expect(drops).toEqual([expect.stringContaining('expected a watch event, got "MOVED"')]);
  });

  it('is silent when nothing comes, and until something comes, but asks again', async () => {
    run(4);
    answer(await server.next(), list(10, [model('a', 1)]));
    let watch = await server.next();
    watch.response.write(line('BOOKMARK', { metadata: { resourceVersion: '11' } }));
    watch = await server.next();
    expect(watch.query.get('resourceVersion')).toBe('11');
    expect(conditions.at(-1)).toMatchObject({ state: 'silent', message: 'no event and no bookmark for 4 s' });
    watch.response.writeHead(200).flushHeaders();
    watch = await server.next();
    expect(state()).toBe('silent');
    watch.response.write(line('BOOKMARK', { metadata: { resourceVersion: '12' } }));
    watch.response.end();
    await server.next();
    expect(state()).toBe('synced');
    expect(told).toEqual(['+a']);
  });

  it('takes a new list where the server sends no bookmarks: silence is no fault there', async () => {
    run(3);
    answer(await server.next(), list(10, [model('a', 1)]));
    (await server.next()).response.writeHead(200).flushHeaders();
    const relist = await server.next();
    expect(relist.query.get('watch')).toBeNull();
    answer(relist, list(20, [model('b', 2)]));
    await server.next();
    expect(state()).toBe('synced');
    expect(told).toEqual(['+a', '+b', '-a']);
  });

  it.each([
    [500, 'server_error', 'expected status 200, got 500'],
    [403, 'forbidden', 'needs get, list and watch'],
    [401, 'unauthorized', 'token or certificate not accepted'],
  ])('says in words that it fails with %d, and tries until it does not', async (status, reason, words) => {
    run();
    answer(await server.next(), {}, status);
    // A 401 is asked once more at once, with credentials that were read anew.
    if (status === 401) answer(await server.next(), {}, status);
    const next = await server.next();
    expect(conditions.at(-1)).toMatchObject({ state: 'failing', message: expect.stringContaining(words) as string });
    expect(errors).toEqual([reason]);
    answer(next, list(10, []));
    await server.next();
    expect(state()).toBe('synced');
  });

  it('waits as long as the server asks', async () => {
    run();
    const first = await server.next();
    const at = performance.now();
    first.response.writeHead(429, { 'retry-after': '5' }).end();
    await server.next();
    // Pauses are a tenth as long here.
    expect(performance.now() - at).toBeGreaterThan(450);
    expect(errors).toEqual(['rate_limited']);
  });

  it.each([
    ['a web page', '<html>', 'expected JSON, got "<html>"'],
    ['something else', '{"kind":"Status"}', 'expected a list'],
    ['items of another type', '{"metadata":{"resourceVersion":"1"},"items":{}}', 'items: expected a list, got {}'],
    ['a list without version', '{"metadata":{},"items":[]}', 'metadata.resourceVersion: expected a text'],
  ])('does not take %s for a list', async (_, body, words) => {
    run();
    (await server.next()).response.end(body);
    await server.next();
    expect(errors).toEqual(['invalid_response']);
    expect(conditions.at(-1)).toMatchObject({ state: 'failing', message: expect.stringContaining(words) as string });
    expect(relists).toBe(0);
  });

  it('asks whether the kind is still there when its list is not', async () => {
    run();
    answer(await server.next(), {}, 404);
    await server.next();
    expect(missing).toBe(1);
    expect(errors).toEqual(['not_found']);
  });

  describe('a streamed list', () => {
    const end = (version: number) =>
      line('BOOKMARK', {
        metadata: { resourceVersion: String(version), annotations: { 'k8s.io/initial-events-end': 'true' } },
      });
    const streamed = { protocol: { pagedUntilMonotonicSeconds: -Infinity } };

    it('is asked for as the API wants it, and goes on as the watch', async () => {
      run(50, 'a=b', streamed);
      const first = await server.next();
      expect(Object.fromEntries(first.query)).toMatchObject({
        watch: 'true',
        sendInitialEvents: 'true',
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: 'true',
        labelSelector: 'a=b',
      });
      expect(first.query.get('resourceVersion')).toBeNull();
      first.response.write(line('ADDED', model('a', 1)) + line('ADDED', model('b', 2)));
      first.response.write(end(10) + line('DELETED', model('a', 11)));
      first.response.end();
      const next = await server.next();
      expect(next.query.get('resourceVersion')).toBe('11');
      expect(next.query.get('sendInitialEvents')).toBeNull();
      expect(told).toEqual(['+a', '+b', '-a']);
      expect([relists, errors]).toEqual([1, []]);
    });

    it('shows nothing gone before it is whole', async () => {
      run(50, undefined, streamed);
      const first = await server.next();
      first.response.end(
        line('ADDED', model('a', 1)) + line('ADDED', model('b', 2)) + end(10) + line('ERROR', { code: 410 })
      );
      const second = await server.next();
      second.response.end(line('ADDED', model('b', 2)));
      const third = await server.next();
      expect(told).toEqual(['+a', '+b']);
      expect(third.query.get('sendInitialEvents')).toBe('true');
      third.response.end(line('ADDED', model('b', 2)) + end(12));
      await server.next();
      expect(told).toEqual(['+a', '+b', '-a']);
    });

    it.each<[string, (asked: Asked) => unknown]>([
      ['refuses it with 422', (asked) => answer(asked, {}, 422)],
      ['refuses it with 400', (asked) => answer(asked, {}, 400)],
      [
        'ignores the parameter, which a usual bookmark shows',
        ({ response }) =>
          response.write(line('ADDED', model('a', 1)) + line('BOOKMARK', { metadata: { resourceVersion: '9' } })),
      ],
      ['never ends it', ({ response }) => response.write(line('ADDED', model('a', 1)))],
      ['answers with something else', ({ response }) => response.end('<html>\n')],
    ])('becomes a list in pages where the server %s', async (_, refuse) => {
      const { protocol } = { protocol: { pagedUntilMonotonicSeconds: -Infinity } };
      run(50, undefined, { protocol });
      refuse(await server.next());
      const paged = await server.next();
      expect(paged.query.get('watch')).toBeNull();
      answer(paged, list(10, [model('a', 1), model('b', 2)]));
      expect((await server.next()).query.get('resourceVersion')).toBe('10');
      expect(told).toEqual(['+a', '+b']);
      expect(state()).toBe('synced');
      expect(protocol.pagedUntilMonotonicSeconds).toBeGreaterThan(CLOCK.monotonicSeconds());
    });

    it('becomes a list in pages when its stream breaks off twice', async () => {
      run(50, undefined, streamed);
      (await server.next()).response.end(line('ADDED', model('a', 1)));
      (await server.next()).response.end(line('ADDED', model('a', 1)));
      expect((await server.next()).query.get('watch')).toBeNull();
    });
  });

  it('does without a kind that it may not read, and does not ask again soon', async () => {
    run(50, undefined, { optional: true });
    answer(await server.next(), list(10, [model('a', 1)]));
    answer(await server.next(), {}, 403);
    await until(() => state() === 'forbidden');
    expect(conditions.at(-1)?.message).toContain('not allowed, and not needed: GET');
    expect(told).toEqual(['+a', '-a']);
    expect(errors).toEqual(['forbidden']);
  });

  it('leaves out what is late or comes twice, and never goes back in time', async () => {
    run();
    answer(await server.next(), list(10, [model('a', 5)]));
    const watch = await server.next();
    watch.response.write(line('MODIFIED', model('a', 12)) + line('MODIFIED', model('a', 12)));
    watch.response.write(line('MODIFIED', model('a', 11)) + line('DELETED', model('a', 9)));
    watch.response.write(line('BOOKMARK', { metadata: { resourceVersion: '8' } }));
    watch.response.write(line('DELETED', model('a', 13)) + line('MODIFIED', model('a', 12)));
    watch.response.end();
    expect((await server.next()).query.get('resourceVersion')).toBe('13');
    expect(told).toEqual(['+a', '+a', '-a']);
  });

  it('takes a new object of the same name for what it is', async () => {
    run();
    answer(await server.next(), list(10, [model('a', 5)]));
    const again = { metadata: { ...model('a', 13).metadata, uid: 'other' } };
    (await server.next()).response.end(
      line('DELETED', model('a', 12)) + line('ADDED', again) + line('DELETED', model('a', 12))
    );
    await server.next();
    expect(told).toEqual(['+a', '-a', '+a']);
  });

  it('names the selector that the API server does not accept', async () => {
    run(50, 'a in (b', { fieldSelector: 'spec.x=1' });
    answer(await server.next(), {}, 400);
    await server.next();
    expect(conditions.at(-1)?.message).toMatch(
      /got 400: it does not accept labelSelector "a in \(b" and fieldSelector "spec.x=1" \(custom resources know/
    );
  });
});
