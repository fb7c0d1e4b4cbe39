import { generate } from 'selfsigned';
import { Agent, fetch as undiciFetch } from 'undici';
import { startDemo } from '../start';
import type { Demo, DemoOptions, KubernetesObject } from '../types';

interface WatchEvent {
  readonly type: string;
  readonly object: KubernetesObject & { readonly code?: number; readonly reason?: string; readonly message?: string };
}
interface List {
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly KubernetesObject[];
}

const MODELS = '/apis/mlops.seldon.io/v1alpha1/models';
let demo: Demo;
const closers: (() => void)[] = [];

async function begin(options: DemoOptions = {}): Promise<void> {
  demo = await startDemo({ bookmarkIntervalMs: 20, ...options });
}

afterEach(async () => {
  closers.splice(0).forEach((close) => close());
  await demo.stop();
});

async function get(path: string, init: RequestInit = {}): Promise<{ status: number; type: string; body: unknown }> {
  const response = await fetch(demo.api.url + path, init);
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  return { status: response.status, type, body: type.startsWith('application/json') ? JSON.parse(text) : text };
}

const list = async (path: string) => (await get(path)).body as List;
const names = (objects: readonly KubernetesObject[]) => objects.map((object) => object.metadata.name);

/** An open watch whose events are taken one after the other; `undefined` when it ended. */
async function watch(
  path: string
): Promise<{ next(): Promise<WatchEvent | undefined>; status: number; rest: () => string }> {
  const stop = new AbortController();
  closers.push(() => stop.abort());
  const response = await fetch(`${demo.api.url}${path}`, { signal: stop.signal });
  const reader = response.body?.getReader();
  let buffered = '';
  const next = async (): Promise<WatchEvent | undefined> => {
    for (;;) {
      const end = buffered.indexOf('\n');
      if (end >= 0) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 1);
        return JSON.parse(line) as WatchEvent;
      }
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return undefined;
      buffered += Buffer.from(chunk.value).toString('utf8');
    }
  };
  return { next, status: response.status, rest: () => buffered };
}

async function nextOf(type: string, from: { next(): Promise<WatchEvent | undefined> }): Promise<WatchEvent> {
  for (;;) {
    const event = await from.next();
    if (event === undefined) throw new Error(`the watch ended before ${type}`);
    if (event.type === type) return event;
  }
}

function aModel(name: string, memory: string): KubernetesObject {
  return {
    apiVersion: 'mlops.seldon.io/v1alpha1',
    kind: 'Model',
    metadata: { name, namespace: 'payments', uid: name, labels: { tier: 'gold' } },
    spec: { memory },
  };
}

