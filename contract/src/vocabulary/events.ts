/** Inference events: what became of those that were not counted. */

/**
 * Why an event that arrived is in no counter of predictions. `malformed`: it could not be read, or has no prediction.
 * `unknown_model`: nobody declared its model, and as many undeclared ones are counted already as may be. `duplicate`: an
 * event with its id was counted before. `unpaired`: a request without its response, or the other way round.
 * `unknown_candidate`: it is of a candidate that nobody declared as a challenger of the model.
 */
export const EVENT_DROP_REASONS = ['malformed', 'unknown_model', 'duplicate', 'unpaired', 'unknown_candidate'] as const;
export type EventDropReason = (typeof EVENT_DROP_REASONS)[number];

/**
 * Why a request to /ingest was turned away unread, so that nobody knows how many events were in it. `over_capacity`: the
 * sender was told to wait, and may have sent it again; `too_large`: it never can be taken in.
 */
export const REFUSED_REQUEST_REASONS = ['over_capacity', 'too_large'] as const;
export type RefusedRequestReason = (typeof REFUSED_REQUEST_REASONS)[number];

/**
 * What became of a request to /ingest. `partial`: some of its events were refused; `replayed`: its idempotency key was
 * known, and it got the answer of then; `over_capacity`: the sender was told to wait; `failed`: open predictions could
 * not be read or written; `too_large`, `malformed`, `denied`
 * (not one of those who may): refused as a whole.
 */
export const INGEST_RESULTS = [
  'accepted',
  'partial',
  'refused',
  'replayed',
  'over_capacity',
  'too_large',
  'malformed',
  'denied',
  'failed',
] as const;
export type IngestResult = (typeof INGEST_RESULTS)[number];

/**
 * What became of a record of a Kafka topic. `partial`, `refused`: some or all of its events were; `skipped`: there is
 * nothing in it to count, such as a tombstone, or it was counted before a lost connection; `malformed`, `too_large`: it
 * cannot be read.
 */
export const KAFKA_RECORD_RESULTS = ['accepted', 'partial', 'refused', 'skipped', 'too_large', 'malformed'] as const;
export type KafkaRecordResult = (typeof KAFKA_RECORD_RESULTS)[number];

/** What became of a record that cannot be read, where a file for such is configured. */
export const DEAD_LETTER_RESULTS = ['written', 'failed'] as const;
export type DeadLetterResult = (typeof DEAD_LETTER_RESULTS)[number];

/** Windows over which different consumers of a model are counted: so many full hours, or days of UTC, and the one that runs. */
export const CONSUMER_WINDOWS = ['1h', '1d', '7d'] as const;
export type ConsumerWindow = (typeof CONSUMER_WINDOWS)[number];
