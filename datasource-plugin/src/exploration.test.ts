/** @jest-environment jsdom */
import type { DataFrame, DataQueryResponse } from '@grafana/data';
import type { ModelRow, ModelRows } from '@modelwatch/contract';
import { of, throwError } from 'rxjs';
import type { ExplorationQuery } from './query/types';
import { behind, column, dataSource, HOUR, NOW, one, request, resetBehind } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

const query: ExplorationQuery = {
  refId: 'A',
  kind: 'exploration',
  filters: { namespace: ['shop'], model: ['risk'] },
};
const row = (number: number, change: Partial<ModelRow> = {}): ModelRow => ({
  ...{ number, version: 'v1', timeSeconds: 1_000 + number, prediction: 'yes', segments: {}, features: {} },
  ...change,
});
const answer = (items: readonly ModelRow[], change: Partial<ModelRows> = {}): ModelRows => ({
  ...{ namespace: 'shop', model: 'risk', task: 'classification', generatedAtSeconds: 1 },
  held: { rows: 9, bytes: 1, mostRows: 10, mostBytes: 10, retentionSeconds: 60, sampleRatio: 1 },
  items: [...items],
  ...change,
});
const give = (rows: ModelRows) => behind.api.mockImplementation(() => of({ data: rows }));
const frame = (packet: DataQueryResponse) => packet.data[0] as DataFrame;
const asked = () => new URL(behind.api.mock.calls.at(-1)?.[0].url ?? '', 'http://grafana');

beforeEach(resetBehind);

it('shows rows as a table with types, by the route that has the token for rows', async () => {
  give(
    answer([
      row(2, {
        id: 'b',
        actual: 'no',
        wrong: true,
        actualSeconds: 2_000,
        features: { amount: 2.5, country: 'DE', mixed: 1, gone: null },
      }),
      row(1, { segments: { country: 'FR' }, features: { amount: null, mixed: 'x', ok: true } }),
    ])
  );
  const packet = await one(dataSource(), request([query]));
  expect(packet.errors).toBeUndefined();
  expect(asked().pathname).toBe('/proxy/mw/rows/shop/risk/rows');
  expect(Object.fromEntries(asked().searchParams)).toEqual({
    ...{ limit: '1000', from: String(Math.floor((NOW - HOUR) / 1_000)), to: String(Math.ceil(NOW / 1_000)) },
  });
  expect(frame(packet).fields.map(({ name, type }) => [name, type])).toEqual([
    ['time', 'time'],
    ['id', 'string'],
    ['version', 'string'],
    ['prediction', 'string'],
    ['actual', 'string'],
    ['wrong', 'string'],
    ['actual_time', 'time'],
    ['segments.country', 'string'],
    ['features.amount', 'number'],
    ['features.country', 'string'],
    ['features.mixed', 'string'],
    ['features.ok', 'boolean'],
  ]);
  expect(column(packet, 'time')).toEqual([1_002_000, 1_001_000]);
  expect(column(packet, 'actual_time')).toEqual([2_000_000, null]);
  expect(column(packet, 'features.amount')).toEqual([2.5, null]);
  expect(column(packet, 'features.mixed')).toEqual(['1', 'x']);
  expect(column(packet, 'wrong')).toEqual(['wrong', null]);
  expect(behind.prometheus).not.toHaveBeenCalled();
});

it('asks for what is chosen', async () => {
  give(answer([], { next: 5 }));
  const filters = { ...query.filters, version: ['v2'], segment: ['country'], segment_value: ['DE'] };
  const packet = await one(dataSource(), request([{ ...query, filters, only: 'wrong' }]));
  expect(Object.fromEntries(asked().searchParams)).toMatchObject({
    ...{ version: 'v2', segment: 'country', value: 'DE', wrong: 'true' },
  });
  expect(frame(packet).meta?.notices?.[0]?.text).toContain('The last 0');
});

