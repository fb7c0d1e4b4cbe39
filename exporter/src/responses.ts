/** What became of alerts: kept for the read API, counted, logged, and told to the event log. */
import type { EventOutcome, EventType, ResponseRecord, ResponseResult } from '@modelwatch/contract';
import type { ResponderMetrics } from './http/responder/metrics';
import { isoTime } from './log/events/ecs';
import type { EventSink, LoggedEvent } from './log/events/types';
import type { Log } from './log/log';
import type { Alert } from './responder/types';

export interface Responses {
  record(record: ResponseRecord, alert: Alert): void;
  /** Newest first. */
  list(): readonly ResponseRecord[];
}

/** What became of the last alerts, that anybody can still ask for. */
const KEPT_RESPONSES = 200;

export function createResponses(
  sink: EventSink,
  { metrics, log }: { readonly metrics: Pick<ResponderMetrics, 'decided'>; readonly log: Log }
): Responses {
  const kept: ResponseRecord[] = [];
  return {
    list: () => kept,
    record(record, alert) {
      keep(kept, record);
      metrics.decided(record, alert.labels);
      tell(log, record, alert);
      sink.write(responseEvent(record, alert));
    },
  };
}

/** What senders repeat is kept once: it must not push out what was done. */
function keep(responses: ResponseRecord[], record: ResponseRecord): void {
  const same = responses.findIndex(
    ({ key, result, reason }) => key === record.key && result === record.result && reason === record.reason
  );
  if (same >= 0 && record.result === 'refused') responses.splice(same, 1);
  responses.unshift(record);
  responses.length = Math.min(responses.length, KEPT_RESPONSES);
}

/** One line for each decision, always with the same fields. */
function tell(log: Log, record: ResponseRecord, alert: Alert): void {
  const { target, before, after: then, ...rest } = record;
  log.info(
    {
      ...{ event: 'response', ...rest, fingerprint: alert.fingerprint, status: alert.status },
      ...{ kind: target?.kind ?? '', namespace: target?.namespace ?? '', name: target?.name ?? '' },
      ...{ before: before ?? null, after: then ?? null },
    },
    'Response'
  );
}

const TYPES: Readonly<Record<ResponseResult, EventType>> = {
  acted: 'change',
  proposed: 'info',
  unchanged: 'info',
  refused: 'denied',
  failed: 'error',
};
const OUTCOMES: Partial<Record<ResponseResult, EventOutcome>> = { acted: 'success', failed: 'failure' };

function responseEvent(record: ResponseRecord, alert: Alert): LoggedEvent {
  const { atSeconds, key, policy, action, mode, result, reason, text, sender, alertname, target } = record;
  const { namespace, model } = alert.labels;
  const { kind = '', name = '' } = target ?? {};
  const what = kind === '' ? `${namespace ?? ''}/${model ?? ''}` : `${kind} ${target?.namespace ?? ''}/${name}`;
  const figure = (value: number | string | undefined) => (value === undefined ? undefined : String(value));
  return {
    ...{ kind: 'response', type: TYPES[result], action: `response-${result}`, atSeconds },
    // The same refusal of what is sent again and again is one event; each attempt at something is one of its own.
    identity: [key, mode, result, reason, ...(result === 'refused' ? [] : [atSeconds])],
    ...{ namespace, model, subject: kind === '' ? undefined : `${kind}/${name}` },
    ...{ from: figure(record.before), to: figure(record.after) },
    outcome: OUTCOMES[result],
    reason: reason === 'none' ? undefined : reason,
    text: `${policy}, because of ${alertname}: ${what} ${result}: ${text}`,
    labels: { alertname, policy },
    details: {
      response: {
        ...{ key, action, mode, sender, fingerprint: alert.fingerprint },
        alert_started: isoTime(record.startsAtSeconds),
      },
    },
  };
}
