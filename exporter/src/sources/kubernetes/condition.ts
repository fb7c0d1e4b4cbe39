import type { Clock } from '../clock';

/** What one watch knows of itself. `failing`, `silent` and `forbidden` carry words. */
export interface Condition {
  readonly state: 'syncing' | 'synced' | 'failing' | 'silent' | 'forbidden';
  /** Last sign of life, by the clock that never jumps. */
  readonly contactMonotonicSeconds?: number;
  readonly message?: string;
}

const REPORT_EVERY_SECONDS = 1;

/** Tells every change of state, and about every second that there are signs of life. */
export class ConditionTeller {
  private condition: Condition = { state: 'syncing' };
  private reportedAt = -Infinity;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicSeconds'>,
    private readonly tell: (condition: Condition) => void
  ) {}

  get state(): Condition['state'] {
    return this.condition.state;
  }

  contact(): void {
    const now = this.clock.monotonicSeconds();
    const { state, message } = this.condition;
    const speaksAgain = state === 'silent';
    this.condition = {
      state: speaksAgain ? 'synced' : state,
      contactMonotonicSeconds: now,
      ...(message === undefined || speaksAgain ? {} : { message }),
    };
    if (speaksAgain || now - this.reportedAt >= REPORT_EVERY_SECONDS) this.report();
  }

  change(next: Pick<Condition, 'state' | 'message'>): void {
    const { contactMonotonicSeconds } = this.condition;
    this.condition = { ...next, ...(contactMonotonicSeconds === undefined ? {} : { contactMonotonicSeconds }) };
    this.report();
  }

  private report(): void {
    this.reportedAt = this.clock.monotonicSeconds();
    this.tell(this.condition);
  }
}
