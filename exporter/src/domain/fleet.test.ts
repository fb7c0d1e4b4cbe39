import { entityKey, type DropReason } from '@modelwatch/contract';
import { createFleet } from './fleet';
import { fleetOf, model, verdictOf } from './testing/fleets';
import { NO_TELEMETRY } from './telemetry';
import {
  NOW,
  applied,
  inferenceService,
  probeResult,
  probed,
  seldonModel,
  seldonPod,
  sourceStatus,
} from './testing/builders';

describe('sources', () => {
  const serving = applied(seldonModel('fraud', 'ModelAvailable', { availableReplicas: 1 }));

  it('makes its models stale, with since when and the last state, and takes it back', () => {
    const fleet = fleetOf([serving, sourceStatus()]);
    fleet.observe(sourceStatus({ state: 'silent', lastContactSeconds: NOW }));
    fleet.flush(NOW + 200);
    expect(verdictOf(model(fleet, 'fraud'))).toBe(
      'stale: No news from Kubernetes since 2027-01-15 08:00 UTC; last seen serving'
    );
    fleet.observe(applied(seldonModel('fraud', 'ModelFailed')));
    fleet.flush(NOW + 201);
    expect(verdictOf(model(fleet, 'fraud'))).toMatch(/last seen serving$/);
    fleet.observe(serving);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 210 }));
    fleet.flush(NOW + 210);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('serving');
    expect(model(fleet, 'fraud').history.map(({ from, to }) => `${from}>${to}`)).toEqual([
      'stale>serving',
      'serving>stale',
    ]);
    expect(model(fleet, 'fraud').lastTransitionSeconds).toBe(NOW + 210);
  });

  it('believes a failing source until its contact is too old', () => {
    const fleet = fleetOf([serving, sourceStatus()]);
    fleet.observe(sourceStatus({ state: 'failing' }));
    fleet.flush(NOW + 149);
    expect(verdictOf(model(fleet, 'fraud'))).toBe('serving');
    fleet.flush(NOW + 151);
    expect(verdictOf(model(fleet, 'fraud'))).toMatch(/^stale/);
  });

  it('is synced when each required source is, and tells no history of the first reading', () => {
    const fleet = fleetOf([serving, sourceStatus({ state: 'syncing' })]);
    expect(fleet.snapshot()).toMatchObject({ synced: false, everSynced: false });
    fleet.observe(applied(seldonModel('fraud', 'ModelFailed')));
    fleet.flush(NOW);
    fleet.observe(sourceStatus());
    fleet.flush(NOW);
    expect(fleet.snapshot()).toMatchObject({ synced: true, everSynced: true });
    expect(model(fleet, 'fraud')).toMatchObject({ history: [], lastTransitionSeconds: NOW - 600 });
  });

  it('shows contact in steps, so that bookmarks do not renew every view', () => {
    const fleet = fleetOf([serving, sourceStatus()]);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 4 }));
    expect(fleet.flush(NOW + 4).models.confirmed.size).toBe(0);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 20 }));
    expect(fleet.flush(NOW + 20).models).toMatchObject({ changed: new Map(), confirmed: { size: 1 } });
    expect(model(fleet, 'fraud').lastObservedSeconds).toBe(NOW + 20);
  });
});

describe('a large fleet', () => {
  it('is renewed in turns, of which none is long', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `m${index}`);
    const fleet = fleetOf([
      ...names.map((name) => applied(seldonModel(name, 'ModelAvailable', { availableReplicas: 1 }))),
      sourceStatus(),
    ]);
    fleet.observe(sourceStatus({ lastContactSeconds: NOW + 20 }));
    const renewed: number[] = [];
    do renewed.push(fleet.flush(NOW + 20).models.confirmed.size);
    while (fleet.renewing);
    expect(Math.max(...renewed)).toBe(1_000);
    expect(renewed.reduce((sum, count) => sum + count, 0)).toBe(2_000);
    expect(fleet.pending).toBe(false);
    expect(new Set([...fleet.snapshot().models.values()].map((view) => view.lastObservedSeconds))).toEqual(
      new Set([NOW + 20])
    );
  });
});

