/** What Prometheus said of challengers, joined into rows per candidate, champion first, and per score. */
import {
  CHALLENGER_METRICS,
  CHALLENGER_SCORES,
  CHALLENGER_STATES,
  DRIFT_WINDOWS,
  JUDGED_CHALLENGER_SCORES,
  RECORDED,
  type ChallengerRole,
  type ChallengerScore,
  type ChallengerState,
} from '@modelwatch/contract';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';

/** How a candidate serves. What nobody said is absent, never 0. */
interface Serving {
  readonly p50Seconds?: number | undefined;
  readonly p95Seconds?: number | undefined;
  readonly errorsRatio?: number | undefined;
  readonly drift?: string | undefined;
}

export interface CandidateRow extends ModelId, Serving {
  /** Empty for the champion. */
  readonly challenger: string;
  readonly role: ChallengerRole;
  /** Where it is declared. */
  readonly source: string;
  /** Model and version that answer. */
  readonly answersAs: string;
  /** By the first score that has a verdict. */
  readonly state?: ChallengerState | undefined;
  readonly window: string;
  readonly pairs?: number | undefined;
  readonly expected?: number | undefined;
  readonly judgedPairs?: number | undefined;
  readonly pairsNeeded?: number | undefined;
  readonly agreement?: number | undefined;
  /** Mean of the absolute differences. */
  readonly difference?: number | undefined;
}

export interface CandidateScoreRow extends ModelId {
  readonly challenger: string;
  readonly metric: ChallengerScore;
  readonly state?: ChallengerState | undefined;
  readonly champion?: number | undefined;
  readonly candidate?: number | undefined;
  readonly lead?: number | undefined;
  readonly margin?: number | undefined;
  readonly judgedPairs?: number | undefined;
  readonly pairsNeeded?: number | undefined;
  readonly window: string;
}

export interface ChallengerJoin {
  readonly candidates: readonly CandidateRow[];
  readonly scores: readonly CandidateScoreRow[];
  /** Samples that could not be used, by reason. */
  readonly dropped: ReadonlyMap<string, number>;
}

type Labels = Sample['labels'];

interface Known {
  readonly name: string;
  readonly labels: Labels;
}

class OfModel {
  window: string | undefined;
  needed: number | undefined;
  readonly challengers = new Map<string, Known>();
  /** By series, challenger and the labels that tell its samples apart. */
  readonly values = new Map<string, number>();
  readonly states: {
    readonly challenger: string;
    readonly metric: string;
    readonly window: string;
    readonly state: string;
  }[] = [];

  constructor(readonly id: ModelId) {}

  value(series: string, challenger: string, window: string, more = ''): number | undefined {
    return this.values.get(keyOf(series, challenger, window, more));
  }
}

function keyOf(series: string, challenger = '', window = '', more = ''): string {
  return JSON.stringify([series, challenger, window, more]);
}

/** Labels of the series that have some beside challenger and window. */
function moreOf({ role, metric, statistic }: Labels): string {
  return [role, metric, statistic].filter(Boolean).join(' ');
}

function take(model: OfModel, { labels, value }: Sample): void {
  const { __name__: name = '', challenger = '', window = '' } = labels;
  switch (name) {
    case RECORDED.accuracySettings.name:
      model.window = window;
      return;
    case RECORDED.accuracyRowsNeeded.name:
      model.needed = value;
      return;
    case CHALLENGER_METRICS.challengerInfo.name:
      model.challengers.set(challenger, { name: challenger, labels });
      return;
    case RECORDED.challengerState.name:
      model.states.push({ challenger, window, metric: labels['metric'] ?? '', state: labels['state'] ?? '' });
      break;
    default:
      model.values.set(keyOf(name, challenger, window, moreOf(labels)), value);
  }
  // One whose exporter is gone is known by what was recorded of it.
  if (!model.challengers.has(challenger)) model.challengers.set(challenger, { name: challenger, labels: {} });
}

/** By model, or by model and version. */
function servingOf(samples: readonly Sample[]): (model: ModelId, version?: string) => Serving {
  const found = new Map<string, Map<string, Sample>>();
  for (const sample of samples) {
    const id = modelIdOf(sample.labels);
    if (!id) continue;
    const key = `${modelIdKey(id)} ${sample.labels['version'] ?? ''}`;
    const ofModel = found.get(key) ?? new Map<string, Sample>();
    found.set(key, ofModel.set(sample.labels['__name__'] ?? '', sample));
  }
  return (model, version = '') => {
    const own = found.get(`${modelIdKey(model)} ${version}`);
    const value = (one: { readonly name: string }, other: { readonly name: string }) =>
      own?.get(version ? other.name : one.name)?.value;
    return {
      p50Seconds: version ? undefined : own?.get(RECORDED.inferenceDurationP50.name)?.value,
      p95Seconds: value(RECORDED.inferenceDurationP95, RECORDED.inferenceVersionDurationP95),
      errorsRatio: value(RECORDED.inferenceErrorsRatio, RECORDED.inferenceVersionErrorsRatio),
      drift: own?.get(RECORDED.modelChannel.name)?.labels['status'],
    };
  };
}

