import { challengersOfExperiments, declaredChallengers, KnownChallengers } from './known';

const RISK = { namespace: 'shop', model: 'risk' };
const EXPERIMENT = {
  ...{ namespace: 'shop', name: 'try', resourceKind: 'model' as const },
  candidates: [
    { name: 'risk', ratio: 0.9, isDefault: true },
    { name: 'risk-b', ratio: 0.1, isDefault: false },
  ],
  mirror: { name: 'risk-next', ratio: 1 },
};

test('the mirror of an experiment challenges each of its candidates', () => {
  const known = new KnownChallengers();
  known.find(challengersOfExperiments([EXPERIMENT]));
  expect(known.of(RISK)).toMatchObject([{ name: 'risk-next', source: 'experiment shop/try' }]);
  expect(known.roleOf({ namespace: 'shop', model: 'risk-next' })).toEqual({
    isOwn: true,
    challenges: [
      { ...RISK, challenger: 'risk-next' },
      { ...RISK, model: 'risk-b', challenger: 'risk-next' },
    ],
  });
  known.find(challengersOfExperiments([]));
  expect(known.of(RISK)).toEqual([]);
  expect(known.roleOf({ namespace: 'shop', model: 'risk-next' })).toEqual({ isOwn: true, challenges: [] });
});

test('an experiment over pipelines, or without a mirror, has no challengers', () => {
  const { mirror: _, ...withoutMirror } = EXPERIMENT;
  expect(challengersOfExperiments([withoutMirror, { ...EXPERIMENT, resourceKind: 'pipeline' }]).size).toBe(0);
});

test('what the owner says of a model or of a name holds before what the fleet shows', () => {
  const known = new KnownChallengers();
  const declared = declaredChallengers(RISK, [{ name: 'tree', model: 'risk-next' }], 'config');
  known.declare(new Map([['shop/risk', declared]]));
  known.find(challengersOfExperiments([EXPERIMENT]));
  expect(known.of(RISK).map(({ name, source }) => [name, source])).toEqual([['tree', 'config']]);
});

test('a version challenges only with that version, and a candidate only by its name', () => {
  const known = new KnownChallengers();
  const settings = [{ name: 'two', version: '2' }, { name: 'shadow' }];
  known.declare(new Map([['shop/risk', declaredChallengers(RISK, settings, 'config')]]));
  expect(known.roleOf({ ...RISK, version: '1' })).toMatchObject({ isOwn: true, challenges: [] });
  expect(known.roleOf({ ...RISK, version: '2' })).toMatchObject({ isOwn: false, challenges: [{ challenger: 'two' }] });
  expect(known.roleOf({ ...RISK, candidate: 'shadow' })).toMatchObject({ challenges: [{ challenger: 'shadow' }] });
  expect(known.roleOf({ ...RISK, candidate: 'other' })).toBeUndefined();
});
