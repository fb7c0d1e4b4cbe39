import { createFleet } from './fleet';
import {
  inferenceSample,
  applied,
  inferenceService,
  kservePod,
  meta,
  NOW,
  predictor,
  probed,
  probeResult,
  seldonModel,
  seldonPod,
  seldonServer,
  sourceStatus,
  workload,
} from './testing/builders';
import { fleetOf, model, verdictOf } from './testing/fleets';
import { entityKey } from '@modelwatch/contract';

const NAMES = ['a', 'b', 'c', 'd'];
const all = (state: 'ready' | 'unavailable' = 'ready') =>
  NAMES.map((name) => ({ name, ready: state === 'ready', state }));
const answer = (models: ReturnType<typeof all>, at: number) => probed('big', 'big-0', probeResult({ models }), at);

function manyOnOne() {
  return fleetOf([
    applied(seldonServer('big')),
    applied(workload('big', 1, 1)),
    applied(seldonPod('big', 0)),
    ...NAMES.map((name) =>
      applied(seldonModel(name, 'ModelAvailable', { server: 'big', availableReplicas: 1, memoryBytes: 1_000 }))
    ),
    answer(all(), NOW),
    sourceStatus(),
  ]);
}

describe('a server of many models', () => {
  it('costs nothing more for a probe that says what the one before said', () => {
    const fleet = manyOnOne();
    fleet.observe(answer(all(), NOW + 1));
    const change = fleet.flush(NOW + 1);
    expect([change.models.changed.size, change.servers.changed.size]).toEqual([0, 0]);
    expect(change.endpoints.get('payments/big/big-0')?.lastProbeSeconds).toBe(NOW + 1);
  });

  it('judges again the one model of which a probe says something new', () => {
    const fleet = manyOnOne();
    const [first, ...rest] = all();
    fleet.observe(answer([{ ...first, name: 'a', ready: false, state: 'unavailable' }, ...rest], NOW + 1));
    expect([...fleet.flush(NOW + 1).models.changed.keys()]).toEqual(['payments/a']);
    expect(verdictOf(model(fleet, 'a'))).toMatch(/^failed/);
    fleet.observe(answer(rest, NOW + 2));
    expect([...fleet.flush(NOW + 2).models.changed.keys()]).toEqual(['payments/a']);
  });

  it('judges all of them again when the server itself is in trouble, and when it is well again', () => {
    const fleet = manyOnOne();
    const down = probeResult({ up: false, live: false, ready: false, error: { cause: 'refused', text: 'refused' } });
    fleet.observe(probed('big', 'big-0', down, NOW + 1));
    expect(fleet.flush(NOW + 1).models.changed.size).toBe(4);
    expect(verdictOf(model(fleet, 'd'))).toMatch(/^failed/);
    fleet.observe(answer(all(), NOW + 2));
    expect(fleet.flush(NOW + 2).models.changed.size).toBe(4);
    expect(verdictOf(model(fleet, 'd'))).toBe('serving');
  });

  it('renders again the one model that had requests since the last poll', () => {
    const fleet = manyOnOne();
    const poll = (requests: number, at: number) => {
      const samples = NAMES.map((name) =>
        inferenceSample(name, '1', { requests: { success: name === 'b' ? requests : 7 } })
      );
      const endpoint = { namespace: 'payments', server: 'big', replica: 'big-0' };
      fleet.observe({ kind: 'endpoint-measured', endpoint, atSeconds: at, samples, capabilities: [] });
      return [...fleet.flush(at).models.changed.keys()];
    };
    expect(poll(1, NOW + 1)).toHaveLength(4);
    expect(poll(1, NOW + 2)).toEqual([]);
    expect(poll(2, NOW + 3)).toEqual(['payments/b']);
  });

  it('takes a pod and a workload that are written again as they were for no news', () => {
    const fleet = manyOnOne();
    fleet.observe(applied(seldonPod('big', 0)));
    fleet.observe(applied(workload('big', 1, 1)));
    const change = fleet.flush(NOW + 1);
    expect([change.models.changed.size, change.servers.changed.size, change.pods.size]).toEqual([0, 0, 0]);
  });

  it('knows what its models declare, through changes and moves', () => {
    const fleet = manyOnOne();
    const declared = () => {
      fleet.flush(NOW);
      return fleet.snapshot().servers.get(entityKey({ namespace: 'payments', name: 'big' }))?.memoryDeclaredBytes;
    };
    expect(declared()).toBe(4_000);
    fleet.observe(applied(seldonModel('a', 'ModelAvailable', { server: 'big', memoryBytes: 500, desiredReplicas: 3 })));
    expect(declared()).toBe(4_500);
    fleet.observe(applied(seldonModel('b', 'ModelAvailable', { server: 'other', memoryBytes: 1_000 })));
    fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name: 'c' });
    expect(declared()).toBe(2_500);
    for (const name of ['a', 'd']) {
      fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name });
    }
    expect(declared()).toBeUndefined();
  });
});

it('judges the service whatever its endpoint calls its model, and however many models were trained into it', () => {
  const trained = ['t1', 't2', 't3'].map((name) =>
    applied({ kind: 'TrainedModel', meta: meta(name), service: 'churn' })
  );
  const server = 'churn-predictor';
  const replica = kservePod('churn', 0).meta.name;
  const says = (ready: boolean, at: number) =>
    probed(server, replica, probeResult({ models: [{ name: 'its-own-name', ready }] }), at);
  const fleet = fleetOf([
    applied(inferenceService('churn')),
    applied(predictor('churn', 1, 1)),
    applied(kservePod('churn', 0)),
    ...trained,
    says(true, NOW),
    sourceStatus(),
  ]);
  expect(verdictOf(model(fleet, 'churn'))).toBe('serving');
  fleet.observe(says(false, NOW + 1));
  fleet.flush(NOW + 1);
  expect(verdictOf(model(fleet, 'churn'))).toMatch(/^failed/);
});

it('marks a fleet whose source fell silent in slices, and shows none of it fresh in the end', () => {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  const names = Array.from({ length: 300 }, (_, index) => `m${index}`);
  for (const name of names) fleet.observe(applied(seldonModel(name, 'ModelAvailable', { availableReplicas: 1 })));
  fleet.observe(sourceStatus());
  fleet.flush(NOW);
  fleet.observe(sourceStatus({ state: 'silent' }));
  let slices = 0;
  do {
    let left = 100;
    fleet.flush(NOW + 1, () => left-- > 0);
    slices += 1;
  } while (fleet.pending);
  expect(slices).toBeGreaterThan(3);
  expect(new Set(names.map((name) => model(fleet, name).verdict.state))).toEqual(new Set(['stale']));
});
