/** What is wrong with Prometheus, for whoever gave its address in the configuration. */
import type { PrometheusError } from '../sources/prometheus/query';

/** Flags are in the list of processes, for all to read. */
const LOGIN_EXPECTED = 'expected an address with user and password, in MODELWATCH_PROMETHEUS_URL or in the file';

export function prometheusWords({ status, message }: PrometheusError): string {
  return status === 401 || status === 403 ? `HTTP status ${status}: ${LOGIN_EXPECTED}` : message;
}
