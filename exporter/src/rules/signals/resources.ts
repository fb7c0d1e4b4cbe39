/** Alerts on what models use, where the exporters of nodes and containers say it. */
import { ALERTS, RECORDED } from '@modelwatch/contract';
import { MODEL, orNone, withOwner } from '../alerts';
import { ID } from '../promql';
import type { AlertRule } from '../types';

const MINUTES = 60;
/** Of a memory limit; above it the next large request may be the last. */
const MEMORY_LIMIT_RATIO = 0.9;
/** Of the periods in which CPU was held back: a quarter shows in the latency. */
const THROTTLED_RATIO = 0.25;
/** A pod that is moved to another node restarts once; one that does so again and again is broken. */
const RESTARTS_PER_HOUR = 3;

const ofModels = (holds: string) => withOwner(orNone(`group by (${ID}) (${holds})`));

export function resourceAlerts(): AlertRule[] {
  return [
    {
      alert: ALERTS.memory,
      condition: ofModels(`${RECORDED.modelMemoryLimit.name} >= ${MEMORY_LIMIT_RATIO}`),
      forSeconds: 10 * MINUTES,
      severity: 'warning',
      summary: `${MODEL} is near its memory limit`,
      description:
        'A container of this model uses 90 % or more of its memory limit: it is killed when it asks for more.',
      panel: 'health',
    },
    {
      alert: ALERTS.restarts,
      condition: ofModels(
        `${RECORDED.modelRestarts.name} >= ${RESTARTS_PER_HOUR} or ${RECORDED.modelOomKills.name} > 0`
      ),
      forSeconds: 5 * MINUTES,
      severity: 'warning',
      summary: `Containers of ${MODEL} restart`,
      description:
        'In the last hour containers of this model restarted three times or more, or were killed for want of memory.',
      panel: 'health',
    },
    {
      alert: ALERTS.throttled,
      condition: ofModels(`${RECORDED.modelCpuThrottled.name} >= ${THROTTLED_RATIO}`),
      forSeconds: 15 * MINUTES,
      severity: 'warning',
      summary: `${MODEL} is held back by its CPU limit`,
      description: 'In a quarter of the time or more a pod of this model had to wait for CPU because of its limit.',
      panel: 'latency',
    },
  ];
}
