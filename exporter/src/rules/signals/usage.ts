/** Alerts on models that nobody uses any more, as far as they should be used. */
import { ALERTS, METRICS, RECORDED } from '@modelwatch/contract';
import { MODEL, orNone, withOwner } from '../alerts';
import { ID } from '../promql';
import type { AlertRule, ResolvedOptions } from '../types';

const MINUTES = 60;
const DAY_SECONDS = 86_400;
const WINDOW_SECONDS = 300;

/** Requests a second of a model, over 5 minutes. */
export const REQUESTS = `sum by (${ID}) (${RECORDED.inferenceRequestsRate.name})`;

/** Counted, and none: a model of whose requests nothing is heard is stale, which is another alert. */
function stopped({ minRequests }: ResolvedOptions): string {
  const hour = `sum by (${ID}) (avg_over_time(${RECORDED.inferenceRequestsRate.name}[1h] offset 1d))`;
  const asked = `(${RECORDED.modelServing.name}{state!~"idle|progressing"} == 1)`;
  return `group by (${ID}) (${REQUESTS} == 0 and on (${ID}) (${WINDOW_SECONDS} * ${hour} >= ${minRequests}) and on (${ID}) ${asked})`;
}

export function usageAlerts(options: ResolvedOptions): AlertRule[] {
  const gpus = `max by (${ID}) (${METRICS.modelGpusRequested.name}) > 0`;
  return [
    {
      alert: ALERTS.trafficStopped,
      condition: withOwner(orNone(stopped(options))),
      forSeconds: 15 * MINUTES,
      severity: 'warning',
      summary: `Nobody asks ${MODEL} any more`,
      description:
        'There have been no requests for a quarter of an hour, while there were at this time yesterday: what lies before the model may have lost its way.',
      panel: 'health',
    },
    {
      alert: ALERTS.gpusUnused,
      condition: withOwner(
        orNone(
          `group by (${ID}) (time() - ${RECORDED.inferenceLastRequest.name} > ${DAY_SECONDS} and on (${ID}) (${gpus}))`
        )
      ),
      forSeconds: 60 * MINUTES,
      severity: 'warning',
      summary: `${MODEL} holds GPUs and is not asked`,
      description: 'The pods of this model hold GPUs, and there has been no request for a day.',
      panel: 'health',
    },
  ];
}
