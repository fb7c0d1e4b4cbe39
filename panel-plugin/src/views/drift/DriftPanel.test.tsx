/** @jest-environment jsdom */
import React from 'react';
import { dateTime, EventBusSrv, LoadingState, type DataFrame, type PanelData, type PanelProps } from '@grafana/data';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { DEFAULT_OPTIONS, type PanelOptions } from '../../options';
import { categoricalDistribution, driftFrames, DRIFT_RANGE_MS } from '../../workbench/mockDrift';
import { DETECTORS, detectorsFrame } from '../../workbench/mockDetectors';
import { FIXTURE_NOW_MS } from '../../workbench/mockFleet';
import { keepView } from '../loadView';
import { HealthPanel } from '../health/HealthPanel';
import { ModelsPanel } from '../ModelsPanel';
import { DriftPanel } from './DriftPanel';

const MINUTE = 60_000;
const onChangeTimeRange = jest.fn();

beforeAll(() => {
  keepView('health', HealthPanel);
  keepView('drift', DriftPanel);
});
beforeEach(() => {
  jest.useFakeTimers({ now: FIXTURE_NOW_MS });
  onChangeTimeRange.mockClear();
});
afterEach(() => jest.useRealTimers());

function answer(series: DataFrame[], rest: Partial<PanelData> = {}): PanelData {
  const [from, to] = [dateTime(Date.now() - DRIFT_RANGE_MS), dateTime(Date.now())];
  return { state: LoadingState.Done, series, timeRange: { from, to, raw: { from: 'now-28d', to: 'now' } }, ...rest };
}

function panel(data: PanelData, options: Partial<PanelOptions> = {}) {
  const props: PanelProps<PanelOptions> = {
    id: 1,
    title: '',
    transparent: false,
    renderCounter: 0,
    data,
    timeRange: data.timeRange,
    timeZone: 'utc',
    options: { ...DEFAULT_OPTIONS, ...options },
    fieldConfig: { defaults: {}, overrides: [] },
    width: 1300,
    height: 400,
    eventBus: new EventBusSrv(),
    replaceVariables: (text) => text,
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
    onChangeTimeRange,
  };
  return <ModelsPanel {...props} />;
}

const headline = () => screen.getAllByRole('heading', { level: 3 })[0]?.textContent?.replace(/\u00a0/g, ' ');
const pass = (ms: number) => act(() => jest.advanceTimersByTime(ms));

it('takes the view of the answer, unless the options name one', () => {
  const { rerender } = render(panel(answer(driftFrames())));
  expect(headline()).toMatch(/^merchant_country has drifted: PSI 0.42/);
  rerender(panel(answer([])));
  expect(headline()).toBe('No models yet');
  rerender(panel(answer([]), { view: 'drift' }));
  expect(headline()).toBe('No drift to show');
});

it('turns stale by itself when nobody refreshes, and says what it was', () => {
  render(panel(answer(driftFrames())));
  pass(2 * MINUTE);
  expect(headline()).toMatch(/^merchant_country has drifted/);
  pass(2 * MINUTE);
  expect(headline()).toBe('No fresh score for 14 features: last prediction 03:18');
  expect(screen.getByRole('alert').textContent).toContain('Not refreshed for 4');
});

it('shows the last good answer after an error on request only, and nothing in it as news', () => {
  const { rerender } = render(panel(answer(driftFrames()), { view: 'drift' }));
  const failed = answer([], { state: LoadingState.Error, errors: [{ message: 'Prometheus answered 422' }] });
  rerender(panel(failed, { view: 'drift' }));
  expect(headline()).toBe('The query failed: no verdict on drift');
  fireEvent.click(screen.getByRole('button', { name: /^Show 03:18 answer$/ }));
  expect(headline()).toBe('No fresh score for 14 features: last prediction 03:18');
});

it('sets the dashboard to the window of a cell', () => {
  render(panel(answer(driftFrames())));
  const cell = screen.getByRole('gridcell');
  fireEvent.click(cell);
  fireEvent.click(screen.getByRole('button', { name: 'Set range to this window' }));
  const to = Date.UTC(2025, 10, 21, 3);
  expect(onChangeTimeRange).toHaveBeenCalledWith({ from: to - 24 * 60 * MINUTE, to });
});

it('says beside a distribution where its settings come from, as far as anybody told', () => {
  const [frame] = categoricalDistribution();
  const withOrigins = (origins: unknown): DataFrame[] => {
    const mark: unknown = frame?.meta?.custom?.modelwatch;
    return frame ? [{ ...frame, meta: { custom: { modelwatch: { ...(mark as object), origins } } } }] : [];
  };
  const { rerender } = render(
    panel(answer(withOrigins({ method: 'default', thresholds: 'configmap shop/risk-monitoring', window: 'config' })))
  );
  const under = (name: RegExp) => screen.getByText(name).parentElement?.textContent;
  expect(under(/^Threshold$/)).toMatch(/warn \/ criticalfrom ConfigMap shop\/risk-monitoring$/);
  expect(under(/higher is worse$/)).toMatch(/default$/);
  expect(under(/^Window$/)).toMatch(/from the configuration$/);
  expect(under(/^Rows$/)).not.toMatch(/from|default/);
  rerender(panel(answer(withOrigins(undefined))));
  expect(under(/^Threshold$/)).toMatch(/warn \/ critical$/);
  rerender(panel(answer(withOrigins({ method: 7 }))));
  expect(headline()).toBe('This answer cannot be drawn');
});

describe('detectors of others', () => {
  const lines = () =>
    screen.getAllByRole('listitem').flatMap(({ title }) => (title ? [title.replace(/\u00a0/g, ' ')] : []));

  it('stand beside our scores, the worst first, and as a table', () => {
    render(panel(answer([...driftFrames(), detectorsFrame(DETECTORS)])));
    expect(headline()).toMatch(/^merchant_country has drifted: PSI 0.42/);
    expect(lines()[0]).toMatch(/^amount_eur: drift; ks, alibi-detect \(KSDrift\); p-value 2.5e-22, drift below 0.0167/);
    expect(lines()[1]).toMatch(/^account_age_days: stale; trustyai, trustyai \(meanshift\)/);
    fireEvent.click(screen.getByRole('button', { name: 'Show as table' }));
    const table = screen.getByRole('region', { name: 'Detectors of others as a table' });
    expect(table.querySelectorAll('tbody tr')).toHaveLength(DETECTORS.length);
  });

  it('say what drifts where nothing of ours is recorded, and turn stale with the answer', () => {
    render(panel(answer([detectorsFrame(DETECTORS)])));
    expect(headline()).toMatch(/^Detector ks of alibi-detect \(KSDrift\) says drift in amount_eur/);
    pass(4 * MINUTE);
    expect(headline()).toBe('5 of 5 detectors of others are stale: no fresh result');
  });
});
