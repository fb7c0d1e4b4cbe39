import React, { useCallback, useMemo, useRef, useState } from 'react';
import { LoadingState, type DataFrame, type PanelData, type PanelProps } from '@grafana/data';
import { prepare } from '../../model/prepare';
import type { ModelView } from '../../model/types';
import { clockText } from '../../model/words';
import { decodeOptions, type PanelOptions } from '../../options';
import { HealthView } from './HealthView';
import { alertLinkFor, alertTargetOf } from './alertTarget';
import { linksFor } from './links';
import { Loading, Statement, type Action } from './States';
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

/** Props of Grafana in, one of the prepared states out. */
export function HealthPanel(props: PanelProps<PanelOptions>) {
  const { id, data, width, height, timeZone, replaceVariables } = props;
  const options = decodeOptions(props.options);
  const staleAfterMs = options.staleAfterSeconds * 1000;
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
  }, [series, state, errors, fromMs, toMs, nowMs, answeredAtMs, answerMaxAgeMs, staleAfterMs, clock, asked, recalled]);
  if (state === LoadingState.Done && prepared.kind === 'fleet') good.current = { series, answeredAtMs };

  const { modelDashboard } = options;
  const linksOf = useCallback(
    (model: ModelView) => {
      const target = alertTargetOf(data, id);
      const links = linksFor(model, modelDashboard, replaceVariables);
      return target ? [...links, alertLinkFor(model, target)] : links;
    },
    [modelDashboard, replaceVariables, data, id]
  );
  const size = { width, height };
  switch (prepared.kind) {
    case 'loading':
      return <Loading />;
    case 'error': {
      const last = good.current;
      const actions: Action[] = last
        ? [{ label: `Show ${clock(last.answeredAtMs)} answer`, onClick: () => setRecalled(last) }]
        : [];
      return <Statement message={prepared.message} actions={actions} mark="unknown" size={size} />;
    }
    case 'empty':
    case 'refusal':
      return <Statement message={prepared.message} size={size} />;
    case 'fleet':
      return <HealthView {...prepared} {...size} mode={options.mode} clock={clock} linksOf={linksOf} />;
  }
}
