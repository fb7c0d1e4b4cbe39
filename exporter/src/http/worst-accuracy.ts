/** The worst score of each model, as Prometheus recorded it: the words for a channel of accuracy that is over its limits. */
import {
  accuracySentence,
  BASELINE_METRICS,
  beyondLimitQuery,
  decode,
  entityKey,
  MODEL_LABELS,
  RECORDED,
  FAIRNESS_METRICS,
  type BaselineMetric,
  type DriftWindow,
  type EntityKey,
  type FairnessMetric,
} from '@modelwatch/contract';

const STATE = RECORDED.accuracyState.name;
const SCORE = RECORDED.accuracyScore.name;
const LIMIT = RECORDED.accuracyLimit.name;
const BASELINE = RECORDED.accuracyBaseline.name;

const JUDGED = `${MODEL_LABELS}, metric, window`;
/** More than any share of a limit: what is critical goes before what is a warning. */
const CRITICAL_FIRST = 1_000_000;
const stated = (state: string) =>
  `(${beyondLimitQuery()} and on (${JUDGED}) (${STATE}{state="${state}"} and on (${MODEL_LABELS}, window) ${RECORDED.accuracySettings.name}))`;
/** Of each model the score that is furthest beyond its limit, in the window that the verdict rests on. */
const WORST = `topk by (${MODEL_LABELS}) (1, (${CRITICAL_FIRST} + ${stated('critical')}) or ${stated('warning')})`;
const figure = (expr: string, name: Figure) => `label_replace(${expr}, "accuracy", "${name}", "", "")`;
const HELD = `label_replace(${STATE}{state=~"warning|critical"}, "level", "$1", "state", "(.+)") and on (${JUDGED}) ${WORST}`;

/** The score, the limit of the state that it is in, and its baseline where there is one. */
export const WORST_ACCURACY_QUERY = `${figure(`(${SCORE} and on (${JUDGED}) ${WORST})`, 'score')}
or ${figure(`(${LIMIT} and on (${MODEL_LABELS}, metric, level) (${HELD}))`, 'limit')}
or ${figure(`(${BASELINE} and on (${MODEL_LABELS}, metric) ${WORST})`, 'baseline')}`;

const FIGURES = ['score', 'limit', 'baseline'] as const;
type Figure = (typeof FIGURES)[number];

/** The labels of such a sample, beside the window; `metric` is one of those of fairness, too. */
export const WORST_ACCURACY_LABELS = {
  accuracy: decode.optional(decode.oneOf(FIGURES)),
  metric: decode.optional(decode.oneOf([...BASELINE_METRICS, ...FAIRNESS_METRICS])),
};

interface Sample {
  readonly metric: {
    readonly namespace: string;
    readonly model: string;
    readonly accuracy?: Figure;
    readonly metric?: BaselineMetric | FairnessMetric;
    readonly window?: DriftWindow;
  };
  readonly value: readonly [atSeconds: number, value: number];
}

/** One sentence for each model of which a score and its limit are there. */
export function accuracyTexts(samples: readonly Sample[]): Map<EntityKey, string> {
  const key = ({ namespace, model }: Sample['metric']) => entityKey({ namespace, name: model });
  const ofFigure = (name: Figure) =>
    new Map(
      samples.filter(({ metric }) => metric.accuracy === name).map(({ metric, value }) => [key(metric), value[1]])
    );
  const [limits, baselines] = [ofFigure('limit'), ofFigure('baseline')];
  const texts = new Map<EntityKey, string>();
  for (const { metric: labels, value } of samples) {
    const { window } = labels;
    const metric = BASELINE_METRICS.find((each) => each === labels.metric);
    const limit = limits.get(key(labels));
    if (labels.accuracy !== 'score' || !metric || !window || limit === undefined) continue;
    texts.set(
      key(labels),
      accuracySentence({ metric, window, score: value[1], limit, baseline: baselines.get(key(labels)) })
    );
  }
  return texts;
}
