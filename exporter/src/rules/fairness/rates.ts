/** Rates of the groups of protected attributes, and how far they are apart. */
import {
  DIRECTION_OF_FAIRNESS,
  FAIRNESS_METRICS,
  GROUP_RATES,
  METRICS,
  RATE_OF_FAIRNESS,
  RECORDED,
  type DriftWindow,
  type GroupRate,
} from '@modelwatch/contract';
import { inWindow } from '../accuracy/sums';
import { constant, ID } from '../promql';
import type { RecordingRule } from '../types';

/** What identifies a protected attribute, and one group of it. */
export const ATTRIBUTE = `${ID}, segment`;
export const GROUP = `${ATTRIBUTE}, value`;
export const SETTINGS = RECORDED.fairnessSettings.name;
/** Of a hundred differences that chance alone makes, one is beyond so many standard errors, above or below. */
const SURE = 2.5758293035489004;

type Counted = 'rows' | 'favourable';
const SERIES = { rows: RECORDED.fairnessRows, favourable: RECORDED.fairnessFavourable } as const;

const MATCHING: Readonly<Record<GroupRate, Readonly<Record<Counted, string>>>> = {
  selection_rate: { rows: '', favourable: 'decision="favourable"' },
  true_positive_rate: { rows: 'counted="actual"', favourable: 'counted="both"' },
  positive_predictive_value: { rows: 'counted="predicted"', favourable: 'counted="both"' },
};

/** The counters of the hour, or of ten minutes; days add up its hours. */
function counted(rate: GroupRate, what: Counted, window: DriftWindow): string {
  if (window === '1d' || window === '7d') {
    return `sum_over_time(${inWindow(SERIES[what], '1h', [`rate="${rate}"`])}[${window}:1h])`;
  }
  const matching = MATCHING[rate][what];
  if (rate === 'selection_rate') {
    const matchers = matching === '' ? '' : `{${matching}}`;
    return `sum by (${GROUP}) (increase(${METRICS.segmentDecisions.name}${matchers}[${window}]))`;
  }
  const favourable = `label_replace(${SETTINGS}, "class", "$1", "favourable_class", "(.+)")`;
  return `sum by (${GROUP}) (
  increase(${METRICS.segmentClassPairs.name}{${matching}}[${window}])
  and on (${ATTRIBUTE}, class) ${favourable}
)`;
}

export function sumRules(window: DriftWindow): RecordingRule[] {
  return GROUP_RATES.flatMap((rate) =>
    (['rows', 'favourable'] as const).map((what) => ({
      record: SERIES[what].name,
      expr: counted(rate, what, window),
      labels: { rate, window },
    }))
  );
}

/** Rows without a value of the attribute are no group. */
export function rateRule(window: DriftWindow): RecordingRule {
  const rows = inWindow(RECORDED.fairnessRows, window, ['value!="missing"']);
  const favourable = inWindow(RECORDED.fairnessFavourable, window);
  const needed = `on (${ID}) group_left () ${RECORDED.fairnessRowsNeeded.name}`;
  return {
    record: RECORDED.fairnessRate.name,
    expr: `${favourable} / on (${GROUP}, rate) (${rows} >= ${needed})`,
    labels: { window },
  };
}

/** The group that is named; where none is, the one with the highest rate. */
export function referenceRule(window: DriftWindow): RecordingRule {
  const rate = inWindow(RECORDED.fairnessRate, window);
  const named = `${SETTINGS}{reference_group!=""}`;
  return {
    record: RECORDED.fairnessReferenceRate.name,
    expr: `(${rate} and on (${GROUP}) label_replace(${named}, "value", "$1", "reference_group", "(.+)"))
or on (${ATTRIBUTE}, rate)
topk by (${ATTRIBUTE}, rate) (1, ${rate} unless on (${ATTRIBUTE}) ${named})`,
    labels: { window },
  };
}

const ON_REFERENCE = `on (${ATTRIBUTE}, rate) group_left ()`;

/** All groups but the one that they are compared with. */
function others(window: DriftWindow, matchers: readonly string[] = []): string {
  const reference = inWindow(RECORDED.fairnessReferenceRate, window);
  return `(${inWindow(RECORDED.fairnessRate, window, matchers)} unless on (${GROUP}, rate) ${reference})`;
}

export function scoreRules(window: DriftWindow): RecordingRule[] {
  return FAIRNESS_METRICS.map((metric) => {
    const rate = [`rate="${RATE_OF_FAIRNESS[metric]}"`];
    const reference = inWindow(RECORDED.fairnessReferenceRate, window, rate);
    const compared =
      metric === 'disparate_impact' ? `/ ${ON_REFERENCE} (${reference} > 0)` : `- ${ON_REFERENCE} ${reference}`;
    return {
      record: RECORDED.fairnessScore.name,
      expr: `sum by (${GROUP}) (${others(window, rate)} ${compared})`,
      labels: { metric, window },
    };
  });
}

/** What nobody can tell from a score alone: which way is good, and what it rests on. */
export function metricInfoRule(): RecordingRule {
  const infos = FAIRNESS_METRICS.map((metric) =>
    constant({ metric, rate: RATE_OF_FAIRNESS[metric], direction: DIRECTION_OF_FAIRNESS[metric] })
  );
  return { record: RECORDED.fairnessMetricInfo.name, expr: infos.join('\nor ') };
}

/** Of two groups that have the same rate: the test for the difference of two shares, with the rate of both together. */
export function marginRule(window: DriftWindow): RecordingRule {
  const compared = others(window);
  const rows = inWindow(RECORDED.fairnessRows, window);
  const favourable = inWindow(RECORDED.fairnessFavourable, window);
  const onGroup = `on (${GROUP}, rate)`;
  const ofReference = (series: string) =>
    `sum without (value) (${series} and ${onGroup} ${inWindow(RECORDED.fairnessReferenceRate, window)})`;
  const ofGroup = (series: string) => `(${series} and ${onGroup} ${compared})`;
  const together = (series: string) => `(${ofGroup(series)} + ${ON_REFERENCE} ${ofReference(series)})`;
  const share = `(${together(favourable)} / ${onGroup} ${together(rows)})`;
  const spread = `(${share} * ${onGroup} (1 - ${share}))`;
  const inverse = `(1 / ${ofGroup(rows)} + ${ON_REFERENCE} 1 / ${ofReference(rows)})`;
  return {
    record: RECORDED.fairnessMargin.name,
    expr: `${SURE} * sqrt(${spread} * ${onGroup} ${inverse})`,
    labels: { window },
  };
}
