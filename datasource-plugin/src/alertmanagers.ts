import { getDataSourceSrv } from '@grafana/runtime';

/** Data sources of type Alertmanager. Asked by type in place of id, Grafana gives its built-in "-- Grafana --" too, which is none. */
export function alertmanagers(): ReadonlyArray<{ readonly uid: string; readonly name: string }> {
  return getDataSourceSrv().getList({ all: true, pluginId: 'alertmanager' });
}
