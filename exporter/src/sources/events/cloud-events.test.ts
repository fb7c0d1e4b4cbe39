/** Halves of exchanges that wait: what they take in memory, whoever sends them. */
import { cloudEvents } from './cloud-events';

const NOW = 1_800_000_000;
const LIMITS = { waitSeconds: 60, bytes: 1_000_000 };
const headers = (id: string, more: Record<string, string> = {}) => ({
  'content-type': 'application/json',
  'ce-type': 'org.kubeflow.serving.inference.request',
  'ce-id': id,
  'ce-namespace': 'shop',
  'ce-inferenceservicename': 'risk',
  ...more,
});
let unpaired = 0;
let pairs: ReturnType<typeof cloudEvents>;
beforeEach(() => {
  unpaired = 0;
  pairs = cloudEvents(
    () => undefined,
    () => (unpaired += 1),
    LIMITS
  );
});
const take = (body: string | Buffer, sent: Record<string, string>) => [
  ...pairs.read({ headers: sent, body: Buffer.from(body), defaults: {}, nowSeconds: NOW }),
];

test('halves of no size are counted with their names and with what stands around them', () => {
  for (let index = 0; index < 2_000; index++) take('1', headers(`${index}${'i'.repeat(200)}`));
  // Of each 1 kB and its id of about 200 characters, twice.
  const waiting = 2_000 - unpaired;
  expect(waiting).toBeGreaterThan(400);
  expect(waiting).toBeLessThan(600);
});

test('halves are counted by what they carry, alone or in a batch', () => {
  const event = (id: string, size: number) => ({
    ...{ id, type: 'org.kubeflow.serving.inference.request', namespace: 'shop', inferenceservicename: 'risk' },
    data: { instances: 'x'.repeat(size) },
  });
  take('{}', headers('first'));
  take(JSON.stringify([event('large', 990_000), event('small', 1)]), {
    'content-type': 'application/cloudevents-batch+json',
  });
  expect(unpaired).toBe(0);
  take(`"${'x'.repeat(20_000)}"`, headers('last'));
  // The oldest go: the small one before the large one, and that.
  expect(unpaired).toBe(2);
});

test('of all together 32 MiB wait, and the oldest go first', () => {
  pairs = cloudEvents(
    () => undefined,
    () => (unpaired += 1)
  );
  const body = `"${'x'.repeat(2 ** 23 - 100_000)}"`;
  for (const id of ['a', 'b', 'c', 'd']) take(body, headers(id));
  expect(unpaired).toBe(0);
  take(body, headers('e'));
  expect(unpaired).toBe(1);
});

test.each(['ce-component', 'ce-endpoint'])('%s is a name, and no load', (name) => {
  expect(take('{}', headers('a', { [name]: 'p'.repeat(253) }))).toEqual(['waiting']);
  expect(take('{}', headers('a', { [name]: 'p'.repeat(254) }))).toMatchObject([
    { problem: expect.stringContaining(`${name}: expected a text of at most 253 characters`) as string },
  ]);
});
