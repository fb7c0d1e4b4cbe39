/** What drifted most of each model, as Prometheus recorded it: the words for a channel that is over its limits. */
import {
  decode,
  DRIFT_METHODS,
  DRIFT_SUBJECT_LABELS,
  DRIFT_SUBJECTS,
  DRIFT_WINDOWS,
  driftSentence,
  driftSeverityQuery,
  entityKey,
  MODEL_LABELS,
  RECORDED,
  type DriftMethod,
  type DriftSubject,
  type DriftWindow,
  type EntityKey,
} from '@modelwatch/contract';

const STATE = `${RECORDED.driftState.name}{state=~"warning|critical"}`;
const SCORE = RECORDED.driftScore.name;
const THRESHOLD = RECORDED.driftThreshold.name;

/** Of each model the subject that is named first, in the window that the verdict rests on. */
const JUDGED = `(${STATE} and on (${MODEL_LABELS}, method, window) ${RECORDED.driftSettings.name})`;
const WORST = `topk by (${MODEL_LABELS}) (1, ${driftSeverityQuery(JUDGED)})`;
const figure = (expr: string, name: 'score' | 'threshold') => `label_replace(${expr}, "figure", "${name}", "", "")`;
const HELD = `label_replace(${STATE}, "level", "$1", "state", "(.+)")`;

/** Its score, and the threshold of the state that it is in: two samples for each model. */
export const WORST_DRIFT_QUERY = `${figure(`(${SCORE} and on (${DRIFT_SUBJECT_LABELS}, method, window) ${WORST})`, 'score')}
or ${figure(`(${THRESHOLD} and on (${DRIFT_SUBJECT_LABELS}, level) (${HELD} and on (${DRIFT_SUBJECT_LABELS}, method, window) ${WORST}))`, 'threshold')}`;

/** The labels of such a sample; of other samples none of them is there. */
export const WORST_DRIFT_LABELS = {
  figure: decode.optional(decode.oneOf(['score', 'threshold'])),
  subject: decode.optional(decode.oneOf(DRIFT_SUBJECTS)),
  feature: decode.optional(decode.string),
  method: decode.optional(decode.oneOf(DRIFT_METHODS)),
  window: decode.optional(decode.oneOf(DRIFT_WINDOWS)),
};

interface Sample {
  readonly metric: {
    readonly namespace: string;
    readonly model: string;
    readonly figure?: 'score' | 'threshold';
    readonly subject?: DriftSubject;
    readonly feature?: string;
    readonly method?: DriftMethod;
    readonly window?: DriftWindow;
  };
  readonly value: readonly [atSeconds: number, value: number];
}

/** One sentence for each model of which both figures are there. */
export function driftTexts(samples: readonly Sample[]): Map<EntityKey, string> {
  const key = ({ namespace, model }: Sample['metric']) => entityKey({ namespace, name: model });
  const thresholds = new Map(
    samples.filter(({ metric }) => metric.figure === 'threshold').map(({ metric, value }) => [key(metric), value[1]])
  );
  const texts = new Map<EntityKey, string>();
  for (const { metric, value } of samples) {
    const { subject, feature = '', method, window } = metric;
    const threshold = thresholds.get(key(metric));
    if (metric.figure !== 'score' || !subject || !method || !window || threshold === undefined) continue;
    texts.set(key(metric), driftSentence({ subject, feature, method, window, score: value[1], threshold }));
  }
  return texts;
}
