/** Sums over the requests that champion and challenger both answered. All add up over time and replicas. */
import { CHALLENGER_ROLES, type ChallengerRole } from '@modelwatch/contract';
import { readersOf, type Reading, type Readers } from '../accuracy/compare';
import type { Meeting } from '../accuracy/join';
import type { AccuracyPlan } from '../accuracy/settings';

/** Of one answer held against the actual. */
export class RoleSums {
  /** By predicted class, then actual. */
  readonly outcomes: Float64Array;
  squaredError = 0;
  over = 0;
  under = 0;

  constructor(cells: number) {
    this.outcomes = new Float64Array(cells);
  }
}

export type MeetingOutcome = 'paired' | 'incomparable';

export class ChallengerSums {
  /** Was in a scrape, with 0 at first: from then on its sums are shown. */
  seen = false;
  /** Classes that are told apart, and one for the others; 0 of a regression. */
  readonly classes: number;
  readonly hasScores: boolean;
  /** By the class of the champion, then that of the challenger. */
  readonly agreement: Float64Array;
  over = 0;
  under = 0;
  differenceSquared = 0;
  judged = 0;
  scored = 0;
  /** Both right, champion alone, challenger alone, both wrong. */
  readonly verdicts = new Float64Array(4);
  /** Of absolute errors of a regression, of squared ones of scores. */
  lossDifferenceSquared = 0;
  readonly roles: Readonly<Record<ChallengerRole, RoleSums>>;
  readonly #readers: Readers;
  readonly #positive: number | undefined;

  constructor(readonly plan: AccuracyPlan) {
    this.classes = plan.task === 'classification' ? plan.classes.length + 1 : 0;
    this.hasScores = plan.positiveClass !== undefined;
    const cells = this.classes ** 2;
    this.agreement = new Float64Array(cells);
    this.roles = Object.fromEntries(CHALLENGER_ROLES.map((role) => [role, new RoleSums(cells)])) as Record<
      ChallengerRole,
      RoleSums
    >;
    this.#readers = readersOf(plan);
    this.#positive = plan.positiveClass === undefined ? undefined : this.#readers.actual(plan.positiveClass);
  }

  /** @returns what became of two answers that meet now */
  add({ champion, answer, isNew, actual }: Meeting): MeetingOutcome | undefined {
    const [own, other] = [this.#readers.answer(champion), this.#readers.answer(answer)];
    if (!own || !other) return isNew ? 'incomparable' : undefined;
    if (isNew) this.#compare(own, other);
    const happened = actual === undefined ? undefined : this.#readers.actual(actual);
    if (happened !== undefined) this.#judge(own, other, happened);
    return isNew ? 'paired' : undefined;
  }

  #compare(champion: Reading, challenger: Reading): void {
    if (this.classes > 0) return raise(this.agreement, champion.predicted * this.classes + challenger.predicted);
    const difference = challenger.predicted - champion.predicted;
    if (difference > 0) this.over += difference;
    else this.under -= difference;
    this.differenceSquared += difference ** 2;
  }

  #judge(champion: Reading, challenger: Reading, actual: number): void {
    // Of a class that is not told apart nobody can say who was right.
    if (this.classes > 0 && actual === this.classes - 1) return;
    this.judged += 1;
    if (this.classes > 0) this.#judgeClasses(champion, challenger, actual);
    else this.#judgeNumbers(champion.predicted - actual, challenger.predicted - actual);
  }

  #judgeClasses(champion: Reading, challenger: Reading, actual: number): void {
    const { champion: own, challenger: other } = this.roles;
    raise(own.outcomes, champion.predicted * this.classes + actual);
    raise(other.outcomes, challenger.predicted * this.classes + actual);
    raise(this.verdicts, (champion.predicted === actual ? 0 : 2) + (challenger.predicted === actual ? 0 : 1));
    if (champion.score === undefined || challenger.score === undefined) return;
    this.scored += 1;
    const happened = actual === this.#positive ? 1 : 0;
    const [first, second] = [(champion.score - happened) ** 2, (challenger.score - happened) ** 2];
    own.squaredError += first;
    other.squaredError += second;
    this.lossDifferenceSquared += (first - second) ** 2;
  }

  #judgeNumbers(champion: number, challenger: number): void {
    addError(this.roles.champion, champion);
    addError(this.roles.challenger, challenger);
    this.lossDifferenceSquared += (Math.abs(champion) - Math.abs(challenger)) ** 2;
  }
}

/** Series of one challenger beside those that all have. */
export function challengerSeries({ task, classes, positiveClass }: AccuracyPlan): number {
  if (task === undefined) return 0;
  if (task === 'regression') return 11;
  return 3 * (classes.length + 1) ** 2 + 5 + (positiveClass === undefined ? 0 : 4);
}

function addError(sums: RoleSums, error: number): void {
  if (error > 0) sums.over += error;
  else sums.under -= error;
  sums.squaredError += error ** 2;
}

function raise(sums: Float64Array, at: number): void {
  sums[at] = (sums[at] ?? 0) + 1;
}
