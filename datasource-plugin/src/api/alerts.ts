/** Answers to the query *alerts*: what Prometheus says fires or waits, and what Alertmanager does with it. */
import type { DataFrame, DataQueryResponse, QueryResultMetaNotice } from '@grafana/data';
import { forkJoin, map } from 'rxjs';
import { alertRows } from '../frames/slo/alertRows';
import { alertsFrame } from '../frames/slo/alerts';
import { readSamples } from '../frames/samples';
import type { AlertmanagerAnswer } from '../frames/slo/alertmanager';
import { joinNotifications } from '../frames/slo/notifications';
import { alertMatchers, alertsParts } from '../query/slo';
import type { AlertsQuery } from '../query/types';
import { askAlertmanager } from './alertmanager';
import { askParts, response, type Answer, type AnswerContext } from './context';
import type { Reading } from './reading';

function noticesOf({ mark }: AlertmanagerAnswer): QueryResultMetaNotice[] {
  if (mark.state !== 'failed') return [];
  const text = `Who was told, and what is silenced, is not known: ${mark.problem ?? 'Alertmanager did not answer'}.`;
  return [{ severity: 'warning', text }];
}

/** No alert is an answer, too: an empty table says so, where nothing would look like a failure. */
function framesOf(reading: Reading, told: AlertmanagerAnswer, { nowMs }: AnswerContext, refId: string): DataFrame[] {
  const now = reading.part('now', readSamples);
  const since = reading.part('since', readSamples) ?? [];
  // What Alertmanager alone has is shown when Prometheus is gone, and then it is not all that there may be.
  if (!now && !told.alerts?.length) return [];
  const rows = joinNotifications(alertRows(now ?? [], since), told);
  const isWatched = (reading.part('state', readSamples)?.[0]?.value ?? 0) > 0;
  const context = { refId, answeredAtMs: nowMs, notices: noticesOf(told) };
  return [alertsFrame(rows, context, { isWatched, alertmanager: told.mark })];
}

export const answerAlerts: Answer<AlertsQuery> = ({ refId }, filters, context) =>
  forkJoin([
    askParts(refId, alertsParts(filters), context),
    askAlertmanager(alertMatchers(filters), context, refId),
  ]).pipe(
    map(([reading, told]): DataQueryResponse => {
      const frames = framesOf(reading, told, context, refId);
      return response(refId, frames, reading.errors());
    })
  );
