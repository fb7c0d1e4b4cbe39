import { dateTime } from '@grafana/data';
import type { BaseRequest } from './prometheus';

const LOOKBACK_MS = 5 * 60_000;

/** A request that belongs to no panel, as of now. */
export function requestNow(requestId: string, nowMs: number): BaseRequest {
  const range = { from: dateTime(nowMs - LOOKBACK_MS), to: dateTime(nowMs) };
  return {
    requestId,
    app: 'modelwatch',
    range: { ...range, raw: range },
    interval: '30s',
    intervalMs: 30_000,
    scopedVars: {},
    timezone: 'utc',
    startTime: nowMs,
  };
}
