/** What the actuals of one model amount to. */
import { ACTUAL_OUTCOMES, type ActualOutcome } from '@modelwatch/contract';
import { comparisonOf, type Comparison } from './compare';
import { ESTIMATE_SERIES, EstimateCounts, isEstimable } from './estimate';
import type { Pair } from './join';
import type { Answer } from './record';
import type { AccuracyPlan } from './settings';
import { accuracySeries, AccuracySlot, ageOf } from './slot';
import { MOST_REFUSED, type SeriesRoom } from '../events/slot';
import { countedVersion, KEEP_VERSION_SECONDS } from '../events/versions';
import { SecondsHistogram } from '../seconds-histogram';

/** Bounds of the time that actuals take: from clicks within minutes to charge-backs after weeks. */
const DELAY_BOUNDS_SECONDS = [60, 600, 3_600, 21_600, 86_400, 259_200, 604_800, 1_209_600, 2_592_000];

export class AccuracyCounts {
  readonly actuals = Object.fromEntries(ACTUAL_OUTCOMES.map((outcome) => [outcome, 0])) as Record<
    ActualOutcome,
    number
  >;
  readonly delay = new SecondsHistogram(DELAY_BOUNDS_SECONDS);
  expired = 0;
  /** Predictions that wait for their actual. */
  open = 0;
  /** Versions that there was no room for. */
  readonly #refused = new Set<string>();
  readonly slots = new Map<string, AccuracySlot>();
  /** Was in a scrape, with 0 at first: from then on its counters are shown. */
  seen = false;
  /** Absent where scores tell nothing, and where there is no room. */
  estimate: EstimateCounts | undefined;
  #isEstimateRefused = false;
  #plan: AccuracyPlan | undefined;
  #compare: Comparison | undefined;

  readonly #room: SeriesRoom;

  constructor(room: SeriesRoom) {
    this.#room = room;
  }

  get plan(): AccuracyPlan | undefined {
    return this.#plan;
  }

  get seriesRefused(): number {
    const ofEstimate = this.#isEstimateRefused ? ESTIMATE_SERIES : 0;
    return ofEstimate + this.#refused.size * accuracySeries(this.#plan ?? WITHOUT_TASK);
  }

  /** Something of it is still to come. */
  get isOpen(): boolean {
    return this.open > 0;
  }

  /**
   * How pairs are counted from now on. Where that is as before the sums go on, else they start at 0.
   * @param versions that are known: their series are there before their first pair
   */
  declare(plan: AccuracyPlan | undefined, versions: readonly string[], nowSeconds: number): void {
    const before = this.#plan;
    this.#plan = plan;
    this.#compare = plan?.task === undefined ? undefined : comparisonOf(plan);
    if (layoutOf(before) !== layoutOf(plan)) {
      for (const slot of this.slots.values()) this.#room.take(-accuracySeries(slot.plan));
      this.slots.clear();
      this.#letGoOfEstimate();
    }
    this.#refused.clear();
    for (const version of plan?.task === undefined ? [] : versions)
      this.#slotOf(version, plan as AccuracyPlan, nowSeconds);
    this.#beginEstimate();
  }

  /** A prediction, whether it waits for an actual or not. */
  predicted(answer: Answer): void {
    this.estimate?.predicted(answer);
  }

  /** An actual that is no pair, or no longer. */
  happened(outcome: ActualOutcome): void {
    this.actuals[outcome] += 1;
  }

  /** Counts a pair, unless the two cannot be compared. @returns what the pair says, where the model has a task */
  count({ prediction, actual, isCorrection }: Pair, nowSeconds: number): ReturnType<Comparison> {
    const compared = this.#compare?.(prediction, actual);
    if (this.#compare && !compared) {
      this.actuals.incomparable += 1;
      return undefined;
    }
    this.actuals[isCorrection ? 'corrected' : 'joined'] += 1;
    const age = Math.max(0, nowSeconds - prediction.timeSeconds);
    if (!isCorrection) this.delay.observe(age);
    if (compared?.task === 'classification') this.estimate?.joined(compared);
    const slot = this.#slotOf(prediction.version, this.#plan ?? WITHOUT_TASK, nowSeconds);
    if (!slot) return compared;
    slot.lastSeconds = nowSeconds;
    const sums = slot.ages[ageOf(age)];
    if (compared) sums.add(compared);
    else sums.pairs += 1;
    return compared;
  }

  /**
   * Lets go of versions without a pair for a day, but of the last, or its accuracy would be without data.
   * @returns whether any is gone
   */
  expire(nowSeconds: number): boolean {
    const before = this.slots.size;
    for (const slot of this.slots.values()) {
      if (this.slots.size === 1 || nowSeconds - slot.lastSeconds <= KEEP_VERSION_SECONDS) continue;
      this.#room.take(-accuracySeries(slot.plan));
      this.slots.delete(slot.version);
      this.#refused.clear();
    }
    return this.slots.size !== before;
  }

  /** After the versions that are known, which come first. */
  #beginEstimate(): void {
    const isWanted = this.#plan !== undefined && isEstimable(this.#plan);
    this.#isEstimateRefused = isWanted && !this.estimate && ESTIMATE_SERIES > this.#room.free();
    if (!this.#plan || !isWanted || this.estimate || this.#isEstimateRefused) return;
    this.#room.take(ESTIMATE_SERIES);
    this.estimate = new EstimateCounts(this.#plan);
  }

  #letGoOfEstimate(): void {
    if (this.estimate) this.#room.take(-ESTIMATE_SERIES);
    this.estimate = undefined;
  }

  #slotOf(version: string, plan: AccuracyPlan, nowSeconds: number): AccuracySlot | undefined {
    const name = countedVersion(version, this.slots.keys());
    const found = this.slots.get(name);
    if (found) return found;
    const series = accuracySeries(plan);
    if (series > this.#room.free()) {
      if (this.#refused.size < MOST_REFUSED) this.#refused.add(name);
      return undefined;
    }
    this.#room.take(series);
    const slot = new AccuracySlot(name, plan, nowSeconds);
    this.slots.set(name, slot);
    return slot;
  }
}

/** Of a model of which nobody says what it answers. */
const WITHOUT_TASK: AccuracyPlan = { window: '1d', rowsNeeded: 0, decisionThreshold: 0, classes: [], limits: {} };

/** What the sums stand for. */
export function layoutOf(plan: AccuracyPlan | undefined): string {
  const { task, classes, positiveClass, decisionThreshold, predictsScores } = plan ?? WITHOUT_TASK;
  return JSON.stringify([task, classes, positiveClass, task && decisionThreshold, predictsScores]);
}
