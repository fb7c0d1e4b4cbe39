/** Objectives of models and pipelines, as the read API tells them. */
import { decodeSloList, type SloList, type SloObjective } from '@modelwatch/contract';
import type { Objective, SloHolder } from '../../domain/slo/book';
import type { DeclaredSlo } from '../../domain/slo/spec';
import { boundWords, objectiveWords, tierWords } from '../../domain/slo/words';
import type { Snapshot } from '../../domain/fleet-interface';
import type { Peers } from '../peers';
import type { Query } from './query';
import { askShards, type Asked } from './together';

export interface PromisedSlos {
  readonly declared: readonly DeclaredSlo[];
  /** Of whole documents. */
  readonly problems: readonly { readonly place: string; readonly text: string }[];
  readonly holders: ReadonlyMap<string, SloHolder>;
}

/** All of them say the same of each model. */
const MOST_REFUSED = 100;

export function sloList(
  { declared, problems, holders }: PromisedSlos,
  { sources, synced }: Pick<Snapshot, 'sources' | 'synced'>,
  query: Query,
  nowSeconds: number
): SloList {
  const [namespace, name] = [query.get('namespace'), query.get('model')];
  const wanted = [...holders.values()].filter(
    (holder) => (namespace ?? holder.namespace) === holder.namespace && (name ?? holder.name) === holder.name
  );
  const held = new Set([...holders.values()].flatMap(({ objectives }) => objectives.map(({ spec }) => spec)));
  const refused = wanted.flatMap((holder) => holder.refused).slice(0, MOST_REFUSED);
  const configMaps = sources.find(({ source }) => source === 'kubernetes/configmaps');
  const { items, cut } = inOrder(
    wanted.flatMap((holder) => holder.objectives.map((one) => objectiveOf(holder, one))),
    query
  );
  return {
    items,
    withoutSubject: declared
      .filter(({ spec }) => !held.has(spec))
      .map(({ spec, place }) => ({ name: spec.name, origin: place })),
    problems: [...problems, ...refused].map(({ place, text }) => ({ source: place, text })),
    partial: !synced || cut || (configMaps !== undefined && configMaps.state !== 'synced'),
    generatedAtSeconds: nowSeconds,
  };
}

function objectiveOf(holder: SloHolder, { spec, place, tiers, warnings, bounds }: Objective): SloObjective {
  const owner = spec.owner ?? holder.owner;
  const offBound = spec.thresholdSeconds === undefined ? undefined : boundWords(spec.thresholdSeconds, bounds);
  return {
    namespace: holder.namespace,
    ...(holder.subject === 'models' ? { model: holder.name } : { pipeline: holder.name }),
    ...{ name: spec.name, indicator: spec.indicator, method: spec.method },
    ...{ objective: spec.objective, window: spec.window, words: objectiveWords(spec) },
    ...(owner === undefined ? {} : { owner }),
    ...(spec.description === undefined ? {} : { description: spec.description }),
    tiers: tiers.tiers.map((tier) => ({ ...tier, words: tierWords(tier, spec) })),
    warnings: [...warnings, ...tiers.warnings, ...(offBound === undefined ? [] : [offBound])],
    origin: place,
  };
}

const NATURAL = new Intl.Collator('en', { numeric: true });

function placeOf({ namespace, model, pipeline, name }: SloObjective): string {
  return `${namespace}/${model ?? pipeline}/${name}`;
}

function inOrder(items: readonly SloObjective[], query: Query): { items: SloObjective[]; cut: boolean } {
  const sorted = items.toSorted((a, b) => NATURAL.compare(placeOf(a), placeOf(b)));
  const limit = Number(query.get('limit') ?? Infinity);
  return { items: sorted.slice(0, limit), cut: sorted.length > limit };
}

/** Each shard has objectives of its own models; one selects nothing where it does so in all of them. */
export async function mergedSlos(peers: Peers, own: () => unknown, asked: Asked): Promise<SloList> {
  const { answers, missing } = await askShards(peers, own as () => SloList, decodeSloList, asked);
  // While the number of shards changes, two may show one namespace.
  const all = answers.flatMap((answer) => answer.items);
  const byPlace = new Map(all.map((one) => [JSON.stringify([one.pipeline === undefined, placeOf(one)]), one]));
  const { items, cut } = inOrder([...byPlace.values()], asked.query);
  const [first, ...others] = answers.map(({ withoutSubject }) => withoutSubject);
  const problems = new Map(answers.flatMap((answer) => answer.problems).map((one) => [JSON.stringify(one), one]));
  return {
    items,
    withoutSubject: (first ?? []).filter((one) =>
      others.every((all) => all.some(({ name, origin }) => name === one.name && origin === one.origin))
    ),
    problems: [...problems.values()],
    partial: cut || missing.length > 0 || answers.some(({ partial }) => partial),
    generatedAtSeconds:
      answers.length > 0 ? Math.min(...answers.map((one) => one.generatedAtSeconds)) : Date.now() / 1000,
    ...(missing.length > 0 ? { missingShards: missing } : {}),
  };
}
