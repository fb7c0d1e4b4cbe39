/** @jest-environment jsdom */
import React from 'react';
import { dateTime, EventBusSrv, LoadingState, type DataFrame, type PanelData, type PanelProps } from '@grafana/data';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { createDataFrame, FieldType } from '@grafana/data';
import { INVENTORY_FIELDS as F } from '@modelwatch/contract';
import { DEFAULT_OPTIONS, type PanelOptions } from '../../options';
import { HealthPanel } from './HealthPanel';

const START = Date.UTC(2025, 10, 21, 3, 14);
const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

function inventory(health: string, observedMs = Date.now() - 5000): DataFrame {
  return createDataFrame({
    fields: [
      { name: F.namespace, type: FieldType.string, values: ['payments'] },
      { name: F.model, type: FieldType.string, values: ['fraud-scorer'] },
      { name: F.health, type: FieldType.string, values: [health] },
      { name: F.lastObserved, type: FieldType.time, values: [observedMs] },
    ],
  });
}

function answer(series: DataFrame[], rest: Partial<PanelData> = {}): PanelData {
  const [from, to] = [dateTime(Date.now() - 60 * MINUTE), dateTime(Date.now())];
  return { state: LoadingState.Done, series, timeRange: { from, to, raw: { from: 'now-1h', to: 'now' } }, ...rest };
}

function panel(data: PanelData) {
  const props: PanelProps<PanelOptions> = {
    id: 1,
    title: '',
    transparent: false,
    renderCounter: 0,
    data,
    timeRange: data.timeRange,
    timeZone: 'utc',
    options: DEFAULT_OPTIONS,
    fieldConfig: { defaults: {}, overrides: [] },
    width: 900,
    height: 300,
    eventBus: new EventBusSrv(),
    replaceVariables: (text) => text,
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
    onChangeTimeRange: () => undefined,
  };
  return <HealthPanel {...props} />;
}

const headline = () => screen.getAllByRole('heading', { level: 3 })[0]?.textContent?.replace(/\u00a0/g, ' ');
const pass = (ms: number) => act(() => jest.advanceTimersByTime(ms));

it('turns stale by itself when nobody refreshes, and back with the next answer', () => {
  const { rerender } = render(panel(answer([inventory('healthy')])));
  expect(headline()).toBe('fraud-scorer healthy');
  pass(2 * MINUTE);
  expect(headline()).toBe('fraud-scorer healthy');
  pass(2 * MINUTE);
  expect(headline()).toBe('fraud-scorer stale for 4 min: no sample since 03:13. Last state: healthy');
  expect(screen.getByRole('alert').textContent).toContain('Not refreshed for 4');
  rerender(panel(answer([inventory('healthy')])));
  expect(headline()).toBe('fraud-scorer healthy');
});

it('grants a dashboard that refreshes slowly one and a half of its intervals', () => {
  const { rerender } = render(panel(answer([inventory('healthy')])));
  pass(5 * MINUTE);
  rerender(panel(answer([inventory('healthy')])));
  pass(5 * MINUTE);
  expect(headline()).toBe('fraud-scorer healthy');
  pass(4 * MINUTE);
  expect(headline()).toMatch(/^fraud-scorer stale/);
});

it('judges a range that ends in the past as of its end', () => {
  const past = START - 24 * 60 * MINUTE;
  const data = answer([inventory('healthy', past - 5000)]);
  const [from, to] = [dateTime(past - 60 * MINUTE), dateTime(past)];
  render(panel({ ...data, timeRange: { from, to, raw: { from, to } } }));
  pass(10 * MINUTE);
  expect(headline()).toBe('fraud-scorer healthy');
});

it('keeps the last frame while it refreshes', () => {
  const data = answer([inventory('failed')]);
  const { rerender } = render(panel(data));
  rerender(panel({ ...data, state: LoadingState.Loading }));
  expect(headline()).toBe('fraud-scorer failed');
});

it('shows the last good answer after an error on request only, and nothing in it as news', () => {
  const { rerender } = render(panel(answer([inventory('healthy')])));
  pass(MINUTE);
  rerender(panel(answer([], { state: LoadingState.Error, errors: [{ message: 'Prometheus answered 422' }] })));
  expect(headline()).toBe('The query failed: no verdict for any model');
  expect(screen.getByText('Prometheus answered 422')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: /^Show 03:14 answer$/ }));
  expect(headline()).toBe('fraud-scorer stale for 1 min: no sample since 03:13. Last state: healthy');
});

it('speaks only when the worst model or its state changes', () => {
  const { rerender } = render(panel(answer([inventory('healthy')])));
  const spoken = () => screen.getAllByRole('status')[0]?.textContent;
  rerender(panel(answer([inventory('healthy')])));
  expect(spoken()).toBe('');
  rerender(panel(answer([inventory('failed')])));
  expect(spoken()).toBe('fraud-scorer failed');
});
