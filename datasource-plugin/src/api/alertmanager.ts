/**
 * Asks the Alertmanager that the user has in Grafana what it does with alerts, through Grafana's API and so with the
 * rights of the user. Paths: Grafana 12.4, `pkg/services/ngalert/api`.
 */
import { getBackendSrv } from '@grafana/runtime';
import { DecodeError, GRAFANA_ALERTMANAGER, type AlertmanagerMark, type Decoder } from '@modelwatch/contract';
import { catchError, defer, map, mergeMap, of, timeout, TimeoutError, type Observable } from 'rxjs';
import { alertmanagers } from '../alertmanagers';
import { decodeAlerts, decodeSilences, type AlertmanagerAnswer } from '../frames/slo/alertmanager';
import type { AnswerContext } from './context';
import { errorText } from './prometheus';

/** A list of alerts does not wait longer for who was told. */
const TIMEOUT_MS = 3000;
/** Alertmanager knows the present only. */
const PRESENT_MS = 5 * 60_000;

interface Chosen {
  readonly uid: string;
  readonly name: string;
}

/** The one of the settings, else the only one that there is: of several nobody knows which one is told. */
function chosen(uid: string | undefined): Chosen | { readonly problem: string } {
  if (uid === GRAFANA_ALERTMANAGER) return { uid, name: GRAFANA_ALERTMANAGER };
  const known = alertmanagers();
  if (uid) {
    const found = known.find((one) => one.uid === uid);
    return found ?? { problem: `the Alertmanager data source ${uid} of the settings was not found` };
  }
  const [only, another] = known;
  if (!only) return { problem: 'Grafana has no data source of type Alertmanager' };
  return another
    ? { problem: 'Grafana has several Alertmanagers: choose one in the settings of the data source' }
    : only;
}

function get<T>(url: string, decoder: Decoder<T>, requestId: string): Observable<T> {
  return defer(() => getBackendSrv().fetch<unknown>({ url, method: 'GET', requestId, showErrorAlert: false })).pipe(
    timeout({ first: TIMEOUT_MS }),
    map(({ data }) => decoder(data, 'Alertmanager'))
  );
}

function problemOf(error: unknown): string {
  if (error instanceof TimeoutError) return `Alertmanager did not answer within ${TIMEOUT_MS / 1000} s`;
  if (error instanceof DecodeError) return `Alertmanager answers something else: ${error.message}`;
  return `Alertmanager cannot be asked: ${errorText(error)}`;
}

/** Never fails: a list of alerts stands without who was told. @param matchers of the alerts that are asked for */
export function askAlertmanager(
  matchers: readonly string[],
  { alertmanagerUid, request, nowMs }: AnswerContext,
  refId: string
): Observable<AlertmanagerAnswer> {
  if (request.range.to.valueOf() < nowMs - PRESENT_MS) {
    return of({ mark: { state: 'none', problem: 'the time range ends in the past' } });
  }
  const found = chosen(alertmanagerUid);
  // One that was chosen and is gone is a fault; none at all is a choice.
  if ('problem' in found) return of({ mark: { state: alertmanagerUid ? 'failed' : 'none', problem: found.problem } });
  const { uid, name } = found;
  const base = `/api/alertmanager/${encodeURIComponent(uid)}/api/v2`;
  const asked = new URLSearchParams(matchers.map((one) => ['filter', one]));
  const id = (what: string) => `${request.requestId}-${refId}-${what}`;
  return get(`${base}/alerts?${asked.toString()}`, decodeAlerts, id('alertmanager')).pipe(
    mergeMap((alerts): Observable<AlertmanagerAnswer> => {
      const mark: AlertmanagerMark = { state: 'answered', name };
      if (!alerts.some(({ status }) => status.silencedBy?.length)) return of({ mark, alerts });
      return get(`${base}/silences`, decodeSilences, id('silences')).pipe(
        map((silences) => ({ mark, alerts, silences }))
      );
    }),
    catchError((error: unknown) => of({ mark: { state: 'failed' as const, name, problem: problemOf(error) } }))
  );
}
