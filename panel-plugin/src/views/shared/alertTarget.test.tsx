/** @jest-environment jsdom */
import { dateTime, LoadingState, type PanelData } from '@grafana/data';
import { config, getBackendSrv } from '@grafana/runtime';
import { DATASOURCE_PLUGIN_ID } from '@modelwatch/contract';
import { renderHook, waitFor } from '@testing-library/react';
import { useAlertTarget } from './alertTarget';

jest.mock('@grafana/runtime', () => ({
  config: { bootData: { user: { orgRole: 'Editor' } } },
  getBackendSrv: jest.fn(),
  getDataSourceSrv: () => ({ getInstanceSettings: () => ({ jsonData: { prometheusUid: '${ds}' } }) }),
  getTemplateSrv: () => ({ replace: (text: string) => text.replace('${ds}', 'prom') }),
}));

const OURS = { type: DATASOURCE_PLUGIN_ID, uid: 'mw' };
const search = (found: () => Promise<unknown>) => jest.mocked(getBackendSrv).mockReturnValue({ get: found } as never);

function answerOf(dashboardUID: string, ...sources: Array<{ type: string; uid: string }>): PanelData {
  const [from, to] = [dateTime(0), dateTime(1)];
  const targets = sources.map((datasource, index) => ({ refId: `${index}`, datasource }));
  const timeRange = { from, to, raw: { from, to } };
  return { state: LoadingState.Done, series: [], timeRange, request: { dashboardUID, targets } as never };
}

it('leads to the Prometheus behind the data source, to the panel, and to the folder once it is known', async () => {
  search(async () => [{ uid: 'd1', folderUid: 'f', folderTitle: 'Models' }]);
  const data = answerOf('d1', OURS, { type: 'prometheus', uid: 'other' });
  const { result } = renderHook(() => useAlertTarget(data, 3));
  const target = { prometheusUid: 'prom', panel: { dashboardUid: 'd1', panelId: 3 } };
  expect(result.current).toEqual({ ...target, folder: undefined });
  await waitFor(() => expect(result.current).toEqual({ ...target, folder: { uid: 'f', title: 'Models' } }));
});

it('takes the Prometheus of a panel that asks it itself, and no folder where none is found', async () => {
  const asked = jest.fn(() => Promise.reject(new Error('404')));
  search(asked);
  const data = answerOf('d2', { type: 'prometheus', uid: 'other' });
  const { result } = renderHook(() => useAlertTarget(data, 3));
  await waitFor(() => expect(asked).toHaveBeenCalledTimes(1));
  expect(result.current).toMatchObject({ prometheusUid: 'other', folder: undefined });
});

it('is nothing for a viewer, who would be sent away, and asks nobody for a folder', () => {
  config.bootData.user.orgRole = 'Viewer' as never;
  const asked = jest.fn();
  search(asked);
  const data = answerOf('d3', OURS);
  expect(renderHook(() => useAlertTarget(data, 3)).result.current).toBeUndefined();
  expect(asked).not.toHaveBeenCalled();
});
