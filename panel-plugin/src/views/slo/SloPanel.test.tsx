/** @jest-environment jsdom */
import React from 'react';
import { dateTime, EventBusSrv, LoadingState, type DataFrame, type PanelData, type PanelProps } from '@grafana/data';
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { DEFAULT_OPTIONS, type PanelOptions } from '../../options';
import { FIXTURE_NOW_MS } from '../../workbench/mockFleet';
import { etaCourier, manySlos, MOCK_SLOS, oneSlo, statusFrame } from '../../workbench/mockSlo';
import { keepView } from '../loadView';
import { ModelsPanel } from '../ModelsPanel';
import { SloPanel } from './SloPanel';

beforeAll(() => keepView('slo', SloPanel));
beforeEach(() => jest.useFakeTimers({ now: FIXTURE_NOW_MS }));
afterEach(() => jest.useRealTimers());

function draw(series: DataFrame[], size = { width: 1350, height: 400 }, options: Partial<PanelOptions> = {}) {
  const [from, to] = [dateTime(Date.now() - 3_600_000), dateTime(Date.now())];
  const timeRange = { from, to, raw: { from: 'now-1h', to: 'now' } };
  const data: PanelData = { state: LoadingState.Done, series, timeRange };
  const props: PanelProps<PanelOptions> = {
    ...{ id: 1, title: '', transparent: false, renderCounter: 0, data, timeRange, timeZone: 'utc', ...size },
    options: { ...DEFAULT_OPTIONS, ...options },
    fieldConfig: { defaults: {}, overrides: [] },
    eventBus: new EventBusSrv(),
    replaceVariables: (text) => text,
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
    onChangeTimeRange: () => undefined,
  };
  return render(<ModelsPanel {...props} />);
}
const plain = (text: string | null | undefined) => (text ?? '').replace(/\u00a0/g, ' ');
const focused = () => plain(document.activeElement?.querySelector('th b')?.textContent);

it('is a table named by its sentence, with a head for each column and a word for what is unknown', () => {
  draw([statusFrame(MOCK_SLOS)]);
  const table = screen.getByRole('table', { name: /^fraud-scorer spent its 30-day budget/ });
  expect(
    within(table)
      .getAllByRole('columnheader')
      .map(({ textContent }) => plain(textContent))
  ).toEqual([
    ...[
      'Model',
      'Objective, 30 d',
      'Attained',
      'Budget left',
      'Burn, 1 h',
      '1×614.4',
      'Budget gone in',
      'What spends it',
    ],
  ]);
  const row = within(table).getByRole('row', { name: /^ltv-forecast/ });
  expect(plain(row.textContent)).toMatch(/^ltv-forecasttoo few99.9 % answeredunknown––41 of 1000/);
  expect(row.querySelectorAll('[data-unknown]')).toHaveLength(1);
  expect(screen.getByRole('group', { name: 'Objectives by state' }).textContent).toContain('2 no verdict');
});

it('draws few of a thousand rows, and one tab stop that the keys move to any of them', () => {
  draw([manySlos()]);
  const table = screen.getByRole('table');
  expect(table.getAttribute('aria-rowcount')).toBe('1001');
  expect(within(table).getAllByRole('row').length).toBeLessThan(40);
  const stop = document.querySelector<HTMLElement>('[data-mw-key][tabindex="0"]');
  act(() => stop?.focus());
  fireEvent.keyDown(stop as Element, { key: 'ArrowDown' });
  expect(focused()).toBe(plain(document.querySelectorAll('[data-mw-key] th b')[1]?.textContent));
  expect(document.querySelectorAll('[data-mw-key][tabindex="0"]')).toHaveLength(1);
  fireEvent.click(document.activeElement as Element);
  expect(screen.getByRole('dialog').textContent).toContain('Budget left');
  fireEvent.keyDown(document.activeElement as Element, { key: 'Escape' });
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('draws one objective with its numbers, its curve and what spent it', () => {
  draw([oneSlo('eta-courier'), ...etaCourier()], { width: 1350, height: 440 });
  const numbers = [...document.querySelectorAll('dd')].map(({ textContent }) => plain(textContent));
  expect(numbers).toEqual(['24 %', '10 h 48 min', '99.62 %', '16×', '59.7 k of 78.5 k']);
  expect(screen.getByRole('img', { name: /^Budget left over 30.d: 24.% now$/ })).toBeTruthy();
  expect(screen.getByRole('img', { name: /^Burn rate over 30.d: 16× now$/ })).toBeTruthy();
  expect(screen.getByText('page 5 min', { normalizer: plain })).toBeTruthy();
  expect(plain(screen.getByRole('table').textContent)).toContain('Rollout v30');
  // Neither the alert of another objective nor that of the model is a page of this one.
  expect(document.querySelectorAll('rect.fires')).toHaveLength(3);
});

it('draws no line through times in which nobody counted', () => {
  const pieces = () =>
    [...document.querySelectorAll('path.line')].map((path) => path.getAttribute('d')?.match(/M/g)?.length);
  const size = { width: 1350, height: 440 };
  draw([oneSlo('eta-courier'), ...etaCourier()], size);
  expect(pieces()).toEqual([1, 1]);
  cleanup();
  const holed = etaCourier().map((frame) => {
    if (frame.length < 100) return frame;
    const values = (all: readonly unknown[]) => all.filter((_, index) => index < 60 || index > 70);
    return {
      ...frame,
      length: frame.length - 11,
      fields: frame.fields.map((field) => ({ ...field, values: values(field.values) })),
    };
  });
  draw([oneSlo('eta-courier'), ...holed], size);
  expect(pieces()).toEqual([2, 2]);
});

it('calls no burn rate of the past that of now', () => {
  const unknown = MOCK_SLOS.filter(({ model }) => model === 'eta-courier').map(({ burn: _, ...rest }) => rest);
  draw([statusFrame(unknown), ...etaCourier()], { width: 1350, height: 440 });
  expect(screen.getByRole('img', { name: /^Burn rate over 30.d$/ })).toBeTruthy();
});

it('calls what is idle not fine where there is room for few', () => {
  draw([statusFrame(MOCK_SLOS)], { width: 300, height: 168 });
  expect(plain(document.body.textContent)).toContain('2 no verdict, 1 idle, 4 met');
});

it('has no number and a hatched field without a verdict, small and large', () => {
  for (const size of [
    { width: 300, height: 168 },
    { width: 700, height: 300 },
  ]) {
    const { unmount } = draw([oneSlo('demand-forecast')], size);
    expect(document.querySelectorAll('svg[data-unknown]')).toHaveLength(1);
    expect(plain(document.body.textContent)).toContain('Budget was 71 % at 02:52. It may be less now');
    expect(plain(document.body.textContent)).not.toMatch(/100 %/);
    unmount();
  }
});

it('leads from one objective without its history to where that is, and tells a viewer of no query to add', () => {
  draw([oneSlo('eta-courier')], { width: 560, height: 300 }, { objectiveDashboard: '/d/slo?var-slo=${slo}' });
  const link = screen.getByRole('link', { name: 'What spent the budget, and when' });
  expect(link.getAttribute('href')).toMatch(/^\/d\/slo\?var-slo=/);
  cleanup();
  draw([oneSlo('eta-courier')], { width: 560, height: 300 });
  expect(screen.queryByText(/Add the queries/)).toBeNull();
});
