/** What the status of an answer says of the request: HTTP statuses, and the names of gRPC codes as Go writes them. */
import type { RequestOutcome, ResponseCode } from '../vocabulary/inference';
import type { ByLabel } from './types';

/**
 * As the canonical mapping of gRPC codes to HTTP statuses has them (google/rpc/code.proto): what would be 4xx is the
 * client's, what would be 5xx is the server's.
 */
const GRPC_CODES: Readonly<Record<string, RequestOutcome>> = {
  OK: 'success',
  Canceled: 'client_error',
  InvalidArgument: 'client_error',
  NotFound: 'client_error',
  AlreadyExists: 'client_error',
  PermissionDenied: 'client_error',
  ResourceExhausted: 'client_error',
  FailedPrecondition: 'client_error',
  Aborted: 'client_error',
  OutOfRange: 'client_error',
  Unauthenticated: 'client_error',
  Unknown: 'server_error',
  DeadlineExceeded: 'server_error',
  Unimplemented: 'server_error',
  Internal: 'server_error',
  Unavailable: 'server_error',
  DataLoss: 'server_error',
};

/** The outcome by a label that holds an HTTP status (`200`) or the name of a gRPC code (`OK`). */
export function outcomeByCode(label: string): ByLabel<RequestOutcome> {
  return {
    label,
    values: GRPC_CODES,
    classes: { '2': 'success', '3': 'success', '4': 'client_error', '5': 'server_error' },
    otherwise: 'unknown',
  };
}

/** Who is refused, by a label of the same kind. */
export function responseByCode(label: string): ByLabel<ResponseCode> {
  return {
    label,
    values: {
      '401': '401',
      Unauthenticated: '401',
      '403': '403',
      PermissionDenied: '403',
      '429': '429',
      ResourceExhausted: '429',
    },
    otherwise: 'other',
  };
}
