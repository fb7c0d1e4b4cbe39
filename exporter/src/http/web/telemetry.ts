/** What the web server tells of itself, and the metrics behind it. */
import { METRICS, WEB_AUTH_FAILURES, WEB_REFUSALS, type MetricFamily } from '@modelwatch/contract';
import type { Counter, Gauge } from 'prom-client';

export type AuthFailure = (typeof WEB_AUTH_FAILURES)[number];
export type Refusal = (typeof WEB_REFUSALS)[number];

export interface WebTelemetry {
  /** Someone did not show who they are. */
  authFailed(reason: AuthFailure): void;
  /** A request or a connection was turned away for another reason. */
  refused(reason: Refusal): void;
}

export interface WebMetrics extends WebTelemetry {
  /** Read at each scrape. */
  watchConnections(count: () => number): void;
  /** undefined: no TLS. */
  certificateExpires(atSeconds: number | undefined): void;
}

export function createWebMetrics(
  counter: (family: MetricFamily) => Counter,
  gauge: (family: MetricFamily, collect?: (gauge: Gauge) => void) => Gauge
): WebMetrics {
  const failures = counter(METRICS.exporterWebAuthFailures);
  const refusals = counter(METRICS.exporterWebRefusedRequests);
  // From 0 on, so that the first failure is an increase.
  for (const reason of WEB_AUTH_FAILURES) failures.inc({ reason }, 0);
  for (const reason of WEB_REFUSALS) refusals.inc({ reason }, 0);
  let connections = () => 0;
  gauge(METRICS.exporterWebConnections, (own) => own.set(connections()));
  const expiry = gauge(METRICS.exporterWebCertificateExpiry);
  expiry.remove();
  return {
    authFailed: (reason) => failures.inc({ reason }),
    refused: (reason) => refusals.inc({ reason }),
    watchConnections: (count) => {
      connections = count;
    },
    certificateExpires: (atSeconds) => {
      if (atSeconds === undefined) expiry.remove();
      else expiry.set(atSeconds);
    },
  };
}
