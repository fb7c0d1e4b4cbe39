import fc from 'fast-check';
import { categoricalFeature, numericFeature, referenceOf } from '../testing/references';
import type { CountedGeneration } from '../generative/counts';
import { createEventBook, type EventBook, type EventBookOptions } from './book';
import { hashOf, KnownIds } from './known-ids';
import { DEFAULT_SETTINGS, type MonitoredModel, type MonitoringSettings } from './monitored';

const NOW = 1_800_000_000;
const DAY = 86_400;
const REFERENCE = referenceOf();
const OTHER = referenceOf({ features: [numericFeature('amount', [100])] });

const bookOf = (change: Partial<EventBookOptions> = {}) =>
  createEventBook({ seriesPerModel: 2_000, series: 5_000, undeclaredModels: 2, rememberedIds: 100, ...change });
const risk = (change: Partial<MonitoredModel> = {}, settings: Partial<MonitoringSettings> = {}): MonitoredModel => ({
  namespace: 'shop',
  model: 'risk',
  references: [{ reference: REFERENCE }],
  settings: { ...DEFAULT_SETTINGS, ...settings },
  ...change,
});
const send = (
  book: EventBook,
  change: { version?: string; model?: string; features?: object; at?: number; generation?: CountedGeneration } = {}
) =>
  book.count(
    { namespace: 'shop', model: change.model ?? 'risk' },
    {
      version: change.version ?? '',
      hasId: false,
      features: { amount: 5, country: 'DE', ...change.features },
      prediction: undefined,
      generation: change.generation,
    },
    change.at ?? NOW
  );
const model = (book: EventBook) => book.find('shop', 'risk') as NonNullable<ReturnType<EventBook['find']>>;
const rows = (book: EventBook, version = '', reference = REFERENCE.id) => {
  const counts = model(book).slots.get(version)?.bins.get(reference)?.counts;
  return counts && [...counts];
};
const versions = (book: EventBook) => [...model(book).slots.values()].map((slot) => [slot.version, slot.predictions]);

