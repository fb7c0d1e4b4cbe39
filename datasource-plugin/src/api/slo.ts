/** Answers to the queries of objectives and alerts. */
import { dateTime, type DataFrame, type DataQueryResponse } from '@grafana/data';
import { RECORDED, SLO_WINDOW_SECONDS, SLO_WINDOWS } from '@modelwatch/contract';
import { map, mergeMap, of, type Observable } from 'rxjs';
import {
  atEnds,
  budgetFrame,
  budgetPoints,
  burnFrame,
  eventsFrame,
  sloEvents,
  tiersFrame,
  tiersOf,
} from '../frames/slo/history';
import { sloIdOf, sloKey, type SloId } from '../frames/slo/id';
import { joinSlos } from '../frames/slo/status';
import { sloStatusFrame } from '../frames/slo/statusFrame';
import type { FrameContext } from '../frames/inventoryFrame';
import { droppedNotices } from '../frames/notices';
import { readSamples, readSeries, type Sample } from '../frames/samples';
import type { ResolvedFilters } from '../query/filters';
import type { PromPart } from '../query/parts';
import { sloStatusParts } from '../query/slo';
import { sloBudgetParts, sloBurnParts, sloChoiceParts, sloStepSeconds } from '../query/sloHistory';
import type { SloBudgetQuery, SloBurnQuery, SloQuery, SloStatusQuery } from '../query/types';
import {
  answerOf,
  answerParts,
  askParts,
  rangeOf,
  rangeSeconds,
  response,
  type Answer,
  type AnswerContext,
} from './context';
import type { Reading } from './reading';

/** Without states, or without limits, an objective would be calm that nobody has judged. */
function statusFrames(reading: Reading, context: AnswerContext, base: FrameContext): DataFrame[] {
  const now = reading.part('now', readSamples);
  const burn = reading.part('burn', readSamples) ?? [];
  const limits = reading.part('limits', readSamples) ?? [];
  const history = reading.part('slo-history', readSeries) ?? [];
  if (!now) return [];
  const { rows, dropped } = joinSlos({ now, burn, limits, history, range: rangeOf(context) });
  return rows.length ? [sloStatusFrame(rows, { ...base, notices: droppedNotices(dropped) })] : [];
}

const answerSloStatus: Answer<SloStatusQuery> = (query, filters, context) =>
  answerParts(query.refId, sloStatusParts(filters), context, (reading, base) => statusFrames(reading, context, base));

/** The objective that was chosen, and what its history needs. */
interface Chosen {
  readonly id: SloId;
  readonly windowSeconds: number;
  readonly objective: number;
}

/** @throws RangeError in words unless there is one objective, with a window and a target */
function chosenOf(samples: readonly Sample[]): Chosen {
  const ids = new Map(
    samples.flatMap(({ labels }) => {
      const id = labels['__name__'] === RECORDED.sloInfo.name ? sloIdOf(labels) : undefined;
      return id ? [[sloKey(id), { id, window: labels['window'] }] as const] : [];
    })
  );
  const [one] = [...ids.values()];
  if (!one || ids.size > 1) throw new RangeError(`One objective is shown: choose one, not ${ids.size}.`);
  const window = SLO_WINDOWS.find((known) => known === one.window);
  const valueOf = ({ name }: { readonly name: string }) =>
    samples.find(({ labels }) => labels['__name__'] === name)?.value;
  const objective = valueOf(RECORDED.sloObjective);
  if (!window || objective === undefined) {
    throw new RangeError(`Of objective ${one.id.slo} neither rules nor exporter say the window and the target.`);
  }
  return { id: one.id, windowSeconds: SLO_WINDOW_SECONDS[window], objective };
}

/** The context of the window of the budget: it ends with the time range and is as long as the budget says. */
function overWindow(context: AnswerContext, windowSeconds: number): AnswerContext {
  const { to } = context.request.range;
  const from = dateTime(to.valueOf() - windowSeconds * 1000);
  const range = { from, to, raw: { from, to } };
  return { ...context, request: { ...context.request, range } };
}

interface History {
  readonly refId: string;
  readonly filters: ResolvedFilters;
  /** Whether the time range is taken in place of the window of the budget. */
  readonly isOfRange?: boolean;
  readonly parts: (filters: ResolvedFilters, windowSeconds: number) => readonly PromPart[];
  readonly frames: (reading: Reading, chosen: Chosen, over: AnswerContext, base: FrameContext) => DataFrame[];
}

/** First which objective it is, then its history: the window is in what is recorded of it. */
function answerHistory(history: History, context: AnswerContext): Observable<DataQueryResponse> {
  const { refId, filters, isOfRange } = history;
  return askParts(refId, sloChoiceParts(filters), context).pipe(
    mergeMap((reading) => {
      const samples = reading.part('now', readSamples);
      if (!samples?.length) return of(response(refId, [], reading.errors()));
      const chosen = chosenOf(samples);
      const over = isOfRange ? context : overWindow(context, chosen.windowSeconds);
      const one = filtersOf(filters, chosen.id);
      return askParts(refId, history.parts(one, rangeSeconds(over)), over).pipe(
        map((found) => answerOf(refId, found, over, (base) => history.frames(found, chosen, over, base)))
      );
    })
  );
}

/** Exactly the one that was found: what was chosen by its name alone is asked for by all of its labels. */
function filtersOf(filters: ResolvedFilters, { cluster, namespace, model, pipeline, slo }: SloId): ResolvedFilters {
  const only = (value: string) => (value ? [value] : []);
  return {
    ...filters,
    ...{ cluster: only(cluster), namespace: only(namespace), model: only(model), pipeline: only(pipeline) },
    slo: [slo],
  };
}

/** End of the window, and how far its points are apart. */
function stepsOf(over: AnswerContext): { toMs: number; stepMs: number } {
  return { toMs: rangeOf(over).toMs, stepMs: sloStepSeconds(rangeSeconds(over)) * 1000 };
}

const answerSloBudget: Answer<SloBudgetQuery> = ({ refId }, filters, context) =>
  answerHistory(
    {
      ...{ refId, filters, parts: sloBudgetParts },
      frames: (reading, { objective }, over, base) => {
        const steps = stepsOf(over);
        const spent = atEnds(reading.part('spent', readSeries) ?? [], steps);
        const points = budgetPoints(spent, { objective, stepMs: steps.stepMs });
        if (!points.length) return [];
        const events = sloEvents(atEnds(reading.part('changes', readSeries) ?? [], steps), steps);
        return [budgetFrame(points, base), ...(events.length ? [eventsFrame(events, base)] : [])];
      },
    },
    context
  );

const answerSloBurn: Answer<SloBurnQuery> = ({ refId, window }, filters, context) =>
  answerHistory(
    {
      ...{ refId, filters, parts: sloBurnParts, isOfRange: window === 'range' },
      frames: (reading, { id }, over, base) => {
        const burn = burnFrame(atEnds(reading.part('burn', readSeries) ?? [], stepsOf(over)), id, base);
        const tiers = tiersOf(reading.part('limits', readSamples) ?? []);
        return [...(burn ? [burn] : []), ...(tiers.length ? [tiersFrame(tiers, base)] : [])];
      },
    },
    context
  );

export const answerSlo: Answer<SloQuery> = (query, filters, context) => {
  switch (query.kind) {
    case 'slo-status':
      return answerSloStatus(query, filters, context);
    case 'slo-budget':
      return answerSloBudget(query, filters, context);
    case 'slo-burn':
      return answerSloBurn(query, filters, context);
  }
};
