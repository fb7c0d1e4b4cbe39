import { useEffect, useMemo, useRef, useState } from 'react';
import type { PanelData } from '@grafana/data';

/** Ages are shown to the second at first, but nobody needs them to tick: a step of this size suffices. */
const TICK_MS = 15_000;
/** A range that ends less than this before the answer ends "now". */
const LIVE_WITHIN_MS = 60_000;

/** The present, renewed every few seconds, so that data ages and turns stale also while nobody refreshes. */
function usePresent(): number {
  const [presentMs, setPresent] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setPresent(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return presentMs;
}

export interface Clock {
  readonly nowMs: number;
  readonly answeredAtMs: number;
  /** How old the answer may get: the limit for stale data, or one and a half refreshes where the dashboard is slower. */
  readonly answerMaxAgeMs: number;
}

/** When the answer arrived and what "now" is; a range that ends in the past is judged as of its end. */
export function useClock(data: PanelData, staleAfterMs: number): Clock {
  const presentMs = usePresent();
  const { series, request, timeRange } = data;
  const answeredAtMs = useMemo(
    () => (series ? (request?.endTime ?? request?.startTime ?? Date.now()) : Date.now()),
    [series, request?.endTime, request?.startTime]
  );
  const answers = useRef<{ last: number; gapMs: number }>({ last: answeredAtMs, gapMs: 0 });
  if (answers.current.last !== answeredAtMs) {
    answers.current = { last: answeredAtMs, gapMs: answeredAtMs - answers.current.last };
  }
  const toMs = timeRange.to.valueOf();
  if (answeredAtMs - toMs > LIVE_WITHIN_MS) {
    return { nowMs: toMs, answeredAtMs: toMs, answerMaxAgeMs: Infinity };
  }
  const answerMaxAgeMs = Math.max(staleAfterMs, 1.5 * answers.current.gapMs);
  return { nowMs: Math.max(presentMs, answeredAtMs), answeredAtMs, answerMaxAgeMs };
}
