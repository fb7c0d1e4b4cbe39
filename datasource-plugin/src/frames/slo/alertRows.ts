/** Alerts of Prometheus, each once: what fires before what waits, then by severity and age. */
import type { Labels } from '@grafana/data';
import type { Sample } from '../samples';
import type { Notification } from './notifications';

export interface AlertRow {
  readonly labels: Labels;
  readonly state: string;
  readonly sinceMs?: number | undefined;
  /** Absent where no Alertmanager was asked, and of one that waits. */
  readonly told?: Notification;
}

const STATES: readonly string[] = ['firing', 'pending'];
const SEVERITIES: readonly string[] = ['critical', 'warning', 'info'];

function keyOf(labels: Labels): string {
  const own = Object.entries(labels).filter(([name]) => name !== '__name__' && name !== 'alertstate');
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function place(order: readonly string[], value: string): number {
  const found = order.indexOf(value);
  return found < 0 ? order.length : found;
}

/** @param since of each alert the second at which its condition began to hold */
export function alertRows(now: readonly Sample[], since: readonly Sample[]): AlertRow[] {
  const startOf = new Map(since.map(({ labels, value }) => [keyOf(labels), value * 1000]));
  const rows = now.map(({ labels }): AlertRow => {
    const { __name__: _name, alertstate = '', ...others } = labels;
    return { labels: others, state: alertstate, sinceMs: startOf.get(keyOf(labels)) };
  });
  return sortAlerts(rows);
}

/** What fires before what waits, then by severity and age. */
export function sortAlerts(rows: readonly AlertRow[]): AlertRow[] {
  return [...rows].sort(
    (a, b) =>
      place(STATES, a.state) - place(STATES, b.state) ||
      place(SEVERITIES, a.labels['severity'] ?? '') - place(SEVERITIES, b.labels['severity'] ?? '') ||
      (b.sinceMs ?? 0) - (a.sinceMs ?? 0) ||
      keyOf(a.labels).localeCompare(keyOf(b.labels))
  );
}
