/**
 * The workbench: the panel in a browser without Grafana, for eyes and for tests (`npm run workbench`).
 * It knows the panel only as Grafana does, by its `plugin`.
 */
export {};
