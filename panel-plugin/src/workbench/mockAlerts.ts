/** Alerts as the data source gives them: firing and pending, told, silenced, kept back, and an Alertmanager that is gone. */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import {
  ALERT_FIELDS as F,
  ALERTS,
  type AlertmanagerMark,
  type AlertNotification,
  type AlertsMark,
} from '@modelwatch/contract';
import { FIXTURE_NOW_MS } from './mockFleet';

const MINUTE_MS = 60_000;
const ANSWERED: AlertmanagerMark = { state: 'answered', name: 'Alertmanager' };

interface MockAlert {
  readonly [F.alert]: string;
  readonly [F.state]: 'firing' | 'pending';
  readonly [F.severity]: string;
  readonly [F.since]: number;
  readonly [F.namespace]: string;
  readonly [F.model]?: string;
  readonly [F.slo]?: string;
  readonly [F.notification]?: AlertNotification;
  readonly [F.receivers]?: string;
  readonly [F.silencedBy]?: string;
  readonly [F.silencedUntil]?: number;
  readonly [F.silenceComment]?: string;
  readonly [F.silence]?: string;
  readonly [F.inhibitedBy]?: string;
}

const ago = (minutes: number) => FIXTURE_NOW_MS - minutes * MINUTE_MS;
const ETA = { [F.namespace]: 'logistics', [F.model]: 'eta-courier' } as const;

export const MOCK_ALERTS: readonly MockAlert[] = [
  {
    ...{ ...ETA, [F.alert]: ALERTS.sloFastBurn, [F.state]: 'firing', [F.severity]: 'critical', [F.since]: ago(12) },
    ...{ [F.slo]: 'answered', [F.notification]: 'routed', [F.receivers]: 'risk-pager, tickets' },
  },
  {
    ...{ ...ETA, [F.alert]: ALERTS.errors, [F.state]: 'firing', [F.severity]: 'critical', [F.since]: ago(11) },
    ...{ [F.notification]: 'inhibited', [F.inhibitedBy]: ALERTS.cannotServe, [F.receivers]: 'risk-pager' },
  },
  {
    ...{ [F.namespace]: 'payments', [F.model]: 'chargeback-risk', [F.alert]: ALERTS.drift, [F.state]: 'firing' },
    ...{ [F.severity]: 'warning', [F.since]: ago(340), [F.notification]: 'silenced', [F.receivers]: 'risk-chat' },
    ...{ [F.silencedBy]: 'anna', [F.silencedUntil]: ago(-150), [F.silenceComment]: 'retraining runs' },
    ...{ [F.silence]: '7c6d5f9e-1111-4222-8333-444455556666' },
  },
  {
    ...{ [F.namespace]: 'growth', [F.model]: 'churn-v2', [F.alert]: ALERTS.actualsStale, [F.state]: 'firing' },
    ...{ [F.severity]: 'warning', [F.since]: ago(95), [F.notification]: 'not_received' },
  },
  {
    ...{ [F.namespace]: 'search', [F.model]: 'ranker', [F.alert]: ALERTS.slow, [F.state]: 'pending' },
    ...{ [F.severity]: 'warning', [F.since]: ago(2) },
  },
];

const TIMES: readonly string[] = [F.since, F.silencedUntil];

export function alertsFrame(rows: readonly MockAlert[], alertmanager = ANSWERED, isWatched = true): DataFrame {
  const alerts: AlertsMark = { isWatched, alertmanager };
  return createDataFrame({
    name: 'Alerts',
    meta: { custom: { modelwatch: { kind: 'alerts', answeredAtMs: FIXTURE_NOW_MS, alerts } } },
    fields: Object.values(F).map((name) => ({
      name,
      type: TIMES.includes(name) ? FieldType.time : FieldType.string,
      values: rows.map((row) => row[name as keyof MockAlert] ?? null),
    })),
  });
}

/** The same where nobody hears Alertmanager. */
export function unreachable(rows: readonly MockAlert[]): DataFrame {
  const problem = 'Alertmanager cannot be asked: Bad gateway';
  const unknown = rows.map((row) => ({
    ...row,
    ...(row.state === 'firing' && { [F.notification]: 'unknown' as const }),
  }));
  return alertsFrame(unknown, { state: 'failed', name: 'Alertmanager', problem });
}
