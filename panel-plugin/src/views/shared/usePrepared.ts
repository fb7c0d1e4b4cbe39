import { useMemo, useRef, useState } from 'react';
import { LoadingState, type DataFrame, type PanelData } from '@grafana/data';
import type { PrepareInput } from '../../model/prepare';
import { clockText, type ClockText } from '../../model/words';
import type { Action } from './States';
import { useClock } from './useClock';

/** Errors stand in two places, and a failed part may stand beside the series of the others. */
function errorsOf(data: PanelData): string[] {
  const all = [...(data.errors ?? []), ...(data.error ? [data.error] : [])];
  return all.map(({ message, statusText, data: body }) => message ?? body?.message ?? statusText ?? 'no cause given');
}

/** What was asked, in the user's words: the first PromQL expression of the panel. */
function askedOf(data: PanelData): string | undefined {
  const target = data.request?.targets.find((one) => 'expr' in one);
  const expr: unknown = target && 'expr' in target ? target.expr : undefined;
  return typeof expr === 'string' && expr ? expr.slice(0, 160) : undefined;
}

interface GoodAnswer {
  readonly series: DataFrame[];
  readonly answeredAtMs: number;
}

interface Asking<P> {
  readonly data: PanelData;
  readonly timeZone: string;
  readonly staleAfterMs: number;
  /** Must stay the same function over renderings. */
  readonly prepare: (input: PrepareInput) => P;
  /** Whether there was something to show, worth to be called back after an error. */
  readonly isGood: (prepared: P) => boolean;
}

export interface Answered<P> {
  readonly prepared: P;
  readonly clock: ClockText;
  /** After an error: what brings the last good answer back. */
  readonly actions: readonly Action[];
}

/** The answer as one of the states of a view, renewed as it ages; the last good one is kept for after an error. */
export function usePrepared<P extends { readonly kind: string }>(asking: Asking<P>): Answered<P> {
  const { data, timeZone, staleAfterMs, prepare, isGood } = asking;
  const { nowMs, answeredAtMs, answerMaxAgeMs } = useClock(data, staleAfterMs);
  const good = useRef<GoodAnswer>(undefined);
  const [recalled, setRecalled] = useState<GoodAnswer>();
  const clock = useMemo(() => clockText(nowMs, timeZone), [nowMs, timeZone]);
  const { series, state, timeRange } = data;
  const fromMs = timeRange.from.valueOf();
  const toMs = timeRange.to.valueOf();
  const errors = errorsOf(data).join('\n');
  const asked = askedOf(data);

  const prepared = useMemo(() => {
    const range = { fromMs, toMs };
    const input = { state, series, errors: errors ? errors.split('\n') : [], range, nowMs, answeredAtMs, staleAfterMs };
    const now = prepare({ ...input, answerMaxAgeMs, clock, asked });
    if (now.kind !== 'error' || !recalled) return now;
    // An old answer is shown on request only, and nothing in it counts as news.
    const { series: old, answeredAtMs: then } = recalled;
    return prepare({ ...input, series: old, answeredAtMs: then, answerMaxAgeMs: -1, clock });
  }, [
    prepare,
    series,
    state,
    errors,
    fromMs,
    toMs,
    nowMs,
    answeredAtMs,
    answerMaxAgeMs,
    staleAfterMs,
    clock,
    asked,
    recalled,
  ]);
  if (state === LoadingState.Done && isGood(prepared)) good.current = { series, answeredAtMs };
  const last = good.current;
  const actions = last ? [{ label: `Show ${clock(last.answeredAtMs)} answer`, onClick: () => setRecalled(last) }] : [];
  return { prepared, clock, actions };
}
