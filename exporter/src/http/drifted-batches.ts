/** How many of the last batches of each model drifted, as Prometheus recorded it: the words for a channel of batches. */
import { batchesSentence, decode, entityKey, MODEL_LABELS, RECORDED, type EntityKey } from '@modelwatch/contract';

const STATE = RECORDED.batchState.name;
const figure = (matchers: string, name: 'drifted' | 'all') =>
  `label_replace(count by (${MODEL_LABELS}) (${STATE}${matchers}), "batches", "${name}", "", "")`;

/** Two samples for each model, of which some have drifted. */
export const DRIFTED_BATCHES_QUERY = `${figure('{state=~"warning|critical"}', 'drifted')}
or ${figure('', 'all')}`;

/** The label of such a sample; other samples do not have it. */
export const DRIFTED_BATCHES_LABELS = { batches: decode.optional(decode.oneOf(['drifted', 'all'])) };

interface Sample {
  readonly metric: { readonly namespace: string; readonly model: string; readonly batches?: 'drifted' | 'all' };
  readonly value: readonly [atSeconds: number, value: number];
}

export function batchTexts(samples: readonly Sample[]): Map<EntityKey, string> {
  const of = (name: 'drifted' | 'all') =>
    samples
      .filter(({ metric }) => metric.batches === name)
      .map(({ metric, value }) => [entityKey({ namespace: metric.namespace, name: metric.model }), value[1]] as const);
  const all = new Map(of('all'));
  return new Map(of('drifted').map(([key, drifted]) => [key, batchesSentence(drifted, all.get(key) ?? drifted)]));
}
