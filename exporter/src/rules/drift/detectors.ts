/**
 * Detectors that others run, as series of the same shape whoever they are of. alibi-detect's results come by our exporter;
 * TrustyAI's series are scraped by Prometheus: the Java service (label `model`) gives p-values, the Python one (label
 * `modelId`) statistics under partly the same names, so the label tells how to read them. Source:
 * trustyai-explainability/trustyai-service, service/prometheus; trustyai-explainability, PrometheusPublisher.
 */
import {
  DETECTION_FRESH_SECONDS,
  METRICS,
  RECORDED,
  TRUSTYAI_P_VALUE,
  type DetectorState,
  type MetricFamily,
} from '@modelwatch/contract';
import { ID, labelled } from '../promql';
import type { RecordingRule } from '../types';

const DETECTOR = `${ID}, detector, kind, source, method, feature`;
const ON = `on (${DETECTOR})`;
const STATE = RECORDED.detectorState.name;
const P_VALUE = RECORDED.detectorPValue.name;
const TRUSTYAI = '{source="trustyai"}';

const TRUSTYAI_TESTS = ['meanshift', 'kstest', 'approxkstest', 'fouriermmd'];
const TRUSTYAI_STATISTICS = ['comparemeans', 'kstest', 'ksteststreaming', 'jensenshannon', 'mmd'];
/** Of the Java service; without rows its tests say 1, which would read as calm, and without new ones what they said last. */
const TRUSTYAI_ROWS = 'trustyai_model_observations_total{model!=""}';
const NO_NEW_ROWS = `(max by (${ID}) (changes(${TRUSTYAI_ROWS}[${DETECTION_FRESH_SECONDS}s])) == 0 and on (${ID}) ${TRUSTYAI_ROWS} offset ${DETECTION_FRESH_SECONDS}s)`;

/** Of several exporters what the one says that heard of the detector last. */
function newest(family: MetricFamily): string {
  const last = METRICS.detectorLastResult.name;
  const latest = `(${last} == ${ON} group_left () max by (${DETECTOR}) (${last}))`;
  return `(${family.name} and on (${DETECTOR}, job, instance) ${latest})`;
}

/** Several requests for one test of a column differ in a label that is no name. */
function trustyai(pick: 'min' | 'max', methods: readonly string[], modelLabel: 'model' | 'modelId'): string {
  const all = methods.map((method) => labelled(`trustyai_${method}{${modelLabel}!=""}`, 'method', method)).join(' or ');
  const named = `label_replace(${all}, "feature", "$1", "subcategory", "(.+)")`;
  const ofModel = modelLabel === 'model' ? named : `label_replace(${named}, "model", "$1", "${modelLabel}", "(.+)")`;
  const one = `${pick} by (${ID}, method, feature) (${ofModel})`;
  return labelled(labelled(labelled(one, 'source', 'trustyai'), 'kind', 'drift'), 'detector', 'trustyai');
}

function state(): string {
  const flagged = `max by (${DETECTOR}) (${newest(METRICS.detectorFlagged)})`;
  const last = `max by (${DETECTOR}) (${METRICS.detectorLastResult.name}{kind="drift"})`;
  const tests = trustyai('min', TRUSTYAI_TESTS, 'model');
  const before = `present_over_time(${STATE}{state!="stale"}[1d])`;
  const verdict = (name: DetectorState, expr: string) => labelled(`group by (${DETECTOR}) (${expr})`, 'state', name);
  return [
    verdict('stale', `${last} < time() - ${DETECTION_FRESH_SECONDS}`),
    verdict('stale', `${P_VALUE}${TRUSTYAI} and on (${ID}) ${NO_NEW_ROWS}`),
    verdict('warning', `${flagged} == 1`),
    verdict('ok', `${flagged} == 0`),
    verdict('warning', `${P_VALUE}${TRUSTYAI} < ${TRUSTYAI_P_VALUE}`),
    verdict('ok', `${P_VALUE}${TRUSTYAI}`),
    verdict('too_little_data', tests),
    // Nobody tells of it any more, and nobody says that it is well.
    verdict('stale', before),
  ].join(`\nor ${ON}\n`);
}

export function detectorRules(): RecordingRule[] {
  const results = METRICS.detectorResults.name;
  const increase = (matchers: string) => `sum by (${DETECTOR}) (increase(${results}${matchers}[1h]))`;
  const ofRows = `and on (${ID}) (max by (${ID}) (${TRUSTYAI_ROWS}) > 0)`;
  return [
    {
      record: RECORDED.detectorScore.name,
      expr: `max by (${DETECTOR}) (${newest(METRICS.detectorScore)})
or
${trustyai('max', TRUSTYAI_STATISTICS, 'modelId')}`,
    },
    {
      record: P_VALUE,
      expr: `min by (${DETECTOR}) (${newest(METRICS.detectorPValue)})
or
(${trustyai('min', TRUSTYAI_TESTS, 'model')} ${ofRows})`,
    },
    {
      record: RECORDED.detectorThreshold.name,
      expr: `max by (${DETECTOR}, of) (${newest(METRICS.detectorThreshold)})
or
${labelled(`(0 * ${P_VALUE}${TRUSTYAI} + ${TRUSTYAI_P_VALUE})`, 'of', 'p_value')}`,
    },
    {
      record: RECORDED.detectorFlaggedRatio.name,
      expr: `${increase('{outcome="flagged"}')} / ${ON} (${increase('')} > 0)`,
    },
    { record: STATE, expr: state() },
  ];
}
