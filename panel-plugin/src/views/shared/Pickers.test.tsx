/** @jest-environment jsdom */
import React from 'react';
import {
  CoreApp,
  dateTime,
  EventBusSrv,
  getDefaultTimeRange,
  LoadingState,
  type DataFrame,
  type PanelData,
  type PanelProps,
} from '@grafana/data';
import { locationService, setTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { fireEvent, render, screen } from '@testing-library/react';
import { DEFAULT_OPTIONS, type PanelOptions } from '../../options';
import { binaryDetails } from '../../workbench/mockAccuracy';
import { categoricalDistribution } from '../../workbench/mockDrift';
import { AccuracyPanel } from '../accuracy/AccuracyPanel';
import { DriftPanel } from '../drift/DriftPanel';
import { keepView } from '../loadView';
import { ModelsPanel } from '../ModelsPanel';

const partial = jest.spyOn(locationService, 'partial').mockImplementation(() => undefined);
let variables: unknown[] = [];

/** As Grafana 12.4 hands the query variables of a dashboard to plugins. */
function variable(name: string, values: string[], value: string | string[], includeAll = false): unknown {
  const options = values.map((each) => ({ value: each, text: each, selected: each === value }));
  return { name, type: 'query', current: { value, text: value }, options, includeAll };
}

beforeAll(() => {
  keepView('drift', DriftPanel);
  keepView('accuracy', AccuracyPanel);
  setTemplateSrv({ getVariables: () => variables } as unknown as TemplateSrv);
});
beforeEach(() => {
  partial.mockClear();
  variables = [
    variable('version', ['1', '2'], ['$__all'], true),
    variable('region', ['country', 'tier'], 'country'),
    variable('segment_value', ['BR', 'FR'], 'BR'),
  ];
});

const DISTRIBUTION = {
  kind: 'distribution',
  filters: {
    model: ['$model'],
    version: ['$version'],
    segment: ['${region}'],
    segment_value: ['${segment_value:raw}'],
  },
};

function dataOf(series: DataFrame[], target: object): PanelData {
  const timeRange = getDefaultTimeRange();
  const request = {
    app: CoreApp.Dashboard,
    requestId: 'Q1',
    interval: '1m',
    intervalMs: 60_000,
    range: timeRange,
    scopedVars: {},
    targets: [{ refId: 'A', ...target }],
    timezone: 'utc',
    startTime: dateTime().valueOf(),
  };
  return { state: LoadingState.Done, series, timeRange, request };
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
    options: { ...DEFAULT_OPTIONS, driftMode: 'distribution' },
    fieldConfig: { defaults: {}, overrides: [] },
    width: 1300,
    height: 400,
    eventBus: new EventBusSrv(),
    replaceVariables: (text) => text,
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
    onChangeTimeRange: () => undefined,
  };
  return <ModelsPanel {...props} />;
}

const select = (name: string) => screen.getByRole<HTMLSelectElement>('combobox', { name });
const texts = (name: string) => [...select(name).options].map(({ text }) => text);

it('sets the variables that decide of which version and segment a distribution is', () => {
  render(panel(dataOf(categoricalDistribution(), DISTRIBUTION)));
  expect(texts('Version')).toEqual(['All', '1', '2']);
  expect(select('Version').value).toBe('$__all');
  expect(texts('Segment')).toEqual(['country', 'tier']);
  expect(select('Value').value).toBe('BR');
  fireEvent.change(select('Version'), { target: { value: '2' } });
  fireEvent.change(select('Segment'), { target: { value: 'tier' } });
  expect(partial.mock.calls).toEqual([
    [{ 'var-version': '2' }, true],
    [{ 'var-region': 'tier' }, true],
  ]);
});

it('keeps what was chosen until Grafana asks with it', () => {
  const { rerender } = render(panel(dataOf(categoricalDistribution(), DISTRIBUTION)));
  fireEvent.change(select('Value'), { target: { value: 'FR' } });
  expect(select('Value').value).toBe('FR');
  variables[2] = variable('segment_value', ['BR', 'FR', 'IT'], 'IT');
  rerender(panel(dataOf(categoricalDistribution(), DISTRIBUTION)));
  expect(select('Value').value).toBe('IT');
});

it('says neither one value where several are chosen, nor another where it is listed no more', () => {
  variables[0] = variable('version', ['1', '2', '3'], ['1', '2'], true);
  variables[2] = variable('segment_value', ['BR', 'FR'], 'gone');
  render(panel(dataOf(categoricalDistribution(), DISTRIBUTION)));
  expect(select('Version').selectedOptions[0]?.text).toBe('choose');
  expect(select('Value').value).toBe('gone');
});

it('is in the accuracy view, and stays where a version has nothing to show', () => {
  const detail = { kind: 'accuracy-detail', filters: { version: ['${version}'] } };
  const { rerender } = render(panel(dataOf(binaryDetails(), detail)));
  fireEvent.change(select('Version'), { target: { value: '1' } });
  expect(partial).toHaveBeenCalledWith({ 'var-version': '1' }, true);
  rerender(panel(dataOf([], detail)));
  expect(texts('Version')).toEqual(['All', '1', '2']);
});

it.each([
  ['no variable', { ...DISTRIBUTION, filters: { version: ['2'] } }],
  ['a variable beside a value', { ...DISTRIBUTION, filters: { version: ['$version', '3'] } }],
  ['a variable that the dashboard does not have', { ...DISTRIBUTION, filters: { version: ['$other'] } }],
  ['filters of another kind of query', { ...DISTRIBUTION, kind: 'drift' }],
])('is not there with %s', (_case, target) => {
  render(panel(dataOf(categoricalDistribution(), target)));
  expect(screen.getAllByRole('heading', { level: 3 })).not.toHaveLength(0);
  expect(screen.queryByRole('combobox')).toBeNull();
});
