import { shifting, trafficOf } from './traffic';
import type { TrafficAction } from './types';

const experiment = (weights: Readonly<Record<string, unknown>>, more: object = {}) => ({
  metadata: {},
  spec: { default: 'old', candidates: Object.entries(weights).map(([name, weight]) => ({ name, weight })), ...more },
});
const service = (predictor: object, more: object = {}, deploymentMode = 'Knative') => ({
  ...{ metadata: {}, spec: { predictor, ...more }, status: { deploymentMode } },
});

function planned(kind: TrafficAction['kind'], object: unknown, candidate?: string, more: Partial<TrafficAction> = {}) {
  const action: TrafficAction = { type: 'traffic', kind, nameLabel: 'model', to: 0, maxStep: 100, ...more };
  const plan = shifting(action, candidate).plan(object);
  if (plan.kind === 'change') return `${plan.before} to ${plan.after}`;
  return plan.kind === 'refuse' ? `${plan.refusal.reason}: ${plan.refusal.text}` : plan.kind;
}

it.each<[string, unknown, Partial<TrafficAction>, string]>([
  ['stops', experiment({ old: 70, new: 30 }), {}, '30 to 0'],
  ['goes by steps', experiment({ old: 70, new: 30 }), { maxStep: 20 }, '30 to 10'],
  ['leaves a part', experiment({ old: 70, new: 30 }), { to: 25 }, '30 to 25'],
  ['never gives more', experiment({ old: 70, new: 30 }), { to: 50 }, 'unchanged'],
  ['has nothing to stop', experiment({ old: 70, new: 0 }), {}, 'unchanged'],
  [
    'leaves somebody who answers',
    experiment({ old: 0, new: 30 }),
    {},
    'rejected: weight of new in spec.candidates: expected others that have a weight, got none: nobody would answer',
  ],
  [
    'leaves the default alone',
    experiment({ old: 0, new: 30 }, { default: 'new' }),
    {},
    'rejected: new is the default of the experiment: its traffic stays with it',
  ],
  ['knows its candidates', experiment({ old: 70 }), {}, 'not_found: spec.candidates: expected one named "new", got 0'],
  [
    'understands what it changes',
    experiment({ old: 70, new: 'half' }),
    {},
    'rejected: weight of new in spec.candidates: expected a whole number, got none',
  ],
])('of an experiment %s', (_, object, more, expected) => {
  expect(planned('Experiment', object, 'new', more)).toBe(expected);
});

it('of a canary goes to 0, where there is one and somebody heeds it', () => {
  const percent = { canaryTrafficPercent: 20 };
  expect(planned('InferenceService', service(percent))).toBe('20 to 0');
  expect(planned('InferenceService', service({}))).toContain('not_found: spec.predictor.canaryTrafficPercent');
  expect(planned('InferenceService', service(percent, {}, 'Standard'))).toContain('expected Knative');
  const canary = [{ trafficPercent: 15, predictor: { name: 'small' } }];
  expect(planned('InferenceService', service({}, { canary }, 'Standard'), 'small')).toBe('15 to 0');
});

it('is written without a loss of what stands beside it', () => {
  const canary = [
    { trafficPercent: 15, predictor: { name: 'small', model: { storageUri: 'gs://a' } } },
    { trafficPercent: 5, predictor: { name: 'tiny' } },
  ];
  expect(trafficOf('InferenceService', 'small').set(service({}, { canary }), 0)).toEqual({
    spec: { canary: [{ ...canary[0], trafficPercent: 0 }, canary[1]] },
  });
});
