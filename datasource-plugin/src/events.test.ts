/** @jest-environment jsdom */
import type { DataFrame, DataQueryResponse } from '@grafana/data';
import type { EventList, EventView } from '@modelwatch/contract';
import { of, throwError } from 'rxjs';
import type { EventsQuery } from './query/types';
import { behind, column, dataSource, HOUR, NOW, one, request, resetBehind } from './testing/behind';

jest.mock('@grafana/runtime', () => jest.requireActual<{ runtime: object }>('./testing/runtime').runtime);

const RISK = { namespace: 'shop', model: 'risk' };
const event = (id: string, more: Partial<EventView>): EventView => ({
  ...{ id, kind: 'drift', type: 'start', action: 'drift-began', atSeconds: 1_000, seenSeconds: 1_001 },
  ...{ text: `${id}.`, labels: {}, ...more },
});
const EVENTS = [
  event('age', { ...RISK, cluster: 'eu', subject: 'age', to: 'critical', reason: 'psi' }),
  event('income', { ...RISK, cluster: 'eu', subject: 'income' }),
  event('predictions', { ...RISK, cluster: 'eu', subject: 'predictions' }),
  event('elsewhere', { ...RISK, cluster: 'us', subject: 'age' }),
  event('reference', { ...RISK, kind: 'references', action: 'reference-added' }),
  event('answered', { ...RISK, kind: 'slo', subject: 'answered' }),
  event('fast', { ...RISK, kind: 'slo', subject: 'fast' }),
  event('alert', { ...RISK, kind: 'alert', subject: 'ModelwatchSLOFastBurn', labels: { slo: 'fast' } }),
  event('pipeline', { namespace: 'shop', pipeline: 'checkout', kind: 'slo', subject: 'answered' }),
  event('other', { namespace: 'shop', model: 'few' }),
  event('exporter', { kind: 'configuration', action: 'exporter-started' }),
];
const LIST: EventList = {
  ...{ items: EVENTS, partial: false, rememberedSinceSeconds: NOW / 1_000 - 7_200, generatedAtSeconds: NOW / 1_000 },
};
const give = (list: Partial<EventList> = {}) => behind.api.mockImplementation(() => of({ data: { ...LIST, ...list } }));
const query = (change: Partial<EventsQuery> = {}): EventsQuery => ({ refId: 'Anno', kind: 'events', ...change });
const ask = (change: Partial<EventsQuery> = {}) => one(dataSource(), request([query(change)]));
const asked = () => new URL(behind.api.mock.calls.at(-1)?.[0].url ?? '', 'http://grafana');
const notices = ({ data }: DataQueryResponse) => (data[0] as DataFrame).meta?.notices?.map(({ text }) => text);
const texts = async (change: Partial<EventsQuery>) => column(await ask(change), 'text');

beforeEach(() => {
  resetBehind();
  give();
});

it('are rows that annotations can be made of, of the time range', async () => {
  const packet = await ask({ filters: { namespace: ['shop'], model: ['risk'] }, events: ['drift'] });
  expect(packet.errors).toBeUndefined();
  expect(asked().pathname).toBe('/proxy/mw/api/v1/events');
  expect(Object.fromEntries(asked().searchParams)).toEqual({
    ...{ limit: '1000', from: String(Math.floor((NOW - HOUR) / 1_000)), to: String(Math.ceil(NOW / 1_000)) },
    ...{ namespace: 'shop', model: 'risk', kind: 'drift' },
  });
  expect(column(packet, 'time')?.[0]).toBe(1_000_000);
  expect(column(packet, 'title')?.[0]).toBe('Drift');
  expect(column(packet, 'text')?.[0]).toBe('age. (psi)');
  expect(column(packet, 'tags')?.[0]).toBe('drift,critical,shop,risk');
  expect(column(packet, 'subject')).toEqual(['age', 'income', 'predictions', 'age']);
  expect(notices(packet)).toBeUndefined();
  expect(behind.prometheus).not.toHaveBeenCalled();
});

it('are those of the cluster, feature, objective, model or pipeline that is chosen', async () => {
  const filters = { namespace: ['shop'], model: ['risk'] };
  const ofFeature = { ...filters, cluster: ['eu'], feature: ['age'] };
  expect(await texts({ filters: ofFeature, events: ['drift', 'references'] })).toEqual([
    ...['age. (psi)', 'predictions.', 'reference.'],
  ]);
  expect(await texts({ filters: { ...filters, slo: ['answered'] }, events: ['slo', 'alert'] })).toEqual(['answered.']);
  const either = { namespace: ['shop'], slo: ['answered'], model: ['checkout'], pipeline: ['checkout'] };
  expect(await texts({ filters: either, events: ['slo'] })).toEqual(['pipeline.']);
  expect(asked().searchParams.has('model')).toBe(false);
  expect(await texts({ filters: { pipeline: ['checkout'] } })).toEqual(['pipeline.']);
  expect(await texts({ filters: { model: ['few', 'risk'] }, events: ['drift'] })).toHaveLength(5);
  expect(await texts({ events: ['configuration'] })).toEqual(['exporter.']);
});

it('say what is forgotten, cut or missing', async () => {
  give({
    ...{ partial: true, rememberedSinceSeconds: NOW / 1_000 - 60, missingShards: [{ shard: 2, why: 'timeout' }] },
    items: Array.from({ length: 1_000 }, (_, index) => event(String(index), RISK)),
  });
  expect(notices(await ask())).toEqual([
    'Events of shard 2 of the exporter are missing: it did not answer.',
    expect.stringMatching(/^Events are remembered since .*Z, and not before/),
    'The last 1000 events: choose a shorter time range.',
  ]);
});

it('are none, and no fault, where no exporter is asked; one that fails is a fault', async () => {
  const packet = await one(dataSource({ prometheusUid: 'prom' }), request([query()]));
  expect([packet.errors, column(packet, 'time')]).toEqual([undefined, []]);
  expect(notices(packet)?.[0]).toContain('no URL of an exporter');
  behind.api.mockImplementation(() => throwError(() => ({ status: 502, data: {} })));
  expect((await ask()).errors?.[0]?.message).toContain('cannot be reached');
});
