/** The frame `alerts` -> what the view shows, or a sentence why not. */
import { LoadingState, type DataFrame } from '@grafana/data';
import {
  ALERT_FIELDS,
  ALERT_NOTIFICATIONS,
  decode,
  DecodeError,
  isObject,
  type AlertsMark,
  type HealthState,
} from '@modelwatch/contract';
import { finite, word } from '../decoders';
import { frameMark } from '../mark';
import type { PrepareInput } from '../prepare';
import { rowsOf } from '../rows';
import type { Message } from '../types';
import { spanText } from '../words';
import { quietMessage } from './say';
import type { Alert, AlertsAnswer, PreparedAlerts } from './types';

const decodeRow = decode.object({
  alert: decode.text,
  state: decode.oneOf(['firing', 'pending']),
  severity: word,
  since: finite,
  cluster: word,
  namespace: word,
  model: word,
  pipeline: word,
  slo: word,
  notification: decode.optional(decode.oneOf(ALERT_NOTIFICATIONS)),
  receivers: word,
  silencedBy: word,
  silencedUntil: finite,
  silenceComment: word,
  silence: word,
  inhibitedBy: word,
});

const decodeMark = decode.object({
  isWatched: decode.boolean,
  alertmanager: decode.object({
    state: decode.oneOf(['answered', 'failed', 'none']),
    name: word,
    problem: word,
  }),
});

/** A page that nobody hears of is as bad as one that rings. */
function markOf(isFiring: boolean, severity: string): HealthState {
  if (!isFiring) return 'progressing';
  return severity === 'critical' ? 'failed' : 'degraded';
}

function alertOf(row: ReturnType<typeof decodeRow>, index: number, frame: DataFrame, isOld: boolean): Alert {
  const { alert: name, state, severity = '', since, silencedUntil, notification, ...labels } = row;
  const { cluster = '', namespace = '', model = '', pipeline = '', slo = '', silence = '', inhibitedBy = '' } = labels;
  const { receivers = '', silencedBy = '', silenceComment = '' } = labels;
  const isFiring = state === 'firing';
  const field = frame.fields.find((one) => one.name === ALERT_FIELDS.alert);
  return {
    key: [name, cluster, namespace, model, pipeline, slo, severity, index].join('\u0000'),
    ...{ name, isFiring, severity, sinceMs: since, cluster, namespace, model, pipeline, slo },
    mark: isOld ? 'stale' : markOf(isFiring, severity),
    ...{ notification, receivers, silencedBy, silencedUntilMs: silencedUntil, silenceComment, silence, inhibitedBy },
    origin: field && { field, rowIndex: index },
  };
}

function alertsMark(frame: DataFrame): AlertsMark {
  const mark: unknown = frame.meta?.custom?.modelwatch;
  return decodeMark(isObject(mark) ? mark['alerts'] : undefined, 'alerts, mark');
}

function answerOf(input: PrepareInput): AlertsAnswer | undefined {
  const { series, nowMs, errors, answerMaxAgeMs } = input;
  const [frame] = series.filter((one) => frameMark(one)?.kind === 'alerts');
  if (!frame) return undefined;
  const ageMs = nowMs - Math.min(frameMark(frame)?.answeredAtMs ?? nowMs, input.answeredAtMs, nowMs);
  const isOld = ageMs > answerMaxAgeMs;
  const { isWatched, alertmanager } = alertsMark(frame);
  const rows = rowsOf(frame, 'alerts', ALERT_FIELDS, decodeRow);
  const notices: Message[] = errors.length
    ? [{ title: 'Part of the query failed.', detail: [...new Set(errors)].join(' ').slice(0, 300) }]
    : [];
  if (isOld) notices.push({ title: `Not refreshed for ${spanText(ageMs)}.`, detail: 'What fires now is not known.' });
  return {
    alerts: rows.map((row, index) => alertOf(row, index, frame, isOld)),
    isWatched,
    alertmanager,
    isOld,
    nowMs,
    notices,
  };
}

export function prepareAlerts(input: PrepareInput): PreparedAlerts {
  const { state, errors } = input;
  try {
    const answer = answerOf(input);
    // An empty list beside a failed part is no calm.
    if (answer?.alerts.length) return { kind: 'alerts', answer };
    if (answer && !errors.length) return { kind: 'empty', ...quietMessage(answer) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'refusal', message: { title: 'This answer cannot be read', detail: error.message } };
  }
  if (state === LoadingState.Error || errors.length > 0) {
    const detail = [...new Set(errors)].join(' ').slice(0, 500);
    return { kind: 'error', message: { title: 'The query failed: what fires is not known', detail } };
  }
  if (state === LoadingState.Loading || state === LoadingState.NotStarted) return { kind: 'loading' };
  const detail = 'Choose the query Alerts of the Modelwatch data source.';
  return { kind: 'refusal', message: { title: 'No answer about alerts', detail } };
}
