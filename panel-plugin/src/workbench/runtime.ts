/** Stands in for `@grafana/runtime`: in the workbench there is no Grafana, no user and no other data source. */
export const config = {};
export const getDataSourceSrv = () => ({ getInstanceSettings: () => undefined, getList: () => [] });
export const getTemplateSrv = () => ({ getVariables: () => [] });
export const locationService = { getLocation: () => ({ pathname: '/', search: '' }), partial: () => undefined };
