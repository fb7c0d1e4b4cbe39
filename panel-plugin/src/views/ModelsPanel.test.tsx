/** @jest-environment jsdom */
import React from 'react';
import { dateTime, EventBusSrv, LoadingState, type PanelProps } from '@grafana/data';
import { fireEvent, render, screen } from '@testing-library/react';
import { DEFAULT_OPTIONS, type PanelOptions } from '../options';
import { ModelsPanel } from './ModelsPanel';

let refused = true;
jest.mock('./health/HealthPanel', () => {
  if (refused) throw new Error('Loading chunk health failed');
  return { HealthPanel: () => 'the view' };
});

function panel() {
  const [from, to] = [dateTime(0), dateTime(1)];
  const timeRange = { from, to, raw: { from, to } };
  const props: PanelProps<PanelOptions> = {
    id: 1,
    title: '',
    transparent: false,
    renderCounter: 0,
    data: { state: LoadingState.Done, series: [], timeRange },
    timeRange,
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
  return <ModelsPanel {...props} />;
}

it('says when the file of a view does not come, and asks for it again on request', async () => {
  render(panel());
  expect(screen.getByRole('status').textContent).toBe('Reading the first samples');
  expect((await screen.findByRole('alert')).textContent).toContain('This view could not be loaded');
  refused = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('the view')).toBeTruthy();
});