describe('discovery', () => {
  it('lists groups, versions and resources, and the version of the server', async () => {
    await begin();
    expect((await get('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { body } = await get('/apis');
    expect((body as { groups: { name: string }[] }).groups.map((group) => group.name)).toEqual([
      'mlops.seldon.io',
      'serving.kserve.io',
      'apps',
      'autoscaling',
      'coordination.k8s.io',
      'batch',
      'argoproj.io',
    ]);
    expect((await get('/apis/serving.kserve.io')).body).toMatchObject({ preferredVersion: { version: 'v1beta1' } });
    const resources = (await get('/apis/mlops.seldon.io/v1alpha1')).body as { resources: { name: string }[] };
    expect(resources.resources.map((resource) => resource.name)).toContain('pipelines');
    expect((await get('/version')).body).toMatchObject({ gitVersion: 'v1.34.1' });
    expect(await get('/healthz')).toMatchObject({ status: 200, body: 'ok' });
  });

  it('forgets a kind that is uninstalled, ends its watches, and has it back with its objects', async () => {
    await begin();
    const open = await watch(`${MODELS}?watch=true&resourceVersion=${(await list(MODELS)).metadata.resourceVersion}`);
    demo.api.uninstallKind('Model');
    expect(await open.next()).toBeUndefined();
    expect(await get(MODELS)).toMatchObject({ status: 404, type: expect.stringContaining('text/plain') });
    const group = (await get('/apis/mlops.seldon.io/v1alpha1')).body as { resources: { name: string }[] };
    expect(group.resources.map((resource) => resource.name)).not.toContain('models');
    demo.api.installKind('Model');
    expect((await list(MODELS)).items).toHaveLength(18);
  });
});

describe('list', () => {
  it('gives pages of one moment, whatever changes in between', async () => {
    await begin();
    const whole = await list(MODELS);
    expect(whole.kind).toBe('ModelList');
    let page = await list(`${MODELS}?limit=5`);
    expect(page.metadata.remainingItemCount).toBe(13);
    const seen = [...page.items];
    demo.api.apply(aModel('aaa-new', '1Mi'));
    demo.api.remove({ kind: 'Model', namespace: 'support', name: 'translate-batch' });
    while (page.metadata.continue !== undefined) {
      page = await list(`${MODELS}?limit=5&continue=${encodeURIComponent(page.metadata.continue)}`);
      seen.push(...page.items);
      expect(page.metadata.resourceVersion).toBe(whole.metadata.resourceVersion);
    }
    expect(seen).toEqual(whole.items);
    expect(names((await list(MODELS)).items)).toContain('aaa-new');
  });

  it('answers 410 to a token whose moment is forgotten, 400 to one that it never gave', async () => {
    await begin();
    const { metadata } = await list(`${MODELS}?limit=5`);
    demo.api.expireHistory();
    const old = await get(`${MODELS}?limit=5&continue=${encodeURIComponent(metadata.continue ?? '')}`);
    expect(old).toMatchObject({ status: 410, body: { kind: 'Status', reason: 'Expired', code: 410 } });
    expect(await get(`${MODELS}?continue=nonsense`)).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
  });

  it('keeps to a namespace and to labels', async () => {
    await begin();
    const payments = await list('/apis/mlops.seldon.io/v1alpha1/namespaces/payments/models');
    expect(new Set(payments.items.map((item) => item.metadata.namespace))).toEqual(new Set(['payments']));
    demo.api.apply(aModel('golden', '1Mi'));
    const labelled = (selector: string) => list(`${MODELS}?labelSelector=${encodeURIComponent(selector)}`);
    expect(names((await labelled('tier=gold')).items)).toEqual(['golden']);
    expect(names((await labelled('tier')).items)).toEqual(['golden']);
    expect((await labelled('!tier,app.kubernetes.io/part-of=growth')).items).toHaveLength(4);
    expect(names((await labelled('tier in (gold, silver),!other')).items)).toEqual(['golden']);
    expect(names((await labelled('tier notin (gold)')).items)).not.toContain('golden');
    expect((await get(`${MODELS}?labelSelector=a%20in%20b`)).status).toBe(400);
  });

  it('gives single objects, cluster-wide kinds, and a Status for what is not there', async () => {
    await begin();
    expect(await get('/apis/mlops.seldon.io/v1alpha1/namespaces/payments/models/fraud-scorer')).toMatchObject({
      status: 200,
      body: { kind: 'Model', metadata: { name: 'fraud-scorer' } },
    });
    expect(await get('/apis/mlops.seldon.io/v1alpha1/namespaces/payments/models/nope')).toMatchObject({
      status: 404,
      body: { message: 'models.mlops.seldon.io "nope" not found', reason: 'NotFound' },
    });
    expect((await list('/api/v1/nodes')).items).toHaveLength(6);
    expect((await list('/apis/serving.kserve.io/v1alpha1/clusterservingruntimes')).items[0]).toMatchObject({
      status: {},
    });
  });
});

describe('watch', () => {
  it('tells what happened after a list, in order, each with a newer resourceVersion', async () => {
    await begin();
    const { metadata } = await list(MODELS);
    demo.api.apply(aModel('one', '1Mi'));
    const events = await watch(`${MODELS}?watch=true&resourceVersion=${metadata.resourceVersion}`);
    demo.api.apply(aModel('one', '2Mi'));
    demo.api.apply(aModel('one', '2Mi'));
    demo.api.remove({ kind: 'Model', namespace: 'payments', name: 'one' });
    const seen = [await events.next(), await events.next(), await events.next()];
    expect(seen.map((event) => event?.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    const versions = seen.map((event) => Number(event?.object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(3);
    expect(seen[2]?.object).toMatchObject({ spec: { memory: '2Mi' } });
  });

  it('starts with what is there when no resourceVersion is given', async () => {
    await begin();
    const events = await watch(`${MODELS}?watch=true`);
    const first = await events.next();
    expect(first).toMatchObject({ type: 'ADDED', object: { kind: 'Model' } });
  });

  it('sends bookmarks to those who allow them, with the newest resourceVersion of all kinds', async () => {
    await begin();
    const { metadata } = await list(MODELS);
    const events = await watch(
      `${MODELS}?watch=true&allowWatchBookmarks=true&resourceVersion=${metadata.resourceVersion}`
    );
    const first = await nextOf('BOOKMARK', events);
    expect(Object.keys(first.object)).toEqual(['kind', 'apiVersion', 'metadata']);
    demo.setScenario('degraded', true);
    await nextOf('MODIFIED', events);
    const later = await nextOf('BOOKMARK', events);
    expect(Number(later.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(first.object.metadata.resourceVersion)
    );
  });

  it('streams the initial events and marks their end', async () => {
    await begin();
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = await watch(`${MODELS}?${query}`);
    const seen: WatchEvent[] = [];
    for (let event = await events.next(); event?.type === 'ADDED'; event = await events.next()) seen.push(event);
    expect(seen).toHaveLength(18);
    const again = await watch(`${MODELS}?${query}`);
    const end = await nextOf('BOOKMARK', again);
    expect(end.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  it('refuses initial events like a server without the feature', async () => {
    await begin({ watchList: false });
    const { status, body } = await get(`${MODELS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`);
    expect({ status, body }).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
  });

  it('answers an expired resourceVersion with an ERROR event and ends', async () => {
    await begin();
    const { metadata } = await list(MODELS);
    demo.api.expireHistory();
    const events = await watch(`${MODELS}?watch=true&resourceVersion=${metadata.resourceVersion}`);
    expect(events.status).toBe(200);
    expect(await events.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 },
    });
    expect(await events.next()).toBeUndefined();
    const fresh = await list(MODELS);
    const followUp = await watch(`${MODELS}?watch=true&resourceVersion=${fresh.metadata.resourceVersion}`);
    demo.api.apply(aModel('later', '1Mi'));
    expect(await followUp.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'later' } } });
  });

  it('ends after timeoutSeconds', async () => {
    await begin();
    const { metadata } = await list(MODELS);
    const events = await watch(`${MODELS}?watch=true&timeoutSeconds=1&resourceVersion=${metadata.resourceVersion}`);
    expect(await events.next()).toBeUndefined();
  });
});

describe('faults on demand', () => {
  const openWatch = async () =>
    watch(
      `${MODELS}?watch=true&allowWatchBookmarks=true&resourceVersion=${(await list(MODELS)).metadata.resourceVersion}`
    );

  it('ends watches cleanly, or in the middle of a line', async () => {
    await begin({ bookmarkIntervalMs: 60_000 });
    const clean = await openWatch();
    demo.api.disconnectWatches('clean');
    expect(await clean.next()).toBeUndefined();
    const torn = await openWatch();
    demo.api.disconnectWatches('mid-line');
    await expect(torn.next()).rejects.toThrow();
    expect(torn.rest()).toMatch(/^\{"type":"MODIFIED"/);
  });

  it('fails the next requests only, with headers', async () => {
    await begin();
    demo.api.failNext(2, 429, { 'retry-after': '1' });
    const first = await fetch(demo.api.url + MODELS);
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await first.json()).toMatchObject({ kind: 'Status', reason: 'TooManyRequests', code: 429 });
    expect((await get(MODELS)).status).toBe(429);
    expect((await get(MODELS)).status).toBe(200);
  });

  it('falls silent on one kind, and tells what happened once it speaks again', async () => {
    await begin();
    const models = await openWatch();
    demo.api.silence(true, 'Model');
    demo.api.apply(aModel('unheard', '1Mi'));
    const unanswered = new AbortController();
    const hanging = fetch(demo.api.url + MODELS, { signal: unanswered.signal });
    expect((await list('/apis/mlops.seldon.io/v1alpha1/servers')).items).toHaveLength(8);
    const quiet = await Promise.race([nextOf('ADDED', models), get('/apis').then(() => 'nothing yet')]);
    expect(quiet).toBe('nothing yet');
    unanswered.abort();
    await expect(hanging).rejects.toThrow();
    demo.api.silence(false);
    expect((await list(MODELS)).items).toHaveLength(19);
  });

  it('serves a kind in the versions that it is told to, and ends the watches of others', async () => {
    await begin();
    const events = await openWatch();
    const newer = MODELS.replace('v1alpha1', 'v1');
    demo.api.serveVersions('Model', ['v1']);
    while ((await events.next()) !== undefined);
    expect([(await get(MODELS)).status, (await get(newer)).status]).toEqual([404, 200]);
    expect(JSON.stringify((await get('/apis')).body)).toContain('"mlops.seldon.io/v1"');
    expect(JSON.stringify((await get('/apis/mlops.seldon.io/v1')).body)).toContain('"models"');
  });

  it('forbids what it is told to', async () => {
    await begin();
    demo.api.forbid([MODELS]);
    expect(await get(`${MODELS}?limit=1`)).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
    demo.api.forbid([]);
    expect((await get(MODELS)).status).toBe(200);
  });

  it('tells events twice and late, each late one before a bookmark of its time', async () => {
    await begin({ bookmarkIntervalMs: 60_000 });
    const events = await openWatch();
    demo.api.disorder(true);
    demo.api.apply(aModel('one', '1Mi'));
    demo.api.apply(aModel('two', '1Mi'));
    const told: string[] = [];
    while (told.length < 6) {
      const event = await events.next();
      told.push(`${event?.type} ${event?.object.metadata.name ?? ''}`);
    }
    expect(told).toEqual(['ADDED one', 'ADDED one', 'ADDED two', 'ADDED two', 'ADDED one', 'BOOKMARK ']);
  });

  it('comes back on the same port with the same objects, and knows no older resourceVersion', async () => {
    await begin();
    const before = await list(MODELS);
    const { url } = demo.api;
    await demo.api.restart();
    expect(demo.api.url).toBe(url);
    const after = await list(MODELS);
    expect(after.items).toEqual(before.items);
    expect(Number(after.metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion));
    const events = await watch(`${MODELS}?watch=true&resourceVersion=${before.metadata.resourceVersion}`);
    expect(await events.next()).toMatchObject({ type: 'ERROR', object: { code: 410 } });
  });

  it.each(['//', '/%zz', '/apis/%E0%A4%A', '/api/v1/namespaces/x/pods/%zz/proxy/'])(
    'survives the path %s',
    async (path) => {
      await begin();
      expect((await get(path)).status).toBe(404);
      expect((await get('/api')).status).toBe(200);
    }
  );

  it('counts requests by path', async () => {
    await begin();
    await get(`${MODELS}?limit=1`);
    await get(MODELS);
    expect(demo.api.requests.get(`GET ${MODELS}`)).toBe(2);
  });
});

describe('access', () => {
  it('asks for the token, and for the new one after a rotation', async () => {
    await begin({ token: 'first' });
    const as = (token: string) => get(MODELS, { headers: { authorization: `Bearer ${token}` } });
    expect(await get(MODELS)).toMatchObject({ status: 401, body: { reason: 'Unauthorized', message: 'Unauthorized' } });
    expect((await as('first')).status).toBe(200);
    demo.api.setToken('second');
    expect((await as('first')).status).toBe(401);
    expect((await as('second')).status).toBe(200);
  });

  it('speaks TLS', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
    await begin({ tls: { cert, key } });
    expect(demo.api.url).toMatch(/^https:/);
    const dispatcher = new Agent({ connect: { ca: cert, servername: 'localhost' } });
    try {
      const answer = await undiciFetch(`${demo.api.url}${MODELS}?limit=1`, { dispatcher });
      expect(answer.status).toBe(200);
    } finally {
      await dispatcher.close();
    }
  });
});

describe('pod proxy', () => {
  const pod = '/api/v1/namespaces/payments/pods/mlserver-0';

  it('passes calls on to the model server of the pod', async () => {
    await begin();
    expect(await get(`${pod}:9000/proxy/v2`)).toMatchObject({ status: 200, body: { name: 'mlserver' } });
    const index = await get(`${pod}:9000/proxy/v2/repository/index`, { method: 'POST', body: '{}' });
    expect(index).toMatchObject({ status: 200 });
    expect(JSON.stringify(index.body)).toContain('"state":"READY"');
    expect((await get(`${pod}:8082/proxy/metrics`)).body).toContain('model_infer_request_success_total');
    expect((await get(`${pod}:9000/proxy/v2/models/nope/ready`)).status).toBe(404);
  });

  it('says when the pod or its port is not there', async () => {
    await begin();
    expect(await get('/api/v1/namespaces/payments/pods/nope:9000/proxy/v2')).toMatchObject({
      status: 404,
      body: { message: 'pods "nope" not found' },
    });
    const refused = await get(`${pod}:1/proxy/v2`);
    expect(refused).toMatchObject({ status: 503, body: { reason: 'ServiceUnavailable' } });
    expect(refused.body).toMatchObject({ message: expect.stringContaining('connection refused') });
  });
});
