/** Alerts as a table with a row for each. */
import type { DataFrame, Labels } from '@grafana/data';
import { ALERT_FIELDS, type AlertsMark } from '@modelwatch/contract';
import { UNITS } from '../appearance';
import { moment, tableFrame, text } from '../columns';
import type { FrameContext } from '../inventoryFrame';
import type { AlertRow } from './alertRows';

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
