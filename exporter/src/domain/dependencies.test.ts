import type { ProbeErrorCause } from '@modelwatch/contract';
import { renderChange } from '../families';
import type { DeclaredDependency, DependencyResult } from './dependencies';
import { createFleet, type FleetOptions } from './fleet';
import { applied, meta, NOW, seldonModel, sourceStatus, workload } from './testing/builders';
import { model, verdictOf } from './testing/fleets';
import type { Fleet } from './fleet-interface';

const ORDERS: DeclaredDependency = {
  namespace: 'data',
  name: 'orders',
  role: 'database',
  intervalSeconds: 15,
  of: [{ namespace: 'payments', model: 'fraud-*' }],
};
const RIGHT: DependencyResult = { durationSeconds: 0.01 };
const wrong = (cause: ProbeErrorCause): DependencyResult => ({
  durationSeconds: 0.02,
  error: { cause, text: `TCP db:5432: ${cause}` },
});

function started(more: Partial<FleetOptions> = {}, ...dependencies: DeclaredDependency[]): Fleet {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, ...more });
  fleet.observe(sourceStatus());
  for (const dependency of [ORDERS, ...dependencies]) fleet.observe({ kind: 'dependency-declared', dependency });
  for (const name of ['fraud-eu', 'churn'])
    fleet.observe(applied(seldonModel(name, 'ModelAvailable', { availableReplicas: 1 })));
  fleet.flush(NOW);
  return fleet;
}

/** One probe each 15 seconds. @returns what the last of them changed */
function probe(fleet: Fleet, ...results: DependencyResult[]) {
  const { namespace, name } = ORDERS;
  results.forEach((result, index) =>
    fleet.observe({ kind: 'dependency-probed', namespace, name, atSeconds: NOW + 15 * index, result })
  );
  return fleet.flush(NOW + 15 * (results.length - 1));
}

const fraud = (fleet: Fleet) => verdictOf(model(fleet, 'fraud-eu'));
const up = (fleet: Fleet, key = 'data/orders') => fleet.snapshot().components.get(key)?.up;
const DOWN = (cause: string) => `degraded: A dependency is not ready (orders in data: TCP db:5432: ${cause})`;

