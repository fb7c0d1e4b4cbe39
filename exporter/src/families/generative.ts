/** What generations, and feedback on answers, amount to. Each counter is 0 in the first scrape that has it. */
import { METRICS } from '@modelwatch/contract';
import type { ModelEvents } from '../domain/events/model-events';
import type { Tally } from '../domain/generative/counts';
import type { Row } from './row';
import { row } from './text';

export const generativeRows: readonly Row<ModelEvents>[] = [
  row(METRICS.completions, (model: ModelEvents) =>
    samples(model, model.generative?.completions, (version, outcome) => ({ version, outcome }))
  ),
  row(METRICS.generativeTokens, (model: ModelEvents) =>
    samples(model, model.generative?.tokens, (consumer_class, direction) => ({ consumer_class, direction }))
  ),
  row(METRICS.generativeCost, (model: ModelEvents) =>
    samples(model, model.generative?.costs, (currency, consumer_class) => ({ consumer_class, currency }))
  ),
  row(METRICS.guardVerdicts, (model: ModelEvents) =>
    samples(model, model.generative?.guards, (guard, verdict) => ({ guard, verdict }))
  ),
  row(METRICS.feedback, (model: ModelEvents) =>
    samples(model, model.feedback.versions, (version, verdict) => ({ version, verdict }))
  ),
];

function samples<Label extends string>(
  { namespace, model }: ModelEvents,
  tallies: ReadonlyMap<string, Tally> = new Map(),
  labelsOf: (name: string, key: string) => Readonly<Record<Label, string>>
) {
  return [...tallies].flatMap(([name, { values, seen }]) =>
    Object.entries(values).map(([key, value]) => ({
      labels: { namespace, model, ...labelsOf(name, key) },
      value: seen ? value : 0,
    }))
  );
}
