/** @jest-environment jsdom */
import React from 'react';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import '@testing-library/jest-dom';
import type { DataSourceInstanceSettings } from '@grafana/data';
import type { ModelwatchDataSource } from '../datasource';
import type { ModelwatchOptions } from '../options';
import { NO_FILTERS } from '../query/filters';
import type { ModelwatchQuery, VariableQuery } from '../query/types';
import { config } from '@grafana/runtime';
import { AlertRule } from './AlertRule';
import { ConfigEditor } from './ConfigEditor';
import { QueryEditor } from './QueryEditor';
import { VariableQueryEditor } from './VariableQueryEditor';

jest.mock('@grafana/runtime', () => ({
  config: { appSubUrl: '/grafana', bootData: { user: { orgRole: 'Editor' } } },
  getDataSourceSrv: () => ({
    // As Grafana 12.4: its own is left out only where a plugin is named.
    getList: ({ pluginId }: { pluginId?: string }) => [
      { uid: 'am', name: 'Main Alertmanager' },
      ...(pluginId === undefined ? [{ uid: 'grafana', name: '-- Grafana --' }] : []),
    ],
  }),
  getTemplateSrv: () => ({ replace: (text: string) => text }),
  locationService: { getLocation: () => ({ pathname: '/d/x', search: '?a=b' }) },
  DataSourcePicker: ({
    inputId,
    current,
    filter,
    onChange,
  }: {
    inputId: string;
    current: string | null;
    filter: (ds: { type: string }) => boolean;
    onChange: (ds: { uid: string }) => void;
  }) => (
    <select id={inputId} value={current ?? ''} onChange={({ target }) => onChange({ uid: target.value })}>
      <option value="" />
      {['prometheus', 'loki']
        .filter((type) => filter({ type }))
        .map((type) => (
          <option key={type} value={`${type}-uid`} />
        ))}
    </select>
  ),
}));

const suggest = jest.fn(async () => ['credit', 'fraud']);
const datasource = {
  suggest,
  prometheusUid: 'prom',
  resolve: (filters: object) => ({ ...NO_FILTERS, ...filters }),
} as unknown as ModelwatchDataSource;