describe('the fleet as a whole', () => {
  it('renames the second of two namesakes, the same way whichever came first, and counts it', () => {
    const both = [
      applied(seldonModel('churn', 'ModelAvailable', { availableReplicas: 1 })),
      applied(inferenceService('churn')),
    ];
    for (const order of [both, [...both].reverse()]) {
      const drops: DropReason[] = [];
      const fleet = createFleet({
        probeIntervalSeconds: 15,
        staleAfterSeconds: 150,
        telemetry: { ...NO_TELEMETRY, dropped: (_, reason) => drops.push(reason) },
      });
      for (const observation of order) {
        fleet.observe(observation);
        fleet.flush(NOW);
      }
      expect(drops).toEqual(['name_conflict']);
      const names = [...fleet.snapshot().models.values()].map((view) => `${view.platform} ${view.key}`).sort();
      expect(names).toEqual(['kserve payments/churn@kserve', 'seldon payments/churn']);
      fleet.observe({ kind: 'resource-deleted', resource: 'SeldonModel', namespace: 'payments', name: 'churn' });
      const change = fleet.flush(NOW);
      expect([...change.models.changed].map(([key, view]) => [key, view?.platform])).toEqual(
        expect.arrayContaining([
          ['payments/churn', 'kserve'],
          ['payments/churn@kserve', undefined],
        ])
      );
      expect([...fleet.snapshot().models.keys()]).toEqual(['payments/churn']);
    }
  });

  it('derives only what an event touches', () => {
    const fleet = fleetOf([
      applied(seldonModel('a', 'ModelAvailable', { availableReplicas: 1, server: 'one' })),
      applied(seldonModel('b', 'ModelAvailable', { availableReplicas: 1, server: 'two' })),
      sourceStatus(),
    ]);
    const before = new Map(fleet.snapshot().models);
    fleet.observe(applied(seldonPod('one', 0)));
    const change = fleet.flush(NOW);
    expect([...change.models.changed.keys()]).toEqual(['payments/a']);
    expect(fleet.snapshot().models.get(entityKey({ namespace: 'payments', name: 'b' }))).toBe(
      before.get(entityKey({ namespace: 'payments', name: 'b' }))
    );
    expect(before.get(entityKey({ namespace: 'payments', name: 'a' }))?.pods).toEqual([]);
  });

  it('keeps at most 50 changes, newest first', () => {
    const fleet = fleetOf([applied(seldonModel('a', 'ModelFailed')), sourceStatus()]);
    for (let turn = 1; turn <= 60; turn++) {
      const state = turn % 2 ? 'ModelAvailable' : 'ModelFailed';
      fleet.observe(applied(seldonModel('a', state, turn % 2 ? { availableReplicas: 1 } : {})));
      fleet.flush(NOW + turn);
    }
    const { history } = model(fleet, 'a');
    expect(history.length).toBe(50);
    expect(history[0]).toMatchObject({
      atSeconds: NOW + 60,
      from: 'serving',
      to: 'failed',
      reason: { reason: 'load_failed' },
    });
  });

  it('refuses names that cannot be keys and probes of what is no target, and counts them', () => {
    const drops: string[] = [];
    const fleet = createFleet({
      probeIntervalSeconds: 15,
      staleAfterSeconds: 150,
      telemetry: { ...NO_TELEMETRY, dropped: (source, reason, detail) => drops.push(`${source} ${reason} ${detail}`) },
    });
    fleet.observe(applied(seldonModel('a/b', 'ModelAvailable')));
    fleet.observe(probed('gone', 'gone-0', probeResult()));
    expect(fleet.flush(NOW).models.changed.size).toBe(0);
    expect(drops).toEqual([
      'domain wrong_type namespace and name: expected names without "/", got "payments", "a/b"',
      'servers unknown_model endpoint payments/gone/gone-0: expected a pod or a declared server',
    ]);
  });
});
