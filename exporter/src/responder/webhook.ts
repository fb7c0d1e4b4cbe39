/**
 * Webhooks of Alertmanager (version "4", prometheus.io/docs/alerting/latest/configuration, webhook_config) and of Grafana
 * (version "1", its contact point "webhook"): each alert by itself, whatever its group says. Of annotations nothing is
 * read but Grafana's word that there were no data.
 */
import { decode, DecodeError, MISSING_DATA_ALERTS, type ResponderSender } from '@modelwatch/contract';
import type { Alert } from './types';

export interface Webhook {
  readonly alerts: readonly Alert[];
  /** Alerts that the sender left out, by its own count. */
  readonly truncated: number;
}

const VERSIONS = { alertmanager: '4', grafana: '1' } as const satisfies Record<ResponderSender, string>;
/** Go's zero time: the alert still fires. */
const NEVER = '0001-01-01T00:00:00Z';

function time(value: unknown, path = ''): number {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new DecodeError(path, value, 'a time such as 2026-11-22T05:00:00Z');
  return ms / 1_000;
}

const decodeAlert = decode.object({
  status: decode.oneOf(['firing', 'resolved']),
  labels: decode.record(decode.string),
  annotations: decode.optional(decode.record(decode.string)),
  startsAt: time,
  endsAt: decode.optional(time),
  fingerprint: fingerprint,
});

function fingerprint(value: unknown, path = ''): string {
  if (typeof value !== 'string' || !/^[0-9A-Za-z_-]{1,64}$/.test(value)) {
    throw new DecodeError(path, value, 'a fingerprint of 1 to 64 letters and digits');
  }
  return value;
}

const decodeGroup = decode.object({
  truncatedAlerts: decode.optional(decode.count),
  alerts: decode.array(decodeAlert),
});

/** Alerts that Grafana makes up when a rule gets no data, or none at all. */
const GRAFANA_MISSING = ['DatasourceNoData', 'DatasourceError'];
const GRAFANA_REASONS = ['NoData', 'Error', 'MissingSeries'];

/** @throws DecodeError naming the place, for what is no webhook of this sender in a version that we know */
export function decodeWebhook(sender: ResponderSender, document: unknown): Webhook {
  const { version } = decode.object({ version: decode.optional(decode.string) })(document);
  if (version !== VERSIONS[sender]) {
    throw new DecodeError('version', version, `"${VERSIONS[sender]}", the one of ${sender} that is understood`);
  }
  const { alerts, truncatedAlerts = 0 } = decodeGroup(document);
  return {
    truncated: truncatedAlerts,
    alerts: alerts.map(({ status, labels, annotations = {}, startsAt, endsAt, fingerprint: print }) => ({
      ...{ sender, status, labels, fingerprint: print, startsAtSeconds: startsAt },
      ...(endsAt === undefined || endsAt * 1_000 === Date.parse(NEVER) ? {} : { endsAtSeconds: endsAt }),
      lacksData: lacksData(labels, annotations),
    })),
  };
}

/** Reasons come alone, or one after the other: `NoData, KeepLast`. */
function lacksData(labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>): boolean {
  const { alertname = '' } = labels;
  const told = annotations['grafana_state_reason'] ?? '';
  return (
    GRAFANA_MISSING.includes(alertname) ||
    (MISSING_DATA_ALERTS as readonly string[]).includes(alertname) ||
    told.split(/[ ,]+/).some((reason) => GRAFANA_REASONS.includes(reason))
  );
}
