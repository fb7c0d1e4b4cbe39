/** What Alertmanager answers, as far as it is read here: its API v2, and Grafana's own Alertmanager speaks it too. */
import { decode, type AlertmanagerMark } from '@modelwatch/contract';

/** @throws DecodeError naming place, value and what was expected */
export const decodeAlerts = decode.array(
  decode.object({
    labels: decode.record(decode.string),
    startsAt: decode.string,
    fingerprint: decode.string,
    receivers: decode.array(decode.object({ name: decode.string })),
    status: decode.object({
      state: decode.string,
      silencedBy: decode.optional(decode.array(decode.string)),
      inhibitedBy: decode.optional(decode.array(decode.string)),
      mutedBy: decode.optional(decode.array(decode.string)),
    }),
  })
);
export type ToldAlert = ReturnType<typeof decodeAlerts>[number];

/** @throws DecodeError naming place, value and what was expected */
export const decodeSilences = decode.array(
  decode.object({
    id: decode.string,
    createdBy: decode.string,
    comment: decode.string,
    endsAt: decode.string,
  })
);
export type Silence = ReturnType<typeof decodeSilences>[number];

export interface AlertmanagerAnswer {
  readonly mark: AlertmanagerMark;
  /** Undefined where it did not answer. */
  readonly alerts?: readonly ToldAlert[];
  readonly silences?: readonly Silence[];
}
