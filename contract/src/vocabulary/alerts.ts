/** Alerts on their way to somebody: what Alertmanager does with one that fires. */

/**
 * `routed`: it goes to the receivers that are named. `silenced`: somebody silenced it. `inhibited`: another alert keeps it
 * back. `muted`: the time of day does. `waiting`: Alertmanager has not looked at it yet. `not_received`: it fires, and
 * Alertmanager does not know it. `unknown`: Alertmanager was asked and did not answer.
 */
export const ALERT_NOTIFICATIONS = [
  'unknown',
  'not_received',
  'waiting',
  'routed',
  'muted',
  'inhibited',
  'silenced',
] as const;
export type AlertNotification = (typeof ALERT_NOTIFICATIONS)[number];

/** In place of the uid of a data source: the Alertmanager that Grafana brings along. */
export const GRAFANA_ALERTMANAGER = 'grafana';
