/** Alerts of Prometheus, each once: what fires before what waits, then by severity and age. */
import type { DataFrame, Labels } from '@grafana/data';
import { ALERT_FIELDS, type AlertsMark } from '@modelwatch/contract';
import { UNITS } from '../appearance';
import { moment, tableFrame, text } from '../columns';
import type { FrameContext } from '../inventoryFrame';
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

const NAMED = ['alertname', 'severity', 'cluster', 'namespace', 'model', 'pipeline', 'slo', 'owner'] as const;

function others(labels: Labels): string | undefined {
  const known: readonly string[] = NAMED;
  const rest = Object.entries(labels).filter(([name]) => !known.includes(name));
  return rest.length ? rest.map(([name, value]) => `${name}=${value}`).join(', ') : undefined;
}

function endOf({ told }: AlertRow): number | undefined {
  const endMs = Date.parse(told?.silence?.endsAt ?? '');
  return Number.isNaN(endMs) ? undefined : endMs;
}

export function alertsFrame(rows: readonly AlertRow[], context: FrameContext, alerts: AlertsMark): DataFrame {
  const of = (title: string, label: (typeof NAMED)[number]) =>
    text<AlertRow>(title, ({ labels }) => labels[label] || undefined);
  return tableFrame<AlertRow>(
    'Alerts',
    { kind: 'alerts', alerts },
    [
      [ALERT_FIELDS.alert, of('Alert', 'alertname')],
      [ALERT_FIELDS.state, text('State', ({ state }) => state)],
      [ALERT_FIELDS.severity, of('Severity', 'severity')],
      [ALERT_FIELDS.since, moment('Since', UNITS.time, ({ sinceMs }) => sinceMs)],
      [ALERT_FIELDS.cluster, of('Cluster', 'cluster')],
      [ALERT_FIELDS.namespace, of('Namespace', 'namespace')],
      [ALERT_FIELDS.model, of('Model', 'model')],
      [ALERT_FIELDS.pipeline, of('Pipeline', 'pipeline')],
      [ALERT_FIELDS.slo, of('Objective', 'slo')],
      [ALERT_FIELDS.owner, of('Owner', 'owner')],
      [ALERT_FIELDS.notification, text('Notification', ({ told }) => told?.notification)],
      [ALERT_FIELDS.receivers, text('Receivers', ({ told }) => told?.receivers.join(', ') || undefined)],
      [ALERT_FIELDS.silencedBy, text('Silenced by', ({ told }) => told?.silence?.createdBy || undefined)],
      [ALERT_FIELDS.silencedUntil, moment('Silenced until', UNITS.time, endOf)],
      [ALERT_FIELDS.silenceComment, text('Comment', ({ told }) => told?.silence?.comment || undefined)],
      [ALERT_FIELDS.silence, text('Silence', ({ told }) => told?.silence?.id)],
      [ALERT_FIELDS.inhibitedBy, text('Kept back by', ({ told }) => told?.inhibitedBy)],
      [ALERT_FIELDS.labels, text('Other labels', ({ labels }) => others(labels))],
    ],
    rows,
    context
  );
}
