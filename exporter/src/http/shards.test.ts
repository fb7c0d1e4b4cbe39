/** Three shards that ask each other over real sockets: `payments` belongs to shard 0, `growth` to 1, `support` to 2. */
import {
  API_PATHS,
  decodeApiError,
  decodeEventList,
  decodeModelDetail,
  decodeModelList,
  decodeSloList,
  decodeStatus,
  type EventView,
} from '@modelwatch/contract';
import { createSharding } from '../domain/shards';
import { createSloBook } from '../domain/slo/book';
import type { DeclaredSlo } from '../domain/slo/spec';
import { modelView, NOW, serve, snapshotOf, SYNCING, type TestServer } from './fleet.fixture';
import { createPeers, FORWARDED_HEADER } from './peers';

const FLEETS = [
  snapshotOf([modelView('payments', 'calm'), modelView('payments', 'fraud', 'failed', 'out_of_memory', 2220)]),
  snapshotOf([modelView('growth', 'churn', 'degraded', 'replicas_unavailable')]),
  snapshotOf([modelView('support', 'faq')]),
];

/** All shards read one configuration; each holds objectives of its own models. */
const DECLARED = ['answered', 'nobody'].map((name): DeclaredSlo => ({
  spec: {
    ...{ name, subject: 'models', selector: name === 'nobody' ? { names: ['ghost'] } : {}, window: '30d' },
    ...{ indicator: 'availability', objective: 0.9, method: 'occurrences' },
  },
  ...{ place: `config ${name}`, warnings: [] },
}));
const problems = [{ place: 'file b.yaml', text: 'no such file' }];
function promised(fleet: (typeof FLEETS)[number]) {
  const book = createSloBook();
  book.declare(DECLARED);
  for (const view of fleet.models.values()) book.put('models', view);
  return { declared: DECLARED, problems, holders: book.holders };
}
const holders = FLEETS.map((fleet) => promised(fleet).holders);

/** What Prometheus tells all of them know; the start of a shard, it alone. */
const happened = (id: string, atSeconds: number): EventView => ({
  ...{
    id,
    kind: 'health',
    type: 'change',
    action: 'health-changed',
    atSeconds,
    seenSeconds: NOW,
    text: id,
    labels: {},
  },
});
const remembered = (shard: number) => [happened('prometheus', NOW - 30), happened(`shard-${shard}`, NOW - shard)];

const servers: TestServer[] = [];
const errors: string[] = [];
const asked: { url: string; authorization: string | null }[] = [];
/** Shards whose address leads elsewhere: to another shard, or to an answer of the test's. */
const detours = new Map<number, number | Response>();

const toShard: typeof fetch = (input, init) => {
  const url = String(input);
  const shard = Number(/shard-(\d)/.exec(url)?.[1]);
  asked.push({ url, authorization: new Headers(init?.headers).get('authorization') });
  const detour = detours.get(shard) ?? shard;
  if (typeof detour !== 'number') return Promise.resolve(detour.clone());
  return fetch(url.replace(`http://shard-${shard}`, servers[detour]?.url ?? ''), init);
};

beforeAll(async () => {
  for (const [shard, fleet] of FLEETS.entries()) {
    const sharding = createSharding({ shard, totalShards: 3 });
    const telemetry = { error: (source: string, reason: string) => void errors.push(`${source} ${reason}`) };
    const peers = createPeers({ sharding, url: 'http://shard-{shard}/', fetch: toShard, telemetry });
    const slos = () => ({ declared: DECLARED, problems, holders: holders[shard] ?? new Map() });
    const eventLog = { find: () => remembered(shard), rememberedSinceSeconds: () => NOW - 100 + shard };
    servers.push(await serve(fleet, { peers, slos, eventLog }));
  }
});
afterAll(() => Promise.all(servers.map((server) => server.stop(0))));
beforeEach(() => {
  FLEETS.forEach((fleet, shard) => {
    servers[shard]?.show(fleet);
    holders[shard] = promised(fleet).holders;
  });
  detours.clear();
  errors.length = 0;
  asked.length = 0;
});

const get = (shard: number, path: string, headers: Record<string, string> = {}) =>
  fetch(`${servers[shard]?.url}${path}`, { headers });
const models = async (shard: number, query = '', headers: Record<string, string> = {}) => {
  const list = decodeModelList(await (await get(shard, `${API_PATHS.models}${query}`, headers)).json());
  return { names: list.items.map(({ name }) => name), partial: list.partial, missing: list.missingShards };
};
const WHOLE = { names: ['fraud', 'churn', 'calm', 'faq'], partial: false, missing: undefined };

