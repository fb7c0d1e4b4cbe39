/** The seam of the tests: `@grafana/runtime`, and what stands behind it. */
import type { DataQueryRequest, DataQueryResponse } from '@grafana/data';
import type { Observable } from 'rxjs';

interface PromTarget {
  refId: string;
  expr: string;
  instant: boolean;
  interval?: string;
}
type PromRequest = DataQueryRequest<PromTarget>;

/** What stands behind the runtime: the Prometheus data source, the exporter's API, the dashboard's variables. */
export const behind = {
  prometheus: jest.fn<Observable<DataQueryResponse>, [PromRequest]>(),
  api: jest.fn<Observable<{ data: unknown }>, [{ url: string; method: string }]>(),
  /** Data sources of type Alertmanager. */
  alertmanagers: [] as Array<{ uid: string; name: string }>,
  variables: {} as Record<string, string | string[]>,
  type: 'prometheus',
};

/** What a test puts in the place of `@grafana/runtime`. */
export const runtime = {
  getDataSourceSrv: () => ({
    // As Grafana 12.4: its own is left out only where a plugin is named.
    getList: ({ pluginId }: { pluginId?: string }) => [
      ...behind.alertmanagers,
      ...(pluginId === undefined ? [{ uid: 'grafana', name: '-- Grafana --' }] : []),
    ],
    get: async ({ uid }: { uid: string }) => {
      if (uid !== 'prom') throw new Error(`Datasource ${uid} was not found`);
      return { uid, type: behind.type, query: behind.prometheus };
    },
  }),
  getBackendSrv: () => ({ fetch: behind.api }),
  getTemplateSrv: () => ({
    replace: (text: string, _scoped: unknown, format?: (value: unknown) => string) => {
      const value = behind.variables[text];
      return value === undefined ? text : format ? format(value) : String(value);
    },
  }),
  isFetchError: (error: unknown) => typeof error === 'object' && error !== null && 'status' in error,
  DataSourcePicker: () => null,
};
