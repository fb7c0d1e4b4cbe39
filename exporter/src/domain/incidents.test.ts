import { createFleet } from './fleet';
import type { Pod } from './resources';
import { applied, containerState, NOW, seldonPod, seldonServer, sourceStatus, workload } from './testing/builders';
import { fleetOf, server } from './testing/fleets';
import type { Fleet } from './fleet-interface';

const pod = (state: Parameters<typeof containerState>[0], more: Partial<Pod> = {}) =>
  applied(seldonPod('mlserver', 0, { containerStates: [containerState(state)], ...more }));
const running = (restarts: number) =>
  pod({ restarts, ...(restarts > 0 ? { lastTerminatedReason: 'OOMKilled' as const } : {}) });
const killed = (restarts: number) => pod({ restarts, ready: false, ended: true, lastTerminatedReason: 'OOMKilled' });
const BASE = [applied(seldonServer('mlserver')), applied(workload('mlserver', 1, 1)), running(0), sourceStatus()];

function counts(fleet: Fleet) {
  const { oomKills, evictions } = server(fleet, 'mlserver').workload ?? {};
  return { oomKills, evictions };
}

function told(...observations: readonly ReturnType<typeof pod>[]): Fleet {
  const fleet = fleetOf(BASE);
  observations.forEach((each) => fleet.observe(each));
  fleet.flush(NOW + 1);
  return fleet;
}

describe('kills for memory that were seen', () => {
  it.each([
    ['ended, then started again', [killed(0), running(1)], 1],
    ['only its restart was seen', [running(1)], 1],
    ['ended, told again without a change', [killed(0), killed(0)], 1],
    ['two, of which the first is only seen as a restart', [running(1), killed(1), running(2)], 2],
    ['a restart for something else after it', [running(1), pod({ restarts: 2, lastTerminatedReason: 'Error' })], 1],
    [
      'of another pod of that name, before anybody looked',
      [
        pod(
          { restarts: 3, lastTerminatedReason: 'OOMKilled' },
          { meta: { ...seldonPod('mlserver', 0).meta, uid: 'other' } }
        ),
      ],
      0,
    ],
  ])('%s', (_, observations, oomKills) => {
    expect(counts(told(...observations)).oomKills).toBe(oomKills);
  });

  it('of before the exporter started are not counted', () => {
    const fleet = fleetOf([...BASE.slice(0, 2), running(4), sourceStatus()]);
    expect(counts(fleet)).toEqual({ oomKills: 0, evictions: 0 });
  });
});

it('counts an eviction once, however often its pod is told of', () => {
  const evicted = () => pod({ ready: false }, { phase: 'Failed', evicted: true });
  expect(counts(told(evicted(), evicted()))).toEqual({ oomKills: 0, evictions: 1 });
});

describe('over a reload', () => {
  it('counts go on, with what both fleets saw counted once', () => {
    const earlier = told(running(1), killed(1), running(2));
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, earlier: () => earlier.snapshot() });
    BASE.slice(0, 2).forEach((each) => fleet.observe(each));
    fleet.observe(running(2));
    // Both see the next one, the new fleet before it has derived anything.
    for (const each of [earlier, fleet]) each.observe(running(3));
    earlier.flush(NOW + 2);
    fleet.observe(sourceStatus());
    fleet.flush(NOW + 2);
    expect(counts(fleet).oomKills).toBe(3);
    fleet.settled();
    fleet.observe(running(4));
    fleet.flush(NOW + 3);
    expect(counts(fleet).oomKills).toBe(4);
  });

  it('a rollout keeps its beginning', () => {
    const earlier = fleetOf(BASE);
    const rolling = applied(workload('mlserver', 1, 2, { updatedReplicas: 1 }));
    earlier.observe(rolling);
    earlier.flush(NOW + 60);
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, earlier: () => earlier.snapshot() });
    [BASE[0], rolling, sourceStatus()].forEach((each) => each && fleet.observe(each));
    fleet.flush(NOW + 120);
    fleet.settled();
    expect(server(fleet, 'mlserver').workload?.rollout).toEqual({ updatedRatio: 0.5, startedSeconds: NOW + 60 });
  });

  it('a rollout that was found under way has no beginning', () => {
    const rolling = applied(workload('mlserver', 1, 2, { updatedReplicas: 1 }));
    const fleet = fleetOf([applied(seldonServer('mlserver')), rolling, sourceStatus()]);
    expect(server(fleet, 'mlserver').workload?.rollout).toEqual({ updatedRatio: 0.5 });
  });
});
