/**
 * Knative's queue-proxy, in front of the model server of a KServe pod in Knative mode (facts of Knative Serving 1.10 to
 * 1.23, from its documentation and source; not run here). Port 9091 (`http-usermetric`) has the metrics of requests; 9090
 * is a protocol of the autoscaler's, 9088 (KServe's aggregation) repeats this page and the server's.
 *
 * It counts the pod's requests and names no model. Until Knative 1.18 (OpenCensus): `revision_request_*` with the wait for
 * a free place in the pod, `revision_app_request_*` without, in milliseconds; a series that had no request for ten minutes
 * vanishes and begins again at 0. Since then (OpenTelemetry): `http_server_request_duration_seconds` with the wait,
 * `kn_serving_invocation_duration_seconds` without; there only when `request-metrics-protocol` is `prometheus`.
 */
import { outcomeByCode, responseByCode } from './codes';
import type { FamilyTranslation, ServerTranslation, TranslationTarget } from './types';

const MILLISECOND = 1e-3;
const OLD_CODE = 'response_code';
const NEW_CODE = 'http_response_status_code';

const byCode = (label: string): readonly TranslationTarget[] => [
  { requests: outcomeByCode(label) },
  { responses: responseByCode(label) },
];

/** The longest way first: the others are read only where it is not there. */
const NEW: readonly FamilyTranslation[] = [
  {
    family: 'http_server_request_duration_seconds',
    type: 'histogram',
    replaces: ['kn_serving_invocation_duration_seconds'],
    to: [...byCode(NEW_CODE), { histogram: 'duration' }],
  },
  {
    family: 'kn_serving_invocation_duration_seconds',
    type: 'histogram',
    to: [...byCode(NEW_CODE), { histogram: 'duration' }],
  },
];
const OLD: readonly FamilyTranslation[] = [
  {
    family: 'revision_request_count',
    type: 'counter',
    replaces: ['revision_app_request_count'],
    to: byCode(OLD_CODE),
  },
  { family: 'revision_app_request_count', type: 'counter', to: byCode(OLD_CODE) },
  {
    family: 'revision_request_latencies',
    type: 'histogram',
    scale: MILLISECOND,
    replaces: ['revision_app_request_latencies'],
    to: [{ histogram: 'duration' }],
  },
  {
    family: 'revision_app_request_latencies',
    type: 'histogram',
    scale: MILLISECOND,
    to: [{ histogram: 'duration' }],
  },
];

export const QUEUE_PROXY_TRANSLATION: ServerTranslation = {
  modelLabels: [],
  versionLabels: [],
  families: [...NEW, ...OLD],
  capabilities: ['requests', 'outcomes', 'error_sides', 'duration', 'duration_buckets'],
};
