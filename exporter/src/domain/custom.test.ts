/** Custom resources of others in the fleet: what follows from time, from each other, and from their pods. */
import { createFleet } from './fleet';
import type { CustomEntity, CustomResource, Pod } from './resources';
import { NO_TELEMETRY } from './telemetry';
import {
  NOW,
  applied,
  brokenPod,
  condition,
  inferenceService,
  meta,
  seldonPod,
  sourceStatus,
  status,
} from './testing/builders';
import { model, server, verdictOf } from './testing/fleets';

const LABELS = { app: 'scorer' };

function entity(name: string, more: Partial<CustomEntity> = {}): CustomEntity {
  return { name, state: 'ready', readyPodsAreReplicas: false, runtime: 'x', ...more };
}

function custom(mapping: string, name: string, models: readonly CustomEntity[], more: Partial<CustomResource> = {}) {
  const resource: CustomResource = {
    kind: `custom:${mapping}`,
    meta: meta(name),
    status: status(condition('Ready', 'True')),
    mapping,
    models,
    ...more,
  };
  return resource;
}

const source = (mapping: string, more: Parameters<typeof sourceStatus>[0] = {}) =>
  sourceStatus({ source: `kubernetes/${mapping}`, resources: [`custom:${mapping}`], ...more });

function watch(...mappings: readonly string[]) {
  const drops: string[] = [];
  const telemetry = {
    ...NO_TELEMETRY,
    dropped: (_: string, reason: string, detail: string) => void drops.push(`${reason} ${detail}`),
  };
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, telemetry, podLabelKeys: [['app']] });
  fleet.observe(sourceStatus());
  for (const mapping of mappings) fleet.observe(source(mapping));
  const names = () => [...fleet.snapshot().models.values()].map(({ name }) => name).sort();
  const see = (resource: CustomResource | Pod, at = NOW) => {
    fleet.observe(applied(resource));
    fleet.flush(at);
  };
  const forget = (mapping: string, name: string) => {
    fleet.observe({ kind: 'resource-deleted', resource: `custom:${mapping}`, namespace: 'payments', name });
    fleet.flush(NOW);
  };
  return { fleet, drops, names, see, forget };
}

describe('custom resources in the fleet', () => {
  it('are stale when their watch is silent, and only they', () => {
    const { fleet, see } = watch('scorer', 'ranker');
    see(custom('scorer', 'a', [entity('a')]));
    see(custom('ranker', 'b', [entity('b')]));
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 200 }));
    fleet.observe(source('ranker', { lastContactSeconds: NOW + 200 }));
    fleet.flush(NOW + 200);
    expect(verdictOf(model(fleet, 'a'))).toMatch(/^stale: No news from Kubernetes since .*; last seen serving$/);
    expect(model(fleet, 'b').verdict.state).toBe('serving');
  });

  it('are failed when they are not ready any more, and start when they never were', () => {
    const { fleet, see } = watch('scorer');
    see(custom('scorer', 'a', [entity('a', { state: 'not_ready' })]));
    expect(model(fleet, 'a').verdict.state).toBe('progressing');
    see(custom('scorer', 'a', [entity('a')]));
    see(custom('scorer', 'a', [entity('a', { state: 'not_ready' })]));
    expect(verdictOf(model(fleet, 'a'))).toBe('failed: No replica is available');
    expect(model(fleet, 'a').replicas).toEqual({});
  });

  it('tell why from their pods, and count what these ask for', () => {
    const { fleet, see } = watch('scorer');
    const pod: Pod = {
      ...seldonPod('scorer', 0),
      meta: meta('scorer-0', { labels: LABELS }),
      requests: { gpus: { 'nvidia.com/gpu': 2 } },
    };
    see(custom('scorer', 'a', [entity('a', { readyPodsAreReplicas: true })], { podLabels: LABELS }));
    see(brokenPod(pod, { waitingReason: 'CrashLoopBackOff', restarts: 4 }));
    expect(verdictOf(model(fleet, 'a'))).toBe('failed: Container keeps crashing');
    see({ ...pod, meta: meta('scorer-0', { labels: LABELS }) });
    expect(model(fleet, 'a')).toMatchObject({
      verdict: { state: 'serving' },
      replicas: { available: 1 },
      pods: [{ pod: 'scorer-0' }],
    });
    expect(fleet.snapshot().usage.rows).toMatchObject([{ platform: 'custom', models: 1, gpus: 2 }]);
    // Pods that come before the resource are its own all the same; those of another label are not.
    see(custom('scorer', 'b', [entity('b', { readyPodsAreReplicas: true })], { podLabels: { app: 'other' } }));
    expect(model(fleet, 'b').replicas).toEqual({ available: 0 });
  });

  it('do not count pods that only look like theirs, until one says that they are', () => {
    const { fleet, see, forget } = watch('scorer');
    const gpus = () => fleet.snapshot().usage.rows.map((row) => row.gpus);
    see({
      ...seldonPod('scorer', 0),
      meta: meta('scorer-0', { labels: LABELS }),
      requests: { gpus: { 'nvidia.com/gpu': 2 } },
    });
    expect(gpus()).toEqual([]);
    see(custom('scorer', 'a', [entity('a')], { podLabels: LABELS }));
    expect(gpus()).toEqual([2]);
    forget('scorer', 'a');
    expect(gpus()).toEqual([]);
  });

  it('share a name by the order of their mappings, whichever came first, and give it back', () => {
    const { fleet, drops, names, see, forget } = watch('ranker', 'scorer');
    see(custom('scorer', 'one', [entity('fraud', { version: 's' })]));
    see(custom('ranker', 'two', [entity('fraud', { version: 'r' })]));
    expect(names()).toEqual(['fraud', 'fraud@scorer']);
    expect(model(fleet, 'fraud').version).toBe('r');
    expect(drops).toEqual([
      'name_conflict payments/fraud is made of ranker/two and scorer/one: expected one, shown as name@mapping',
    ]);
    see(custom('scorer', 'one', [entity('fraud', { version: 't' })]));
    expect(model(fleet, 'fraud@scorer').version).toBe('t');
    expect(drops).toHaveLength(1);
    forget('ranker', 'two');
    expect(names()).toEqual(['fraud']);
    expect(model(fleet, 'fraud').version).toBe('t');
    forget('scorer', 'one');
    expect(names()).toEqual([]);
  });

  it('leave the plain name to a platform that is read without a mapping', () => {
    const { fleet, names, see } = watch('scorer');
    see(custom('scorer', 'a', [entity('fraud')]));
    fleet.observe(applied(inferenceService('fraud')));
    fleet.flush(NOW);
    expect(names()).toEqual(['fraud', 'fraud@custom']);
    expect(model(fleet, 'fraud').platform).toBe('kserve');
  });

  it('lose the models that they no longer hold, and keep the others', () => {
    const { fleet, names, see, forget } = watch('scorer');
    see(custom('scorer', 'a', [entity('a-1'), entity('a-2')], { server: entity('a') }));
    see(custom('scorer', 'a', [entity('a-2'), entity('a-3')], { server: entity('a') }));
    expect(names()).toEqual(['a-2', 'a-3']);
    expect(server(fleet, 'a').verdict.state).toBe('serving');
    forget('scorer', 'a');
    expect([names(), fleet.snapshot().servers.size]).toEqual([[], 0]);
  });
});