it.each([
  [
    { status: 404, data: { error: { code: 'not_found', message: 'No rows of model risk are held: off' } } },
    'are held: off',
  ],
  [
    { status: 403, data: { error: { code: 'not_enabled', message: 'events.exploration.tokenFile: expected' } } },
    'tokenFile',
  ],
  [{ status: 403, data: { message: 'Access denied' } }, 'editors and administrators only'],
  // What Grafana makes of 401.
  [{ status: 400, data: { message: 'Authentication to data source failed' } }, 'refuses the token for rows'],
  [{ status: 502, data: {} }, 'cannot be reached'],
])('says why there are none: %j', async (problem, expected) => {
  behind.api.mockImplementation(() => throwError(() => problem));
  const packet = await one(dataSource(), request([query]));
  expect([packet.errors, frame(packet).length]).toEqual([undefined, 0]);
  expect(frame(packet).meta?.notices?.[0]?.text).toContain(expected);
});

it('is of one model', async () => {
  const packet = await one(dataSource(), request([{ ...query, filters: {} }]));
  expect(frame(packet).meta?.notices?.[0]?.text).toContain('choose a namespace and a model');
  expect(behind.api).not.toHaveBeenCalled();
});

describe('predicted and actual by time of prediction', () => {
  const overTime = { ...query, show: 'predicted-actual' } as const;
  const titles = (packet: DataQueryResponse) => frame(packet).fields.map(({ config }) => config.displayNameFromDS);
  const many = (count: number, of: (number: number) => Partial<ModelRow>) =>
    Array.from({ length: count }, (_, index) => row(index + 1, of(index + 1)));

  it('is shares of classes, each point of as many rows, by their mean time', async () => {
    // The first 100 say yes and were no, the others say and were no.
    give(
      answer(
        many(200, (number) => ({
          ...{ actual: 'no', actualClass: 'no', predictedClass: number <= 100 ? 'yes' : 'no' },
        })).reverse()
      )
    );
    const packet = await one(dataSource(), request([overTime]));
    expect(asked().searchParams.get('joined')).toBe('true');
    expect(titles(packet).slice(1)).toEqual(['predicted, no', 'actual, no', 'predicted, yes', 'actual, yes']);
    expect(frame(packet).fields.map(({ values }) => values)).toEqual([
      [1_050_500, 1_150_500],
      ...[
        [0, 1],
        [1, 1],
        [1, 0],
        [0, 0],
      ],
    ]);
    expect(frame(packet).meta?.custom?.['modelwatch']).toMatchObject({
      kind: 'predicted-actual-rows',
      rowsOf: { held: 9, shown: 200 },
    });
  });

  it('is the mean score beside the share of positives where each row has a score', async () => {
    give(
      answer(
        many(100, (number) => ({
          score: 0.25,
          actual: 'x',
          actualClass: number <= 25 ? 'yes' : 'no',
          predictedClass: 'no',
        })),
        { positiveClass: 'yes' }
      )
    );
    const { fields } = frame(await one(dataSource(), request([overTime])));
    expect(fields.slice(1).map(({ values }) => values)).toEqual([[0.25], [0.25]]);
  });

  it('is of all pages, up to ten', async () => {
    let next = 5_000;
    behind.api.mockImplementation(() =>
      of({
        data: answer(
          many(100, () => ({ actual: 1 })),
          { task: 'regression', next: --next }
        ),
      })
    );
    await one(dataSource(), request([overTime]));
    expect(behind.api.mock.calls).toHaveLength(10);
    expect(asked().searchParams.get('before')).toBe('4991');
    expect(asked().searchParams.get('features')).toBe('false');
  });

  it('is means of a regression, and nothing of too few rows', async () => {
    give(
      answer(
        many(100, (number) => ({ prediction: number, actual: '2' })),
        { task: 'regression' }
      )
    );
    const { fields } = frame(await one(dataSource(), request([overTime])));
    expect(fields.slice(1).map(({ values }) => values)).toEqual([[50.5], [2]]);
    give(
      answer(
        many(99, (number) => ({ prediction: number, actual: 2 })),
        { task: 'regression' }
      )
    );
    const few = frame(await one(dataSource(), request([overTime])));
    expect([few.length, few.meta?.notices?.[0]?.text]).toEqual([
      0,
      '99 rows with an actual are held; a point needs 100.',
    ]);
  });
});
