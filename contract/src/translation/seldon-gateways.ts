/**
 * The ways into pipelines and models of Seldon Core 2 (facts of v2.9, from its documentation and source; not run here).
 *
 * The pipeline gateway counts over REST what went well and what it could not convert, and nothing else; over gRPC all that
 * got as far as Kafka. Envoy counts every answer by the class of its HTTP status, and so a gRPC failure, which comes with
 * status 200, as a success (envoyproxy/envoy#5720). So REST is read from Envoy and gRPC from the gateway.
 *
 * A step that failed is 400 over REST, like a request that nobody could read, and `Unknown` over gRPC: whose fault it was
 * cannot be told. `FailedPrecondition` is a request that did not get through Kafka.
 */
import type { RequestOutcome, ResponseCode } from '../vocabulary/inference';
import { responseByCode } from './codes';
import type { ByLabel } from './types';

const CLASSES = { '2': 'success', '3': 'success', '4': 'unknown', '5': 'server_error' } as const;

/** By the label `code` of the pipeline gateway: an HTTP status, or the name of a gRPC code. */
export const PIPELINE_GATEWAY_OUTCOMES: ByLabel<RequestOutcome> = {
  label: 'code',
  values: { OK: 'success', FailedPrecondition: 'server_error', Internal: 'server_error' },
  classes: CLASSES,
  otherwise: 'unknown',
};

/** By Envoy's class of HTTP statuses: their first digit. Informational answers (1) are no answers yet. */
export const ENVOY_OUTCOMES: ByLabel<RequestOutcome> = { label: 'envoy_response_code_class', values: CLASSES };

/** Of the pipeline gateway, as above. */
export const PIPELINE_GATEWAY_RESPONSES: ByLabel<ResponseCode> = responseByCode('code');

/** Envoy also counts by each HTTP status: also what it refused itself, by a filter before the route. */
export const ENVOY_RESPONSES: ByLabel<ResponseCode> = responseByCode('envoy_response_code');
