/** @jest-environment jsdom */
import { dateTime, LoadingState, type DataFrame, type DataQueryResponse } from '@grafana/data';
import { NEVER, of, throwError, type Observable } from 'rxjs';
import type { ModelwatchOptions } from './options';
import { ANSWERS, behind, column, dataSource, HOUR, inventory, NOW, one, request, resetBehind } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

beforeEach(resetBehind);

describe('an inventory', () => {
  it('joins Prometheus and the API into one frame, with sparklines beside', async () => {
    const packet = await one(dataSource(), request([inventory]));
    expect(packet.errors).toBeUndefined();
    expect(packet.state).toBe(LoadingState.Done);
    expect(column(packet, 'health')).toEqual(['failed']);
    expect(column(packet, 'reason')).toEqual(['Model fails to load: no such file']);
    expect(column(packet, 'replicas_desired')).toEqual([2]);
    expect(column(packet, 'requests_per_second')).toEqual([3]);
    expect((packet.data as DataFrame[]).map(({ meta }) => meta?.custom?.['modelwatch']?.kind)).toEqual([
      'inventory',
      'requests-history',
    ]);
  });

  it('asks in two sub-requests with ids and intervals of their own, the rest passed on whole', async () => {
    const filters = [{ key: 'namespace', operator: '=', value: 'fraud' }];
    const asked = request([inventory], { filters });
    await one(dataSource(), asked);
    const [instant, range] = behind.prometheus.mock.calls.map(([call]) => call);
    expect(instant?.targets.map(({ refId, instant: now }) => [refId, now])).toEqual([
      ['A_state', true],
      ['A_numbers', true],
      ['A_rate', true],
      ['A_drifted', true],
      ['A_misjudged', true],
      ['A_unfair', true],
    ]);
    expect(range?.targets.map(({ refId, instant: now, interval }) => [refId, now, interval])).toEqual([
      ['A_rate-history', false, '63s'],
    ]);
    expect(new Set([asked.requestId, instant?.requestId, range?.requestId]).size).toBe(3);
    for (const call of [instant, range]) {
      expect(call?.filters).toBe(filters);
      expect(call?.scopedVars['__sceneObject']).toBe(asked.scopedVars['__sceneObject']);
      expect(call?.range).toBe(asked.range);
    }
    expect(range).toMatchObject({ interval: '63s', intervalMs: 63_000, maxDataPoints: 60 });
  });

  it('stands on the parts that came when one fails, and names the one that did not', async () => {
    behind.prometheus.mockImplementation(({ targets }) =>
      targets[0]?.instant
        ? of({
            data: targets.flatMap(({ refId }) => ANSWERS[refId] ?? []),
            errors: [{ refId: 'A_numbers', message: 'too many samples' }],
          })
        : throwError(() => new Error('gateway timeout'))
    );
    const packet = await one(dataSource(), request([inventory]));
    expect(column(packet, 'health')).toEqual(['failed']);
    expect(column(packet, 'replicas_desired')).toBeUndefined();
    expect(packet.errors).toEqual([
      { refId: 'A', message: 'too many samples (numbers)' },
      { refId: 'A', message: 'gateway timeout (rate-history)' },
    ]);
  });

  it('takes an error without a refId for an error of every part', async () => {
    behind.prometheus.mockImplementation(() => of({ data: [], error: { message: 'unauthorised' } }));
    const packet = await one(dataSource({ prometheusUid: 'prom' }), request([inventory]));
    expect(packet.data).toEqual([]);
    expect(packet.errors).toEqual([
      { refId: 'A', message: 'unauthorised (state, numbers, rate, drifted, misjudged, unfair, rate-history)' },
    ]);
  });

  it('survives a Prometheus data source that throws', async () => {
    behind.prometheus.mockImplementation(() => {
      throw new Error('broken');
    });
    expect((await one(dataSource(), request([inventory]))).errors?.[0]?.message).toContain('broken');
  });

  it('keeps the last packet of each key when Prometheus answers in several', async () => {
    behind.prometheus.mockImplementation(({ targets }) => {
      const frames = (refIds: string[]) =>
        targets.filter(({ refId }) => refIds.includes(refId)).flatMap(({ refId }) => ANSWERS[refId] ?? []);
      return of(
        { key: 'x', data: [], state: LoadingState.Loading },
        { key: 'x', data: frames(['A_state']) },
        { key: 'y', data: frames(['A_numbers', 'A_rate', 'A_rate-history']) }
      );
    });
    const packet = await one(dataSource(), request([inventory]));
    expect(column(packet, 'health')).toEqual(['failed']);
    expect(column(packet, 'replicas_desired')).toEqual([2]);
  });
});

