/** Request metrics of the versions of a model, and of the models of an experiment. */
import { METRICS, RECORDED, type RecordedSeries } from '@modelwatch/contract';
import { can, ERRORS, outcomeRatio } from './inference';
import { mean, type Measures } from './measures';
import { ID } from './promql';
import type { RecordingRule } from './types';

const VERSION = ['version'] as const;
const CANDIDATE = 'cluster, namespace, experiment, candidate';

/** Models in experiments, once each however many exporters show them; a pipeline may have the name of a model. */
const CANDIDATES = `(
  max by (${CANDIDATE}, role) (${METRICS.experimentCandidate.name})
  and on (cluster, namespace, experiment) ${METRICS.experimentInfo.name}{resource_kind="model"}
)`;

/** A figure of models, given to the experiments that they are in. */
function ofCandidates(series: RecordedSeries, ofModels: string): RecordingRule {
  const byCandidate = `sum by (cluster, namespace, candidate) (label_replace(${ofModels}, "candidate", "$1", "model", "(.+)"))`;
  return {
    record: series.name,
    expr: `${CANDIDATES}\n* on (cluster, namespace, candidate) group_left () ${byCandidate}`,
  };
}

export function versionRules(measures: Measures): RecordingRule[] {
  const rate = RECORDED.inferenceVersionRequestsRate.name;
  const duration = METRICS.inferenceDuration;
  return [
    {
      record: RECORDED.inferenceVersionErrorsRatio.name,
      expr: `(${outcomeRatio(rate, `${ID}, version`, ERRORS)})\n${can('outcomes')}`,
    },
    { record: RECORDED.inferenceVersionDurationMean.name, expr: mean(measures, duration, VERSION) },
    ofCandidates(RECORDED.experimentCandidateRequestsRate, RECORDED.inferenceRequestsRate.name),
    ofCandidates(RECORDED.experimentCandidateErrorsRatio, RECORDED.inferenceErrorsRatio.name),
    ofCandidates(RECORDED.experimentCandidateDurationMean, RECORDED.inferenceDurationMean.name),
    ofCandidates(RECORDED.experimentCandidateDurationP95, RECORDED.inferenceDurationP95.name),
  ];
}