describe('the query editor', () => {
  function show(query: unknown) {
    const onChange = jest.fn<void, [ModelwatchQuery]>();
    const onRunQuery = jest.fn();
    const stored = query as ModelwatchQuery;
    render(<QueryEditor query={stored} onChange={onChange} onRunQuery={onRunQuery} datasource={datasource} />);
    return { onChange, onRunQuery };
  }

  it('labels every input of an inventory', () => {
    show({ refId: 'A' });
    for (const label of ['Show', 'Sparklines', 'Cluster', 'Namespace', 'Model', 'Platform', 'Health']) {
      expect(screen.getByLabelText(label)).toBeInTheDocument();
    }
    expect(screen.queryByLabelText('Metric')).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Alert on this', expanded: false })).toBeInTheDocument();
  });

  it('stores and runs what is switched', async () => {
    const { onChange, onRunQuery } = show({ refId: 'A', kind: 'inventory' });
    await userEvent.click(screen.getByLabelText('Sparklines'));
    expect(onChange).toHaveBeenCalledWith(expect.objectContaining({ kind: 'inventory', sparklines: false }));
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it('shows a figure in words, and the filters that mean something for it', () => {
    show({ refId: 'A', kind: 'endpoints', metric: 'probe_success' });
    expect(screen.getByLabelText('Metric')).toHaveValue('Share of successful probes');
    expect(screen.getByLabelText('Server')).toBeInTheDocument();
    expect(screen.queryByLabelText('Model')).toBeNull();
  });

  it('shows the filters that are set', () => {
    show({ refId: 'A', filters: { namespace: ['$namespace'] } });
    expect(screen.getByText('$namespace')).toBeInTheDocument();
  });

  it('shows what a distribution is of, and drops the feature with it', async () => {
    const filters = { model: ['m'], feature: ['amount'] };
    const { onChange } = show({ refId: 'A', kind: 'distribution', window: 'range', method: 'js', filters });
    expect(screen.getByLabelText('Window')).toHaveValue('Time range of the dashboard');
    expect(screen.getByLabelText('Statistic')).toHaveValue('JS distance');
    expect(screen.getByLabelText('Version')).toBeInTheDocument();
    expect(screen.queryByLabelText('Platform')).toBeNull();
    await userEvent.click(screen.getByLabelText('Of'));
    await userEvent.keyboard('{ArrowDown}{Enter}');
    const [stored] = onChange.mock.calls[0] ?? [];
    expect(stored).toMatchObject({ subject: 'prediction', filters: { model: ['m'] } });
    expect(stored?.filters).not.toHaveProperty('feature');
  });

  it('offers a query of drift its windows', () => {
    show({ refId: 'A', kind: 'drift', window: '1h' });
    expect(screen.getByLabelText('Window')).toHaveValue('1 h');
    expect(screen.queryByLabelText('Statistic')).toBeNull();
    expect(screen.getByLabelText('Feature')).toBeInTheDocument();
  });

  it.each([
    ['accuracy', 'Score', 'Age'],
    ['accuracy-detail', 'Age', 'Score'],
    ['accuracy-versions', 'Version', 'Score'],
  ])('offers a query of %s its window and filters', (kind, filter, other) => {
    show({ refId: 'A', kind, window: '1h' });
    expect(screen.getByLabelText('Window')).toHaveValue('1 h');
    expect(screen.getByLabelText(filter)).toBeInTheDocument();
    expect(screen.queryByLabelText(other)).toBeNull();
  });

  it.each([
    ['coverage', 'Model', 'Metric'],
    ['custom-metric', 'Metric', 'Score'],
  ])('offers a query of %s filters that mean something, and no window', (kind, filter, other) => {
    show({ refId: 'A', kind });
    expect(screen.getByLabelText(filter)).toBeInTheDocument();
    expect(screen.queryByLabelText(other)).toBeNull();
    expect(screen.queryByLabelText('Window')).toBeNull();
  });

  it('shows what a query of custom metrics is to give', () => {
    show({ refId: 'A', kind: 'custom-metric', show: 'values' });
    expect(screen.getByLabelText('As')).toHaveValue('Values and limits over time');
  });

  it('says what is wrong with a query that cannot be read, and offers a way out', async () => {
    const { onChange } = show({ refId: 'A', kind: 'forecast' });
    expect(screen.getByRole('alert')).toHaveTextContent('query.kind: expected one of inventory');
    await userEvent.click(screen.getByRole('button', { name: /Start again/ }));
    expect(onChange).toHaveBeenCalledWith(expect.objectContaining({ refId: 'A', kind: 'inventory' }));
  });
});

describe('what a rule can be made of', () => {
  const show = (query: object) =>
    render(<AlertRule query={{ refId: 'A', ...query } as ModelwatchQuery} datasource={datasource} />);

  it('is PromQL to copy, and for editors the form filled in', () => {
    show({ kind: 'slo-budget', filters: { slo: ['answered'] } });
    expect(screen.getByLabelText('PromQL to alert on')).toHaveTextContent(
      'modelwatch:slo_budget_left_ratio{namespace!="",slo="answered"}'
    );
    expect(screen.getByText(/^Fires where it is below 0.25 for 15m/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Copy PromQL' })).toBeInTheDocument();
    const href = screen.getByRole('link', { name: 'Create rule' }).getAttribute('href') ?? '';
    expect(href).toMatch(/^\/grafana\/alerting\/new\?defaults=/);
    expect(new URL(href, 'http://grafana').searchParams.get('returnTo')).toBe('/d/x?a=b');
  });

  it('has no form for viewers', () => {
    const { user } = config.bootData;
    user.orgRole = 'Viewer' as typeof user.orgRole;
    show({ kind: 'inventory' });
    user.orgRole = 'Editor' as typeof user.orgRole;
    expect(screen.getByRole('button', { name: 'Copy PromQL' })).toBeInTheDocument();
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('is nothing for rows, and says why', () => {
    show({ kind: 'exploration' });
    expect(screen.getByText(/no series: nothing can alert/)).toBeInTheDocument();
  });
});

describe('the variable editor', () => {
  it('lists a label and filters by the others', () => {
    const query: VariableQuery = { refId: 'v', label: 'model' };
    render(<VariableQueryEditor query={query} onChange={jest.fn()} onRunQuery={jest.fn()} datasource={datasource} />);
    expect(screen.getByLabelText('List')).toHaveValue('models');
    expect(screen.getByLabelText('Namespace')).toBeInTheDocument();
    expect(screen.queryByLabelText('Model')).not.toBeInTheDocument();
  });
});

describe('the config page', () => {
  type Options = Parameters<typeof ConfigEditor>[0]['options'];
  function show(jsonData: ModelwatchOptions = {}, secureJsonFields: Record<string, boolean> = {}) {
    const onOptionsChange = jest.fn<void, [Options]>();
    const options = { jsonData, secureJsonFields } as unknown as Options & DataSourceInstanceSettings;
    render(<ConfigEditor options={options} onOptionsChange={onOptionsChange} />);
    return onOptionsChange;
  }

  it('offers Prometheus data sources alone and stores the uid', async () => {
    const onOptionsChange = show();
    const picker = screen.getByLabelText(/Prometheus data source/);
    expect(picker.querySelectorAll('option')).toHaveLength(2);
    await userEvent.selectOptions(picker, 'prometheus-uid');
    expect(onOptionsChange.mock.calls[0]?.[0].jsonData).toEqual({ prometheusUid: 'prometheus-uid' });
  });

  it('offers the Alertmanagers that Grafana has, and its own', async () => {
    const onOptionsChange = show({ prometheusUid: 'p' });
    await userEvent.click(screen.getByLabelText(/^Alertmanager/, { selector: '#modelwatch-alertmanager' }));
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}');
    expect(onOptionsChange.mock.calls[0]?.[0].jsonData).toEqual({ prometheusUid: 'p', alertmanagerUid: 'grafana' });
  });

  it('keeps the token among the secrets', async () => {
    const onOptionsChange = show();
    await userEvent.type(screen.getByLabelText('Token', { exact: false, selector: '#modelwatch-api-token' }), 't');
    expect(onOptionsChange.mock.calls[0]?.[0]).toMatchObject({ jsonData: {}, secureJsonData: { apiToken: 't' } });
  });

  it('does not show a stored token and can forget it', async () => {
    const onOptionsChange = show({}, { apiToken: true });
    expect(screen.getByDisplayValue('configured')).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Reset' }));
    expect(onOptionsChange.mock.calls[0]?.[0]).toMatchObject({
      secureJsonFields: { apiToken: false },
      secureJsonData: { apiToken: '' },
    });
  });

  it.each([
    [{ prometheusUid: 'p', apiUrl: 'exporter:8780' }, 'Expected a URL such as http://modelwatch-exporter:8780'],
    [{ prometheusUid: 'p', apiUrl: 'http://e/api/v1' }, 'Leave out the path: the data source adds /api/v1 itself'],
    [{ prometheusUid: 'p', timeInterval: 'half a minute' }, 'Expected a duration such as 30s'],
    [{}, 'Required: health and metrics come from here'],
  ])('says what is wrong with %p', (jsonData, text) => {
    show(jsonData);
    expect(screen.getByRole('alert')).toHaveTextContent(text);
  });
});
