/** Requests that an objective on availability is about, and those of them that failed. */
import { RECORDED, SLO_LABELS } from '@modelwatch/contract';
import { can, ERRORS } from '../inference';
import { ID } from '../promql';
import type { RecordingRule } from '../types';
import { countedRules, INFO, objectivesOn, ON } from './settings';

const FAILED = `outcome=~"${ERRORS.join('|')}"`;
const PIPELINE = 'cluster, namespace, pipeline';
const METHOD = `${PIPELINE}, method`;

interface Asked {
  /** 1 for each objective. */
  readonly objectives: string;
  readonly by: string;
  readonly rate: string;
  /** Of those whose failures are counted. */
  readonly told: string;
}

/** A model or pipeline that never failed has no series of failures: it has 0, not nothing. Errors of clients are no failures. */
function counted({ objectives, by, rate, told }: Asked, of: 'all' | 'failed'): string {
  const all = `sum by (${by}) (${rate})`;
  const failed = `(sum by (${by}) (${rate}{${FAILED}}) or 0 * ${all})`;
  return `(${objectives}
* on (${by}) group_left ()
(${of === 'all' ? all : failed}
${told}))`;
}

/**
 * Of a model that cannot serve nobody is left to count, and those who ask are turned away before it: as many requests as
 * came in a second of the day before, on average, count as failed. Once an outage lasts this is also the mean of itself.
 */
const UNANSWERED = `(
  max by (${SLO_LABELS}) (avg_over_time(${RECORDED.sloEventsCoarseRate.name}[1d])) > 0
  and ${ON} (${INFO}{indicator="availability", model!=""} and on (${ID}) (${RECORDED.modelServing.name}{state="failed"} == 1))
)`;

/**
 * What only some servers of a model can say of their requests, or only one of the two ways into a pipeline, is nothing to
 * judge all of them by.
 */
export function availabilityRules(): RecordingRule[] {
  const pipelineRate = RECORDED.pipelineRequestsRate.name;
  // Who counts failures of a pipeline has a series of those of unknown side, even while there are none.
  const untold = `(sum by (${METHOD}) (${pipelineRate}) > 0 unless on (${METHOD}) ${pipelineRate}{outcome="unknown"})`;
  const models: Asked = {
    objectives: objectivesOn('availability'),
    by: ID,
    rate: RECORDED.inferenceRequestsRate.name,
    told: can('outcomes'),
  };
  const pipelines: Asked = {
    objectives: `group by (${SLO_LABELS}) (${INFO}{indicator="availability", pipeline!=""})`,
    by: PIPELINE,
    rate: pipelineRate,
    told: `and on (${PIPELINE}) ${pipelineRate}{outcome="unknown"} unless on (${PIPELINE}) ${untold}`,
  };
  const both = (of: 'all' | 'failed') => `(${counted(models, of)}\nor\n${counted(pipelines, of)})`;
  const asked = `${both('all')} > 0`;
  return countedRules(
    'availability',
    `${asked}\nor\n${UNANSWERED}\nor\n${both('all')}`,
    `(${both('failed')} and ${ON} (${asked}))\nor\n${UNANSWERED}\nor\n${both('failed')}`
  );
}
