import { reasonOf } from './words';
import type { SloRow } from './status';

const ROW: Omit<SloRow, 'reason'> = {
  ...{ cluster: '', namespace: 'shop', model: 'risk', pipeline: '', slo: 'kept' },
  ...{ metric: '', window: '30d', owner: '', state: 'too_little_data', indicator: 'availability' },
};

it.each([
  [{ events: 41.2, eventsNeeded: 1000 }, '41 of 1000 events: one bad one would spend 24 budgets'],
  [{ events: 60, eventsNeeded: 100 }, '60 of 100 events: one bad one would spend the budget'],
  [{ events: 0.2, eventsNeeded: 100 }, 'No events counted yet'],
  // The count was of another moment than the state.
  [{ events: 113, eventsNeeded: 100 }, 'Just enough events: the verdict follows'],
  [{ events: 8000, eventsNeeded: 100, indicator: 'drift' as const }, 'No minute of the last hour could be judged'],
])('says of too little data what is missing: %j', (more, said) => {
  expect(reasonOf({ ...ROW, ...more })).toBe(said);
});
