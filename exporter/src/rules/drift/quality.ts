/**
 * Shares of values that the model cannot make sense of. A statistic of drift exaggerates or hides them, depending on how
 * empty bins of the reference are filled, so they are judged for themselves.
 */
import { ALERTS, DATA_PROBLEMS, RECORDED, type DataProblem, type RecordedSeries } from '@modelwatch/contract';
import { MODEL, MODEL_NAMES, OF_MODEL, sentenceOf, withOwner } from '../alerts';
import { ID } from '../promql';
import type { AlertRule, RecordingRule, ResolvedOptions } from '../types';
import { enough } from './scores';
import { SUBJECT } from './subjects';

const RATIO = RECORDED.dataQualityRatio.name;
const EXCESS = RECORDED.dataQualityExcess.name;
const REFERENCE_RATIO = RECORDED.dataQualityReferenceRatio.name;
const CHANNEL = RECORDED.modelChannel.name;
const MINUTES = 60;

/** The special bins that each problem is counted in. */
const BINS: Record<DataProblem, string> = {
  missing: 'bin="missing"',
  new: 'bin="new"',
  out_of_range: 'bin=~"below|above"',
  invalid: 'bin="invalid"',
};

/** A rule for each problem costs less than to write its name into the labels of each bin. */
function byProblem({ name: record }: RecordedSeries, expr: (matchers: string) => string): RecordingRule[] {
  return DATA_PROBLEMS.map((problem) => ({
    record,
    expr: expr(`{subject="feature", ${BINS[problem]}}`),
    labels: { problem },
  }));
}

export function qualityRules(): RecordingRule[] {
  const rows = `${RECORDED.driftRows.name}{window="1h"}`;
  return byProblem(
    RECORDED.dataQualityRatio,
    (matchers) =>
      `(sum by (${SUBJECT}) (${RECORDED.binRows.name}${matchers}) / on (${SUBJECT}) ${rows})\nand on (${SUBJECT}) ${enough('1h')}`
  );
}

export function qualityReferenceRules(): RecordingRule[] {
  return byProblem(
    RECORDED.dataQualityReferenceRatio,
    (matchers) => `sum by (${SUBJECT}) (${RECORDED.binReference.name}${matchers})`
  );
}

/** Of few features: what is as it was in training has none. */
export function qualityExcessRule({ qualityMarginRatio }: ResolvedOptions): RecordingRule {
  return { record: EXCESS, expr: `(${RATIO} - on (${SUBJECT}, problem) ${REFERENCE_RATIO}) > ${qualityMarginRatio}` };
}

/** What was so when there were last rows enough; after an hour of too few nobody knows, which the channel says. */
const HELD = `(last_over_time(${EXCESS}[1h]) unless on (${SUBJECT}, problem) ${RATIO}) and on (${ID}) ${RECORDED.driftSettings.name}`;

export function qualityAlert(): AlertRule {
  const worst = `topk by (cluster) (3, ${EXCESS}{${OF_MODEL}})`;
  const query = `printf ${JSON.stringify(worst)} ${MODEL_NAMES} | query`;
  return {
    alert: ALERTS.dataQuality,
    condition: withOwner(`group by (${ID}) (${EXCESS} or ${HELD}) or on (${ID}) 0 * group by (${ID}) (${CHANNEL})`),
    forSeconds: 5 * MINUTES,
    severity: 'warning',
    summary: `${MODEL} gets values that it does not know`,
    description:
      'Far more values of a feature than in the reference are missing, invalid, out of range or of a new category.',
    explanation: sentenceOf(
      query,
      'More than in the reference, of the last hour:',
      '{{ .Labels.feature }} {{ reReplaceAll "_" " " .Labels.problem }} +{{ humanizePercentage .Value }}',
      'Since then there have been too few rows for a new verdict.'
    ),
    panel: 'drift',
  };
}