describe('a declared dependency', () => {
  it('says nothing before it was probed, neither good nor bad', () => {
    const fleet = started();
    expect(up(fleet)).toBeUndefined();
    expect(fraud(fleet)).toBe('serving');
  });

  it.each(['refused', 'http_status', 'invalid_response', 'tls', 'unauthorized'] as const)(
    'is down after one failure that is an answer: %s',
    (cause) => {
      const fleet = started();
      probe(fleet, RIGHT, wrong(cause));
      expect(up(fleet)).toBe(false);
      expect(fraud(fleet)).toBe(DOWN(cause));
      expect(verdictOf(model(fleet, 'churn'))).toBe('serving');
    }
  );

  it.each(['timeout', 'closed', 'other'] as const)('is down after two failures in a row by chance: %s', (cause) => {
    const fleet = started();
    probe(fleet, RIGHT, wrong(cause));
    expect([up(fleet), fraud(fleet)]).toEqual([true, 'serving']);
    probe(fleet, RIGHT, wrong(cause), RIGHT, wrong(cause));
    expect([up(fleet), fraud(fleet)]).toEqual([true, 'serving']);
    probe(fleet, wrong(cause));
    expect([up(fleet), fraud(fleet)]).toEqual([false, DOWN(cause)]);
    probe(fleet, RIGHT);
    expect([up(fleet), fraud(fleet)]).toEqual([true, 'serving']);
  });

  it('is not up by a first failure that can be chance', () => {
    const fleet = started();
    probe(fleet, wrong('timeout'));
    expect(up(fleet)).toBeUndefined();
  });

  it('degrades a model that comes later, too', () => {
    const fleet = started();
    probe(fleet, wrong('refused'));
    fleet.observe(applied(seldonModel('fraud-us', 'ModelAvailable', { availableReplicas: 1 })));
    fleet.flush(NOW);
    expect(verdictOf(model(fleet, 'fraud-us'))).toBe(DOWN('refused'));
  });

  it.each([
    ['down', wrong('refused'), DOWN('refused')],
    ['up', RIGHT, 'serving'],
  ])('that was %s says nothing any more after four intervals without a probe', (_what, result, before) => {
    const fleet = started();
    probe(fleet, result);
    fleet.flush(NOW + 60);
    expect(fraud(fleet)).toBe(before);
    fleet.flush(NOW + 61);
    expect(up(fleet)).toBeUndefined();
    expect(fraud(fleet)).toBe('serving');
  });

  it('counts its failures by chance anew after a silence', () => {
    const fleet = started();
    probe(fleet, wrong('timeout'));
    fleet.flush(NOW + 61);
    fleet.observe({ kind: 'dependency-probed', ...ORDERS, atSeconds: NOW + 75, result: wrong('timeout') });
    fleet.flush(NOW + 75);
    expect([up(fleet), fraud(fleet)]).toEqual([undefined, 'serving']);
  });

  it('is exposed with its role, its verdict and the counts of its probes', () => {
    const change = probe(started(), RIGHT, RIGHT, wrong('refused'));
    const found = renderChange(change).find(({ group }) => group === 'components');
    const id = 'namespace="data",component="orders"';
    expect(found?.namespace).toBe('data');
    expect(found?.texts?.join('').trim().split('\n')).toEqual([
      `modelwatch_component_info{${id},platform="standalone",role="database",version=""} 1`,
      `modelwatch_component_up{${id}} 0`,
      `modelwatch_component_last_observed_timestamp_seconds{${id}} ${NOW + 30}`,
      `modelwatch_component_probes_total{${id},outcome="success"} 2`,
      `modelwatch_component_probes_total{${id},outcome="failure"} 1`,
      `modelwatch_component_probe_failures_total{${id},cause="refused"} 1`,
      `modelwatch_component_probe_time_seconds_total{${id},outcome="success"} 0.02`,
      `modelwatch_component_probe_time_seconds_total{${id},outcome="failure"} 0.02`,
    ]);
  });

  it('is not shown by a shard that does not own its namespace, and degrades the models there all the same', () => {
    const fleet = started({ shows: (namespace) => namespace !== 'data' });
    const change = probe(fleet, wrong('refused'));
    expect([...change.components.keys()]).toEqual([]);
    expect(fleet.snapshot().components.size).toBe(0);
    expect(fraud(fleet)).toBe(DOWN('refused'));
  });

  it('that was down stays so over a reload, though the first probe after it fails by chance', () => {
    const before = started();
    probe(before, wrong('timeout'), wrong('timeout'));
    const after = started({ earlier: () => before.snapshot() });
    probe(after, wrong('timeout'));
    expect([up(after), fraud(after)]).toEqual([false, DOWN('timeout')]);
  });

  it('keeps its name when a component found by its labels has the same', () => {
    const labels = { 'strimzi.io/kind': 'Kafka', 'strimzi.io/cluster': 'events', 'strimzi.io/name': 'events-kafka' };
    const found = workload('events-kafka', 1, 1, { meta: { ...meta('events-kafka', { labels }), namespace: 'data' } });
    const fleet = started({}, { ...ORDERS, name: 'events-kafka' });
    fleet.observe(applied(found));
    const change = fleet.flush(NOW);
    expect([...change.components].map(([key, view]) => [key, view?.name, view?.platform])).toEqual([
      ['data/events-kafka@seldon', 'events-kafka@seldon', 'seldon'],
    ]);
    expect([up(fleet, 'data/events-kafka'), up(fleet, 'data/events-kafka@seldon')]).toEqual([undefined, true]);
    fleet.observe({ kind: 'resource-deleted', resource: found.kind, namespace: 'data', name: 'events-kafka' });
    fleet.flush(NOW);
    expect([...fleet.snapshot().components.keys()]).toEqual(['data/orders', 'data/events-kafka']);
  });
});
