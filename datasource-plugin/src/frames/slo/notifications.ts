/** What Alertmanager does with each alert, joined to what Prometheus says fires. */
import type { Labels } from '@grafana/data';
import type { AlertNotification } from '@modelwatch/contract';
import type { AlertmanagerAnswer, Silence, ToldAlert } from './alertmanager';
import { sortAlerts, type AlertRow } from './alertRows';

export interface Notification {
  readonly notification: AlertNotification;
  readonly receivers: readonly string[];
  readonly silence?: Silence | undefined;
  readonly inhibitedBy?: string | undefined;
}

/** What Prometheus knows is all there on its way; labels of the whole Prometheus are added. */
function isOf(labels: Labels, told: ToldAlert): boolean {
  return Object.entries(labels).every(([name, value]) => (told.labels[name] ?? '') === value);
}

function notificationOf({ status }: ToldAlert): AlertNotification {
  if (status.silencedBy?.length) return 'silenced';
  if (status.inhibitedBy?.length) return 'inhibited';
  if (status.mutedBy?.length) return 'muted';
  if (status.state === 'active') return 'routed';
  return status.state === 'unprocessed' ? 'waiting' : 'unknown';
}

/** Of one alert that several Prometheus servers sent the one that is told of: it is silenced where all of them are. */
const LOUDEST: readonly AlertNotification[] = [
  ...(['routed', 'waiting', 'unknown', 'muted', 'inhibited', 'silenced'] as const),
];

function join(told: readonly ToldAlert[], { alerts = [], silences = [] }: AlertmanagerAnswer): Notification {
  const rank = (one: ToldAlert) => LOUDEST.indexOf(notificationOf(one));
  const [loudest] = [...told].sort((a, b) => rank(a) - rank(b));
  if (!loudest) return { notification: 'not_received', receivers: [] };
  const { silencedBy = [], inhibitedBy = [] } = loudest.status;
  // Of several silences the one that ends last: until then nobody hears of it.
  const [silence] = silences
    .filter(({ id }) => silencedBy.includes(id))
    .sort((a, b) => Date.parse(b.endsAt) - Date.parse(a.endsAt));
  return {
    notification: notificationOf(loudest),
    receivers: [...new Set(told.flatMap(({ receivers }) => receivers.map(({ name }) => name)))].sort(),
    // A silence that cannot be read any more is still known by its id.
    silence: silence ?? (silencedBy[0] ? { id: silencedBy[0], createdBy: '', comment: '', endsAt: '' } : undefined),
    inhibitedBy: alerts.find(({ fingerprint }) => inhibitedBy.includes(fingerprint))?.labels['alertname'],
  };
}

/** Grafana's own labels of a rule are for its pages. */
function shown(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !/^__.*__$/.test(name)));
}

/** Rows with what becomes of them, and those that Alertmanager alone has, as of rules that another Prometheus, or Grafana, evaluates. */
export function joinNotifications(rows: readonly AlertRow[], answer: AlertmanagerAnswer): AlertRow[] {
  const { mark, alerts } = answer;
  const of = (row: AlertRow): AlertRow => {
    if (row.state !== 'firing' || mark.state === 'none') return row;
    if (!alerts) return { ...row, told: { notification: 'unknown', receivers: [] } };
    return {
      ...row,
      told: join(
        alerts.filter((one) => isOf(row.labels, one)),
        answer
      ),
    };
  };
  const others = (alerts ?? [])
    .filter((one) => !rows.some(({ labels }) => isOf(labels, one)))
    .map((one): AlertRow => {
      const sinceMs = Date.parse(one.startsAt);
      const labels = shown(one.labels);
      return {
        labels,
        state: 'firing',
        sinceMs: Number.isNaN(sinceMs) ? undefined : sinceMs,
        told: join([one], answer),
      };
    });
  return sortAlerts([...rows.map(of), ...others]);
}