describe('the event book', () => {
  it('has all bins at 0 before the first event, and keeps the counts of a reference that stays', () => {
    const book = bookOf();
    book.setModels([risk()], NOW);
    expect(rows(book)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    send(book);
    book.setModels([risk({}, { starred: ['country'], excluded: [] })], NOW);
    // Starred features come first.
    expect(rows(book)).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    book.setModels([risk({ references: [{ reference: OTHER }] })], NOW);
    expect(rows(book)).toBeUndefined();
    expect(rows(book, '', OTHER.id)).toEqual([0, 0, 0, 0, 0]);
    send(book);
    expect([rows(book, '', OTHER.id)?.[0], model(book).predictions]).toEqual([1, 2]);
  });

  it('compares a version with its own reference, and others with the one that has no version', () => {
    const book = bookOf();
    book.setModels([risk({ references: [{ reference: REFERENCE }, { reference: OTHER, version: '2' }] })], NOW);
    for (const version of ['1', '2', '']) send(book, { version });
    expect([rows(book, '1')?.[0], rows(book, '2', OTHER.id)?.[0], rows(book, '')?.[0]]).toEqual([1, 1, 1]);
    expect(rows(book, '2')).toBeUndefined();
    // From now on 1 has one of its own.
    book.setModels([risk({ references: [{ reference: OTHER, version: '1' }, { reference: REFERENCE }] })], NOW);
    send(book, { version: '1' });
    expect([rows(book, '1'), rows(book, '1', OTHER.id)?.[0]]).toEqual([undefined, 1]);
  });

  it('tells three versions apart, lets one go a day after its last event, and keeps the bins of a reference', () => {
    const book = bookOf();
    book.setModels([risk()], NOW);
    for (const version of ['1', '2', '3', '4', '5']) send(book, { version, at: NOW + Number(version) });
    expect(versions(book)).toEqual([
      ['', 0],
      ['1', 1],
      ['2', 1],
      ['3', 1],
      ['other', 2],
    ]);
    book.expire(NOW + DAY + 2.5);
    send(book, { version: '6', at: NOW + DAY + 3 });
    expect(versions(book).map(([version]) => version)).toEqual(['3', 'other', '6']);
    book.expire(NOW + 3 * DAY);
    expect(book.series).toBe(12);
    expect(versions(book)).toHaveLength(1);
  });

  it('keeps within its budget: the least important features are left out, and counted', () => {
    const features = [
      numericFeature('a', [50, 50], 0.1),
      numericFeature('b', [50, 50], 0.8),
      numericFeature('c', [100], 0.1),
    ];
    const reference = referenceOf({ features, prediction: categoricalFeature('p', { x: 100 }) });
    const book = bookOf({ seriesPerModel: 14 });
    book.setModels([risk({ references: [{ reference }] })], NOW);
    const watched = () =>
      model(book)
        .slots.get('')
        ?.bins.get(reference.id)
        ?.plan.columns.map(({ feature }) => feature);
    expect([watched(), model(book).seriesRefused, book.series]).toEqual([['', 'b'], 11, 11]);
    send(book, { version: '1' });
    expect([model(book).seriesRefused, book.series]).toEqual([33, 11]);
    expect(model(book).predictions).toBe(1);
    book.setModels([risk({ references: [{ reference: OTHER }] })], NOW);
    expect([model(book).seriesRefused, book.series]).toEqual([0, 5]);
    book.setModels([], NOW);
    expect(book.series).toBe(0);
  });

  it('counts strangers up to a bound, and forgets them a day after their last event', () => {
    const book = bookOf();
    expect([send(book, { model: 'a' }), send(book, { model: 'b' }), send(book, { model: 'c' })]).toEqual([
      undefined,
      undefined,
      'unknown_model',
    ]);
    expect(book.droppedWithoutModel.unknown_model).toBe(1);
    book.expire(NOW + DAY + 1);
    expect(book.takeGone().map(({ model: name }) => name)).toEqual(['a', 'b']);
    expect(send(book, { model: 'c', at: NOW + DAY + 1 })).toBeUndefined();
  });

  it('keeps a stranger of which there is feedback only for a day after the last', () => {
    const book = bookOf();
    const judge = (at: number) =>
      book.feedback({ namespace: 'shop', model: 'chat' }, { version: '', verdict: 'positive' }, at);
    judge(NOW);
    judge(NOW + DAY);
    book.expire(NOW + 2 * DAY);
    expect(book.takeGone()).toEqual([]);
    book.expire(NOW + 2 * DAY + 1);
    expect(book.takeGone().map(({ model: name }) => name)).toEqual(['chat']);
  });

  it('tells three versions of a generative model and of its feedback apart, and lets them go with those of its events', () => {
    const book = bookOf();
    book.setModels([risk({ references: [] })], NOW);
    for (let n = 0; n < 40; n++) {
      const [version, at] = [`v${n}`, NOW + 2 * n * DAY];
      book.expire(at);
      send(book, { version, at, generation: { outcome: 'answered' } });
      book.feedback({ namespace: 'shop', model: 'risk' }, { version, verdict: 'positive' }, at);
    }
    const { generative, feedback } = model(book);
    expect([...(generative?.completions.keys() ?? [])]).toEqual(['v39']);
    expect([...feedback.versions.keys()]).toEqual(['v39']);
    // Five outcomes and three verdicts, and tokens of two classes of consumers.
    expect(book.series).toBe(5 + 3 + 8);
    book.expire(NOW + 80 * DAY);
    expect(book.series).toBe(8);
    book.setModels([], NOW + 80 * DAY);
    expect(book.series).toBe(0);
  });

  it('counts the series of generations, of feedback and of custom metrics within its budget, and what it refuses', () => {
    const book = bookOf({ seriesPerModel: 18 });
    const loaded = { aggregation: 'sum', direction: 'lower_is_better', origin: 'models[0]' } as const;
    const customMetrics = ['a', 'b'].map((name) => ({ ...loaded, name }));
    book.setModels([risk({ references: [] }, { customMetrics })], NOW);
    expect(book.series).toBe(6);
    const push = (metric: string) => book.push({ namespace: 'shop', model: 'risk' }, { metric, value: 1 }, NOW);
    expect([push('a'), push('b')]).toEqual([undefined, undefined]);
    send(book, { generation: { outcome: 'answered' } });
    const judge = () => book.feedback({ namespace: 'shop', model: 'risk' }, { version: '', verdict: 'positive' }, NOW);
    expect(judge()).toBeUndefined();
    // Tokens of two classes have eight series, which leaves four: none for five outcomes, some for three verdicts.
    expect([book.series, model(book).seriesRefused]).toEqual([6 + 8 + 3, 5]);
    const judgeOther = () =>
      book.feedback({ namespace: 'shop', model: 'risk', id: 'a' }, { version: 'v2', verdict: 'negative' }, NOW);
    // Not taken for a repetition of what was not counted.
    expect([judgeOther(), judgeOther()]).toEqual(['no_room', 'no_room']);
    expect([book.series, model(book).seriesRefused]).toEqual([17, 5 + 3]);
    book.setModels([risk({ references: [] }, { customMetrics: [...customMetrics, { ...loaded, name: 'c' }] })], NOW);
    expect([book.series, model(book).seriesRefused]).toEqual([17, 3 + 5 + 3]);
    expect(push('c')?.expected).toContain('events.maxSeriesPerModel');
    book.setModels([], NOW);
  });

  it('does not bound models of the fleet', () => {
    const book = bookOf({ undeclaredModels: 0, isKnown: (_, name) => name === 'deployed' });
    expect([send(book, { model: 'deployed' }), send(book, { model: 'other' })]).toEqual([undefined, 'unknown_model']);
  });

  it('takes any value for any feature, and loses no row', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.constantFrom('amount', 'country', 'x'), fc.anything())), (events) => {
        const book = bookOf();
        book.setModels([risk()], NOW);
        for (const features of events) send(book, { features });
        const counts = rows(book) ?? [];
        const sum = (from: number) => counts.slice(from, from + 6).reduce((total, count) => total + count, 0);
        expect([sum(0), sum(6)]).toEqual([events.length, events.length]);
      })
    );
  });
});

describe('ids that are known', () => {
  it('are so for as many as are to be remembered, and not much longer', () => {
    const ids = new KnownIds(100);
    for (let n = 0; n < 150; n++) expect(ids.add(`id-${n}`, 1)).toBe(true);
    for (let n = 50; n < 150; n++) expect(ids.add(`id-${n}`, 1)).toBe(false);
    for (let n = 150; n < 400; n++) ids.add(`id-${n}`, 1);
    expect(ids.add('id-0', 1)).toBe(true);
    // Of another model it is another.
    expect(ids.add('id-399', 2)).toBe(true);
  });

  it('do not meet: those that follow one another, of two models', () => {
    const seen = new Set<number>();
    for (let n = 0; n < 100_000; n++) seen.add(hashOf(`order-${n}`, 1)).add(hashOf(`order-${n}`, 2));
    expect(seen.size).toBe(200_000);
  });

  it('do not meet: short ones of models that follow one another', () => {
    const seen = new Set<number>();
    for (let n = 0; n < 1_000; n++) for (let seed = 0; seed < 50; seed++) seen.add(hashOf(String(n), seed));
    expect(seen.size).toBe(50_000);
  });
});
