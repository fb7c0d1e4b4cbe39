/** The worst group of each model, as Prometheus recorded it: the words for a channel of fairness that is over its limits. */
import {
  decode,
  entityKey,
  FAIRNESS_METRICS,
  fairnessSentence,
  MODEL_LABELS,
  RECORDED,
  type DriftWindow,
  type EntityKey,
  type FairnessMetric,
} from '@modelwatch/contract';

const STATE = RECORDED.fairnessState.name;
const SCORE = RECORDED.fairnessScore.name;
const LIMIT = RECORDED.fairnessLimit.name;

const JUDGED = `${MODEL_LABELS}, segment, value, metric, window`;
/** More than any distance of two groups: what is critical goes before what is a warning. */
const CRITICAL_FIRST = 10;
const stated = (state: string) =>
  `(${SCORE} and on (${JUDGED}) (${STATE}{state="${state}"} and on (${MODEL_LABELS}, segment, window) ${RECORDED.fairnessSettings.name}))`;
/** How far groups are apart: a ratio by how far it is from 1, as far above as below. */
const apart = (scores: string) => {
  const ratio = `(${scores} and on (${JUDGED}) ${SCORE}{metric="disparate_impact"})`;
  return `(abs(${scores} unless on (${JUDGED}) ${SCORE}{metric="disparate_impact"}) or 1 - (${ratio} <= 1 or 1 / (${ratio} > 1)))`;
};
/** Of each model the group that is furthest away, in the window that the verdict rests on. */
const WORST = `topk by (${MODEL_LABELS}) (1, (${CRITICAL_FIRST} + ${apart(stated('critical'))}) or ${apart(stated('warning'))})`;
const figure = (expr: string, name: Figure) => `label_replace(${expr}, "fairness", "${name}", "", "")`;
const HELD = `label_replace(${STATE}{state=~"warning|critical"}, "level", "$1", "state", "(.+)") and on (${JUDGED}) ${WORST}`;

/** The score, and the limit of the state that it is in. */
export const WORST_FAIRNESS_QUERY = `${figure(`(${SCORE} and on (${JUDGED}) ${WORST})`, 'score')}
or ${figure(`(${LIMIT} and on (${MODEL_LABELS}, metric, level) (${HELD}))`, 'limit')}`;

const FIGURES = ['score', 'limit'] as const;
type Figure = (typeof FIGURES)[number];

/** The labels of such a sample, beside metric and window. */
export const WORST_FAIRNESS_LABELS = {
  fairness: decode.optional(decode.oneOf(FIGURES)),
  segment: decode.optional(decode.string),
  value: decode.optional(decode.string),
};

interface Sample {
  readonly metric: {
    readonly namespace: string;
    readonly model: string;
    readonly fairness?: Figure;
    readonly metric?: string;
    readonly segment?: string;
    readonly value?: string;
    readonly window?: DriftWindow;
  };
  readonly value: readonly [atSeconds: number, value: number];
}

/** One sentence for each model of which a score and its limit are there. */
export function fairnessTexts(samples: readonly Sample[]): Map<EntityKey, string> {
  const key = ({ namespace, model }: Sample['metric']) => entityKey({ namespace, name: model });
  const ofFigure = (name: Figure) => samples.filter(({ metric }) => metric.fairness === name);
  const limits = new Map(ofFigure('limit').map(({ metric, value }) => [key(metric), value[1]]));
  const texts = new Map<EntityKey, string>();
  for (const { metric: labels, value: at } of ofFigure('score')) {
    const { segment, value, window } = labels;
    const metric: FairnessMetric | undefined = FAIRNESS_METRICS.find((each) => each === labels.metric);
    const limit = limits.get(key(labels));
    if (!metric || !segment || value === undefined || !window || limit === undefined) continue;
    texts.set(key(labels), fairnessSentence({ metric, segment, value, window, score: at[1], limit }));
  }
  return texts;
}
