/** Which models are challengers of which: as their owners say, and as the fleet shows. */
import { MOST_CHALLENGERS, type PredictionEvent } from '@modelwatch/contract';
import type { ExperimentView } from '../views';

/** One that an owner declares. Without model and version only events that name the candidate are of it. */
export interface ChallengerSetting {
  readonly name: string;
  /** Another model of the namespace, or `namespace/model`. */
  readonly model?: string | undefined;
  /** Only predictions of this version. */
  readonly version?: string | undefined;
}

export interface ModelName {
  readonly namespace: string;
  readonly model: string;
}

export interface Challenger extends ModelName {
  readonly name: string;
  readonly version?: string;
  /** Predictions without the name of a candidate are of it, too. */
  readonly byModel: boolean;
  /** `config`, `configmap namespace/name`, `experiment namespace/name`: for people. */
  readonly source: string;
}

/** Whose prediction an event is. */
export interface EventRole {
  /** It counts as one of the model that it names. */
  readonly isOwn: boolean;
  /** Champions that it is held against, and the name that they know it by. */
  readonly challenges: readonly (ModelName & { readonly challenger: string })[];
}

/** As a model of a fleet has them: by the key of the champion. */
export type ChallengersByModel = ReadonlyMap<string, readonly Challenger[]>;

export function championKey({ namespace, model }: ModelName): string {
  return `${namespace}/${model}`;
}

/** @param source of the setting */
export function declaredChallengers(
  champion: ModelName,
  settings: readonly ChallengerSetting[],
  source: string
): Challenger[] {
  return settings.map(({ name, model, version }) => {
    const place = placeOf(champion, model);
    return {
      ...{ name, ...place, source },
      ...(version === undefined ? {} : { version }),
      // A model does not challenge itself: all its predictions would be those of the challenger.
      byModel: version !== undefined || championKey(place) !== championKey(champion),
    };
  });
}

function placeOf(champion: ModelName, model = champion.model): ModelName {
  const slash = model.indexOf('/');
  return slash < 0
    ? { namespace: champion.namespace, model }
    : { namespace: model.slice(0, slash), model: model.slice(slash + 1) };
}

/** The mirror of an experiment over models gets the requests of all its candidates. */
export function challengersOfExperiments(
  experiments: Iterable<Pick<ExperimentView, 'namespace' | 'name' | 'resourceKind' | 'candidates' | 'mirror'>>
): ChallengersByModel {
  const found = new Map<string, Challenger[]>();
  for (const { namespace, name, resourceKind, candidates, mirror } of experiments) {
    if (resourceKind !== 'model' || !mirror) continue;
    const challenger = { name: mirror.name, namespace, model: mirror.name, byModel: true };
    for (const candidate of candidates) {
      if (candidate.name === mirror.name) continue;
      const key = championKey({ namespace, model: candidate.name });
      found.set(key, [...(found.get(key) ?? []), { ...challenger, source: `experiment ${namespace}/${name}` }]);
    }
  }
  return found;
}

const OWN: EventRole = { isOwn: true, challenges: [] };

export class KnownChallengers {
  #declared: ChallengersByModel = new Map();
  #found: ChallengersByModel = new Map();
  #byChampion: ChallengersByModel = new Map();
  /** By the key of the model that challenges. */
  #challenges = new Map<string, readonly { readonly champion: ModelName; readonly challenger: Challenger }[]>();

  declare(declared: ChallengersByModel): void {
    this.#declared = declared;
    this.#rebuild();
  }

  find(found: ChallengersByModel): void {
    this.#found = found;
    this.#rebuild();
  }

  of(champion: ModelName): readonly Challenger[] {
    return this.#byChampion.size === 0 ? [] : (this.#byChampion.get(championKey(champion)) ?? []);
  }

  /** Undefined when the event names a candidate that the model does not have. */
  roleOf(event: Pick<PredictionEvent, 'namespace' | 'model' | 'version' | 'candidate'>): EventRole | undefined {
    const { namespace, model, version, candidate } = event;
    if (candidate !== undefined) {
      const isKnown = this.of(event).some(({ name }) => name === candidate);
      return isKnown ? { isOwn: false, challenges: [{ namespace, model, challenger: candidate }] } : undefined;
    }
    const challenges = this.#challenges.size === 0 ? undefined : this.#challenges.get(championKey(event));
    if (!challenges) return OWN;
    const holds = challenges.filter(
      ({ challenger }) => challenger.version === undefined || challenger.version === version
    );
    if (holds.length === 0) return OWN;
    return {
      isOwn: !holds.some(({ champion }) => champion.namespace === namespace && champion.model === model),
      challenges: holds.map(({ champion, challenger: { name } }) => ({ ...champion, challenger: name })),
    };
  }

  /** What owners say comes first; what the fleet shows beside it is left out where it is the same model or name. */
  #rebuild(): void {
    const all = new Map<string, readonly Challenger[]>();
    for (const key of new Set([...this.#declared.keys(), ...this.#found.keys()])) {
      const declared = this.#declared.get(key) ?? [];
      const more = (this.#found.get(key) ?? []).filter(
        (one) => !declared.some((other) => other.name === one.name || championKey(other) === championKey(one))
      );
      all.set(key, uniqueNames([...declared, ...more]).slice(0, MOST_CHALLENGERS));
    }
    this.#byChampion = all;
    this.#challenges = new Map();
    for (const [key, challengers] of all) {
      const slash = key.indexOf('/');
      const champion = { namespace: key.slice(0, slash), model: key.slice(slash + 1) };
      for (const challenger of challengers.filter(({ byModel }) => byModel)) {
        const own = championKey(challenger);
        this.#challenges.set(own, [...(this.#challenges.get(own) ?? []), { champion, challenger }]);
      }
    }
  }
}

/** Two experiments may mirror to the same model. */
function uniqueNames(challengers: readonly Challenger[]): Challenger[] {
  return [...new Map([...challengers].reverse().map((one) => [one.name, one])).values()].reverse();
}
