/** What stands on models of Seldon: pipelines and experiments. Their state rests on that of their parts. */
import { conditionText, conditionViews, findCondition } from './conditions';
import { defined, type Described, type ExperimentFields, type SourceFreshness } from './described';
import { cause, NO_FACTS, type Cause, type Declared, type ServingFacts } from './facts';
import type { Condition, SeldonExperiment, SeldonPipeline } from './resources';
import type { Verdict } from './views';
import type { ServingState } from '@modelwatch/contract';

/** The verdict on a part; undefined: the fleet has no such model. */
export type PartVerdict = (name: string) => Verdict | undefined;

export function byStatus(condition: Condition | undefined): Declared {
  if (condition?.status === 'True') return 'ready';
  return condition?.status === 'False' ? 'failed' : 'none';
}

export function commonOf(
  resource: SeldonPipeline | SeldonExperiment,
  source: SourceFreshness,
  condition: Condition | undefined
) {
  return {
    conditions: conditionViews(resource.status),
    meta: resource.meta,
    ...defined({
      createdSeconds: resource.meta.createdSeconds,
      transitionSeconds: condition?.lastTransitionSeconds,
      contactSeconds: source.lastContactSeconds,
    }),
  };
}

export const BROKEN: readonly (ServingState | undefined)[] = ['failed', 'idle', undefined];
const UNCONFIRMED: readonly (ServingState | undefined)[] = ['stale', 'unknown'];

/** Each part in one of the states, in words; a part that the fleet does not have is `undefined`. */
export function partsIn(
  states: readonly (ServingState | undefined)[],
  names: readonly string[],
  partVerdict: PartVerdict
): readonly string[] {
  return [...new Set(names)].flatMap((name) => {
    const state = partVerdict(name)?.state;
    return states.includes(state) ? [`${name} ${state === undefined ? 'not found' : `is ${state}`}`] : [];
  });
}

export function unconfirmedParts(
  names: readonly string[],
  partVerdict: PartVerdict
): Pick<ServingFacts, 'unconfirmed'> {
  const silent = partsIn(UNCONFIRMED, names, partVerdict);
  if (silent.length === 0) return {};
  const stale = partsIn(['stale'], names, partVerdict).length > 0;
  return {
    unconfirmed: { state: stale ? 'stale' : 'unknown', cause: cause('dependency_not_ready', silent.join(', ')) },
  };
}

/**
 * Parts that do not serve. A step can be asynchronous (a drift detector), and the resource does not say which: so one
 * broken step degrades its pipeline; all of them, or the controller's own word, make it failed.
 */
export function partCauses(
  names: readonly string[],
  partVerdict: PartVerdict,
  models: Condition | undefined
): readonly Cause[] {
  const broken = partsIn(BROKEN, names, partVerdict);
  if (broken.length > 0) return [cause('dependency_not_ready', broken.join(', '))];
  return models?.status === 'False' ? [cause('dependency_not_ready', conditionText(models))] : [];
}

interface ExperimentInput {
  readonly experiment: SeldonExperiment;
  readonly source: SourceFreshness;
  readonly partVerdict: PartVerdict;
}

export function describeExperiment({ experiment, source, partVerdict }: ExperimentInput): Described<ExperimentFields> {
  const condition = findCondition(experiment.status, 'ExperimentReady') ?? startError(experiment);
  const names = experiment.candidates.map((candidate) => candidate.name);
  const broken = partsIn(BROKEN, names, partVerdict);
  const { mirror } = experiment;
  return {
    facts: {
      ...NO_FACTS,
      source,
      hasStatus: condition !== undefined,
      deleting: experiment.meta.deletedSeconds !== undefined,
      declared: byStatus(condition),
      ...allBroken(broken, new Set(names).size),
      ...unconfirmedParts(names, partVerdict),
      causes: experimentCauses(experiment, condition, broken, partVerdict),
    },
    fields: {
      resourceKind: experiment.resourceKind,
      candidates: candidatesOf(experiment),
      ...(mirror ? { mirror: { name: mirror.name, ratio: mirror.percent / 100 } } : {}),
    },
    ...commonOf(experiment, source, condition),
  };
}

/** Each candidate once, with its share of all weights: a name that is listed twice gets both. */
function candidatesOf({ candidates, defaultCandidate }: SeldonExperiment): ExperimentFields['candidates'] {
  const weights = new Map<string, number>();
  for (const { name, weight } of candidates) weights.set(name, (weights.get(name) ?? 0) + Math.max(0, weight || 0));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return [...weights].map(([name, weight]) => ({
    name,
    ratio: total > 0 ? weight / total : 0,
    isDefault: name === defaultCandidate,
  }));
}

/** When it cannot start an experiment, Seldon leaves a condition `ModelReady` on it and no `ExperimentReady`. */
function startError(experiment: SeldonExperiment): Condition | undefined {
  const stray = findCondition(experiment.status, 'ModelReady');
  return stray?.status === 'False' ? stray : undefined;
}

export function allBroken(broken: readonly string[], parts: number): Pick<ServingFacts, 'fatal'> {
  return parts > 0 && broken.length === parts ? { fatal: cause('dependency_not_ready', broken.join(', ')) } : {};
}

function experimentCauses(
  experiment: SeldonExperiment,
  condition: Condition | undefined,
  broken: readonly string[],
  partVerdict: PartVerdict
): readonly Cause[] {
  const causes: Cause[] = [];
  if (condition?.status === 'False') causes.push(cause('other', conditionText(condition)));
  const mirror = experiment.mirror ? partsIn(BROKEN, [experiment.mirror.name], partVerdict) : [];
  const parts = [...broken, ...mirror.map((part) => `mirror ${part}`)];
  const told = ['CandidatesReady', 'MirrorReady']
    .map((type) => findCondition(experiment.status, type))
    .filter((told) => told?.status === 'False')
    .map((told) => conditionText(told) ?? told?.type ?? '');
  const detail = (parts.length > 0 ? parts : told).join(', ');
  if (detail) causes.push(cause('dependency_not_ready', detail));
  return causes;
}
