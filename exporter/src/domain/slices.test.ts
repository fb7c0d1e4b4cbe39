import { createFleet } from './fleet';
import { applied, NOW, seldonModel, seldonPod, sourceStatus } from './testing/builders';
import { fleetOf, model } from './testing/fleets';

const MODELS = Array.from({ length: 50 }, (_, index) => `m${index}`);
const serving = (name: string) => applied(seldonModel(name, 'ModelAvailable', { availableReplicas: 1 }));

/** Says yes so many times. */
function times(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

describe('a flush in slices', () => {
  it('shows nothing as read until all of the first lists is derived', () => {
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
    for (const name of MODELS) fleet.observe(serving(name));
    fleet.observe(sourceStatus());
    const sizes: number[] = [];
    while (sizes.length === 0 || fleet.pending) {
      expect(fleet.snapshot()).toMatchObject({ everSynced: false, synced: false });
      sizes.push(fleet.flush(NOW, times(20)).models.changed.size);
    }
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(50);
    expect(fleet.snapshot()).toMatchObject({ everSynced: true, synced: true });
    expect(fleet.snapshot().models.size).toBe(50);
  });

  it('derives nothing while the first lists are read, since every page would change it again', () => {
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
    fleet.observe(sourceStatus({ state: 'syncing' }));
    for (const name of MODELS) fleet.observe(serving(name));
    expect(fleet.flush(NOW).models.changed.size).toBe(0);
    expect(fleet.pending).toBe(false);
    fleet.observe(sourceStatus());
    expect(fleet.flush(NOW).models.changed.size).toBe(50);
  });

  it('keeps what a later slice will change as it was, and takes what comes in between', () => {
    const fleet = fleetOf([...MODELS.map(serving), sourceStatus()]);
    for (const name of MODELS) fleet.observe(applied(seldonModel(name, 'ModelFailed')));
    fleet.flush(NOW + 1, times(10));
    const states = () => MODELS.map((name) => model(fleet, name).verdict.state);
    expect(states().filter((state) => state === 'failed')).toHaveLength(10);
    expect(states().filter((state) => state === 'serving')).toHaveLength(40);
    expect(fleet.snapshot().synced).toBe(true);
    fleet.observe(serving('m49'));
    while (fleet.pending) fleet.flush(NOW + 2, times(10));
    expect(model(fleet, 'm49')).toMatchObject({ verdict: { state: 'serving' }, history: [] });
    expect(states().filter((state) => state === 'failed')).toHaveLength(49);
  });
});

it('tells the targets of a large fleet in parts, all of them in the end', () => {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  for (let index = 0; index < 450; index++) fleet.observe(applied(seldonPod(`server-${index}`, 0)));
  const parts: number[] = [];
  do parts.push(fleet.takeTargets().set.length);
  while (fleet.renewing);
  expect(parts).toEqual([200, 200, 50]);
});
