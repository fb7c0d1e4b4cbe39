/** Frames of the queries on objectives -> checked values. A wrong one is refused with place, value and expectation. */
import { FieldType, type DataFrame } from '@grafana/data';
import {
  BURN_SEVERITIES,
  decode,
  DecodeError,
  SLO_BUDGET_FIELDS,
  SLO_EVENT_FIELDS,
  SLO_EVENT_KINDS,
  SLO_INDICATORS,
  SLO_METHODS,
  SLO_STATES,
  SLO_STATUS_FIELDS,
  SLO_TIER_FIELDS,
} from '@modelwatch/contract';
import { atLeastZero, filled, finite, ratio, word } from '../decoders';
import { rowsOf } from '../rows';
import type { BudgetPoint, BurnLine, SloEvent, Tier } from './types';

function atMostOne(value: unknown, path = ''): number {
  const number = decode.number(value, path);
  if (number > 1) throw new DecodeError(path, value, 'a share of at most 1');
  return number;
}

const positive = decode.optional(atLeastZero);

const decodeStatus = decode.object({
  cluster: word,
  namespace: filled,
  model: word,
  pipeline: word,
  slo: filled,
  state: decode.optional(decode.oneOf(SLO_STATES)),
  since: finite,
  indicator: decode.optional(decode.oneOf(SLO_INDICATORS)),
  method: decode.optional(decode.oneOf(SLO_METHODS)),
  metric: word,
  objective: decode.optional(ratio),
  threshold: finite,
  thresholdOp: word,
  window: word,
  attained: decode.optional(ratio),
  budgetLeft: decode.optional(atMostOne),
  budgetLeftBefore: decode.optional(atMostOne),
  burn: positive,
  burnShort: positive,
  pageFrom: positive,
  pageTo: positive,
  severity: decode.optional(decode.oneOf(BURN_SEVERITIES)),
  long: word,
  short: word,
  alertBurn: positive,
  exhaustion: positive,
  events: positive,
  badEvents: positive,
  eventsNeeded: positive,
  owner: word,
  reason: word,
});
export type StatusRow = ReturnType<typeof decodeStatus>;

/** @throws DecodeError naming frame, row and field */
export function statusRows(frame: DataFrame): StatusRow[] {
  return rowsOf(frame, 'slo-status', SLO_STATUS_FIELDS, (value, path) => {
    const row = decodeStatus(value, path);
    if (!row.model && !row.pipeline) throw new DecodeError(`${path}.model`, row.model, 'a model or a pipeline');
    return row;
  });
}

const decodePoint = decode.object({ time: decode.number, budgetLeft: atMostOne, spent: decode.number });

/** @throws DecodeError naming frame, row and field */
export function budgetPoints(frame: DataFrame): BudgetPoint[] {
  let beforeMs = -Infinity;
  return rowsOf(frame, 'slo-budget', SLO_BUDGET_FIELDS, (value, path) => {
    const { time: timeMs, budgetLeft: left, spent } = decodePoint(value, path);
    if (timeMs <= beforeMs) throw new DecodeError(`${path}.time`, timeMs, 'a time after the one before');
    beforeMs = timeMs;
    return { timeMs, left, spent };
  });
}

const decodeEvent = decode.object({
  time: decode.number,
  end: finite,
  kind: decode.oneOf(SLO_EVENT_KINDS),
  title: decode.string,
  severity: word,
  slo: word,
});

/** @throws DecodeError naming frame, row and field */
export function sloEvents(frame: DataFrame): SloEvent[] {
  return rowsOf(frame, 'slo-events', SLO_EVENT_FIELDS, (value, path) => {
    const { time: timeMs, end: endMs, ...rest } = decodeEvent(value, path);
    return { timeMs, endMs, ...rest };
  });
}

const decodeTier = decode.object({
  severity: decode.oneOf(BURN_SEVERITIES),
  long: filled,
  short: filled,
  line: atLeastZero,
  holds: decode.oneOf(['yes', 'no']),
});

/** @throws DecodeError naming frame, row and field */
export function sloTiers(frame: DataFrame): Tier[] {
  return rowsOf(frame, 'slo-tiers', SLO_TIER_FIELDS, (value, path) => {
    const { holds, ...tier } = decodeTier(value, path);
    return { ...tier, holds: holds === 'yes' };
  });
}

/** @throws DecodeError naming frame, field and place */
export function burnLines(frame: DataFrame): BurnLine[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  if (!time) throw new DecodeError('slo-burn, time', undefined, 'a field of times');
  const timesMs = time.values.map((value: unknown, index: number) => decode.number(value, `slo-burn, time[${index}]`));
  return frame.fields
    .filter((field) => field !== time)
    .map(({ name, labels = {}, values }) => ({
      window: filled(labels['window'], `slo-burn, field ${name}, label window`),
      points: timesMs.flatMap((timeMs, index) => {
        const value: unknown = values[index];
        if (value === null || value === undefined || Number.isNaN(value)) return [];
        return [{ timeMs, burn: atLeastZero(value, `slo-burn, field ${name}[${index}]`) }];
      }),
    }));
}