describe('without the API', () => {
  const noticesOf = (packet: DataQueryResponse) => (packet.data[0] as DataFrame).meta?.notices;

  it.each<[string, () => Observable<{ data: unknown }>, string]>([
    ['refuses', () => throwError(() => ({ status: 401 })), "the exporter's API refuses the token (HTTP 401)"],
    ['is not there', () => throwError(() => ({ status: 502 })), "the exporter's API cannot be reached (HTTP 502)"],
    [
      'answers a page',
      () => of({ data: '<html>' }),
      'the exporter\'s API answers something else: /api/v1/models: expected an object, got "<html>"',
    ],
  ])('that %s, an inventory still stands and says so', async (_what, answer, text) => {
    behind.api.mockImplementation(answer);
    const packet = await one(dataSource(), request([inventory]));
    expect(packet.errors).toBeUndefined();
    expect(column(packet, 'reason')).toEqual(['Model fails to load: 0 of 2 replicas ready']);
    expect(noticesOf(packet)).toEqual([{ severity: 'warning', text: `Reasons are without details: ${text}.` }]);
  });

  it.each([
    [undefined, 'a part of the exporters'],
    [[{ shard: 1, why: 'nothing within 2 s' }], 'shard 1 of the exporter'],
  ])('that sees a part of the fleet, an inventory says which is missing (%j)', async (missingShards, who) => {
    const list = { items: [], partial: true, generatedAtSeconds: 1, missingShards };
    behind.api.mockImplementation(() => of({ data: list }));
    const packet = await one(dataSource(), request([inventory]));
    const text = `Some reasons are without details: ${who} did not answer.`;
    expect(noticesOf(packet)).toEqual([{ severity: 'warning', text }]);
  });

  it('that hangs, an inventory does not wait for long', async () => {
    behind.api.mockImplementation(() => NEVER);
    const packet = await one(dataSource(), request([inventory]));
    expect(noticesOf(packet)?.[0]?.text).toContain('did not answer within 3 s');
  });

  it('that is not configured, no question is asked', async () => {
    const packet = await one(dataSource({ prometheusUid: 'prom' }), request([inventory]));
    expect(behind.api).not.toHaveBeenCalled();
    expect(noticesOf(packet)?.[0]?.severity).toBe('info');
  });

  it("knows that the API's words are not of a range in the past", async () => {
    const range = { from: dateTime(NOW - 3 * HOUR), to: dateTime(NOW - 2 * HOUR) };
    await one(dataSource(), request([inventory], { range: { ...range, raw: range } }));
    expect(behind.api).not.toHaveBeenCalled();
  });
});

describe('without Prometheus', () => {
  it('the API stands in, with a warning and the error', async () => {
    behind.prometheus.mockImplementation(() => throwError(() => new Error('connection refused')));
    const packet = await one(dataSource(), request([inventory]));
    expect(packet.errors?.[0]?.message).toContain('connection refused');
    expect(column(packet, 'model')).toEqual(['detector']);
    expect((packet.data[0] as DataFrame).meta?.notices?.[0]?.text).toBe(
      'Prometheus gave no answer: this is what the exporter says, of serving only.'
    );
  });

  it.each<[string, ModelwatchOptions, string]>([
    ['none is chosen', {}, 'No Prometheus data source is chosen in the settings of this data source.'],
    ['the chosen one is gone', { prometheusUid: 'gone' }, 'Datasource gone was not found'],
  ])('says so when %s', async (_what, options, message) => {
    const packet = await one(dataSource(options), request([inventory]));
    expect(packet.errors?.[0]?.message).toContain(message);
    expect(packet.data).toEqual([]);
  });

  it('does not ask itself in circles', async () => {
    behind.type = 'modelwatch-models-datasource';
    const packet = await one(dataSource({ prometheusUid: 'prom' }), request([inventory]));
    expect(packet.errors?.[0]?.message).toContain('it needs a Prometheus data source to ask');
  });
});
