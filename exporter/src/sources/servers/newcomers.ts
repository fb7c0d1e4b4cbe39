/** Endpoints that are new are asked one after another, so that a full fleet at once holds nobody up. */
import type { Telemetry } from '../../domain/telemetry';
import type { Clock } from '../clock';

/** Few are asked that fast; as many as the interval has no room for so, faster. */
const FIRST_PER_SECOND = 100;
/** What a busy process missed is made up for so far back. */
const CATCH_UP_SECONDS = 0.25;

export interface Newcomer {
  /** Where in the interval its moment is, 0 to 1. */
  readonly place: number;
  /**
   * @param atSeconds monotonic time that was promised
   * @param began to be called when the probe really begins, or is called off
   */
  readonly ask: (atSeconds: number, began: () => void) => void;
}

/**
 * A moment is promised only when the probe before really began: while the process is not warm yet, or gets too little of
 * the machine, the round takes longer, and no probe of it is late. Where nothing holds it up it is over in one interval.
 */
export class Newcomers {
  private readonly waiting = new Set<Newcomer>();
  private gapSeconds = 0;
  private startedSeconds: number | undefined;
  /** Calls off the moment that is promised. */
  private cancel: (() => void) | undefined;
  private asking = false;

  constructor(
    private readonly intervalSeconds: number,
    private readonly clock: Clock,
    private readonly telemetry: Pick<Telemetry, 'newcomersAsked'>
  ) {}

  /** In the order of their moments from now on: the next probe of each is then an interval after its first. */
  add(newcomers: readonly Newcomer[]): void {
    if (newcomers.length === 0) return;
    const now = (this.clock.nowSeconds() / this.intervalSeconds) % 1;
    const until = ({ place }: Newcomer) => (place - now + 1) % 1;
    const isFirst = this.startedSeconds === undefined;
    this.startedSeconds ??= this.clock.monotonicSeconds();
    for (const newcomer of [...newcomers].sort((a, b) => until(a) - until(b))) this.waiting.add(newcomer);
    const gap = Math.min(1 / FIRST_PER_SECOND, this.intervalSeconds / this.waiting.size);
    this.gapSeconds = isFirst ? gap : Math.min(this.gapSeconds, gap);
    this.next();
  }

  /** It is not asked any more, if it was not yet. */
  remove(newcomer: Newcomer): void {
    if (this.waiting.delete(newcomer) && this.waiting.size === 0) this.end();
  }

  stop(): void {
    this.waiting.clear();
    this.startedSeconds = undefined;
    this.cancel?.();
    this.cancel = undefined;
  }

  private next(lastSeconds = this.clock.monotonicSeconds()): void {
    if (this.cancel || this.asking) return;
    if (this.waiting.size === 0) return this.end();
    const now = this.clock.monotonicSeconds();
    const atSeconds = Math.max(lastSeconds + this.gapSeconds, now - CATCH_UP_SECONDS);
    if (atSeconds <= now) this.ask(atSeconds);
    else this.cancel = this.clock.after(atSeconds - now, () => this.ask(atSeconds));
  }

  private ask(atSeconds: number): void {
    this.cancel = undefined;
    const [newcomer] = this.waiting;
    if (!newcomer) return;
    this.waiting.delete(newcomer);
    this.asking = true;
    newcomer.ask(atSeconds, () => {
      this.asking = false;
      this.next(atSeconds);
    });
  }

  private end(): void {
    if (this.asking || this.startedSeconds === undefined) return;
    this.telemetry.newcomersAsked(this.clock.monotonicSeconds() - this.startedSeconds);
    this.stop();
  }
}
