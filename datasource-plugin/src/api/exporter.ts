/** Asks the exporter's read API through Grafana's proxy; the routes in plugin.json add the token. */
import { getBackendSrv, isFetchError } from '@grafana/runtime';
import {
  API_PATHS,
  decodeEventList,
  decodeModelList,
  decodeModelMonitoring,
  decodeModelRows,
  decodeStatus,
  DecodeError,
  isObject,
  type Decoder,
  type EventList,
  type ModelList,
  type ModelMonitoring,
  type ModelRows,
  type Status,
} from '@modelwatch/contract';
import { catchError, defer, map, throwError, timeout, TimeoutError, type Observable } from 'rxjs';

/** A panel does not wait longer for words that it can do without. */
const TIMEOUT_MS = 3000;

export type ApiProblem = 'unauthorised' | 'unreachable' | 'not-found' | 'refused' | 'malformed';

/** Why the API gave no answer, in words that name what to look at. */
class ApiFailure extends Error {
  constructor(
    readonly problem: ApiProblem,
    message: string
  ) {
    super(message);
    this.name = 'ApiFailure';
  }
}

export interface ExporterApi {
  models(requestId: string): Observable<ModelList>;
  monitoring(model: ModelPlace, requestId: string): Observable<ModelMonitoring>;
  status(requestId: string): Observable<Status>;
  /** @param asked parameters of the read API */
  events(asked: URLSearchParams, requestId: string): Observable<EventList>;
  /** @param asked parameters of the read API */
  rows(model: ModelPlace, asked: URLSearchParams, requestId: string): Observable<ModelRows>;
}

interface ModelPlace {
  readonly namespace: string;
  readonly model: string;
}

function failureOfStatus(status: number, statusText: string | undefined): ApiFailure {
  if (status === 401 || status === 403) {
    return new ApiFailure('unauthorised', `the exporter's API refuses the token (HTTP ${status})`);
  }
  if (status === 404) {
    return new ApiFailure(
      'not-found',
      "the exporter's API does not have this (HTTP 404); leave /api/v1 out of its URL"
    );
  }
  // Grafana's proxy says 502 and 504 for an upstream that it cannot reach, the browser 0 for Grafana itself.
  if (status === 502 || status === 504 || status <= 0) {
    return new ApiFailure('unreachable', `the exporter's API cannot be reached (HTTP ${status})`);
  }
  return new ApiFailure('refused', `the exporter's API answers HTTP ${status}${statusText ? ` ${statusText}` : ''}`);
}

function failureOf(error: unknown): ApiFailure {
  if (error instanceof TimeoutError) {
    return new ApiFailure('unreachable', `the exporter's API did not answer within ${TIMEOUT_MS / 1000} s`);
  }
  if (error instanceof DecodeError) {
    return new ApiFailure('malformed', `the exporter's API answers something else: ${error.message}`);
  }
  if (isFetchError(error)) return failureOfStatus(error.status, error.statusText);
  return new ApiFailure('unreachable', error instanceof Error ? error.message : String(error));
}

function placeOf({ namespace, model }: ModelPlace): string {
  return `${encodeURIComponent(namespace)}/${encodeURIComponent(model)}`;
}

/** A route of its own in plugin.json: it adds the token for rows, and lets editors pass alone. */
const ROWS_ROUTE = 'rows';
const TOKEN_REFUSED = "the exporter refuses the token for rows, or none is set in this data source's settings";

/** The exporter says itself why it gives no rows. Grafana answers 400 in place of an upstream's 401. */
function failureOfRows(error: unknown): ApiFailure {
  if (!isFetchError<unknown>(error)) return failureOf(error);
  const { status, data } = error;
  const own = isObject(data) && isObject(data['error']) ? data['error']['message'] : undefined;
  if (typeof own === 'string' && status !== 401) {
    return new ApiFailure(status === 403 || status === 404 ? 'not-found' : 'refused', own);
  }
  if (status === 403) return new ApiFailure('unauthorised', 'Grafana shows rows to editors and administrators only');
  if (status === 400 || status === 401) return new ApiFailure('unauthorised', TOKEN_REFUSED);
  return failureOf(error);
}

/** @param url the data source's proxy URL, as Grafana gives it in the instance settings */
export function createExporterApi(url: string): ExporterApi {
  const get = <T>(path: string, decoder: Decoder<T>, requestId: string, fail = failureOf): Observable<T> =>
    defer(() =>
      getBackendSrv().fetch<unknown>({ url: `${url}${path}`, method: 'GET', requestId, showErrorAlert: false })
    ).pipe(
      timeout({ first: TIMEOUT_MS }),
      map((response) => decoder(response.data, path)),
      catchError((error: unknown) => throwError(() => fail(error)))
    );
  return {
    models: (requestId) => get(API_PATHS.models, decodeModelList, requestId),
    monitoring: (model, requestId) =>
      get(`${API_PATHS.models}/${placeOf(model)}/monitoring`, decodeModelMonitoring, requestId),
    rows: (model, asked, requestId) =>
      get(`/${ROWS_ROUTE}/${placeOf(model)}/rows?${asked.toString()}`, decodeModelRows, requestId, failureOfRows),
    events: (asked, requestId) => get(`${API_PATHS.events}?${asked.toString()}`, decodeEventList, requestId),
    status: (requestId) => get(API_PATHS.status, decodeStatus, requestId),
  };
}
