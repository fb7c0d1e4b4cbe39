import type { AccuracyPlan } from '../accuracy/settings';
import { SegmentCounts } from '../segments/counts';
import { segmentsOf } from '../segments/plan';
import { fairnessPlan, fairnessProblems, type FairnessSettings } from './settings';

const ACCURACY: AccuracyPlan = {
  task: 'classification',
  window: '1d',
  rowsNeeded: 100,
  decisionThreshold: 0.5,
  classes: ['false', 'true'],
  positiveClass: 'true',
  predictsScores: true,
  limits: {},
};
const HIDDEN = { showCategories: false };
const SEGMENTS = segmentsOf([], {
  ...HIDDEN,
  segments: [{ column: 'age_group', values: ['18-29', '30-49'] }],
});
const SETTINGS: FairnessSettings = { protected: [{ column: 'age_group' }], favourableClass: 'false' };

describe('what is judged of fairness', () => {
  it('follows from the settings, by the usual limits', () => {
    const plan = fairnessPlan(SETTINGS, ACCURACY, SEGMENTS);
    expect(plan).toMatchObject({
      attributes: [{ column: 'age_group', referenceGroup: '' }],
      ...{ favourableClass: 'false', window: '1d', rowsNeeded: 100 },
    });
    expect(plan?.limits.disparate_impact).toEqual({ warning: 0.9, critical: 0.8 });
  });

  it('takes classes as they are written elsewhere, scores by the threshold of the model, and a class before a score', () => {
    const decide = fairnessPlan({ ...SETTINGS, favourableClass: '0' }, ACCURACY, SEGMENTS)?.decide;
    expect([0.2, 0.5, 0.9].map((value) => decide?.({ value }))).toEqual(['favourable', 'unfavourable', 'unfavourable']);
    expect([decide?.({ value: true, score: 0.1 }), decide?.({ value: 7 }), decide?.({})]).toEqual([
      'unfavourable',
      undefined,
      undefined,
    ]);
  });

  it('names the group that others are compared with as the labels do', () => {
    const hidden = segmentsOf(
      [
        {
          segments: [
            {
              column: 'age_group',
              values: [
                { value: '18-29', rows: 1 },
                { value: '30-49', rows: 1 },
              ],
              otherRows: 0,
              missingRows: 0,
            },
          ],
          missingValues: [],
        } as never,
      ],
      HIDDEN
    );
    const settings = { ...SETTINGS, protected: [{ column: 'age_group', referenceGroup: '30-49' }] };
    expect(fairnessPlan(settings, ACCURACY, hidden)?.attributes).toEqual([
      { column: 'age_group', referenceGroup: '1' },
    ]);
    expect(fairnessPlan(settings, ACCURACY, SEGMENTS)?.attributes[0]?.referenceGroup).toBe('30-49');
  });

  it.each<[string, Partial<FairnessSettings>, Partial<AccuracyPlan>]>([
    ['fairness: expected a classification, got regression', {}, { task: 'regression' }],
    ['fairness.favourableClass: expected one of "false", "true", got "granted"', { favourableClass: 'granted' }, {}],
    [
      'fairness.protected[0].column: expected a segment of the model, got "gender"',
      { protected: [{ column: 'gender' }] },
      {},
    ],
    [
      'fairness.protected[0].referenceGroup: expected a value of the segment age_group, got "50+"',
      { protected: [{ column: 'age_group', referenceGroup: '50+' }] },
      {},
    ],
    [
      'fairness.protected[0].referenceGroup: expected a value of the segment age_group, got "missing"',
      { protected: [{ column: 'age_group', referenceGroup: 'missing' }] },
      {},
    ],
  ])('is nothing where it cannot be: %s', (problem, settings, accuracy) => {
    const given = [{ ...SETTINGS, ...settings }, { ...ACCURACY, ...accuracy }, SEGMENTS] as const;
    expect(fairnessProblems(...given)).toEqual([problem]);
    expect(fairnessPlan(...given)).toBeUndefined();
  });
});

it('decisions are counted by group, and what cannot be read is not', () => {
  const counts = new SegmentCounts({ limit: 1_000, free: () => 1_000, take: () => undefined });
  const fairness = fairnessPlan(SETTINGS, ACCURACY, SEGMENTS);
  counts.declare({ segments: SEGMENTS, plans: [], accuracy: undefined, fairness, reserve: 0 });
  const events = [
    ['18-29', 0.9],
    ['18-29', 0.1],
    ['30-49', 0.2],
    ['70+', 0.2],
    [null, 0.2],
    ['30-49', 7],
  ] as const;
  for (const [age_group, prediction] of events) counts.count({ features: { age_group }, prediction }, undefined);
  const table = counts.tables.find(({ content }) => content.kind === 'decisions');
  expect(Array.from(table?.counts ?? [])).toEqual([1, 1, 1, 0, 1, 0, 1, 0]);
});
