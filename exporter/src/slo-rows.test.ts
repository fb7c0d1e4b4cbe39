import { entityKey } from '@modelwatch/contract';
import { createSloBook } from './domain/slo/book';
import type { DeclaredSlo } from './domain/slo/spec';
import type { ModelView } from './domain/views';
import { createExpositionStore } from './exposition/segments';
import { GROUPS } from './families';
import { createSloRows } from './slo-rows';
import type { Declarations } from './slos';

const model = (name: string): ModelView => ({
  ...{ key: entityKey({ namespace: 'shop', name }), namespace: 'shop', name, platform: 'kserve' },
  ...{ verdict: { state: 'serving', reasons: [] }, conditions: [], history: [] },
  ...{ replicas: {}, traffic: [], pods: [], endpoints: [] },
});
const declared = (name: string): DeclaredSlo => ({
  spec: {
    ...{ name, subject: 'models', selector: {}, indicator: 'availability', objective: 0.9 },
    ...{ window: '30d', method: 'occurrences' },
  },
  ...{ place: 'config', warnings: [] },
});

function rows(...names: string[]) {
  return rowsWithin(undefined, ...names);
}

function rowsWithin(room: number | undefined, ...names: string[]) {
  const views = new Map(names.map((name) => [model(name).key, model(name)]));
  const snapshot = { models: views, pipelines: new Map() };
  const store = createExpositionStore(GROUPS);
  let current: Declarations = { declared: [declared('a')], problems: [] };
  const slos = createSloRows(() => current, store, createSloBook(room));
  const change = (changed: ReadonlyMap<string, ModelView | undefined>) => ({
    models: { changed, confirmed: new Map() },
    pipelines: { changed: new Map(), confirmed: new Map() },
  });
  return {
    slos,
    snapshot,
    follow: (changed: ReadonlyMap<string, ModelView | undefined> = new Map()) => slos.follow(change(changed), snapshot),
    declare: (...all: string[]) => (current = { declared: all.map(declared), problems: [] }),
    shown: () =>
      [
        ...store
          .view('prometheus')
          .text()
          .matchAll(/^modelwatch_slo_info\{.*model="(.*?)".*slo="(.*?)"/gm),
      ]
        .map(([, of, slo]) => `${of} ${slo}`)
        .sort(),
  };
}

it('shows the objectives of models that come and go', () => {
  const { follow, snapshot, shown } = rows('risk', 'churn');
  follow(snapshot.models);
  expect(shown()).toEqual(['churn a', 'risk a']);
  follow(new Map([['shop/churn', undefined]]));
  expect(shown()).toEqual(['risk a']);
});

it('shows what is declared anew piece by piece, and is at rest then', () => {
  const { slos, snapshot, follow, declare, shown } = rows('risk', 'churn', 'spam');
  follow(snapshot.models);
  slos.goOn(snapshot, () => true);
  expect(slos.pending).toBe(false);
  declare('b');
  follow();
  let turns = 2;
  slos.goOn(snapshot, () => turns-- > 0);
  expect(shown().filter((each) => each.endsWith('b'))).toHaveLength(2);
  expect(slos.pending).toBe(true);
  slos.goOn(snapshot, () => true);
  expect(shown()).toEqual(['churn b', 'risk b', 'spam b']);
  expect(slos.pending).toBe(false);
  declare();
  follow();
  slos.goOn(snapshot, () => true);
  expect(shown()).toEqual([]);
});

it('takes in what was refused for want of room once others are gone', () => {
  const { slos, snapshot, follow, shown } = rowsWithin(2, 'risk', 'churn', 'spam');
  follow(snapshot.models);
  slos.goOn(snapshot, () => true);
  expect(shown()).toEqual(['churn a', 'risk a']);
  expect(slos.book.refusedCount).toBe(1);
  snapshot.models.delete(entityKey({ namespace: 'shop', name: 'churn' }));
  follow(new Map([['shop/churn', undefined]]));
  slos.goOn(snapshot, () => true);
  expect(shown()).toEqual(['risk a', 'spam a']);
  expect([slos.book.refusedCount, slos.pending]).toEqual([0, false]);
});
