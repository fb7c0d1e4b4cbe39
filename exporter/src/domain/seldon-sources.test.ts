/** What is believed of a Seldon model while the watches of what is behind its server say nothing. */
import type { SourceState } from '@modelwatch/contract';
import { fleetOf, model, verdictOf } from './testing/fleets';
import {
  NOW,
  applied,
  brokenPod,
  failedProbe,
  probed,
  seldonModel,
  seldonPod,
  seldonServer,
  sourceStatus,
  workload,
} from './testing/builders';
import type { ResourceKind } from './resources';

const BEHIND: readonly ResourceKind[] = ['StatefulSet', 'Deployment', 'Pod'];
const watch = (resources: readonly ResourceKind[], state: SourceState, at = NOW) =>
  sourceStatus({ source: resources.join(), resources, state, lastContactSeconds: at });

const heard = (kind: ResourceKind, state: SourceState) => [
  watch(['SeldonModel', 'SeldonServer', ...BEHIND.filter((each) => each !== kind)], 'synced'),
  watch([kind], state),
];
const available = seldonModel('fraud', 'ModelAvailable', { availableReplicas: 1, server: 'mlserver' });
const crashing = brokenPod(seldonPod('mlserver', 0), { waitingReason: 'CrashLoopBackOff' });
const reasonsOf = (fleet: ReturnType<typeof fleetOf>) =>
  model(fleet, 'fraud').verdict.reasons.map(({ reason }) => reason);

describe.each(BEHIND)('while the watch of %s is silent', (kind) => {
  const fleet = (ready: number, ...more: Parameters<typeof fleetOf>[0]) =>
    fleetOf([
      applied(seldonServer('mlserver')),
      applied(available),
      applied(workload('mlserver', ready, 1)),
      ...more,
      ...heard(kind, 'silent'),
    ]);

  it.each([0, 1])('a model that its scheduler calls available is stale, with %i ready replicas last seen', (ready) => {
    expect(verdictOf(model(fleet(ready), 'fraud'))).toMatch(/^stale: No news from Kubernetes/);
  });

  it('a model that failed has failed by its own word, and pods do not explain it', () => {
    const failed = applied(seldonModel('fraud', 'ModelFailed', { server: 'mlserver' }));
    const silent = fleet(0, failed, applied(crashing));
    expect(model(silent, 'fraud').verdict.state).toBe('failed');
    expect(reasonsOf(silent)).toEqual(['load_failed']);
  });

  it('a model that loads is not failed by pods that may be gone', () => {
    const loads = applied(seldonModel('fraud', 'ModelProgressing', { server: 'mlserver' }));
    expect(model(fleet(0, loads, applied(crashing)), 'fraud').verdict.state).toBe('progressing');
  });

  it('a model that failed in part is not failed by a probe of a pod that may be gone', () => {
    const partly = applied(seldonModel('fraud', 'ModelFailed', { availableReplicas: 1, server: 'mlserver' }));
    const down = probed('mlserver', 'mlserver-0', failedProbe('refused'));
    const silent = fleet(1, partly, applied(seldonPod('mlserver', 0)), down, down);
    expect(model(silent, 'fraud').verdict.state).toBe('degraded');
  });

  it('a model that is scaled down is idle', () => {
    const down = applied(seldonModel('fraud', 'ModelScaledDown', { desiredReplicas: 0, server: 'mlserver' }));
    expect(model(fleet(0, down), 'fraud').verdict.state).toBe('idle');
  });
});

it('the same replicas fail it while they are heard of', () => {
  const objects = [applied(seldonServer('mlserver')), applied(available), applied(workload('mlserver', 0, 1))];
  const fleet = fleetOf([...objects, ...heard('StatefulSet', 'synced')]);
  expect(reasonsOf(fleet)).toEqual(['no_replicas_available']);
});

it.each(BEHIND)('a model becomes stale when %s fall silent, and is judged again when they are heard', (kind) => {
  const objects = [applied(seldonServer('mlserver')), applied(available), applied(workload('mlserver', 1, 1))];
  const fleet = fleetOf([...objects, ...heard(kind, 'synced')]);
  const states = (['silent', 'synced'] as const).map((state, index) => {
    fleet.observe(watch([kind], state, NOW + index));
    fleet.flush(NOW + index);
    return model(fleet, 'fraud').verdict.state;
  });
  expect(states).toEqual(['stale', 'serving']);
});