describe('a list', () => {
  it.each([0, 1, 2])('is the whole fleet, worst first, whichever shard is asked (%d)', async (shard) => {
    expect(await models(shard)).toEqual(WHOLE);
  });

  it('is cut after it is put together', async () => {
    expect(await models(2, '?limit=2')).toEqual({ names: ['fraud', 'churn'], partial: true, missing: undefined });
  });

  it('of one namespace asks its owner only', async () => {
    expect(await models(2, '?namespace=growth')).toEqual({ names: ['churn'], partial: false, missing: undefined });
    expect(asked.map(({ url }) => url)).toEqual([`http://shard-1${API_PATHS.models}?namespace=growth`]);
  });

  it('of what one shard asks another is the part of that shard, so that nothing goes in circles', async () => {
    expect((await models(1, '', { [FORWARDED_HEADER]: '1' })).names).toEqual(['churn']);
    expect(asked).toEqual([]);
  });

  it('passes on what the asker showed, to the configured addresses', async () => {
    await models(0, '', { Authorization: 'Bearer xyz' });
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer xyz', 'Bearer xyz']);
  });

  it.each([
    ['gives no JSON', new Response('<html>'), 'its answer is not JSON', 'invalid_response'],
    ['is another shard', 0, 'expected 1/3 at its address, got 0/3', 'wrong_shard'],
    [
      'gives something else',
      new Response('{"items":7}', { headers: { 'X-Modelwatch-Shard': '1/3' } }),
      'its answer cannot be read',
      'invalid_response',
    ],
  ])('is partial, and says so, when a shard %s', async (_what, detour, why, reason) => {
    detours.set(1, detour);
    expect(await models(0)).toEqual({
      names: ['fraud', 'calm', 'faq'],
      partial: true,
      missing: [{ shard: 1, why: expect.stringContaining(why) }],
    });
    expect(errors).toEqual([`shard/1 ${reason}`]);
  });

  it('leaves out its own part while that is not read yet', async () => {
    servers[0]?.show(snapshotOf([], { sources: [SYNCING], synced: false, everSynced: false }));
    const { names, partial, missing } = await models(0);
    expect({ names, partial }).toEqual({ names: ['churn', 'faq'], partial: true });
    expect(missing).toEqual([{ shard: 0, why: expect.stringContaining('not read yet') }]);
  });
});

describe('objectives', () => {
  const objectives = async (query = '') => decodeSloList(await (await get(1, `${API_PATHS.slos}${query}`)).json());
  const names = ({ items }: Awaited<ReturnType<typeof objectives>>) => items.map(({ model }) => model);

  it('are those of all shards; what is declared alike in all is told once', async () => {
    const list = await objectives();
    expect(names(list)).toEqual(['churn', 'calm', 'fraud', 'faq']);
    expect(list).toMatchObject({
      withoutSubject: [{ name: 'nobody' }],
      problems: [{ source: 'file b.yaml' }],
      partial: false,
    });
  });

  it('of a model that two shards see are told once', async () => {
    holders[2] = promised(snapshotOf([modelView('support', 'faq'), modelView('growth', 'churn')])).holders;
    expect(names(await objectives())).toEqual(['churn', 'calm', 'fraud', 'faq']);
  });

  it('are partial without a shard, and of a namespace asked of its owner', async () => {
    detours.set(0, 1);
    const list = await objectives();
    expect(names(list)).toEqual(['churn', 'faq']);
    expect([list.partial, list.missingShards?.map(({ shard }) => shard)]).toEqual([true, [0]]);
    expect(names(await objectives('?namespace=support'))).toEqual(['faq']);
  });
});

describe('events', () => {
  const events = async (query = '') => decodeEventList(await (await get(1, `${API_PATHS.events}${query}`)).json());

  it('are those of all shards, latest first; what each of them saw is told once', async () => {
    const list = await events(`?from=${NOW - 60}`);
    expect(list.items.map(({ id }) => id)).toEqual(['shard-0', 'shard-1', 'shard-2', 'prometheus']);
    expect([list.partial, list.rememberedSinceSeconds]).toEqual([false, NOW - 98]);
    const few = await events(`?from=${NOW - 60}&limit=2`);
    expect([few.items.map(({ id }) => id), few.partial]).toEqual([['shard-0', 'shard-1'], true]);
  });

  it('are partial without a shard', async () => {
    detours.set(2, 0);
    const list = await events(`?from=${NOW - 60}`);
    expect(list.items.map(({ id }) => id)).toEqual(['shard-0', 'shard-1', 'prometheus']);
    expect([list.partial, list.missingShards?.map(({ shard }) => shard)]).toEqual([true, [2]]);
  });
});

describe('one model', () => {
  it('is told by its owner, whoever is asked', async () => {
    for (const shard of [0, 1, 2]) {
      const answer = await get(shard, `${API_PATHS.models}/growth/churn`);
      expect(decodeModelDetail(await answer.json())).toMatchObject({ name: 'churn', serving: 'degraded' });
    }
  });

  it('is not there when its owner says so, and unknown when its owner is silent', async () => {
    expect((await get(0, `${API_PATHS.models}/growth/nobody`)).status).toBe(404);
    expect(errors).toEqual([]);
    detours.set(1, new Response('', { status: 200 }));
    const silent = await get(0, `${API_PATHS.models}/growth/churn`);
    expect(silent.status).toBe(503);
    expect(decodeApiError(await silent.json()).error.code).toBe('shard_unavailable');
  });
});

describe('each shard by itself', () => {
  it('says which it is', async () => {
    const status = decodeStatus(await (await get(2, API_PATHS.status)).json());
    expect(status).toMatchObject({ shard: 2, totalShards: 3 });
  });

  it('shows the models of all on its page, and never calls a part of the fleet well', async () => {
    servers[0]?.show(snapshotOf([modelView('payments', 'calm')]));
    servers[1]?.show(snapshotOf([modelView('growth', 'churn')]));
    expect(await (await get(2, '/')).text()).toMatch(/All 3.models serving/);
    detours.set(1, 0);
    const page = await (await get(2, '/')).text();
    expect(page).toContain('Only a part of the fleet is seen');
    expect(page).toContain('shard 1 did not answer');
    expect(page).not.toContain('All ');
  });
});