/** Two may hold for a moment while rules are evaluated: the first in the list is shown. */
function stateOf(model: OfModel, challenger: string, window: string, metric?: string): ChallengerState | undefined {
  const held = model.states.filter((one) => one.challenger === challenger && one.window === window);
  const judged = metric ?? JUDGED_CHALLENGER_SCORES.find((each) => held.some((one) => one.metric === each));
  return CHALLENGER_STATES.find((state) => held.some((one) => one.metric === judged && one.state === state));
}

function windowOf(model: OfModel, asked: string | undefined): string {
  const known = (window: string) =>
    model.states.some((one) => one.window === window) ||
    [...model.values.keys()].some((key) => (JSON.parse(key) as string[])[2] === window);
  return asked ?? model.window ?? [...DRIFT_WINDOWS].reverse().find(known) ?? '';
}

function candidatesOf(model: OfModel, window: string, serving: ReturnType<typeof servingOf>): CandidateRow[] {
  const champion: CandidateRow = {
    ...{ ...model.id, challenger: '', role: 'champion', source: '', window },
    answersAs: `${model.id.namespace}/${model.id.model}`,
    ...serving(model.id),
  };
  const challengers = sorted(model).map(({ name, labels }): CandidateRow => {
    const { challenger_namespace: namespace, challenger_model: own, challenger_version: version = '' } = labels;
    const isOther = namespace !== model.id.namespace || own !== model.id.model;
    const place = { ...model.id, namespace: namespace ?? '', model: own ?? '' };
    const value = (one: { readonly name: string }, more = '') => model.value(one.name, name, window, more);
    return {
      ...{ ...model.id, challenger: name, role: 'challenger', source: labels['source'] ?? '', window },
      answersAs: [`${namespace ?? ''}/${own ?? ''}`, version].filter((part) => part !== '' && part !== '/').join(' '),
      state: stateOf(model, name, window),
      pairs: value(RECORDED.challengerPairs),
      expected: value(RECORDED.challengerExpected),
      judgedPairs: value(RECORDED.challengerJudgedPairs),
      pairsNeeded: model.needed,
      agreement: value(RECORDED.challengerAgreement),
      difference: value(RECORDED.challengerDifference, 'mean_absolute'),
      // A candidate of the same model and no version is not told apart by its server.
      ...(isOther || version ? serving(place, version) : {}),
    };
  });
  return [champion, ...challengers];
}

function scoresOf(model: OfModel, window: string): CandidateScoreRow[] {
  return sorted(model).flatMap(({ name }) =>
    CHALLENGER_SCORES.flatMap((metric): CandidateScoreRow[] => {
      const value = (one: { readonly name: string }, more = metric as string) =>
        model.value(one.name, name, window, more);
      const state = stateOf(model, name, window, metric);
      const champion = value(RECORDED.challengerScore, `champion ${metric}`);
      const candidate = value(RECORDED.challengerScore, `challenger ${metric}`);
      if (state === undefined && champion === undefined && candidate === undefined) return [];
      return [
        {
          ...{ ...model.id, challenger: name, metric, state, champion, candidate, window },
          lead: value(RECORDED.challengerLead),
          margin: value(RECORDED.challengerMargin),
          judgedPairs: value(RECORDED.challengerJudgedPairs, ''),
          pairsNeeded: model.needed,
        },
      ];
    })
  );
}

function sorted({ challengers }: OfModel): Known[] {
  return [...challengers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param window that was asked for; else of each model the one that its verdict on accuracy rests on */
export function joinChallengers(
  now: readonly Sample[],
  serving: readonly Sample[],
  window: string | undefined
): ChallengerJoin {
  const models = new Map<string, OfModel>();
  let nameless = 0;
  for (const sample of now) {
    const id = modelIdOf(sample.labels);
    if (!id) {
      nameless += 1;
      continue;
    }
    const key = modelIdKey(id);
    const model = models.get(key) ?? new OfModel(id);
    models.set(key, model);
    take(model, sample);
  }
  const shown = [...models.values()]
    .filter(({ challengers }) => challengers.size > 0)
    .sort((a, b) => compareModels(a.id, b.id));
  const find = servingOf(serving);
  return {
    candidates: shown.flatMap((model) => candidatesOf(model, windowOf(model, window), find)),
    scores: shown.flatMap((model) => scoresOf(model, windowOf(model, window))),
    dropped: new Map(nameless ? [[NAMELESS, nameless]] : []),
  };
}
