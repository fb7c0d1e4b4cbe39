/**
 * Indicators that judge minutes: each that is judged is an event, so 1/60 a second. A minute without evidence is none: 0
 * where it is known why there is none, absent where nobody knows.
 */
import { METRICS, RECORDED, SLO_LABELS, type SloIndicator } from '@modelwatch/contract';
import { WINDOW } from '../measures';
import { ID } from '../promql';
import type { RecordingRule } from '../types';
import { countedRules, declared, IDLE, INFO, ON, objectivesOn } from './settings';

const CHANNEL = RECORDED.modelChannel.name;

/**
 * @param events of each objective how many minutes this one is: 1 or 0
 * @param bad objectives for which it was bad
 */
function rules(indicator: SloIndicator, events: string, bad: string): RecordingRule[] {
  return countedRules(
    indicator,
    `(\n${events}\n) / 60`,
    `(\ngroup by (${SLO_LABELS}) (${bad})\nor ${ON}\n0 * (${events})\n) / 60`
  );
}

/** Of models with events the age of the last prediction, of others that of the last confirmation of their state. */
function freshnessRules(): RecordingRule[] {
  const age = `time() - (${RECORDED.modelLastPrediction.name} or on (${ID}) ${RECORDED.modelLastObserved.name})`;
  const limit = declared(METRICS.sloThresholdSeconds, [], '{le=""}');
  const aged = `(${objectivesOn('freshness')} * on (${ID}) group_left () (${age}) and ${ON} ${limit} unless ${ON} ${IDLE})`;
  return rules('freshness', `group by (${SLO_LABELS}) ${aged}`, `${aged} > ${ON} ${limit}`);
}

/** As the channel of the model has it. With too few rows there is no verdict, and no minute. */
function driftRules(): RecordingRule[] {
  const status = (statuses: string) => `group by (${ID}) (${CHANNEL}{channel="drift", status=~"${statuses}"})`;
  const ofEach = (of: string) => `${objectivesOn('drift')} * on (${ID}) group_left () ${of}`;
  return rules(
    'drift',
    `${ofEach(status('ok|warning|critical'))}\nor ${ON}\n0 * (${ofEach(status('too_little_data'))})`,
    ofEach(status('critical'))
  );
}

/** The score that the objective names, in the window that the verdict on the model rests on. */
function accuracyRules(): RecordingRule[] {
  const SETTINGS = RECORDED.accuracySettings.name;
  const inWindow = (series: string) => `(${series} and on (${ID}, window) ${SETTINGS})`;
  const scores = `max by (${ID}, metric) ${inWindow(RECORDED.accuracyScore.name)}`;
  const named = `group by (${SLO_LABELS}, metric) (${INFO}{indicator="accuracy"})`;
  const score = `sum by (${SLO_LABELS}) (${named} * on (${ID}, metric) group_left () ${scores})`;
  const limit = (op: string) => declared(METRICS.sloThreshold, [], `{op="${op}"}`);
  // Pairs are counted; they are too few for a score.
  const counted = `${objectivesOn('accuracy')} * on (${ID}) group_left () group by (${ID}) ${inWindow(RECORDED.accuracyPairs.name)}`;
  return rules(
    'accuracy',
    `group by (${SLO_LABELS}) (${score} and ${ON} ${declared(METRICS.sloThreshold)})\nor ${ON}\n0 * (${counted})`,
    `${score} < ${ON} ${limit('gte')} or ${score} > ${ON} ${limit('lte')}`
  );
}

/** What a prediction cost on the average of 5 minutes, in the currency that the objective names. */
function costRules(): RecordingRule[] {
  const cost = `sum by (${ID}, currency) (rate(${METRICS.generativeCost.name}[${WINDOW}]))`;
  const asked = `sum by (${ID}) (rate(${METRICS.predictions.name}[${WINDOW}]))`;
  const perPrediction = `label_replace(${cost} / on (${ID}) group_left () (${asked} > 0), "metric", "$1", "currency", "(.+)")`;
  const named = `group by (${SLO_LABELS}, metric) (${INFO}{indicator="cost"})`;
  const each = `sum by (${SLO_LABELS}) (${named} * on (${ID}, metric) group_left () ${perPrediction})`;
  const limit = declared(METRICS.sloThreshold, [], '{op="lte"}');
  const counted = `${objectivesOn('cost')} * on (${ID}) group_left () group by (${ID}) (${asked} == 0)`;
  return rules(
    'cost',
    `group by (${SLO_LABELS}) (${each} and ${ON} ${limit})\nor ${ON}\n0 * (${counted})`,
    `${each} > ${ON} ${limit}`
  );
}

export function minuteRules(): RecordingRule[] {
  return [...freshnessRules(), ...driftRules(), ...accuracyRules(), ...costRules()];
}
