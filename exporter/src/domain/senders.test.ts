import { NOW, applied, inferenceService, seldonModel, sourceStatus } from './testing/builders';
import { fleetOf, model, verdictOf } from './testing/fleets';
import type { Observation } from './observation';
import { renderChange } from '../families';
import { createFleet } from './fleet';
import { DEFAULT_OWNERSHIP } from './ownership';

const heard = (name: string, lastSeconds?: number): Observation => ({
  kind: 'sender-heard',
  namespace: 'payments',
  model: name,
  lastSeconds,
});
const forgotten = (name: string): Observation => ({ kind: 'sender-forgotten', namespace: 'payments', model: name });

describe('a model that is known by its events alone', () => {
  it('is there from its first word on: nobody knows whether it serves, and it was heard when its last event came', () => {
    const fleet = fleetOf([heard('churn')]);
    const view = model(fleet, 'churn');
    expect(verdictOf(view)).toBe('unknown: No server is watched, only events are');
    expect(view).toMatchObject({ platform: 'events', replicas: {}, endpoints: [] });
    expect(view.lastObservedSeconds).toBeUndefined();
    fleet.observe(heard('churn', NOW));
    fleet.flush(NOW + 1);
    expect(model(fleet, 'churn').lastObservedSeconds).toBe(NOW);
    fleet.observe(forgotten('churn'));
    fleet.flush(NOW + 2);
    expect(fleet.snapshot().models.size).toBe(0);
  });

  it('says no serving state in the metrics: that of whoever watches its server is to win', () => {
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
    fleet.observe(heard('churn', NOW));
    const texts = renderChange(fleet.flush(NOW)).flatMap(({ texts }) => texts ?? []);
    const states = texts.find((text) => text.startsWith('modelwatch_model_serving{')) ?? '';
    expect(states).toContain('state="unknown"} 0');
    expect(states).not.toContain('} 1');
    expect(texts.join('')).toContain('modelwatch_model_last_observed_timestamp_seconds{namespace="payments"');
  });

  it.each([
    ['Seldon', applied(seldonModel('fraud', 'ModelAvailable', { availableReplicas: 1 })), 'SeldonModel' as const],
    ['KServe', applied(inferenceService('fraud')), 'InferenceService' as const],
  ])('is that of %s while there is one of its name, under one name', (_, deployed, resource) => {
    const fleet = fleetOf([heard('fraud', NOW), sourceStatus()]);
    const platforms = () => [...fleet.snapshot().models.values()].map(({ name, platform }) => `${name} ${platform}`);
    expect(platforms()).toEqual(['fraud events']);
    fleet.observe(deployed);
    fleet.flush(NOW + 1);
    expect(platforms()).toEqual([`fraud ${resource === 'SeldonModel' ? 'seldon' : 'kserve'}`]);
    fleet.observe(heard('fraud', NOW + 2));
    fleet.flush(NOW + 2);
    expect(platforms()).toHaveLength(1);
    fleet.observe({ kind: 'resource-deleted', resource, namespace: 'payments', name: 'fraud' });
    fleet.flush(NOW + 3);
    expect(platforms()).toEqual(['fraud events']);
    expect(model(fleet, 'fraud').lastObservedSeconds).toBe(NOW + 2);
  });

  it('is owned by whom its settings name, deployed or not, and the configuration has the last word', () => {
    const ownership = { ...DEFAULT_OWNERSHIP, rules: [{ name: 'churn', owner: 'platform' }] };
    const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150, ownership });
    const told = (name: string, owner?: string): Observation => ({
      ...heard(name),
      ...(owner === undefined ? {} : { declared: { owner, importance: 'high' as const } }),
    });
    const owners = (...observations: Observation[]) => {
      for (const observation of observations) fleet.observe(observation);
      fleet.flush(NOW);
      return [...fleet.snapshot().models.values()].map(({ name, owner, importance }) => [name, owner, importance]);
    };
    const deployed = applied(seldonModel('fraud', 'ModelAvailable', { availableReplicas: 1 }));
    expect(owners(sourceStatus(), deployed, told('fraud'), told('churn', 'team'))).toEqual([
      ['fraud', undefined, undefined],
      ['churn', 'platform', 'high'],
    ]);
    expect(owners(told('fraud', 'risk'))[0]).toEqual(['fraud', 'risk', 'high']);
    expect(owners(told('fraud'))[0]).toEqual(['fraud', undefined, undefined]);
    owners(told('fraud', 'risk'));
    expect(owners(forgotten('fraud'))[0]).toEqual(['fraud', undefined, undefined]);
  });
});
