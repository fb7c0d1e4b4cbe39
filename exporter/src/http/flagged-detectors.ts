/** Which detector of others says drift, as Prometheus recorded it: the words where nothing of ours is over its limit. */
import {
  decode,
  DETECTOR_SOURCES,
  entityKey,
  MODEL_LABELS,
  RECORDED,
  type DetectorSource,
  type EntityKey,
} from '@modelwatch/contract';

const FLAGGED = `${RECORDED.detectorState.name}{state="warning"`;
/** Of each model one, rather of a feature than of all together. */
const ONE = `topk by (${MODEL_LABELS}) (1, ${FLAGGED}, feature!=""} or on (${MODEL_LABELS}) ${FLAGGED}})`;
const renamed = (expr: string, from: string) => `label_replace(${expr}, "detector_${from}", "$1", "${from}", "(.*)")`;

/** Under names of their own: methods and features of our scores are in the same answer. */
export const FLAGGED_DETECTORS_QUERY = `group by (${MODEL_LABELS}, detector, detector_source, detector_method, detector_feature) (
  ${renamed(renamed(renamed(ONE, 'source'), 'method'), 'feature')}
)`;

/** The labels of such a sample; other samples have none of them. */
export const FLAGGED_DETECTORS_LABELS = {
  detector: decode.optional(decode.string),
  detector_source: decode.optional(decode.oneOf(DETECTOR_SOURCES)),
  detector_method: decode.optional(decode.string),
  detector_feature: decode.optional(decode.string),
};

interface Sample {
  readonly metric: {
    readonly namespace: string;
    readonly model: string;
    readonly detector?: string;
    readonly detector_source?: DetectorSource;
    readonly detector_method?: string;
    readonly detector_feature?: string;
  };
}

export function detectorTexts(samples: readonly Sample[]): Map<EntityKey, string> {
  const texts = new Map<EntityKey, string>();
  for (const { metric } of samples) {
    const { namespace, model, detector, detector_source: source, detector_method: method } = metric;
    if (detector === undefined || source === undefined) continue;
    const of = metric.detector_feature ? ` in ${metric.detector_feature}` : '';
    const whose = source === 'other' ? '' : ` of ${source}`;
    texts.set(entityKey({ namespace, name: model }), `Detector ${detector}${whose} (${method}) says drift${of}`);
  }
  return texts;
}
