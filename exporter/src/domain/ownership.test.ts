import { createFleet } from './fleet';
import { createOwnership, DEFAULT_OWNERSHIP, type Owned, type OwnershipOptions } from './ownership';
import { NO_TELEMETRY } from './telemetry';
import { applied, meta, NOW, seldonModel, sourceStatus } from './testing/builders';
import { model } from './testing/fleets';

const owned = (annotations: Record<string, string>, labels: Record<string, string> = {}): Owned => ({
  namespace: 'payments',
  name: 'fraud-scorer',
  meta: { annotations, labels },
});
const find = (of: Owned, more: Partial<OwnershipOptions> = {}) =>
  createOwnership({ ...DEFAULT_OWNERSHIP, ...more })(of);

it('what is slow for a model is said by the first rule that fits and says it', () => {
  const rules = [
    { namespace: 'growth', slowSeconds: 9 },
    { name: 'fraud-*', owner: 'risk' },
    { namespace: 'payments', slowSeconds: 0.25 },
    { slowSeconds: 1 },
  ];
  expect(find(owned({}), { rules })).toEqual({ owner: 'risk', slowSeconds: 0.25 });
  expect(find(owned({}), { rules: rules.slice(0, 2) })).toEqual({ owner: 'risk' });
});

describe('the owner of a model', () => {
  it.each<[string, Owned, object]>([
    ['nobody says', owned({}), {}],
    ['the most explicit key', owned({ team: 'a', 'modelwatch.io/owner': 'b' }), { owner: 'b' }],
    ['the annotation before the label of one key', owned({ owner: 'a' }, { owner: 'b' }), { owner: 'a' }],
    ['a label of an explicit key before another annotation', owned({ team: 'a' }, { owner: 'b' }), { owner: 'b' }],
    ['the declaration of a standalone model', { ...owned({ owner: 'a' }), declared: { owner: 'c' } }, { owner: 'c' }],
    ['an empty text is nobody', owned({ owner: '', team: 'a' }), { owner: 'a' }],
  ])('%s', (_, of, expected) => {
    expect(find(of)).toEqual(expected);
  });
});

describe('rules of the configuration', () => {
  const rules = [
    { namespace: 'pay*', name: 'fraud-*', owner: 'risk' },
    { namespace: 'payments', owner: 'payments', importance: 'high' as const },
    { importance: 'low' as const },
  ];

  it.each([
    ['payments', 'fraud-scorer', { owner: 'risk', importance: 'high' }],
    ['payments', 'churn', { owner: 'payments', importance: 'high' }],
    ['payroll', 'fraud-1', { owner: 'risk', importance: 'low' }],
    ['payroll', 'my-fraud-1', { importance: 'low' }],
  ])('%s/%s: the first that fits and says something', (namespace, name, expected) => {
    expect(find({ namespace, name }, { rules })).toEqual(expected);
  });

  it('win over what the object says', () => {
    const said = owned({ owner: 'me', 'modelwatch.io/importance': 'critical' });
    expect(find(said, { rules })).toEqual({ owner: 'risk', importance: 'high' });
  });

  it('take every character but * as it stands', () => {
    const dots = [{ name: 'a.b*', owner: 'x' }];
    expect(find({ namespace: 'n', name: 'a.b-1' }, { rules: dots })).toEqual({ owner: 'x' });
    expect(find({ namespace: 'n', name: 'aXb-1' }, { rules: dots })).toEqual({});
  });
});

describe('importance', () => {
  it('is read whatever its case', () => {
    expect(find(owned({ 'modelwatch.io/importance': ' Critical ' }))).toEqual({ importance: 'critical' });
  });

  it('outside the closed list is none, and counted once for each version of the object', () => {
    const drops: string[] = [];
    const dropped = (_: string, reason: string, detail: string) => void drops.push(`${reason} ${detail}`);
    const fleet = createFleet({
      probeIntervalSeconds: 15,
      staleAfterSeconds: 150,
      telemetry: { ...NO_TELEMETRY, dropped },
    });
    const urgent = () =>
      applied(
        seldonModel('fraud', 'ModelAvailable', {
          meta: meta('fraud', { annotations: { 'modelwatch.io/importance': 'urgent' } }),
        })
      );
    fleet.observe(urgent());
    fleet.observe(sourceStatus());
    fleet.flush(NOW);
    fleet.observe(sourceStatus({ state: 'silent' }));
    fleet.flush(NOW + 500);
    expect(model(fleet, 'fraud').importance).toBeUndefined();
    const said =
      'unknown_value payments/fraud modelwatch.io/importance: expected critical or high or normal or low, got "urgent"';
    expect(drops).toEqual([said]);
    fleet.observe(urgent());
    fleet.flush(NOW + 501);
    expect(drops).toEqual([said, said]);
  });
});
