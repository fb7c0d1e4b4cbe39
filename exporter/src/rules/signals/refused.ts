/** Requests that were refused: by those who may not ask, or ask too much. */
import { ALERTS, METRICS, RECORDED } from '@modelwatch/contract';
import { orNone, withOwner } from '../alerts';
import { quotient } from '../measures';
import { POLLED } from '../polled';
import { ID, labelled } from '../promql';
import type { AlertRule, RecordingRule, ResolvedOptions } from '../types';

const MINUTES = 60;
const WINDOW_SECONDS = 300;
/** Of all answers: now and then a token expires, and somebody asks too fast. */
const REFUSED_RATIO = 0.1;

const RATE = RECORDED.inferenceResponsesRate.name;
const RATIO = RECORDED.inferenceRefusedRatio.name;
const PIPELINE_RATE = RECORDED.pipelineResponsesRate.name;
const PIPELINE_RATIO = RECORDED.pipelineRefusedRatio.name;
const OF_PIPELINE = 'cluster, namespace, pipeline';
const METHOD = `${OF_PIPELINE}, method`;

/** What a proxy refuses never reaches a server, and what a server refuses the proxy may count, too: never added up. */
function responsesRule(): RecordingRule {
  const each = POLLED.rate({ family: METRICS.inferenceResponses, keep: ['code'] });
  const counted = `on (${ID}, replica) ${METRICS.inferenceRequests.name}`;
  const seen = (by: 'server' | 'proxy', set: 'and' | 'unless') =>
    labelled(`sum by (${ID}, code) (${each} ${set} ${counted})`, 'seen_by', by);
  return { record: RATE, expr: `${seen('server', 'and')}\nor\n${seen('proxy', 'unless')}` };
}

function pipelineResponsesRule(): RecordingRule {
  const each = `max by (${METHOD}, code, replica) (rate(${METRICS.pipelineResponses.name}[5m]))`;
  return { record: PIPELINE_RATE, expr: `sum by (${METHOD}, code) (${each})` };
}

const share = (rate: string, by: string) =>
  quotient(`sum by (${by}) (${rate}{code!="other"})`, `sum by (${by}) (${rate})`);

export function refusedRules(): RecordingRule[] {
  return [
    responsesRule(),
    { record: RATIO, expr: `max by (${ID}) (\n${share(RATE, `${ID}, seen_by`)}\n)` },
    pipelineResponsesRule(),
    { record: PIPELINE_RATIO, expr: share(PIPELINE_RATE, METHOD) },
  ];
}

export function refusedAlert({ minRequests }: ResolvedOptions): AlertRule {
  const enough = (rate: string, by: string) => `(${WINDOW_SECONDS} * sum by (${by}) (${rate}) >= ${minRequests})`;
  const models = `${RATIO} >= ${REFUSED_RATIO} and on (${ID}) ${enough(RATE, `${ID}, seen_by`)}`;
  const pipelines = `${PIPELINE_RATIO} >= ${REFUSED_RATIO} and on (${METHOD}) ${enough(PIPELINE_RATE, METHOD)}`;
  return {
    alert: ALERTS.refused,
    condition: `${withOwner(orNone(`group by (${ID}) (${models})`))}\nor\ngroup by (${OF_PIPELINE}) (${pipelines})`,
    forSeconds: 5 * MINUTES,
    severity: 'warning',
    summary: 'Many who ask {{ $labels.namespace }}/{{ or $labels.model $labels.pipeline }} are refused',
    description:
      'One request in ten or more is answered with 401, 403 or 429: a caller whose credentials or quota ran out, or somebody who tries.',
    panel: 'errors',
  };
}
