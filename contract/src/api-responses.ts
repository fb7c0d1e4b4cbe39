/** GET /api/v1/responses of the responder: what became of the last alerts, newest first. */
import { array, boolean, number, object, oneOf, optional, string, type Decoder } from './decode';
import {
  RESPONDER_MODES,
  RESPONDER_SENDERS,
  RESPONSE_ACTIONS,
  RESPONSE_REASONS,
  RESPONSE_RESULTS,
} from './vocabulary/responder';

export const RESPONSES_PATH = '/api/v1/responses';

const figure: Decoder<number | string> = (value, path) => (typeof value === 'string' ? value : number(value, path));

export const decodeResponseRecord = object({
  /** Seconds since 1970. */
  atSeconds: number,
  /** The same alert and the same policy give the same key: it is in the annotation of what was changed. */
  key: string,
  policy: string,
  action: oneOf(RESPONSE_ACTIONS),
  mode: oneOf(RESPONDER_MODES),
  result: oneOf(RESPONSE_RESULTS),
  reason: oneOf(RESPONSE_REASONS),
  /** The same in words. */
  text: string,
  sender: oneOf(RESPONDER_SENDERS),
  alertname: string,
  startsAtSeconds: number,
  /** Absent where the labels of the alert name none. */
  target: optional(object({ kind: string, namespace: string, name: string })),
  /**
   * Replicas of what was scaled, the weight or percentage of the candidate or revision that traffic was taken from, or the
   * storage URI, without credentials, of what was rolled back.
   */
  before: optional(figure),
  after: optional(figure),
});
export type ResponseRecord = ReturnType<typeof decodeResponseRecord>;

export const decodeResponseList = object({
  mode: oneOf(RESPONDER_MODES),
  paused: boolean,
  items: array(decodeResponseRecord),
});
export type ResponseList = ReturnType<typeof decodeResponseList>;
