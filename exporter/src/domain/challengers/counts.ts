/** What the challengers of one model amount to beside it. */
import { CHALLENGER_OUTCOMES, type ChallengerOutcome } from '@modelwatch/contract';
import { layoutOf } from '../accuracy/counts';
import type { Meeting } from '../accuracy/join';
import type { AccuracyPlan } from '../accuracy/settings';
import type { SeriesRoom } from '../events/slot';
import type { Challenger } from './known';
import { challengerSeries, ChallengerSums } from './sums';

/** Of one challenger. */
export class ChallengerCounts {
  /** Was in a scrape, with 0 at first: from then on its counters are shown. */
  seen = false;
  /** Predictions of the champion that it may answer, too. */
  expected = 0;
  readonly outcomes = Object.fromEntries(CHALLENGER_OUTCOMES.map((outcome) => [outcome, 0])) as Record<
    ChallengerOutcome,
    number
  >;
  /** Absent without a task, and without room. */
  sums: ChallengerSums | undefined;

  constructor(public challenger: Challenger) {}
}

/** Counters of a challenger go with its declaration, and start at 0 when the task of the champion is another. */
export class ChallengersOfModel {
  readonly counts = new Map<string, ChallengerCounts>();
  seriesRefused = 0;
  #plan: AccuracyPlan | undefined;

  constructor(private readonly room: SeriesRoom) {}

  get plan(): AccuracyPlan | undefined {
    return this.#plan;
  }

  declare(challengers: readonly Challenger[]): void {
    const before = new Map(this.counts);
    this.counts.clear();
    for (const challenger of challengers) {
      const known = before.get(challenger.name);
      before.delete(challenger.name);
      // Where its predictions come from may change; what was counted stays.
      if (known) known.challenger = challenger;
      this.counts.set(challenger.name, known ?? new ChallengerCounts(challenger));
    }
    for (const gone of before.values()) this.#close(gone);
    this.#open();
  }

  /** What answers are compared by from now on. */
  planned(plan: AccuracyPlan | undefined): void {
    const isSame = layoutOf(this.#plan) === layoutOf(plan);
    this.#plan = plan;
    if (!isSame) for (const each of this.counts.values()) this.#close(each);
    this.#open();
  }

  expect(): void {
    for (const each of this.counts.values()) each.expected += 1;
  }

  happened(challenger: string, outcome: ChallengerOutcome): void {
    const counts = this.counts.get(challenger);
    if (counts) counts.outcomes[outcome] += 1;
  }

  /** Of a challenger that is not declared any more nothing is counted. */
  met(meeting: Meeting): void {
    const counts = this.counts.get(meeting.challenger);
    if (!counts) return;
    // Without a task two answers meet, and nothing is said of them.
    const outcome = counts.sums ? counts.sums.add(meeting) : meeting.isNew ? 'paired' : undefined;
    if (outcome) counts.outcomes[outcome] += 1;
  }

  #open(): void {
    this.seriesRefused = 0;
    if (this.#plan?.task === undefined) return;
    for (const each of this.counts.values()) {
      if (each.sums) continue;
      const series = challengerSeries(this.#plan);
      if (series > this.room.free()) {
        this.seriesRefused += series;
        continue;
      }
      this.room.take(series);
      each.sums = new ChallengerSums(this.#plan);
    }
  }

  #close(counts: ChallengerCounts): void {
    if (!counts.sums) return;
    this.room.take(-challengerSeries(counts.sums.plan));
    counts.sums = undefined;
  }
}
