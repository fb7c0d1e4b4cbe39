/** How much of what a model predicts is seen as events, and when the last one came. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { ID, KNOWN } from './promql';
import type { RecordingRule } from './types';

/** Reads itself over a day: an exporter that begins anew has not forgotten for all when the last one came. */
function lastPrediction(): string {
  return `max by (${ID}) (${METRICS.lastPrediction.name} or last_over_time(${RECORDED.modelLastPrediction.name}[1d]))
and on (${ID}) (${KNOWN} or ${METRICS.predictionExpectedInterval.name})`;
}

export function coverageRules(): RecordingRule[] {
  return [{ record: RECORDED.modelLastPrediction.name, expr: lastPrediction() }];
}
