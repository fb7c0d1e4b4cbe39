/** What of the events of a model is not seen, as Prometheus recorded it: the words for a channel of coverage. */
import {
  coverageSentence,
  decode,
  entityKey,
  MODEL_LABELS,
  RECORDED,
  UNSEEN_FROM_RATIO,
  UNSEEN_PARTS,
  type EntityKey,
  type UnseenPart,
} from '@modelwatch/contract';

/** Of each model the part that is largest. */
export const UNSEEN_EVENTS_QUERY = `topk by (${MODEL_LABELS}) (1,
  ${RECORDED.coverageRatio.name}{part=~"${UNSEEN_PARTS.join('|')}"} >= ${UNSEEN_FROM_RATIO}
)`;

/** The label of such a sample; other samples do not have it. */
export const UNSEEN_EVENTS_LABELS = { part: decode.optional(decode.oneOf(UNSEEN_PARTS)) };

interface Sample {
  readonly metric: { readonly namespace: string; readonly model: string; readonly part?: UnseenPart };
  readonly value: readonly [atSeconds: number, value: number];
}

export function unseenTexts(samples: readonly Sample[]): Map<EntityKey, string> {
  const texts = new Map<EntityKey, string>();
  for (const { metric, value } of samples) {
    const { namespace, model, part } = metric;
    if (part) texts.set(entityKey({ namespace, name: model }), coverageSentence(part, value[1]));
  }
  return texts;
}
