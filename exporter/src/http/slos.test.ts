/** What is promised of models, as the API tells it. */
import { API_PATHS, decodeSloList } from '@modelwatch/contract';
import { createSloBook } from '../domain/slo/book';
import type { DeclaredSlo, SloSpec } from '../domain/slo/spec';
import { modelView, serve, snapshotOf, type TestServer } from './fleet.fixture';

const FLEET = snapshotOf([modelView('payments', 'calm'), modelView('growth', 'churn')]);
const sloBook = createSloBook();
const promised = (more: Partial<SloSpec> = {}): DeclaredSlo => ({
  spec: {
    ...{ name: 'answered', subject: 'models', selector: { namespaces: ['payments'] }, indicator: 'availability' },
    ...{ objective: 0.9, window: '30d', method: 'occurrences', description: 'Nine of ten' },
    ...more,
  },
  ...{ place: `config ${more.name ?? 'answered'}`, warnings: ['odd'] },
});
const DECLARED = [
  promised(),
  promised({ name: 'fast', indicator: 'latency', thresholdSeconds: 0.3 }),
  promised({ name: 'nobody', selector: { names: ['ghost'] } }),
  { ...promised({ objective: 0.5 }), place: 'file slo.yaml line 1' },
];
sloBook.declare(DECLARED);
for (const view of FLEET.models.values()) sloBook.put('models', view);
const SLOS = {
  declared: DECLARED,
  problems: [{ place: 'file b.yaml', text: 'no such file' }],
  holders: sloBook.holders,
};

let server: TestServer;
beforeAll(async () => {
  server = await serve(FLEET, { slos: () => SLOS });
});
afterAll(() => server.stop(0));

it('lists objectives in words, with their alerts, what is odd about them and what was refused', async () => {
  const list = decodeSloList(
    await (await fetch(`${server.url}${API_PATHS.slos}?namespace=payments&model=calm`)).json()
  );
  expect(list.items.map(({ model, name, words }) => [model, name, words])).toEqual([
    ['calm', 'answered', '90 % of requests answered, rolling 30 d'],
    ['calm', 'fast', '90 % of requests answered within 300 ms, rolling 30 d'],
  ]);
  expect(list.items[0]).toMatchObject({
    ...{ objective: 0.9, window: '30d', description: 'Nine of ten', origin: 'config answered' },
    warnings: ['odd', 'page over 1h and 5m at 14.4x would need 144 % of all to be bad: lowered to 9.5x'],
  });
  expect(list.items[0]?.tiers[1]).toEqual({
    ...{ severity: 'page', long: '6h', short: '30m', burnRate: 6, minEvents: 4 },
    words: 'page above 6x over 6 h and 30 min (5 % of the budget in 6 h), from 4 requests on',
  });
  expect(list.items[1]?.warnings.at(-1)).toBe(
    '300 ms stands above 100 ms, the highest bound of the histogram: counted at 100 ms'
  );
  expect(list.withoutSubject).toEqual([
    { name: 'nobody', origin: 'config nobody' },
    { name: 'answered', origin: 'file slo.yaml line 1' },
  ]);
  expect(list.problems).toEqual([
    { source: 'file b.yaml', text: 'no such file' },
    {
      source: 'file slo.yaml line 1',
      text: 'expected one objective answered of payments/calm, got another beside config answered',
    },
  ]);
  const cut = decodeSloList(await (await fetch(`${server.url}${API_PATHS.slos}?limit=1`)).json());
  expect([cut.items.length, cut.partial, list.partial]).toEqual([1, true, false]);
});
