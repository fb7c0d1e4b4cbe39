/** What the generations of one model amount to. */
import {
  COMPLETION_OUTCOMES,
  OTHER_CONSUMERS,
  OTHER_VERDICTS,
  UNKNOWN_CONSUMERS,
  USAGE_DIRECTIONS,
  type CompletionOutcome,
  type TokenUsage,
  type UsageDirection,
} from '@modelwatch/contract';
import type { SeriesRoom } from '../events/slot';
import { categoryOf } from '../values';
import { classOf, costOf, type GenerativeSettings } from './settings';

/** Sums by a closed list. All are 0 in the first scrape that has them. */
export interface Tally<Key extends string = string> {
  readonly values: Record<Key, number>;
  /** Was in a scrape, with 0 at first: from then on its sums are shown. */
  seen: boolean;
}

export function tallyOf<Key extends string>(keys: readonly Key[]): Tally<Key> {
  return { values: Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>, seen: false };
}

/** A generation without its texts. */
export interface CountedGeneration {
  readonly outcome?: CompletionOutcome | undefined;
  readonly usage?: TokenUsage | undefined;
}

export interface GenerationEvent {
  readonly generation: CountedGeneration | undefined;
  readonly consumer: string | undefined;
  readonly features: Readonly<Record<string, unknown>>;
  /** As it is counted: `other` beyond those that are told apart. */
  readonly version: string;
}

export class GenerativeCounts {
  /** By version. */
  readonly completions = new Map<string, Tally<CompletionOutcome>>();
  /** By class of consumers. */
  readonly tokens = new Map<string, Tally<UsageDirection>>();
  /** By currency; sums by class of consumers. A currency that is not that of the settings any more stays as it is. */
  readonly costs = new Map<string, Tally>();
  /** By the feature that has the verdicts. */
  readonly guards = new Map<string, Tally>();
  #settings: GenerativeSettings = {};
  /** Series of what is declared that there was no room for. */
  #refusedSeries = 0;
  readonly #refusedVersions = new Set<string>();
  #classOf = classOf();

  constructor(private readonly room: SeriesRoom) {}

  get seriesRefused(): number {
    return this.#refusedSeries + this.#refusedVersions.size * COMPLETION_OUTCOMES.length;
  }

  /** Lets go of versions that are not told apart any more. @returns whether any is gone */
  keepVersions(versions: ReadonlyMap<string, unknown>): boolean {
    const gone = [...this.completions.keys()].filter((version) => !versions.has(version));
    for (const version of gone) this.completions.delete(version);
    if (gone.length > 0) this.#refusedVersions.clear();
    this.room.take(-gone.length * COMPLETION_OUTCOMES.length);
    return gone.length > 0;
  }

  /** How is counted from now on; sums go on. @param versions that are known: theirs are there before the first row */
  declare(settings: GenerativeSettings, versions: readonly string[]): void {
    this.#settings = settings;
    const { consumerClasses = {}, prices, guards = {} } = settings;
    this.#classOf = classOf(consumerClasses);
    const classes = [...Object.keys(consumerClasses), OTHER_CONSUMERS, UNKNOWN_CONSUMERS];
    this.#refusedSeries = 0;
    this.#refusedVersions.clear();
    this.#keep(this.tokens, classes, () => USAGE_DIRECTIONS);
    if (prices) this.#keep(this.costs, [prices.currency], () => classes);
    this.#keep(this.guards, Object.keys(guards), (guard) => [...(guards[guard] ?? []), OTHER_VERDICTS]);
    for (const version of versions) this.#completionsOf(version);
  }

  count({ generation, consumer, features, version }: GenerationEvent): void {
    if (generation) this.#countGeneration(generation, consumer, version);
    for (const [guard, tally] of this.guards) {
      const value = features[guard];
      if (value === undefined || value === null || typeof value === 'object' || value === '') continue;
      const verdict = categoryOf(String(value));
      tally.values[Object.hasOwn(tally.values, verdict) ? verdict : OTHER_VERDICTS]! += 1;
    }
  }

  get tallies(): Tally[] {
    return [this.completions, this.tokens, this.costs, this.guards].flatMap((all) => [...all.values()] as Tally[]);
  }

  #countGeneration({ outcome, usage }: CountedGeneration, consumer: string | undefined, version: string): void {
    const completions = outcome && this.#completionsOf(version);
    if (completions) completions.values[outcome] += 1;
    if (!usage) return;
    const ofClass = this.#classOf(consumer);
    const { prices } = this.#settings;
    const tokens = this.tokens.get(ofClass);
    for (const direction of USAGE_DIRECTIONS) if (tokens) tokens.values[direction] += usage[direction];
    const costs = prices && this.costs.get(prices.currency);
    if (costs) costs.values[ofClass] = (costs.values[ofClass] ?? 0) + costOf(prices, usage);
  }

  #completionsOf(version: string): Tally<CompletionOutcome> | undefined {
    const known = this.completions.get(version);
    if (known) return known;
    if (this.room.free() < COMPLETION_OUTCOMES.length) {
      this.#refusedVersions.add(version);
      return undefined;
    }
    this.#refusedVersions.delete(version);
    this.room.take(COMPLETION_OUTCOMES.length);
    const tally = tallyOf(COMPLETION_OUTCOMES);
    this.completions.set(version, tally);
    return tally;
  }

  /** Those that stay go on, as far as they are divided as before; the others are gone. */
  #keep<Key extends string>(
    all: Map<string, Tally<Key>>,
    names: readonly string[],
    keysOf: (name: string) => readonly Key[]
  ): void {
    const before = new Map(all);
    for (const { values } of before.values()) this.room.take(-Object.keys(values).length);
    all.clear();
    for (const name of names) {
      const tally = tallyOf(keysOf(name));
      const series = Object.keys(tally.values).length;
      if (series > this.room.free()) {
        this.#refusedSeries += series;
        continue;
      }
      this.room.take(series);
      const old = before.get(name);
      const isAlike = old && Object.keys(old.values).join('\n') === Object.keys(tally.values).join('\n');
      all.set(name, isAlike ? old : tally);
    }
  }
}
