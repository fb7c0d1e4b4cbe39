/** Stands in for `@grafana/runtime`: in the workbench there is no Grafana, no user and no other data source. */
export const config = {};
export const getDataSourceSrv = () => ({ getInstanceSettings: () => undefined, getList: () => [] });
export const getBackendSrv = () => ({ get: () => Promise.resolve([]) });
export const getTemplateSrv = () => ({ getVariables: () => [], replace: (text: string) => text });
export const locationService = { getLocation: () => ({ pathname: '/', search: '' }), partial: () => undefined };
