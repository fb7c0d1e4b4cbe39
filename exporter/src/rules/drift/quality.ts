/**
 * Shares of values that the model cannot make sense of. A statistic of drift exaggerates or hides them, depending on how
 * empty bins of the reference are filled, so they are judged for themselves.
 */
import { ALERTS, RECORDED } from '@modelwatch/contract';
import { MODEL, withOwner } from '../alerts';
import { ID } from '../promql';
import type { AlertRule, RecordingRule, ResolvedOptions } from '../types';
import { enough } from './scores';
import { SUBJECT } from './subjects';

const RATIO = RECORDED.dataQualityRatio.name;
const REFERENCE_RATIO = RECORDED.dataQualityReferenceRatio.name;
const CHANNEL = RECORDED.modelChannel.name;
const MINUTES = 60;

/** The special bins of `series`, by the problem that each is. */
function byProblem(series: string): string {
  const special = `${series}{subject="feature", bin=~"missing|new|invalid|below|above"}`;
  const named = `label_replace(${special}, "problem", "$1", "bin", "(missing|new|invalid)")`;
  return `sum by (${SUBJECT}, problem) (label_replace(${named}, "problem", "out_of_range", "bin", "below|above"))`;
}

export function qualityRule(): RecordingRule {
  const rows = `${RECORDED.driftRows.name}{window="1h"}`;
  return {
    record: RATIO,
    expr: `(${byProblem(RECORDED.binRows.name)} / on (${SUBJECT}) group_left () ${rows})\nand on (${SUBJECT}) ${enough('1h')}`,
  };
}

export function qualityReferenceRule(): RecordingRule {
  return { record: REFERENCE_RATIO, expr: byProblem(RECORDED.binReference.name) };
}

/** Problems that are this much more frequent than in the reference. */
function excess(margin: number, matchers = ''): string {
  return `(${RATIO}${matchers} - on (${SUBJECT}, problem) ${REFERENCE_RATIO}) > ${margin}`;
}

export function qualityAlert({ qualityMarginRatio }: ResolvedOptions): AlertRule {
  const worst = `topk by (cluster) (3, ${excess(qualityMarginRatio, '{cluster=%q, namespace=%q, model=%q}')})`;
  const query = `printf ${JSON.stringify(worst)} $labels.cluster $labels.namespace $labels.model | query`;
  return {
    alert: ALERTS.dataQuality,
    condition: withOwner(
      `group by (${ID}) (${excess(qualityMarginRatio)}) or on (${ID}) 0 * group by (${ID}) (${CHANNEL})`
    ),
    forSeconds: 5 * MINUTES,
    severity: 'warning',
    summary: `${MODEL} gets values that it does not know`,
    description:
      'Far more values of a feature than in the reference are missing, invalid, out of range or of a new category.',
    explanation: `{{ with ${query} }} More than in the reference, of the last hour:{{ range . }} {{ .Labels.feature }} {{ reReplaceAll "_" " " .Labels.problem }} +{{ humanizePercentage .Value }};{{ end }}{{ end }}`,
    panel: 'drift',
  };
}
