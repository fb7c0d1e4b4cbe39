import type { DataSourceJsonData } from '@grafana/data';

/** What the config page stores. Viewers can read it: no secrets here. */
export interface ModelwatchOptions extends DataSourceJsonData {
  /** Uid of the Prometheus data source that is asked; may be a dashboard variable (`${ds}`). */
  prometheusUid?: string;
  /** Base URL of an exporter as Grafana's server reaches it, without a slash at its end. Empty: no details. */
  apiUrl?: string;
  /** Uid of the Alertmanager data source that is told of alerts, or `grafana`. Empty: the only one that there is. */
  alertmanagerUid?: string;
  /** Least step of queries over time, as Grafana writes durations (`30s`); best the interval of the rules. */
  timeInterval?: string;
}

/** What the config page stores and never shows again. */
export interface ModelwatchSecrets {
  /** Bearer token for the exporter's API. */
  apiToken?: string;
  /** Bearer token that rows are read with: `events.exploration.tokenFile` of the exporter. */
  rowsToken?: string;
}

/** The interval at which our rules are evaluated unless somebody changes it. */
export const DEFAULT_TIME_INTERVAL = '30s';
