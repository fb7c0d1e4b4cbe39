import { createFleet } from './fleet';
import { applied, NOW, seldonModel, sourceStatus } from './testing/builders';
import { fleetOf, model } from './testing/fleets';

const READY = { availableReplicas: 1, desiredReplicas: 1, server: 'mlserver' };
const serving = applied(seldonModel('fraud', 'ModelAvailable', READY));
const failed = applied(seldonModel('fraud', 'ModelFailed', { desiredReplicas: 1 }));

/** A fleet in which the model failed at NOW + 60. */
function withHistory() {
  const fleet = fleetOf([serving, sourceStatus()]);
  fleet.observe(failed);
  fleet.flush(NOW + 60);
  return fleet;
}

describe('a fleet that takes over from another', () => {
  const takeOver = () => {
    const earlier = withHistory();
    const fleet = createFleet({
      probeIntervalSeconds: 15,
      staleAfterSeconds: 150,
      earlier: () => earlier.snapshot(),
    });
    fleet.observe(sourceStatus());
    return fleet;
  };

  it('has its history, however the first reading went', () => {
    const fleet = takeOver();
    fleet.observe(serving);
    fleet.flush(NOW + 100);
    fleet.observe(failed);
    fleet.flush(NOW + 101);
    fleet.settled();
    const view = model(fleet, 'fraud');
    expect(view.history).toEqual(model(withHistory(), 'fraud').history);
    expect(view.lastTransitionSeconds).toBe(NOW + 60);
  });

  it('tells what changed in between, and its own changes after it settled', () => {
    const fleet = takeOver();
    fleet.observe(serving);
    fleet.flush(NOW + 100);
    fleet.settled();
    fleet.observe(failed);
    fleet.flush(NOW + 120);
    expect(model(fleet, 'fraud').history.map(({ to, atSeconds }) => [to, atSeconds])).toEqual([
      ['failed', NOW + 120],
      ['serving', NOW + 100],
      ['failed', NOW + 60],
    ]);
  });
});
